/** The options of a run, from the command line over the configuration. */
import { DepweightError } from './errors.ts';
import type { FailOn } from './exit-code.ts';
import { readPrices } from './expenses/read-prices.ts';
import { conflict, didYouMean, invalid } from './options/option-errors.ts';
import { createReader, type Reader } from './options/option-reader.ts';
import type {
  CommandName,
  Configuration,
  Invocation,
  Options,
  SelectionOptions,
  SplitOptions,
} from './options/option-types.ts';
import { readFormat, readOutputs, refuseWhatIsNotBuilt } from './options/report-formats.ts';
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
import type { IndexOptions, RuleName } from './types.ts';

export { didYouMean, notBuilt } from './options/option-errors.ts';
export * from './options/option-types.ts';

/** What fails where nobody says it (CONTRACT, exit codes): elsewhere no finding does. */
const DEFAULT_FAIL_ON: Readonly<Partial<Record<CommandName, FailOn>>> = {
  check: { rules: [], severity: 'error' },
};

/** Commands that have a before and an after. */
const PRICED: readonly CommandName[] = ['audit', 'split', 'cost'];

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

// ---------------------------------------------------------------------------------------------------------------------
// Single options

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
