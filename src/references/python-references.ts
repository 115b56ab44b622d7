/**
 * Names that Python code gives as strings: programs that it starts (`subprocess.run(["yt-dlp", …])`) and modules that
 * settings name (Django's INSTALLED_APPS, MIDDLEWARE, LOGGING).
 */

import type { LexedTokens } from '../imports/lexer/lexer.ts';
import { looksOf } from '../imports/lexer/looks.ts';
import type { TokenTable } from '../imports/lexer/token-table.ts';
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
// Punctuation marks by their codes.
const OPEN_ROUND = 40;
const CLOSE_ROUND = 41;
const PLUS = 43;
const COMMA = 44;
const DOT = 46;
const COLON = 58;
const EQUALS = 61;
const OPEN_SQUARE = 91;
const CLOSE_SQUARE = 93;
const OPEN_CURLY = 123;
const CLOSE_CURLY = 125;
/** What an entry of a list may follow. */
const BEFORE_ENTRY: ReadonlySet<number> = new Set([
  ...[COMMA, OPEN_SQUARE, OPEN_ROUND, OPEN_CURLY, COLON, EQUALS, PLUS],
]);

const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const SETTINGS_ENDINGS =
  'APPS|BACKENDS?|MIDDLEWARES?|CLASS|CLASSES|ENGINE|STORAGE|RENDERERS?|PARSERS?|SERIALIZER|PLUGINS|EXTENSIONS|LOADERS?|HANDLERS?|IMPORTS|SCHEDULER|PIPELINES';
const SETTINGS_NAME: RegExp = new RegExp(
  `^(?:pytest_plugins|MIDDLEWARE|TEMPLATES|DATABASES|CACHES|LOGGING|STORAGES|[A-Z0-9_]*_(?:${SETTINGS_ENDINGS}))$`,
);

/**
 * True where a file is worth reading for such strings: by its name, or by what it imports. `importsAny` tells whether it
 * imports one of several modules.
 */
export function mayNameModules(
  path: string,
  importsAny: (modules: ReadonlySet<string>) => boolean,
): boolean {
  return SETTINGS_FILE.test(path) || importsAny(STARTING_MODULES);
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
// lexer/token-table.ts passes over names that are none of these: what is written small is `pytest_plugins` alone.
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

/** Tells the settings of a file by its name and by what it imports: `importsBelow` asks for a package with its modules. */
export function settingNamesOf(
  path: string,
  importsBelow: (name: string) => boolean,
): SettingNames {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return {
    constants: ALL_SETTINGS.test(path),
    small: /^(?:celeryconfig|gunicorn[^/]*)\.py$/.test(file) || importsBelow('celery'),
  };
}

/** The names in the tokens of a file, in order. */
export function readStringReferences(
  { table, findNamed }: Pick<LexedTokens, 'table' | 'findNamed'>,
  names: SettingNames = { constants: false, small: false },
): readonly StringReference[] {
  const visitsLeft = VISITS_PER_TOKEN * table.length;
  const search: Search = { tokens: table, names, references: [], visitsLeft };
  // Almost all tokens are none of these: the lexer passes over them.
  for (const index of findNamed(looksOf(STARTERS), names.small)) {
    if (table.isName(index)) addNamed(search, index);
    // Lists of words that are handed to a call later: `command = ["yt-dlp", "-J", url]`.
    else if (table.mark(index - 1) === COLON) addClassOfLogging(search, index);
    else if (isCommandStart(table, index) && hasCommandName(table, index))
      addProgram(search, index);
  }
  return withoutDoubles(search.references).toSorted((a, b) => a.line - b.line);
}

/** The names of one file while they are found. */
interface Search {
  readonly tokens: TokenTable;
  readonly names: SettingNames;
  readonly references: StringReference[];
  /** How many tokens of values may still be looked at: brackets that nobody closes would make it the square of them. */
  visitsLeft: number;
}

/** Settings stand inside each other, but hardly deeper than this. */
const VISITS_PER_TOKEN = 4;

function addNamed(search: Search, index: number): void {
  const { tokens, names } = search;
  const name = tokens.value(index);
  if (tokens.mark(index + 1) === OPEN_ROUND && STARTERS.has(name)) addProgram(search, index + 2);
  else if (isAssigned(tokens, index) && isSetting(name, names)) addSettings(search, index);
}

/** Entry points of a setup.py: `'shop = shop.cli:main'`. */
export function readEntryPoints(tokens: TokenTable): readonly StringReference[] {
  const references: StringReference[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const name = tokens.isString(index) ? ENTRY_POINT.exec(tokens.value(index))?.[1] : undefined;
    if (name !== undefined)
      references.push({ line: tokens.line(index), kind: 'entry-point', name, module: true });
  }
  return references;
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

function isCommandStart(tokens: TokenTable, index: number): boolean {
  // One word alone may be anything: `command = "start"`.
  return (
    tokens.mark(index) === OPEN_SQUARE ||
    (tokens.isString(index) && /\S\s/.test(tokens.value(index)))
  );
}

/** `"()": "module.Class"`, `"class": "module.Class"`: what a logging configuration makes. */
function addClassOfLogging({ tokens, references }: Search, index: number): void {
  const key = tokens.value(index - 2);
  const name = tokens.value(index);
  if ((key === '()' || key === 'class') && DOTTED.test(name))
    references.push({ line: tokens.line(index), kind: 'string', name, module: true });
}

/** `command = [`, `self.cmd: list[str] = [`, `cmd = f"…"`: by the name words of a command are meant. */
function hasCommandName(tokens: TokenTable, valueAt: number): boolean {
  const line = tokens.line(valueAt);
  for (let index = valueAt - 2; index >= 0 && index >= valueAt - 10; index--) {
    if (tokens.line(index) !== line) return false;
    if (tokens.isName(index) && /cmd|command|argv|^args$/i.test(tokens.value(index))) return true;
  }
  return false;
}

/** The first argument of a call that starts a program: a list of words, a line of shell, or one program. */
function addProgram(search: Search, from: number): void {
  const { tokens, references } = search;
  const line = tokens.line(from);
  const addAll = (found: Iterable<Pick<StringReference, 'name'>>): void => {
    for (const one of found) references.push({ line, kind: 'command', ...one });
  };
  if (tokens.isString(from)) {
    // `session.run("python", "-m", "twine")`: each word is an argument.
    const areWords = tokens.mark(from + 1) === COMMA && tokens.isString(from + 2);
    addAll(areWords ? namesOfWords(wordsAt(tokens, from)) : namesOfText(tokens.value(from)));
    return;
  }
  const open = tokens.mark(from);
  if (open !== OPEN_SQUARE && open !== OPEN_ROUND) return;
  const words: string[] = [];
  for (let index = from + 1; index < tokens.length && words.length < 40; index++) {
    if (search.visitsLeft-- <= 0) return;
    const mark = tokens.mark(index);
    if (mark === CLOSE_SQUARE || mark === CLOSE_ROUND) break;
    if (tokens.isString(index)) words.push(tokens.value(index));
    // `sys.executable, "-m", "x"` runs Python.
    else if (tokens.isName(index) && tokens.value(index) === 'executable') words.push('python');
  }
  addAll(namesOfWords(words));
}

/** Strings that follow each other, parted by commas. */
function wordsAt(tokens: TokenTable, from: number): readonly string[] {
  const words: string[] = [];
  for (let index = from; tokens.isString(index); index += 2) {
    words.push(tokens.value(index));
    if (tokens.mark(index + 1) !== COMMA) break;
  }
  return words;
}

function isAssigned(tokens: TokenTable, index: number): boolean {
  const next = tokens.mark(index + 1);
  return (
    next === EQUALS ||
    next === COLON ||
    (next === PLUS && tokens.mark(index + 2) === EQUALS) ||
    (next === DOT && tokens.mark(index + 3) === OPEN_ROUND) ||
    // `app.autodiscover_tasks(["jobs"])`
    (next === OPEN_ROUND && tokens.mark(index - 1) === DOT)
  );
}

/** Strings of the value that look like modules; a single word counts too, as in INSTALLED_APPS. */
function addSettings(search: Search, from: number): void {
  const { tokens, references } = search;
  const line = tokens.line(from);
  const name = tokens.value(from);
  // A word alone is a module only where modules are asked for: `ENVIRONMENT = "celery"` is none.
  const takesWords = SETTINGS_NAME.test(name) || SMALL_SETTINGS.test(name);
  let depth = 0;
  for (let index = from + 1; index < tokens.length; index++) {
    if (search.visitsLeft-- <= 0) return;
    const mark = tokens.mark(index);
    if (mark === OPEN_SQUARE || mark === OPEN_ROUND || mark === OPEN_CURLY) depth++;
    const closes = mark === CLOSE_SQUARE || mark === CLOSE_ROUND || mark === CLOSE_CURLY;
    if (closes) depth--;
    // At depth 0 the value ends with its line.
    if (depth < 0 || (depth === 0 && tokens.line(index) > line && !closes)) return;
    if (!tokens.isString(index)) continue;
    // A key names what is configured, as a logger may that is not there.
    if (tokens.mark(index + 1) === COLON && depth > 0) continue;
    const [module = ''] = tokens.value(index).split(':', 1);
    const isEntry = BEFORE_ENTRY.has(tokens.mark(index - 1));
    if (DOTTED.test(module) || (takesWords && isEntry && /^[a-z_]\w*$/.test(module)))
      references.push({ line: tokens.line(index), kind: 'string', name: module, module: true });
  }
}
