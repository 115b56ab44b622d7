/**
 * Programs that are fetched to be run once, in an environment of their own: `pipx run black`, `uvx ruff@0.4`, `uv tool run`.
 *
 * Traps: what is asked for may have another name than the program (`--spec`, `--from`); `@` is a version for uv, and an address for
 * pipx; a path or an address is a script, which declares by itself what it needs.
 */
import { isInstaller } from '../inputs/installer-names.ts';
import type { InstallCommand } from './install-command.ts';
import { emptyInstall } from './install-command.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';

/** What is run, and what is installed for it. */
export interface ToolRun {
  /** `uvx ruff`. */
  readonly name: string;
  readonly install: InstallCommand;
}

/** The program that a command fetches; null for any other command, for paths and for what installs others itself. */
export function readToolRun({ words, line }: ShellCommand): ToolRun | null {
  const start = startOf(textsOf(words));
  if (start === null) return null;
  const { lead, at } = start;
  const more: string[] = [];
  let from: string | null = null;
  let indexUrl: string | null = null;
  let index = at;
  for (; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (!text.startsWith('-')) break;
    const [option = '', joined] = text.split(/=(.*)/s, 2);
    const takes = VALUES.test(option);
    const value = joined ?? (takes ? (words[index + 1]?.text ?? '') : '');
    if (takes && joined === undefined) index++;
    if (option === '--spec' || option === '--from') from = value;
    else if (option === '--with') more.push(...value.split(','));
    else if (/^(?:-i|--index-url|--default-index)$/.test(option)) indexUrl = value;
  }
  const program = words[index]?.text ?? '';
  const wanted = from ?? (lead === 'pipx run' ? program : versionOf(program));
  if (program === '' || isElsewhere(program) || isElsewhere(wanted)) return null;
  const name = /^[\w.-]*/.exec(wanted)?.[0] ?? '';
  if (name === '' || isInstaller(name)) return null;
  const word = words[index];
  const place = (text: string): ShellWord => ({ ...(word ?? { line }), text });
  const packages = [wanted, ...more.filter((one) => !isElsewhere(one))].map(place);
  const install = { ...emptyInstall('pipx', line), packages, indexUrl };
  return { name: `${lead} ${program.replace(/[@=<>!~[].*$/s, '')}`, install };
}

const VALUES =
  /^(?:--spec|--from|--with|--with-requirements|--with-editable|-p|--python|-i|--index-url|--default-index|--index|--extra-index-url|--pip-args|--refresh-package|--constraints?|-c|--overrides?|--env-file|--directory|--project|--exclude-newer|--resolution|--prerelease|--python-platform|--cache-dir|--color|--config-file)$/;

function startOf([name, verb, third]: readonly string[]): { lead: string; at: number } | null {
  if (name === 'uvx') return { lead: 'uvx', at: 1 };
  if (name === 'pipx' && verb === 'run') return { lead: 'pipx run', at: 2 };
  return name === 'uv' && verb === 'tool' && third === 'run' ? { lead: 'uvx', at: 3 } : null;
}

/** `ruff==0.4` of `ruff@0.4`. */
function versionOf(program: string): string {
  const [name = '', version] = program.split('@', 2);
  return version === undefined || version === 'latest' ? name : `${name}==${version}`;
}

/** A path, an address, or what a variable alone knows. */
function isElsewhere(text: string): boolean {
  return /[/\\$]|\.py$/.test(text);
}
