/**
 * Names that Python code gives as strings: programs that it starts (`subprocess.run(["yt-dlp", …])`) and modules that
 * settings name (Django's INSTALLED_APPS, MIDDLEWARE, LOGGING).
 */

import type { PythonToken } from '../imports/python-tokens.ts';
import { readPythonTokens } from '../imports/python-tokens.ts';
import { namesOfText, namesOfWords } from './named.ts';

/** A name in a string of Python code. */
export interface StringReference {
  readonly line: number;
  readonly kind: 'command' | 'string';
  readonly name: string;
  readonly module?: boolean;
  readonly imported?: boolean;
}

const STARTERS: ReadonlySet<string> = new Set([
  'run',
  'Popen',
  'call',
  'check_call',
  'check_output',
  'getoutput',
  'getstatusoutput',
  'system',
  'popen',
  'spawn',
  'create_subprocess_exec',
  'create_subprocess_shell',
  'execvp',
  'execv',
  'execlp',
  'execvpe',
  'which',
  'sudo',
  'local',
  'session_run',
]);
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const SETTINGS_NAME =
  /^(?:INSTALLED_APPS|MIDDLEWARE|MIDDLEWARE_CLASSES|AUTHENTICATION_BACKENDS|TEMPLATES|DATABASES|CACHES|LOGGING|STORAGES|[A-Z0-9_]*(?:_APPS|_BACKENDS?|_MIDDLEWARE|_CLASS|_CLASSES|_ENGINE|_STORAGE|_RENDERERS?|_PARSERS?|_SERIALIZER|_PLUGINS|_EXTENSIONS|_LOADERS?|_HANDLERS?|_IMPORTS|_SCHEDULER|_PIPELINES|ITEM_PIPELINES|DOWNLOADER_MIDDLEWARES))$/;

/** True where a file is worth reading for such strings: by what it imports and by its name. */
export function mayNameModules(path: string, modules: Iterable<string>): boolean {
  if (SETTINGS_FILE.test(path)) return true;
  for (const module of modules) if (STARTING_MODULE.test(module)) return true;
  return false;
}

const SETTINGS_FILE =
  /(?:^|\/)(?:[^/]*settings[^/]*|config|conf|celeryconfig|gunicorn[^/]*|logging_config)\.py$|(?:^|\/)(?:settings|config)\/[^/]+\.py$/;
const STARTING_MODULE = /^(?:subprocess|sh|plumbum|invoke|fabric|nox|django\.conf|celery|pexpect)$/;

/** The names in a file, in order. */
export function readStringReferences(text: string): readonly StringReference[] {
  const tokens = readPythonTokens(text).filter(({ kind }) => kind !== 'comment');
  const references: StringReference[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'name') continue;
    if (STARTERS.has(token.value) && tokens[index + 1]?.value === '(')
      addProgram(tokens, index + 2, references);
    else if (SETTINGS_NAME.test(token.value) && isAssigned(tokens, index))
      addSettings(tokens, index, references);
  }
  // Lists of words that are handed to a call later: `command = ["yt-dlp", "-J", url]`.
  for (const [index, token] of tokens.entries())
    if (token.kind === 'mark' && token.value === '[' && isCommandList(tokens, index))
      addProgram(tokens, index, references);
  return references.toSorted((a, b) => a.line - b.line);
}

/** `command = [`, `self.cmd: list[str] = [`: a list by whose name words of a command are meant. */
function isCommandList(tokens: readonly PythonToken[], index: number): boolean {
  if (tokens[index - 1]?.value !== '=') return false;
  const line = tokens[index]?.line;
  return tokens
    .slice(Math.max(0, index - 10), index - 1)
    .some(
      (token) =>
        token.line === line &&
        token.kind === 'name' &&
        /cmd|command|argv|^args$/i.test(token.value),
    );
}

/** The first argument of a call that starts a program: a list of words, a line of shell, or one program. */
function addProgram(
  tokens: readonly PythonToken[],
  from: number,
  references: StringReference[],
): void {
  const first = tokens[from];
  if (first === undefined) return;
  if (first.kind === 'string') {
    for (const found of namesOfText(first.value))
      references.push({ line: first.line, kind: 'command', ...found });
    return;
  }
  if (first.value !== '[' && first.value !== '(') return;
  const words: string[] = [];
  for (let index = from + 1; index < tokens.length && words.length < 40; index++) {
    const token = tokens[index];
    if (
      token === undefined ||
      (token.kind === 'mark' && (token.value === ']' || token.value === ')'))
    )
      break;
    if (token.kind === 'string') words.push(token.value);
    // `sys.executable, "-m", "x"` runs Python.
    else if (token.kind === 'name' && token.value === 'executable') words.push('python');
  }
  for (const found of namesOfWords(words))
    references.push({ line: first.line, kind: 'command', ...found });
}

function isAssigned(tokens: readonly PythonToken[], index: number): boolean {
  const next = tokens[index + 1]?.value;
  return (
    next === '=' ||
    next === ':' ||
    (next === '+' && tokens[index + 2]?.value === '=') ||
    (next === '.' && tokens[index + 3]?.value === '(')
  );
}

/** Strings of the value that look like modules; a single word counts too, as in INSTALLED_APPS. */
function addSettings(
  tokens: readonly PythonToken[],
  from: number,
  references: StringReference[],
): void {
  const line = tokens[from]?.line ?? 0;
  let depth = 0;
  for (let index = from + 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) return;
    if (token.kind === 'mark' && /[[({]/.test(token.value)) depth++;
    else if (token.kind === 'mark' && /[\])}]/.test(token.value)) depth--;
    // At depth 0 the value ends with its line.
    if (
      depth < 0 ||
      (depth === 0 &&
        token.line > line &&
        token.value !== ']' &&
        token.value !== ')' &&
        token.value !== '}')
    )
      return;
    if (token.kind !== 'string') continue;
    const isEntry = /^(?:,|\[|\(|\{|:|=|\+)$/.test(tokens[index - 1]?.value ?? '');
    if (
      DOTTED.test(token.value) ||
      (isEntry && /^[a-z_]\w*$/.test(token.value) && tokens[index + 1]?.value !== ':')
    )
      references.push({ line: token.line, kind: 'string', name: token.value, module: true });
  }
}
