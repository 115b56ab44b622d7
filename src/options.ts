import { DepweightError } from './errors.ts';
import type { FailOn } from './exit-code.ts';
import { PRICE_OPTIONS, readPrices } from './expenses/read-prices.ts';
import { nearestName } from './nearest-name.ts';
import {
  firstFreeThreaded,
  formatPythonName,
  parsePythonName,
  pypyPythons,
  pypyRelease,
} from './pep/python-name.ts';
import { RULES } from './rules.ts';
import { parseMoment } from './settings/moment.ts';
import { redactUrl } from './settings/redact-url.ts';
import { TOOL } from './tool.ts';
import type { IndexOptions, Prices, RuleName } from './types.ts';

/** Names of the commands, in the order of the help. */
export const COMMANDS = [
  'audit',
  'tree',
  'why',
  'split',
  'compare',
  'diff',
  'check',
  'cost',
  'scan',
  'report',
  'cache',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** Names of the report formats, of which `BUILT_FORMATS` can be asked for. */
export const FORMATS = [
  'table',
  'json',
  'markdown',
  'github',
  'sarif',
  'cyclonedx',
  'html',
  'csv',
  'patch',
] as const;
export type FormatName = (typeof FORMATS)[number];
const BUILT_FORMATS: readonly FormatName[] = ['table', 'json'];
/** As files of it end, and as people call it. */
const SHORT_FORMATS: Readonly<Record<string, FormatName>> = { md: 'markdown' };
/** Formats that only some commands have. */
const FORMATS_OF: Readonly<Partial<Record<CommandName, readonly FormatName[]>>> = {
  diff: ['markdown'],
  audit: ['patch'],
};

/** What fails where nobody says it (CONTRACT, exit codes): elsewhere no finding does. */
const DEFAULT_FAIL_ON: Readonly<Partial<Record<CommandName, FailOn>>> = {
  check: { rules: [], severity: 'error' },
};

/** Commands that have a before and an after. */
const PRICED: readonly CommandName[] = ['audit', 'split', 'cost'];

/** A report that is written to a file beside the one on stdout. */
export interface OutputRequest {
  readonly format: FormatName;
  /** As the user wrote it, relative to the working directory. */
  readonly file: string;
}

/** How the cache is used. */
export interface CacheOptions {
  readonly enabled: boolean;
  /** null: the platform's own place. */
  readonly directory: string | null;
  readonly offline: boolean;
  readonly refresh: boolean;
}

/** Which environment is weighed. */
export interface SelectionOptions {
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly groups: readonly string[];
  /** `prod`, `dev`, `extra:NAME`, ...; null: prod. */
  readonly environment: string | null;
  /** Files given by `-c`. */
  readonly constraints: readonly string[];
  /** Files given by `--override`. */
  readonly overrides: readonly string[];
}

/** What `split` is asked to do. */
export interface SplitOptions {
  readonly write: boolean;
  /** null: what the project has. */
  readonly style: 'requirements' | 'extras' | 'groups' | 'poetry' | null;
  readonly compat: 'dev' | 'prod' | 'none';
  readonly keepOriginal: boolean;
  readonly perEntryPoint: boolean;
  readonly verify: boolean;
  readonly force: boolean;
}

/** Everything that a user may decide, from the command line over `[tool.depweight]`, validated. */
export interface Options {
  readonly command: CommandName;
  /** Folder or dependency file; `.` when none was given. */
  readonly path: string;
  /** The second input of `compare`; null where there is one. */
  readonly other: string | null;
  /** The git ref of `diff`, as written; null for other commands. */
  readonly ref: string | null;
  /** What `why` asks about, or the requirement of `cost`. */
  readonly package: string | null;
  /** What `cache` is to do. */
  readonly cacheAction: 'dir' | 'info' | 'prune' | 'clear' | null;
  /** `3.12`, `3.12.4`, `3.13t` or `pypy3.10`; null: inferred. */
  readonly python: string | null;
  /** Checked against the known names by `target/`; null: inferred. */
  readonly platform: string | null;
  /** What `compare` puts side by side, by the names of the two above; empty lists for other commands. */
  readonly targets: {
    readonly platforms: readonly string[];
    readonly pythons: readonly string[];
  };
  readonly selection: SelectionOptions;
  readonly index: IndexOptions;
  /** Which of the index's interfaces is asked first. */
  readonly source: 'simple' | 'json';
  /** Files uploaded at this moment or later do not exist (ISO 8601, UTC); null: all exist. */
  readonly excludeNewer: string | null;
  readonly cache: CacheOptions;
  /** Environment variables and user configuration are not read. */
  readonly isolated: boolean;
  readonly format: FormatName;
  readonly outputs: readonly OutputRequest[];
  readonly all: boolean;
  readonly units: 'si' | 'iec';
  readonly bytecode: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly strict: boolean;
  readonly failOn: FailOn | null;
  readonly allowOutside: boolean;
  /** File with the certificates to trust. */
  readonly certificate: string | null;
  readonly timings: boolean;
  /** False: `tree --no-weights`, which only resolves. */
  readonly weights: boolean;
  readonly split: SplitOptions;
  /** What bytes cost; null where nobody said. */
  readonly prices: Prices | null;
  /** The git ref that `check` measures growth from, as written; null where none is named. */
  readonly against: string | null;
  /** What `check` compares with, as it was said: `budget/read-limits.ts` reads it. */
  readonly budget: BudgetSources;
}

/** Where limits are written. Read by `check` alone, so that no other command loads the table of presets. */
export interface BudgetSources {
  /** The flags of limits, by their long names. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** `budget` of the configuration. */
  readonly setting: unknown;
  /** The file of the configuration, '' for none. */
  readonly path: string;
}

/** What the command line says, before it is validated: values by the long name of the flag. */
export interface Invocation {
  readonly command: CommandName;
  readonly path?: string | undefined;
  readonly other?: string | undefined;
  readonly ref?: string | undefined;
  readonly package?: string | undefined;
  readonly cacheAction?: string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The `[tool.depweight]` table, and the file that it is in. */
export interface Configuration {
  readonly path: string;
  readonly table: Readonly<Record<string, unknown>>;
}

/** Keys of `[tool.depweight]`: the flags by their long names, and tables with readers of their own. */
const SETTINGS: readonly string[] = [
  ...['python', 'platform', 'extra', 'all-extras', 'group', 'env', 'constraint', 'override'],
  ...['index-url', 'extra-index-url', 'find-links', 'no-index', 'pre', 'no-binary', 'only-binary'],
  ...['exclude-newer', 'source', 'offline', 'refresh', 'cache-dir', 'format', 'output', 'all'],
  ...[
    'units',
    'bytecode',
    'color',
    'strict',
    'fail-on',
    'allow-outside',
    'cert',
    'style',
    'compat',
  ],
  ...['keep-original', 'verify', 'budget', 'keep', 'against'],
  ...PRICE_OPTIONS,
];

/**
 * The options of a run, validated once. Flags win over the configuration, which wins over the defaults.
 * Throws DepweightError for a wrong value, an unknown setting or something that is not built yet.
 */
export function readOptions(invocation: Invocation, configuration?: Configuration): Options {
  const values = createReader(invocation.flags, configuration);
  const format = values.flag('json') ? 'json' : readFormat(values);
  const quiet = values.flag('quiet');
  const verbose = values.flag('verbose');
  if (quiet && verbose) conflict('--quiet', '--verbose');
  if (values.flag('offline') && values.flag('refresh')) conflict('--offline', '--refresh');
  const options: Options = {
    command: invocation.command,
    path: invocation.path ?? '.',
    other: invocation.other ?? null,
    ref: invocation.ref ?? null,
    package: invocation.package ?? null,
    cacheAction: readCacheAction(invocation.cacheAction),
    ...readTargets(values, invocation.command),
    selection: readSelection(values),
    index: readIndexOptions(values),
    source: values.choice('source', ['simple', 'json'], 'simple'),
    excludeNewer: readMoment(values.text('exclude-newer')),
    cache: {
      enabled: !values.negated('cache'),
      directory: values.text('cache-dir'),
      offline: values.flag('offline'),
      refresh: values.flag('refresh'),
    },
    isolated: values.flag('isolated'),
    format,
    outputs: readOutputs(values, format),
    all: values.flag('all'),
    units: values.choice('units', ['si', 'iec'], 'si'),
    bytecode: values.flag('bytecode'),
    quiet,
    verbose,
    progress: !values.negated('progress') && !quiet,
    color: values.negated('color')
      ? 'never'
      : values.choice('color', ['auto', 'always', 'never'], 'auto'),
    strict: values.flag('strict'),
    failOn: readFailOn(values.list('fail-on')) ?? DEFAULT_FAIL_ON[invocation.command] ?? null,
    allowOutside: values.flag('allow-outside'),
    certificate: values.text('cert'),
    timings: values.flag('timings'),
    weights: !values.negated('weights'),
    split: {
      write: values.flag('write'),
      style: readStyle(values),
      compat: values.choice('compat', ['dev', 'prod', 'none'], 'none'),
      keepOriginal: values.flag('keep-original'),
      perEntryPoint: values.flag('per-entry-point'),
      verify: values.flag('verify'),
      force: values.flag('force'),
    },
    prices: PRICED.includes(invocation.command) ? readPrices(values) : null,
    against: values.text('against'),
    budget: {
      flags: invocation.flags,
      setting: configuration?.table['budget'],
      path: configuration?.path ?? '',
    },
  };
  refuseWhatIsNotBuilt(options);
  const { command } = options;
  const judgesNothing = command === 'tree' || command === 'compare';
  if (judgesNothing && invocation.flags['fail-on'] !== undefined) refuseToJudge(command);
  return options;
}

/** What `--fail-on` lists: rules, or one severity. Null for an empty list. */
export function readFailOn(words: readonly string[]): FailOn | null {
  if (words.length === 0) return null;
  const rules: RuleName[] = [];
  let severity: FailOn['severity'] = null;
  for (const word of words) {
    const rule = RULES.find((name) => name === word);
    if (rule !== undefined) {
      rules.push(rule);
    } else if (word === 'warning' || word === 'error') {
      severity = severity === 'warning' ? 'warning' : word;
    } else {
      const known = [...RULES, 'error', 'warning'];
      invalid('--fail-on', word, 'a rule, `error` or `warning`', didYouMean(word, known));
    }
  }
  return { rules, severity };
}

/** `did you mean X?`, or '' when nothing is near: the form of every hint with a nearest name. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const nearest = nearestName(text, candidates);
  return nearest === null ? '' : `did you mean ${nearest}?`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Single options

function readFormat(values: Reader): FormatName {
  const text = values.text('format') ?? '';
  return SHORT_FORMATS[text] ?? values.choice('format', FORMATS, 'table');
}

function readStyle(values: Reader): SplitOptions['style'] {
  const styles = ['requirements', 'extras', 'groups', 'poetry'] as const;
  return values.text('style') === null ? null : values.choice('style', styles, 'requirements');
}

/** Only `compare` takes several targets. */
function readTargets(
  values: Reader,
  command: CommandName,
): Pick<Options, 'python' | 'platform' | 'targets'> {
  if (command === 'compare') {
    const pythons = values.list('python').map(readPython);
    const targets = { platforms: values.list('platform'), pythons };
    return { python: null, platform: null, targets };
  }
  const python = values.single('python', command);
  return {
    python: python === null ? null : readPython(python),
    platform: values.single('platform', command),
    targets: { platforms: [], pythons: [] },
  };
}

function readPython(text: string): string {
  const name = parsePythonName(text);
  if (name === null)
    return invalid('--python', text, 'a Python version such as 3.12, 3.12.4, 3.13t or pypy3.10');
  const minor = name.version.split('.', 2).join('.');
  if (name.implementation === 'pp' && pypyRelease(minor) === null) {
    const hint = `PyPy has had ${pypyPythons.join(', ')}`;
    return invalid('--python', text, 'a Python that PyPy has', hint);
  }
  if (name.freeThreaded === true && minorOf(minor) < minorOf(firstFreeThreaded)) {
    const hint = `there is one from ${firstFreeThreaded} on`;
    return invalid('--python', text, 'a Python with a free-threaded build', hint);
  }
  return formatPythonName(name);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function readCacheAction(text: string | undefined): Options['cacheAction'] {
  if (text === undefined) return null;
  const actions = ['dir', 'info', 'prune', 'clear'] as const;
  const action = actions.find((name) => name === text);
  return (
    action ?? invalid('cache', text, `one of ${actions.join(', ')}`, didYouMean(text, actions))
  );
}

/** A date means the end of that day, as in uv; a moment is taken as it is. */
function readMoment(text: string | null): string | null {
  if (text === null) return null;
  const expected = 'a date such as 2026-11-21 or a moment such as 2026-11-21T09:00:00Z';
  return parseMoment(text) ?? invalid('--exclude-newer', text, expected);
}

function readSelection(values: Reader): SelectionOptions {
  return {
    extras: values.list('extra'),
    allExtras: values.flag('all-extras'),
    groups: values.list('group'),
    environment: values.text('env'),
    constraints: values.list('constraint', 'files'),
    overrides: values.list('override', 'files'),
  };
}

/** Only what was said is set: an absent field leaves the word to weaker settings. */
function readIndexOptions(values: Reader): IndexOptions {
  const indexUrl = values.text('index-url');
  if (indexUrl !== null) checkIndexUrl(values, 'index-url', indexUrl);
  const extraIndexUrls = values.list('extra-index-url', 'files');
  for (const url of extraIndexUrls) checkIndexUrl(values, 'extra-index-url', url);
  const findLinks = values.list('find-links', 'files');
  const noBinary = values.list('no-binary');
  const onlyBinary = values.list('only-binary');
  return {
    ...(indexUrl === null ? {} : { indexUrl }),
    ...(extraIndexUrls.length === 0 ? {} : { extraIndexUrls }),
    ...(findLinks.length === 0 ? {} : { findLinks }),
    ...(values.negated('index') ? { noIndex: true } : {}),
    ...(values.flag('pre') ? { pre: true } : {}),
    ...(noBinary.length === 0 ? {} : { noBinary }),
    ...(onlyBinary.length === 0 ? {} : { onlyBinary }),
  };
}

/** A mistyped index would only be found out by every name being unknown. */
function checkIndexUrl(values: Reader, name: string, url: string): void {
  if (/^(?:https?|file):\/\//i.test(url) && URL.canParse(url)) return;
  values.refuse(name, redactUrl(url), 'an http, https or file URL');
}

const FORMAT_OF_SUFFIX: Readonly<Record<string, FormatName>> = {
  json: 'json',
  ...SHORT_FORMATS,
  html: 'html',
  sarif: 'sarif',
  csv: 'csv',
  patch: 'patch',
  diff: 'patch',
};

function readOutputs(values: Reader, format: FormatName): readonly OutputRequest[] {
  const outputs = values.list('output', 'files').map((text) => readOutput(text, format));
  const html = values.text('html');
  return html === null ? outputs : [...outputs, { format: 'html', file: html }];
}

/** `[FORMAT:]FILE`. Without a format the suffix of the file decides, then the format of stdout. */
function readOutput(text: string, format: FormatName): OutputRequest {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(colon, 0));
  const named = SHORT_FORMATS[prefix] ?? FORMATS.find((name) => name === prefix);
  const file = named === undefined ? text : text.slice(colon + 1);
  if (file === '') return invalid('--output', text, '[FORMAT:]FILE');
  if (named !== undefined) return { format: named, file };
  // One letter is the drive of a Windows path.
  if (/^[a-z]{2,}$/i.test(prefix)) {
    const hint = didYouMean(prefix, FORMATS) || `the formats are ${BUILT_FORMATS.join(' and ')}`;
    return invalid('--output', text, '[FORMAT:]FILE', hint);
  }
  const suffix = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return { format: FORMAT_OF_SUFFIX[suffix] ?? format, file };
}

/** What is not built yet is said, never silently ignored. */
function refuseWhatIsNotBuilt(options: Options): void {
  const formats = [options.format, ...options.outputs.map((output) => output.format)];
  const built = [...BUILT_FORMATS, ...(FORMATS_OF[options.command] ?? [])];
  const format = formats.find((name) => !built.includes(name));
  if (format !== undefined) {
    const isElsewhere = Object.values(FORMATS_OF).some((names) => names?.includes(format));
    const where = isElsewhere ? ` for \`depweight ${options.command}\`` : '';
    notBuilt(`the format ${format}${where}`, `the formats ${built.join(' and ')} are there`);
  }
}

/** Only the flag is refused: a setting is for the commands that judge. */
function refuseToJudge(command: 'tree' | 'compare'): never {
  throw new DepweightError('wrong-call', {
    message: `${command} judges nothing, so --fail-on has nothing to fail on`,
    hint:
      command === 'tree'
        ? '`depweight audit --fail-on RULES` judges'
        : '--strict exits 3 unless every target has a wheel for everything',
  });
}

/** The error for a command or an option that is only planned. `instead` says what can be done now. */
export function notBuilt(what: string, instead: string): never {
  throw new DepweightError('not-built', { what, instead, version: TOOL.version });
}

function conflict(first: string, second: string): never {
  throw new DepweightError('conflicting-options', { first, second });
}

function invalid(option: string, value: string, expected: string, hint = ''): never {
  throw new DepweightError('invalid-option', { option, value: quoted(value), expected, hint });
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading flags and settings alike

/** Values by the long name of the flag; each method throws for a value of the wrong kind. */
interface Reader {
  flag(name: string): boolean;
  /** True for `--no-NAME`, and for `NAME = false` in the configuration. */
  negated(name: string): boolean;
  text(name: string): string | null;
  /** The value as it was given, undefined for none. */
  raw(name: string): unknown;
  /** Repeated flags make a list, and so do commas, which `files` takes for a part of the name. */
  list(name: string, kind?: 'names' | 'files'): readonly string[];
  /** The one value of an option that only `compare` takes several times. */
  single(name: string, command: string): string | null;
  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T;
  /** The error for a value that has the right kind and is still wrong, naming flag or setting. */
  refuse(name: string, value: unknown, expected: string): never;
}

function createReader(flags: Invocation['flags'], configuration?: Configuration): Reader {
  const settings = configuration?.table ?? {};
  refuseUnknownSettings(Object.keys(settings), configuration?.path ?? '');

  function refuse(name: string, value: unknown, expected: string, hint = ''): never {
    if (flags[name] !== undefined) return invalid(`--${name}`, String(value), expected, hint);
    const parameters = { key: name, value: quoted(value), expected, hint };
    const path = configuration?.path ?? '';
    throw new DepweightError('invalid-setting', parameters, {
      location: { path, line: 1, column: 1 },
    });
  }

  function list(name: string, kind: 'names' | 'files' = 'names'): readonly string[] {
    const value = flags[name] ?? settings[name];
    if (value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = items.filter((item) => typeof item === 'string');
    if (texts.length !== items.length) return refuse(name, value, 'a text or a list of texts');
    const words = kind === 'names' ? texts.flatMap((text) => text.split(',')) : texts;
    return words.map((word) => word.trim()).filter((word) => word !== '');
  }

  function text(name: string): string | null {
    const value = flags[name] ?? settings[name];
    if (value === undefined) return null;
    return typeof value === 'string' && value !== '' ? value : refuse(name, value, 'a text');
  }

  return {
    list,
    text,
    refuse,
    raw: (name) => flags[name] ?? settings[name],
    flag(name) {
      const value = flags[name] ?? settings[name] ?? false;
      return typeof value === 'boolean' ? value : refuse(name, value, 'true or false');
    },
    negated(name) {
      return (flags[`no-${name}`] ?? settings[`no-${name}`]) === true || settings[name] === false;
    },
    single(name, command) {
      const values = list(name);
      if (values.length < 2) return values[0] ?? null;
      const parameters = { option: `--${name}`, count: values.length, command };
      throw new DepweightError('repeated-option', parameters);
    },
    choice(name, choices, otherwise) {
      const value = text(name);
      if (value === null) return otherwise;
      const chosen = choices.find((choice) => choice === value);
      const expected = `one of ${choices.join(', ')}`;
      return chosen ?? refuse(name, value, expected, didYouMean(value, choices));
    },
  };
}

function refuseUnknownSettings(keys: readonly string[], path: string): void {
  for (const key of keys) {
    if (SETTINGS.includes(key)) continue;
    const hint = didYouMean(key, SETTINGS);
    const location = { path, line: 1, column: 1 };
    throw new DepweightError(
      'unknown-setting',
      { key: `[tool.depweight] ${key}`, hint },
      { location },
    );
  }
}
