/**
 * The programs and Python modules that a shell command runs. Not a shell: quoting, `;`, `&&`, `|`, `$( )`, assignments and
 * the usual wrappers (`sudo`, `exec`, `uv run`, `python -m`) are understood; what a variable holds is not guessed.
 */

import { scanPython } from '../imports/scanner.ts';

/** Options whose value names a module or a class to load. */
const LOADING_OPTIONS =
  /^(?:-k|--worker-class|-P|--pool|--loop|--http|--ws|-p|--plugin|--scheduler|-S|--backend|--engine)$/;
/** Programs that run what follows them, to how many words of their own come first. */
const WRAPPERS: ReadonlyMap<string, number> = new Map([
  ['exec', 0],
  ['sudo', 0],
  ['env', 0],
  ['time', 0],
  ['nohup', 0],
  ['nice', 0],
  ['ionice', 0],
  ['command', 0],
  ['xargs', 0],
  ['timeout', 0],
  ['gosu', 1],
  ['su-exec', 1],
  ['setpriv', 0],
  ['stdbuf', 0],
  ['tini', 0],
  ['dumb-init', 0],
  ['catchsegv', 0],
  ['then', 0],
  ['do', 0],
  ['else', 0],
  ['if', 0],
  ['while', 0],
  ['until', 0],
  ['elif', 0],
  ['!', 0],
  ['{', 0],
  ['(', 0],
  ['wait-for-it', 1],
  ['wait-for-it.sh', 1],
  ['wait-for', 1],
  ['dockerize', 0],
  ['chamber', 2],
  ['s6-setuidgid', 1],
  ['flock', 1],
  ['unbuffer', 0],
  ['watch', 0],
  ['cross-env', 0],
  ['eval', 0],
  ['xvfb-run', 0],
  ['micromamba', 0],
  ['mamba', 0],
  ['conda', 0],
  ['--', 0],
  ['run', 0],
]);
/** Words of the shell and of every system: no distribution is meant by them. */
const SYSTEM_PROGRAMS: ReadonlySet<string> = new Set(
  (
    'echo printf set unset exit cd export true false test source return shift trap read fi done esac case in for function local readonly ' +
    'declare wait kill sleep pwd type hash ulimit umask alias break continue mkdir rm cp mv ls cat chmod chown ln touch find grep sed ' +
    'awk head tail sort uniq wc tr cut tee xargs date id whoami uname which curl wget tar gzip unzip apt apt-get apk dnf yum dpkg ' +
    'useradd groupadd adduser addgroup ldconfig git make rmdir basename dirname realpath mktemp diff hostname'
  ).split(' '),
);
/** Wrappers that come from the index themselves: they are named, and what follows them too. */
const PYTHON_WRAPPERS: ReadonlyMap<string, number> = new Map([
  ['ddtrace-run', 0],
  ['opentelemetry-instrument', 0],
  ['newrelic-admin', 1],
  ['scout-apm-django', 0],
  ['py-spy', 1],
  ['kernprof', 0],
  ['coverage', 1],
  ['dotenv', 1],
  ['honcho', 1],
  ['watchmedo', 1],
  ['hupper', 0],
  ['pipenv', 1],
  ['poetry', 1],
  ['pdm', 1],
  ['hatch', 1],
]);
const RUNNERS = /^(?:uv|rye|pixi|mise|hatch|pipenv|poetry|pdm)$/;
const PYTHON = /^(?:python|pypy|py)[\d.]*(?:\.exe|w)?$/;

/** One program with its words, without assignments and redirections. */
type Words = readonly string[];

/** A name in a command: of a program, or of an import module (`python -m x`, `-k x.Worker`). */
export interface CommandName {
  readonly name: string;
  readonly module: boolean;
}

type Names = Map<string, CommandName>;

function addProgramName(names: Names, name: string): void {
  if (!names.has(name)) names.set(name, { name, module: false });
}

function addModuleName(names: Names, name: string): void {
  names.set(name, { name, module: true });
}

/** Names of programs and modules in a piece of shell text, in order, without doubles. */
export function findCommandNames(text: string): readonly CommandName[] {
  const names: Names = new Map();
  for (const words of splitCommands(text)) addNames(words, names);
  return [...names.values()];
}

/** The same for a command given as a list of words (`CMD ["gunicorn", "app:app"]`). */
export function findNamesInWords(words: Words): readonly CommandName[] {
  const names: Names = new Map();
  addNames(words, names);
  return [...names.values()];
}

function addNames(given: Words, names: Names): void {
  if (given[0]?.startsWith('-') === true) {
    // Arguments alone (`args:` of Kubernetes, CMD after ENTRYPOINT): the program stands elsewhere.
    addLoaded(['', ...given], names);
    return;
  }
  let words = given;
  for (let guard = 0; guard < 20 && words.length > 0; guard++) {
    const first = words[0] ?? '';
    if (/^[A-Za-z_]\w*=/.test(first) || first.startsWith('-')) {
      words = words.slice(1);
      continue;
    }
    const program = baseName(first);
    if (/^(?:ba|z|da|k|a)?sh$/.test(program) || program === 'su') return addShell(words, names);
    if (PYTHON.test(program)) return addPython(words, names);
    if (RUNNERS.test(program)) {
      addProgramName(names, program);
      const at = words.indexOf('run');
      if (at === -1) return;
      words = dropOptions(words.slice(at + 1));
      continue;
    }
    if (
      program === 'docker' ||
      program === 'docker-compose' ||
      program === 'podman' ||
      program === 'kubectl'
    )
      return addContainer(words, names);
    const skipped = WRAPPERS.get(program);
    if (skipped !== undefined) {
      words = dropOptions(words.slice(1)).slice(skipped);
      continue;
    }
    if (SYSTEM_PROGRAMS.has(program)) return;
    if (isProgramName(program)) addProgramName(names, program);
    addLoaded(words, names);
    const own = PYTHON_WRAPPERS.get(program);
    if (own === undefined) return;
    words = dropOptions(words.slice(1 + own));
    if (words[0] === '-m' && words[1] !== undefined) words = ['python', ...words];
  }
}

function baseName(word: string): string {
  return word
    .slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1)
    .replace(/\.exe$/i, '');
}

function isProgramName(name: string): boolean {
  return /^[A-Za-z][\w.+-]*$/.test(name);
}

function dropOptions(words: Words): Words {
  let start = 0;
  // Numbers are values of options: `nice -n 5`, `timeout 30s`.
  while (start < words.length && /^-|^[A-Za-z_]\w*=|^\d+[smhd]?$/.test(words[start] ?? '')) {
    const word = words[start] ?? '';
    // `python -m x` after a wrapper must keep its `-m`.
    if (word === '-m' || word === '-c') return words.slice(start);
    // Options of `uv run` that take a value.
    start +=
      /^--(?:with|extra|group|package|python|project|directory|env-file|only-group|signal|wait)$|^-p$|^-s$/.test(
        word,
      )
        ? 2
        : 1;
  }
  return words.slice(start);
}

function addShell(words: Words, names: Names): void {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (at !== -1 && words[at + 1] !== undefined)
    for (const found of findCommandNames(words[at + 1] ?? '')) names.set(found.name, found);
}

function addPython(words: Words, names: Names): void {
  for (let index = 1; index < words.length; index++) {
    const word = words[index] ?? '';
    if (/^-[a-zA-Z]*m$/.test(word)) {
      addModule(words, index + 1, names);
      return;
    }
    if (/^-[a-zA-Z]*c$/.test(word)) {
      for (const name of modulesOfCode(words[index + 1] ?? '')) addModuleName(names, name);
      return;
    }
    if (word.startsWith('-')) {
      if (word === '-X' || word === '-W') index++;
      continue;
    }
    addLoaded(words.slice(index), names);
    return;
  }
}

function addModule(words: Words, index: number, names: Names): void {
  const module = words[index] ?? '';
  if (!/^[A-Za-z_][\w.]*$/.test(module)) return;
  addModuleName(names, module);
  addLoaded(words.slice(index), names);
  // `python -m coverage run -m pytest`, `python -m poetry run x`
  const rest = words.slice(index + 1);
  if (module === 'coverage' || RUNNERS.test(module)) {
    const at = rest.indexOf('run');
    if (at !== -1)
      addNames(
        rest[at + 1] === '-m' ? ['python', ...rest.slice(at + 1)] : rest.slice(at + 1),
        names,
      );
  }
}

/** Modules that a piece of Python code imports. */
export function modulesOfCode(code: string): readonly string[] {
  return scanPython(Buffer.from(code, 'utf8'))
    .imports.filter(({ level }) => level === 0)
    .map(({ module }) => module);
}

/** `docker compose exec SERVICE cmd`: an image or service is no program. */
function addContainer(words: Words, names: Names): void {
  const at = words.findIndex((word) => word === 'exec' || word === 'run');
  if (at === -1) return;
  const after = words
    .slice(at + 1)
    .filter(
      (word, index, all) => !word.startsWith('-') && !/^-[evwpu]$/.test(all[index - 1] ?? ''),
    );
  if (after.length > 1) addNames(after.slice(1), names);
}

/** Modules named as arguments: `-k uvicorn.workers.UvicornWorker`, `--pool=gevent`, `app.main:app`. */
function addLoaded(words: Words, names: Names): void {
  for (let index = 1; index < words.length; index++) {
    const [option, joined] = splitOption(words[index] ?? '');
    const value = joined ?? (LOADING_OPTIONS.test(option) ? words[index + 1] : undefined);
    if (
      value !== undefined &&
      (joined === undefined || LOADING_OPTIONS.test(option)) &&
      /^[A-Za-z_][\w.]*$/.test(value)
    )
      addModuleName(names, value);
    else if (
      /^[A-Za-z_]\w*(?:\.\w+)+(?::[\w.]+(?:\(\))?)?$/.test(option) &&
      !/\.(?:py|txt|toml|cfg|ini|ya?ml|json|sh|conf|log|sock|db|html|xml|md|whl|gz|zip|so|com|org|io)$/i.test(
        option,
      )
    )
      addModuleName(names, option.split(':', 1)[0] ?? option);
  }
}

function splitOption(word: string): readonly [string, string | undefined] {
  const equals = word.startsWith('-') ? word.indexOf('=') : -1;
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

// ---------------------------------------------------------------------------------------------------------------------

/** A run of characters that mean nothing to the shell: taken whole, as texts are long and most of it is this. */
const PLAIN = /[^\\'" \t#\n\r;&|`()$<>]+/y;

/** Splits shell text into commands and words. Substitutions become commands of their own. */
export function splitCommands(text: string): readonly Words[] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  const endWord = (): void => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let index = 0; index < text.length; index++) {
    PLAIN.lastIndex = index;
    const [plain] = PLAIN.exec(text) ?? [];
    if (plain !== undefined) {
      word = (word ?? '') + plain;
      index += plain.length;
    }
    const character = text[index] ?? '';
    if (character === '') break;
    if (character === '\\') {
      const next = text[++index] ?? '';
      if (next !== '\n' && next !== '\r') word = (word ?? '') + next;
    } else if (character === "'" || character === '"') {
      const end = closingQuote(text, index);
      const inner = text.slice(index + 1, end);
      const value = character === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner;
      word = (word ?? '') + value;
      if (character === '"')
        for (const command of inner.matchAll(/\$\(([^()]*)\)/g))
          commands.push(...splitCommands(command[1] ?? '').map((found) => [...found]));
      index = end;
    } else if (character === ' ' || character === '\t') endWord();
    else if (character === '#' && word === null) {
      while (index < text.length && text[index] !== '\n') index++;
      endCommand();
    } else if (
      character === '\n' ||
      character === '\r' ||
      character === ';' ||
      character === '&' ||
      character === '|' ||
      character === '`'
    )
      endCommand();
    else if (character === '(' || character === ')') endCommand();
    else if (character === '$' && text[index + 1] === '(') endCommand();
    else if ((character === '>' || character === '<') && (word === null || /^\d+$/.test(word))) {
      word = null;
      // The target of a redirection is no argument.
      index = skipRedirection(text, index);
    } else word = (word ?? '') + character;
  }
  endCommand();
  return commands;
}

function closingQuote(text: string, start: number): number {
  const quote = text[start];
  let index = start + 1;
  while (index < text.length && text[index] !== quote)
    index += text[index] === '\\' && quote === '"' ? 2 : 1;
  return Math.min(index, text.length);
}

function skipRedirection(text: string, start: number): number {
  let index = start;
  while (index < text.length && /[<>&-]/.test(text[index] ?? '')) index++;
  while (text[index] === ' ') index++;
  while (index < text.length && !/[\s;&|()]/.test(text[index] ?? '')) index++;
  return index - 1;
}
