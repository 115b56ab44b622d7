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
  readonly kind: 'command' | 'string' | 'entry-point';
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
  /^(?:pytest_plugins|INSTALLED_APPS|MIDDLEWARE|MIDDLEWARE_CLASSES|AUTHENTICATION_BACKENDS|TEMPLATES|DATABASES|CACHES|LOGGING|STORAGES|[A-Z0-9_]*(?:_APPS|_BACKENDS?|_MIDDLEWARE|_CLASS|_CLASSES|_ENGINE|_STORAGE|_RENDERERS?|_PARSERS?|_SERIALIZER|_PLUGINS|_EXTENSIONS|_LOADERS?|_HANDLERS?|_IMPORTS|_SCHEDULER|_PIPELINES|ITEM_PIPELINES|DOWNLOADER_MIDDLEWARES))$/;

/** True where a file is worth reading for such strings: by what it imports and by its name. */
export function mayNameModules(path: string, modules: Iterable<string>): boolean {
  if (SETTINGS_FILE.test(path)) return true;
  for (const module of modules) if (STARTING_MODULES.has(module)) return true;
  return false;
}

const SETTINGS_FILE =
  /(?:^|\/)(?:[^/]*settings[^/]*|config|conf|celeryconfig|gunicorn[^/]*|logging_config|conftest)\.py$|(?:^|\/)(?:settings|config)\/[^/]+\.py$/;
const STARTING_MODULES: ReadonlySet<string> = new Set([
  'subprocess',
  'sh',
  'plumbum',
  'invoke',
  'fabric',
  'nox',
  'django.conf',
  'celery',
  'pexpect',
  'logging.config',
]);
/** Files in which every name in capitals is a setting. */
const ALL_SETTINGS = /(?:^|\/)(?:[^/]*settings[^/]*\.py|settings\/[^/]+\.py)$/;
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;
/** Settings of Celery and Gunicorn, which are written small. */
const SMALL_SETTINGS =
  /^(?:include|imports|beat_scheduler|scheduler|result_backend|worker_class|worker_pool|custom_worker_pool|logger_class|task_cls|loader|autodiscover_tasks)$/;

const ENTRY_POINT =
  /^\s*[\w.-]+\s*=\s*([A-Za-z_][\w.]*)\s*:\s*[A-Za-z_][\w.]*(?:\s*\[[^\]]*\])?\s*$/;

/** Which names of a file are settings, besides those that are everywhere. */
export interface SettingNames {
  /** All in capitals. */
  readonly constants: boolean;
  /** Those of Celery and Gunicorn. */
  readonly small: boolean;
}

/** Tells the settings of a file by its name and by what it imports. */
export function settingNamesOf(path: string, modules: Iterable<string>): SettingNames {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return {
    constants: ALL_SETTINGS.test(path),
    small:
      /^(?:celeryconfig|gunicorn[^/]*)\.py$/.test(file) ||
      [...modules].some((module) => /^celery(?:\.|$)/.test(module)),
  };
}

/** The names in a file, in order. */
export function readStringReferences(
  text: string,
  names: SettingNames = { constants: false, small: false },
): readonly StringReference[] {
  const tokens = readPythonTokens(text).filter(isNoComment);
  const references: StringReference[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== 'name') continue;
    if (STARTERS.has(token.value) && tokens[index + 1]?.value === '(')
      addProgram(tokens, index + 2, references);
    else if (isAssigned(tokens, index) && isSetting(token.value, names))
      addSettings(tokens, index, references);
  }
  for (let index = 2; index < tokens.length; index++) {
    const before = tokens[index - 1]?.value;
    // Lists of words that are handed to a call later: `command = ["yt-dlp", "-J", url]`.
    if (before === '=' && isCommandStart(tokens[index]) && hasCommandName(tokens, index))
      addProgram(tokens, index, references);
    else if (before === ':' && isClassOfLogging(tokens[index - 2], tokens[index]))
      references.push({
        line: tokens[index]?.line ?? 0,
        kind: 'string',
        name: tokens[index]?.value ?? '',
        module: true,
      });
  }
  return withoutDoubles(references).toSorted((a, b) => a.line - b.line);
}

/** Entry points of a setup.py: `'shop = shop.cli:main'`. */
export function readEntryPoints(text: string): readonly StringReference[] {
  return readPythonTokens(text).flatMap(({ kind, value, line }): readonly StringReference[] => {
    const module = kind === 'string' ? ENTRY_POINT.exec(value)?.[1] : undefined;
    return module === undefined ? [] : [{ line, kind: 'entry-point', name: module, module: true }];
  });
}

/** A list in a setting of its own kind is found by both. */
function withoutDoubles(references: readonly StringReference[]): readonly StringReference[] {
  const distinct = new Map(
    references.map((one) => [`${one.line}\0${one.kind}\0${one.name}`, one] as const),
  );
  return [...distinct.values()];
}

function isSetting(name: string, { constants, small }: SettingNames): boolean {
  return (
    SETTINGS_NAME.test(name) ||
    (constants && CONSTANT.test(name)) ||
    (small && SMALL_SETTINGS.test(name))
  );
}

function isNoComment({ kind }: PythonToken): boolean {
  return kind !== 'comment';
}

function isCommandStart(token: PythonToken | undefined): boolean {
  // One word alone may be anything: `command = "start"`.
  return token?.kind === 'mark'
    ? token.value === '['
    : token?.kind === 'string' && /\S\s/.test(token.value);
}

/** `"()": "module.Class"`, `"class": "module.Class"`: what a logging configuration makes. */
function isClassOfLogging(key: PythonToken | undefined, token: PythonToken | undefined): boolean {
  return (
    key?.kind === 'string' &&
    (key.value === '()' || key.value === 'class') &&
    token?.kind === 'string' &&
    DOTTED.test(token.value)
  );
}

/** `command = [`, `self.cmd: list[str] = [`, `cmd = f"…"`: by the name words of a command are meant. */
function hasCommandName(tokens: readonly PythonToken[], valueAt: number): boolean {
  const line = tokens[valueAt]?.line;
  for (let index = valueAt - 2; index >= 0 && index >= valueAt - 10; index--) {
    const token = tokens[index];
    if (token?.line !== line) return false;
    if (token?.kind === 'name' && /cmd|command|argv|^args$/i.test(token.value)) return true;
  }
  return false;
}

/** The first argument of a call that starts a program: a list of words, a line of shell, or one program. */
function addProgram(
  tokens: readonly PythonToken[],
  from: number,
  references: StringReference[],
): void {
  const first = tokens[from];
  if (first === undefined) return;
  if (
    first.kind === 'string' &&
    tokens[from + 1]?.value === ',' &&
    tokens[from + 2]?.kind === 'string'
  ) {
    // `session.run("python", "-m", "twine")`: each word is an argument.
    for (const found of namesOfWords(wordsAt(tokens, from)))
      references.push({ line: first.line, kind: 'command', ...found });
    return;
  }
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

/** Strings that follow each other, parted by commas. */
function wordsAt(tokens: readonly PythonToken[], from: number): readonly string[] {
  const words: string[] = [];
  for (let index = from; tokens[index]?.kind === 'string'; index += 2) {
    words.push(tokens[index]?.value ?? '');
    if (tokens[index + 1]?.value !== ',') break;
  }
  return words;
}

function isAssigned(tokens: readonly PythonToken[], index: number): boolean {
  const next = tokens[index + 1]?.value;
  return (
    next === '=' ||
    next === ':' ||
    (next === '+' && tokens[index + 2]?.value === '=') ||
    (next === '.' && tokens[index + 3]?.value === '(') ||
    // `app.autodiscover_tasks(["jobs"])`
    (next === '(' && tokens[index - 1]?.value === '.')
  );
}

/** Strings of the value that look like modules; a single word counts too, as in INSTALLED_APPS. */
function addSettings(
  tokens: readonly PythonToken[],
  from: number,
  references: StringReference[],
): void {
  const line = tokens[from]?.line ?? 0;
  const name = tokens[from]?.value ?? '';
  // A word alone is a module only where modules are asked for: `ENVIRONMENT = "celery"` is none.
  const takesWords = SETTINGS_NAME.test(name) || SMALL_SETTINGS.test(name);
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
    // A key names what is configured, as a logger may that is not there.
    if (tokens[index + 1]?.value === ':' && depth > 0) continue;
    const module = token.value.split(':', 1)[0] ?? token.value;
    if (DOTTED.test(module) || (takesWords && isEntry && /^[a-z_]\w*$/.test(module)))
      references.push({ line: token.line, kind: 'string', name: module, module: true });
  }
}
