/**
 * What findings on an image say of single lines of its Dockerfile, as a patch: options that are to be added, and what is to be
 * deleted in the same layer. Only what keeps the image as it is but for its bytes; what is a matter of taste, or takes more than
 * a line, stays a sentence. Shown and never written.
 */
import { addCommand, editInstruction } from '../edit/dockerfile-lines.ts';
import { unifiedDiff } from '../edit/unified-diff.ts';
import { parseDockerfile, type Instruction } from '../target/dockerfile.ts';
import { readShellCommands } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Finding, RuleName } from '../types.ts';

/** Changes the lines from the 1-based one on, and tells how the commands have to differ then; null for no change. */
type LineEdit = (lines: string[], line: number, finding: Finding) => Change | null;

/** Whether commands of one instruction are those of before but for what was meant. */
type Change = (before: readonly Words[], after: readonly Words[]) => boolean;

type Words = readonly string[];

const edits: Readonly<Partial<Record<RuleName, LineEdit>>> = {
  'pip-cache': (lines, line) => addOption(lines, line, /\bpip[\d.]*\s+install\b/, '--no-cache-dir'),
  'apt-packages': (lines, line, { remedy }) => {
    const text = remedy?.text ?? '';
    // What is recommended may be what is wanted: gcc without the headers of the C library builds nothing.
    if (text === 'add --no-cache')
      return addOption(lines, line, /\bapk\s+(?:-\S+\s+)*add\b/, '--no-cache');
    const command = /^add (rm -rf \/var\/lib\/apt\/lists\/\*) to the same RUN/.exec(text)?.[1];
    return command !== undefined && addCommand(lines, line, command) ? isAdded(command) : null;
  },
  'dev-in-image': (lines, line, { remedy }) => {
    const [, option = ''] = /^add (--\S+(?: [\w,-]+)?)$/.exec(remedy?.text ?? '') ?? [];
    return option === ''
      ? null
      : addOption(lines, line, /\b(?:uv sync|poetry install|pdm (?:install|sync))\b/, option);
  },
};

/** The patch as `git apply` takes it; null where no finding is as plain as that. */
export function imagePatch(
  findings: readonly Finding[],
  { path, text }: { readonly path: string; readonly text: string },
): string | null {
  let edited = text;
  // From below, so that lines which are added leave the places of the others.
  const asked = findings
    .flatMap((finding) =>
      finding.locations
        .filter((place) => place.path === path && edits[finding.rule] !== undefined)
        .map(({ line }) => ({ finding, line })),
    )
    .toSorted((a, b) => b.line - a.line);
  for (const { finding, line } of asked) {
    const lines = edited.split('\n');
    const change = edits[finding.rule]?.(lines, line, finding) ?? null;
    const proposed = lines.join('\n');
    if (change !== null && saysTheSame(edited, proposed, change)) edited = proposed;
  }
  const patch = unifiedDiff(path, text, edited);
  return patch === '' ? null : patch;
}

/** Behind the words of a command, unless it has the option. */
function addOption(lines: string[], line: number, command: RegExp, option: string): Change | null {
  const [name = ''] = option.split(' ');
  const lacking = new RegExp(`(${command.source})(?![^&;|]*${name})`, 'g');
  const isDone = editInstruction(lines, line, (text) => text.replaceAll(lacking, `$1 ${option}`));
  return isDone ? hasOption(option.split(' ')) : null;
}

function hasOption(option: Words): Change {
  const without = (words: Words): Words => {
    const at = words.findIndex((_, from) => option.every((word, by) => words[from + by] === word));
    return at === -1 ? words : [...words.slice(0, at), ...words.slice(at + option.length)];
  };
  return (before, after) =>
    before.length === after.length &&
    after.every(
      (words, at) => isEqual(words, before[at] ?? []) || isEqual(without(words), before[at] ?? []),
    );
}

function isAdded(command: string): Change {
  return (before, after) =>
    after.length === before.length + 1 &&
    before.every((words, at) => isEqual(words, after[at] ?? [])) &&
    isEqual(after.at(-1) ?? [], command.split(' '));
}

/** Both are read as a builder would: nothing may differ but the commands of one instruction, and these only as meant. */
function saysTheSame(before: string, after: string, change: Change): boolean {
  const [old, now] = [before, after].map((text) =>
    parseDockerfile('Dockerfile', text).stages.flatMap(({ instructions }) => instructions),
  );
  if (old === undefined || now === undefined || old.length !== now.length) return false;
  const different = old.flatMap((one, at) => {
    const other = now[at];
    return other !== undefined && one.name === other.name && one.text === other.text
      ? []
      : [{ one, other }];
  });
  const [only, ...others] = different;
  if (only?.other === undefined || others.length > 0 || only.one.name !== 'RUN') return false;
  return only.other.name === 'RUN' && change(commandsOf(only.one), commandsOf(only.other));
}

function commandsOf(instruction: Instruction): readonly Words[] {
  return readShellCommands(instruction, new Map()).map(({ words }) => textsOf(words));
}

function isEqual(one: Words, other: Words): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}
