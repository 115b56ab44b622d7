/**
 * The commands of a RUN instruction: cut apart, variables filled in, without what only wraps them. Nothing is run.
 */
import { fillAnswers } from './builder-facts.ts';
import { substitute, type Instruction } from './dockerfile.ts';
import { followShell, type FollowedCommand } from './shell-flow.ts';
import { unfoldIdioms } from './shell-idioms.ts';
import { splitPieces, textsOf, type ShellPiece, type ShellWord } from './shell-pieces.ts';
import { splitUvRun } from './uv-run.ts';

/** One command: the program without its folder, then its arguments. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** 1-based line that it starts on. */
  readonly line: number;
  /** Where it runs, as seen from where the instruction begins. */
  readonly folder: string;
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
  const run = fillAnswers(text, variables).replace(/^(?:\s*--\w+(?:=\S+)?(?=\s))+/, blank);
  const scripts = isShellScript(run) ? heredocs : [];
  const written = [
    ...cut(run, line),
    ...scripts
      .filter((script) => !/^#!(?!.*sh\b)/.test(script.text))
      .flatMap((script) => splitPieces(fillAnswers(script.text, variables), script.line, true)),
  ];
  return followShell(unfoldIdioms(written), { known: variables, folder: '.' }).flatMap(settle);
}

/** As long as the text, with its lines. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** `RUN <<EOF`, `RUN bash -e <<EOF`: what another program is given is no script (`RUN cat <<EOF > FILE`). */
function isShellScript(run: string): boolean {
  const [first = ''] = run
    .replace(/<<-?\S+/g, ' ')
    .trim()
    .split(/\s+/);
  return first === '' || shell.test(first);
}

function cut(text: string, line: number): readonly ShellPiece[] {
  const array = readExecForm(text);
  if (array !== null) return [{ words: array.map((word) => ({ text: word, line })), end: '' }];
  return splitPieces(text, line, false);
}

function readExecForm(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(trimmed.replaceAll('\n', ' '));
    return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : null;
  } catch {
    // Docker too takes what is no JSON array for a shell command (`[ -f x ] && ...`).
    return null;
  }
}

/** Programs that run what follows them, to how many words of their own come first. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ['sudo', 0],
  ['exec', 0],
  ['time', 0],
  ['!', 0],
  ['env', 0],
  ['command', 0],
  ['eval', 0],
  ['nice', 0],
  ['nohup', 0],
  ['timeout', 1],
  ['gosu', 1],
  ['su-exec', 1],
  ['runuser', 0],
  ['--', 0],
]);
/** Their options that take a value: `sudo -u app`, `nice -n 5`, `timeout -k 5`. */
const wrapperValue = /^-[ugnkshCpT]$/;

/** The words behind wrappers, and the variables that are set for them: `VARIABLE=value sudo -E pip install x`. */
function unwrap(words: readonly ShellWord[]): {
  readonly rest: readonly ShellWord[];
  readonly variables: ReadonlyMap<string, string>;
} {
  const variables = new Map<string, string>();
  let isWrapped = false;
  let index = 0;
  while (index < words.length) {
    const word = words[index]?.text ?? '';
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    const own = wrappers.get(word.slice(word.lastIndexOf('/') + 1));
    if (assignment !== null) variables.set(assignment[1] ?? '', assignment[2] ?? '');
    else if (isWrapped && word.startsWith('-') && word !== '--')
      index += wrapperValue.test(word) ? 1 : 0;
    else if (own === undefined) break;
    else {
      isWrapped = true;
      // The words of its own come behind its options.
      let skipped = own;
      while (skipped > 0 && index + 1 < words.length) {
        index++;
        const next = words[index]?.text ?? '';
        if (!next.startsWith('-')) skipped--;
        else if (wrapperValue.test(next)) index++;
      }
    }
    index++;
  }
  return { rest: words.slice(index).filter(({ text }) => text !== ''), variables };
}

function settle({ words: written, known, folder }: FollowedCommand): readonly ShellCommand[] {
  const words = written.map(({ text, line }, at) => {
    // Which file is meant shall be told where nothing sets the variable.
    const isFile = /^(?:-[rce]|--(?:requirements?|constraints?|editable))$/;
    const namesFile =
      isFile.test(written[at - 1]?.text ?? '') ||
      /^(?:-[rc]\S|--(?:requirement|constraint)s?=)/.test(text);
    return { text: substitute(text, known, namesFile ? 'as-written' : 'empty'), line };
  });
  const { rest, variables: own } = unwrap(words);
  const script = scriptOf(rest);
  if (script !== null)
    return followShell(unfoldIdioms(splitPieces(script.text, script.line, true)), { known, folder })
      .flatMap(settle)
      .map((command) => ({ ...command, variables: new Map([...own, ...command.variables]) }));
  const uvRun = splitUvRun(rest);
  const command = dropInterpreter(rest);
  const isModule = textsOf(rest).includes('-m') || uvRun?.isModule === true;
  return [
    ...(uvRun === null ? [] : [{ words: uvRun.own, isModule: false }]),
    ...(command === null ? [] : [{ words: command, isModule }]),
  ].flatMap((one) => {
    const [first] = one.words;
    return first === undefined ? [] : [{ ...one, line: first.line, folder, variables: own }];
  });
}

const shell = /^(?:.*\/)?(?:ba|da|z)?sh$/;

/** `sh -c "pip install a && pip install b"` holds commands of its own; null for all else. */
function scriptOf([first, ...rest]: readonly ShellWord[]): ShellWord | null {
  if (first === undefined || !(shell.test(first.text) || /^(?:.*\/)?su$/.test(first.text)))
    return null;
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
    if (module !== -1) return rest.slice(module + 1);
    return texts[0] === 'setup.py' ? rest : null;
  }
  if (name === 'pyenv' && texts[0] === 'exec') return dropInterpreter(rest.slice(1));
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
