/** The arguments of `pip install` and of those that take the same ones: `uv pip install`, `pipx install`, `uv add`. */
import { emptyInstall, type InstallCommand } from './install-command.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';

const pipValueOptions =
  /^(?:-t|--target|-i|--index-url|--extra-index-url|-f|--find-links|--platform|--python-version|--python|-p|--implementation|--abi|--prefix|--root|--trusted-host|--timeout|--retries|--cache-dir|-w|--wheel-dir|-d|--dest|--proxy|--cert|--progress-bar|--upgrade-strategy|--no-binary|--only-binary|--config-settings|-C|--global-option|--log|--src|--index|--default-index|--torch-backend|--index-strategy|--link-mode|--exclude-newer|--override|--build-constraint|-b|--group|--extra|--root-user-action|--python-platform|--only-group|--no-group|--no-extra|--python-preference|--keyring-provider|--resolution|--prerelease|--fork-strategy|--refresh-package|--upgrade-package|-P|--reinstall-package|--no-binary-package|--no-build-package|--no-build-isolation-package|--no-sources-package|--config-setting|--config-settings-package|--config-file|--exclude-newer-package|--excludes|--build-constraints|--overrides|--allow-insecure-host|--directory|--project|--color|--preview-features|--use-feature|--use-deprecated|--exists-action|--client-cert|--report|--resume-retries|--uploaded-prior-to|--install-option|--build-option|--pip-args|--suffix)$/;

/** What they name. `positionalFiles`: words are requirement files, as `pip-sync` has it. */
export function readPip(
  tool: InstallCommand['tool'],
  given: readonly ShellWord[],
  line: number,
  positionalFiles = false,
): InstallCommand {
  const words = textsOf(given);
  const requirementFiles: string[] = [];
  const constraintFiles: string[] = [];
  const projects: { path: string; extras: readonly string[]; editable: boolean }[] = [];
  const packages: ShellWord[] = [];
  const extraIndexUrls: string[] = [];
  const options: string[] = [];
  const extras: string[] = [];
  const groups: InstallCommand['groups'][number][] = [];
  let indexUrl: string | null = null;
  const place = (text: string, at: number, editable: boolean): void => {
    if (isProjectPath(text)) projects.push({ ...splitProject(text), editable });
    else if (text !== '' && !isArchive(text)) packages.push({ ...(given[at] ?? { line }), text });
  };
  for (let index = 0; index < words.length; index++) {
    const { option, value, taken } = readOption(words, index);
    index += taken;
    if (option === null) {
      const word = words[index] ?? '';
      if (/^(?:\d?>|<)/.test(word)) break;
      if (positionalFiles) requirementFiles.push(word);
      else place(word, index, false);
      continue;
    }
    options.push(option);
    if (/^(?:-r|--requirements?)$/.test(option)) requirementFiles.push(value);
    else if (/^(?:-c|--constraints?)$/.test(option)) constraintFiles.push(value);
    else if (option === '-e' || option === '--editable') place(value, index, true);
    else if (/^(?:-i|--index-url|--default-index)$/.test(option)) indexUrl = value;
    else if (option === '--extra-index-url' || option === '--index') extraIndexUrls.push(value);
    else if (option === '--extra') extras.push(value);
    else if (option === '--group') groups.push(splitGroup(value));
  }
  return {
    ...emptyInstall(tool, line),
    requirementFiles: requirementFiles.filter((file) => !isManifest(file)),
    constraintFiles,
    projects: [
      ...projects,
      ...requirementFiles.filter(isManifest).map((file) => ofManifest(file, extras, options)),
    ],
    groups,
    packages,
    indexUrl,
    extraIndexUrls,
    options,
  };
}

/** `docs/pyproject.toml:web`, or the name alone for the manifest of the folder. */
function splitGroup(value: string): InstallCommand['groups'][number] {
  const at = value.lastIndexOf(':');
  const path = at === -1 ? '' : value.slice(0, at);
  return { path: path === '' ? 'pyproject.toml' : path, name: value.slice(at + 1) };
}

function isManifest(file: string): boolean {
  return /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(file);
}

/** `uv pip install -r pyproject.toml --extra web`: what the project needs, without the project itself. */
function ofManifest(
  file: string,
  extras: readonly string[],
  options: readonly string[],
): InstallCommand['projects'][number] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) || '/' : '.';
  const all = options.includes('--all-extras') ? ['*'] : [];
  return { path: folder, extras: [...extras, ...all], editable: false };
}

/** A file or pattern of files that an earlier command made: what they hold is counted there. */
function isArchive(word: string): boolean {
  if (/^[a-z+]+:|@/i.test(word)) return false;
  return /\.(?:whl|tar\.gz|zip)(?:\[[^\]]*\])?$/.test(word) || /\/[^=]*[*?]/.test(word);
}

function readOption(
  words: readonly string[],
  index: number,
): { readonly option: string | null; readonly value: string; readonly taken: number } {
  const word = words[index] ?? '';
  if (!word.startsWith('-') || word === '-') return { option: null, value: '', taken: 0 };
  const equals = word.indexOf('=');
  if (word.startsWith('--') && equals !== -1)
    return { option: word.slice(0, equals), value: word.slice(equals + 1), taken: 0 };
  const short = /^-([rce])(.+)$/.exec(word);
  if (short !== null)
    return { option: `-${short[1]}`, value: (short[2] ?? '').replace(/^=/, ''), taken: 0 };
  return takesValue(word)
    ? { option: word, value: words[index + 1] ?? '', taken: 1 }
    : { option: word, value: '', taken: 0 };
}

/** Whether the word behind an option is its value. */
export function takesValue(option: string): boolean {
  return (
    pipValueOptions.test(option) ||
    /^(?:-r|--requirements?|-c|--constraints?|-e|--editable)$/.test(option)
  );
}

function isProjectPath(word: string): boolean {
  const path = word.replace(/\[[^\]]*\]$/, '');
  return (
    path === '.' ||
    path === '..' ||
    (/^(?:\.{0,2}\/|file:)/.test(path) && !/[*?]|\.(?:whl|tar\.gz|zip)$/.test(path))
  );
}

function splitProject(word: string): { readonly path: string; readonly extras: readonly string[] } {
  const match = /^(.*?)(?:\[([^\]]*)\])?$/.exec(word);
  const extras = (match?.[2] ?? '').split(',').map((extra) => extra.trim());
  return { path: match?.[1] ?? word, extras: extras.filter((extra) => extra !== '') };
}
