/**
 * What findings on an image say of single lines of its Dockerfile, as a patch: options that are to be added, and what is to be
 * deleted in the same layer. Only what keeps the image as it is but for its bytes; what is a matter of taste, or takes more than
 * a line, stays a sentence. Shown and never written.
 */
import { addCommand, editInstruction } from '../edit/dockerfile-lines.ts';
import { unifiedDiff } from '../edit/unified-diff.ts';
import type { Finding, RuleName } from '../types.ts';

/** Changes the lines from the 1-based one on; false where they do not say plainly what is meant. */
type LineEdit = (lines: string[], line: number, finding: Finding) => boolean;

const edits: Readonly<Partial<Record<RuleName, LineEdit>>> = {
  'pip-cache': (lines, line) => addOption(lines, line, /\bpip[\d.]*\s+install\b/, '--no-cache-dir'),
  'apt-packages': (lines, line, { remedy }) => {
    const text = remedy?.text ?? '';
    if (text.startsWith('add --no-install-recommends'))
      return addOption(
        lines,
        line,
        /\bapt(?:-get)?\s+(?:-\S+\s+)*install\b/,
        '--no-install-recommends',
      );
    if (text === 'add --no-cache')
      return addOption(lines, line, /\bapk\s+(?:-\S+\s+)*add\b/, '--no-cache');
    const command = /^add (rm -rf \/var\/lib\/apt\/lists\/\*) to the same RUN/.exec(text)?.[1];
    return command !== undefined && addCommand(lines, line, command);
  },
  'dev-in-image': (lines, line, { remedy }) => {
    const [, option = ''] = /^add (--\S+(?: [\w,-]+)?)$/.exec(remedy?.text ?? '') ?? [];
    return (
      option !== '' &&
      addOption(lines, line, /\b(?:uv sync|poetry install|pdm (?:install|sync))\b/, option)
    );
  },
};

/** The patch as `git apply` takes it; null where no finding is as plain as that. */
export function imagePatch(
  findings: readonly Finding[],
  { path, text }: { readonly path: string; readonly text: string },
): string | null {
  const lines = text.split('\n');
  // From below, so that lines which are added leave the places of the others.
  const asked = findings
    .flatMap((finding) =>
      finding.locations
        .filter((place) => place.path === path && edits[finding.rule] !== undefined)
        .map(({ line }) => ({ finding, line })),
    )
    .toSorted((a, b) => b.line - a.line);
  for (const { finding, line } of asked) edits[finding.rule]?.(lines, line, finding);
  const patch = unifiedDiff(path, text, lines.join('\n'));
  return patch === '' ? null : patch;
}

/** Behind the words of a command, unless it has the option. */
function addOption(lines: string[], line: number, command: RegExp, option: string): boolean {
  const [name = ''] = option.split(' ');
  const lacking = new RegExp(`(${command.source})(?![^&;|]*${name})`, 'g');
  return editInstruction(lines, line, (text) => text.replaceAll(lacking, `$1 ${option}`));
}
