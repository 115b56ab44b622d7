/**
 * The commands of a RUN instruction: cut apart, variables filled in, without what only wraps them. Nothing is run.
 */
import { splitWords } from '../inputs/requirements-options.ts';
import { substitute, type Instruction } from './dockerfile.ts';
import { takeBranches } from './shell-branches.ts';

/** A word of a command with its 1-based line in the Dockerfile. */
export interface ShellWord {
  readonly text: string;
  readonly line: number;
}

/** One command: the program without its folder, then its arguments. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** 1-based line that it starts on. */
  readonly line: number;
  /** Variables that are set for it alone: `PIP_NO_CACHE_DIR=1 pip install x`. */
  readonly variables: ReadonlyMap<string, string>;
  /** Run as a module: `python -m build`. */
  readonly isModule: boolean;
}

/** The commands of an instruction in order, heredocs included. `python FILE` and the like are none. */
export function readShellCommands(
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
): readonly ShellCommand[] {
  const { text, line, heredocs } = instruction;
  const written = [
    ...cut(text, line),
    ...heredocs.flatMap((script) => [...splitCommands(script.text, script.line, '\n')]),
  ];
  return takeBranches(written, variables).flatMap((words) => settle(words, variables));
}

/** The texts of words. */
export function textsOf(words: readonly ShellWord[]): readonly string[] {
  return words.map(({ text }) => text);
}

function cut(text: string, line: number): readonly (readonly ShellWord[])[] {
  const array = readExecForm(text);
  if (array !== null) return [array.map((word) => ({ text: word, line }))];
  return [...splitCommands(text, line)];
}

function readExecForm(text: string): readonly string[] | null {
  const trimmed = text.replace(/^(?:--\w+=\S+\s+)+/, '').trim();
  if (!trimmed.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(trimmed.replaceAll('\n', ' '));
    return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : null;
  } catch {
    // Docker too takes what is no JSON array for a shell command (`[ -f x ] && ...`).
    return null;
  }
}

// Cut at `&&`, `||`, `;`, `|` and `&` outside quotes, and at `end`: of a script that is the end of a line, while the lines of an
// instruction are one.
function* splitCommands(
  text: string,
  firstLine: number,
  end = '',
): Generator<readonly ShellWord[]> {
  let line = firstLine;
  let start = 0;
  let quote = '';
  let commandLine = firstLine;
  for (let index = 0; index <= text.length; index++) {
    const character = text.charAt(index);
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote && character !== '') quote = '';
    const atEnd = index === text.length;
    const cuts =
      atEnd ||
      (quote === '' &&
        (/[;&|()]/.test(character) || character === end) &&
        text.charAt(index - 1) !== '\\');
    if (cuts) {
      const words = placeWords(text.slice(start, index), commandLine);
      if (words.length > 0) yield words;
      start = index + 1;
    }
    if (character === '\n') line++;
    if (cuts) commandLine = line;
  }
}

function placeWords(piece: string, firstLine: number): readonly ShellWord[] {
  let line = firstLine;
  let from = 0;
  return splitWords(piece.replaceAll('\\\n', ' \n')).map(({ text, offset }) => {
    for (; from < offset; from++) if (piece.charAt(from) === '\n') line++;
    return { text, line };
  });
}

const wrappers: readonly string[] = [
  'sudo',
  'exec',
  'time',
  'then',
  'else',
  'do',
  'if',
  '!',
  'env',
  'command',
  'eval',
  '{',
  'nice',
];

function settle(
  written: readonly ShellWord[],
  known: ReadonlyMap<string, string>,
): readonly ShellCommand[] {
  const words = written.map(({ text, line }) => ({ text: substitute(text, known), line }));
  const own = new Map<string, string>();
  let index = 0;
  // RUN --mount=..., VARIABLE=value, sudo ...
  for (; index < words.length; index++) {
    const word = words[index]?.text ?? '';
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (assignment !== null) own.set(assignment[1] ?? '', assignment[2] ?? '');
    else if (!/^--\w+=/.test(word) && !wrappers.includes(word)) break;
  }
  const rest = words.slice(index).filter(({ text }) => text !== '');
  const script = scriptOf(rest);
  if (script !== null)
    return takeBranches([...splitCommands(script.text, script.line, '\n')], known)
      .flatMap((inner) => settle(inner, known))
      .map((command) => ({ ...command, variables: new Map([...own, ...command.variables]) }));
  const command = dropInterpreter(rest);
  const [first] = command ?? [];
  if (command === null || first === undefined) return [];
  const isModule = textsOf(rest).includes('-m');
  return [{ words: command, line: first.line, variables: own, isModule }];
}

const shell = /^(?:.*\/)?(?:ba|da|z)?sh$/;

/** `sh -c "pip install a && pip install b"` holds commands of its own; null for all else. */
function scriptOf([first, ...rest]: readonly ShellWord[]): ShellWord | null {
  if (first === undefined || !shell.test(first.text)) return null;
  const at = rest.findIndex(({ text }) => /^-\w*c$/.test(text));
  return at === -1 ? null : (rest[at + 1] ?? null);
}

// `python3 -m pip install`, `/opt/venv/bin/pip install`, `poetry run ...`; a script that a shell runs is not read.
function dropInterpreter(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  const name = first.text.slice(first.text.lastIndexOf('/') + 1);
  const texts = textsOf(rest);
  if (/^(?:python|pypy)[\d.]*$/.test(name)) {
    const module = texts.indexOf('-m');
    return module === -1 ? null : rest.slice(module + 1);
  }
  if (shell.test(name)) return null;
  if (/^(?:poetry|pdm|pipenv|uv|hatch|conda|mamba|micromamba)$/.test(name) && texts[0] === 'run') {
    const at = texts.findIndex((text, index) => index > 0 && startsInstaller(text));
    return at === -1 ? null : dropInterpreter(rest.slice(at));
  }
  return [{ ...first, text: name }, ...rest];
}

// The options of `conda run -n NAME` and the like may take values; what counts is the program behind them.
function startsInstaller(text: string): boolean {
  return /(?:^|\/)(?:python[\d.]*|pip[\d.]*|uv|poetry|pdm)$/.test(text);
}
