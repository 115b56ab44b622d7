import { describe, expect, test } from 'vitest';
import { adviceRules } from '../../src/advice/index.ts';
import { DepweightError } from '../../src/errors.ts';
import { RULES } from '../../src/rules.ts';
import { didYouMean, readOptions, type Configuration, type Options } from '../../src/options.ts';

function read(
  flags: Readonly<Record<string, unknown>> = {},
  table?: Configuration['table'],
): Options {
  const configuration = table === undefined ? undefined : { path: 'pyproject.toml', table };
  return readOptions({ command: 'audit', flags }, configuration);
}

function failure(action: () => unknown): DepweightError {
  try {
    action();
  } catch (error) {
    if (error instanceof DepweightError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('without flags everything has its default', () => {
  expect(read()).toEqual({
    command: 'audit',
    path: '.',
    other: null,
    ref: null,
    against: null,
    prices: null,
    budget: { flags: {}, setting: undefined, path: '' },
    package: null,
    cacheAction: null,
    python: null,
    platform: null,
    targets: { platforms: [], pythons: [] },
    selection: {
      extras: [],
      allExtras: false,
      groups: [],
      environment: null,
      constraints: [],
      overrides: [],
    },
    index: {},
    source: 'simple',
    excludeNewer: null,
    cache: { enabled: true, directory: null, offline: false, refresh: false },
    isolated: false,
    format: 'table',
    outputs: [],
    all: false,
    units: 'si',
    bytecode: false,
    quiet: false,
    verbose: false,
    progress: true,
    color: 'auto',
    strict: false,
    failOn: null,
    allowOutside: false,
    certificate: null,
    timings: false,
    weights: true,
    split: {
      write: false,
      style: null,
      compat: 'none',
      keepOriginal: false,
      perEntryPoint: false,
      verify: false,
      force: false,
    },
  });
});

describe('single options', () => {
  test('a Python is a version, not a word or a range', () => {
    expect(read({ python: ['3.12'] }).python).toBe('3.12');
    expect(read({ python: ['3.12.4'] }).python).toBe('3.12.4');
    expect(read({ python: ['cp312'] }).python).toBe('3.12');
    expect(read({ python: ['pypy@3.10'] }).python).toBe('pypy3.10');
    const pypy = failure(() => read({ python: ['pypy3.14'] }));
    expect([pypy.message, pypy.hint]).toEqual([
      "--python 'pypy3.14' is not a Python that PyPy has",
      'PyPy has had 3.7, 3.8, 3.9, 3.10, 3.11',
    ]);
    for (const python of ['python3.12', '>=3.8', '3', '4.0', '3.x']) {
      expect(failure(() => read({ python: [python] })).message).toContain('--python');
    }
  });

  test('only compare takes several targets', () => {
    const error = failure(() => read({ python: ['3.11', '3.12'] }));
    expect(error.code).toBe('repeated-option');
    expect(error.hint).toContain('compare');
    const wanted = { python: ['3.11', 'cp312'], platform: ['linux/amd64,linux/arm64'] };
    expect(readOptions({ command: 'compare', flags: wanted })).toMatchObject({
      python: null,
      platform: null,
      targets: { pythons: ['3.11', '3.12'], platforms: ['linux/amd64', 'linux/arm64'] },
    });
  });

  test('a date means the end of that day, a moment itself', () => {
    expect(read({ 'exclude-newer': '2026-11-21' }).excludeNewer).toBe('2026-11-22T00:00:00.000Z');
    expect(read({ 'exclude-newer': '2026-11-21T09:00:00Z' }).excludeNewer).toBe(
      '2026-11-21T09:00:00.000Z',
    );
    expect(read({ 'exclude-newer': '2026-11-21T09:00:00+02:00' }).excludeNewer).toBe(
      '2026-11-21T07:00:00.000Z',
    );
    for (const date of ['yesterday', '2026-13-01', '2026-02-30', '2026', '21.11.2026']) {
      expect(failure(() => read({ 'exclude-newer': date })).message).toContain('is not a date');
    }
  });

  test('lists come from repetition and from commas, file names only from repetition', () => {
    expect(read({ extra: ['a,b', 'c'] }).selection.extras).toEqual(['a', 'b', 'c']);
    expect(read({ constraint: ['a,b.txt'] }).selection.constraints).toEqual(['a,b.txt']);
  });

  test('only what was said about the index is set', () => {
    expect(read().index).toEqual({});
    expect(
      read({
        'index-url': 'https://index.test/simple',
        'extra-index-url': ['https://index.test/other'],
        'no-index': true,
        'no-binary': ['numpy,scipy'],
        pre: true,
      }).index,
    ).toEqual({
      indexUrl: 'https://index.test/simple',
      extraIndexUrls: ['https://index.test/other'],
      noIndex: true,
      noBinary: ['numpy', 'scipy'],
      pre: true,
    });
  });

  test.each([
    'notaurl',
    'index.test/simple',
    'http://',
    'ftp://index.test/simple',
    'folder/simple',
  ])('%j is no index', (url) => {
    for (const name of ['index-url', 'extra-index-url']) {
      const error = failure(() => read({ [name]: url }));
      expect(error.message).toBe(`--${name} '${url}' is not an http, https or file URL`);
      expect(error.exitCode).toBe(2);
      expect(failure(() => read({}, { [name]: url })).code).toBe('invalid-setting');
    }
  });

  test('an index is an http, https or file URL, and its password is not repeated', () => {
    for (const url of ['http://127.0.0.1:80/a', 'HTTPS://index.test', 'file:///srv/simple']) {
      expect(read({ 'index-url': url }).index.indexUrl).toBe(url);
    }
    const error = failure(() => read({ 'index-url': 'ftp://me:secret@index.test' }));
    expect(error.message).not.toContain('secret');
  });

  test('what excludes each other is an error', () => {
    expect(failure(() => read({ quiet: true, verbose: true })).code).toBe('conflicting-options');
    expect(failure(() => read({ offline: true, refresh: true })).code).toBe('conflicting-options');
  });

  test('the negated flags', () => {
    expect(read({ 'no-cache': true }).cache.enabled).toBe(false);
    expect(read({ 'no-progress': true }).progress).toBe(false);
    expect(read({ 'no-weights': true }).weights).toBe(false);
    expect(read({ 'no-color': true }).color).toBe('never');
    expect(read({ quiet: true }).progress).toBe(false);
  });

  test('a choice that is not there names those that are, and the nearest', () => {
    const error = failure(() => read({ units: 'ice' }));
    expect(error.message).toContain('one of si, iec');
    expect(error.hint).toBe('did you mean iec?');
  });
});

describe('--output', () => {
  test('takes a format, or the suffix, or the format of stdout', () => {
    expect(read({ output: ['json:report.txt'] }).outputs).toEqual([
      { format: 'json', file: 'report.txt' },
    ]);
    expect(read({ output: ['report.json'] }).outputs).toEqual([
      { format: 'json', file: 'report.json' },
    ]);
    expect(read({ output: ['report'] }).outputs).toEqual([{ format: 'table', file: 'report' }]);
    expect(read({ output: ['report'], json: true }).outputs[0]?.format).toBe('json');
    expect(read({ output: ['table:a', 'json:b'] }).outputs).toHaveLength(2);
  });

  test('a Windows path is a file', () => {
    expect(read({ output: ['C:\\out\\report.json'] }).outputs[0]?.file).toBe(
      'C:\\out\\report.json',
    );
  });

  test('a format that is nearly one is not taken for a file name', () => {
    expect(failure(() => read({ output: ['jsn:out'] })).hint).toBe('did you mean json?');
    expect(failure(() => read({ output: ['JSON:out'] })).hint).toBe('did you mean json?');
    expect(failure(() => read({ output: ['json:'] })).code).toBe('invalid-option');
  });

  test('a word before the colon that is no format at all is an error too', () => {
    const error = failure(() => read({ output: ['foo:x'] }));
    expect(error.message).toBe("--output 'foo:x' is not [FORMAT:]FILE");
    expect(error.hint).toBe('the formats are table and json');
    expect(read({ output: ['./foo:x'] }).outputs[0]?.file).toBe('./foo:x');
  });
});

describe('--fail-on', () => {
  test('takes rules and severities', () => {
    expect(read({ 'fail-on': ['unused,dev-only'] }).failOn).toEqual({
      rules: ['unused', 'dev-only'],
      severity: null,
    });
    expect(read({ 'fail-on': ['error', 'warning'] }).failOn).toEqual({
      rules: [],
      severity: 'warning',
    });
    expect(read({ 'fail-on': ['warning', 'error'] }).failOn?.severity).toBe('warning');
  });

  test('a rule that does not exist is an error with the nearest name', () => {
    expect(failure(() => read({ 'fail-on': ['unusd'] })).hint).toBe('did you mean unused?');
    expect(failure(() => read({ 'fail-on': ['xyzzy'] })).hint).toBeNull();
  });

  test('every rule that gives advice may be named, once', () => {
    expect(RULES.toSorted()).toEqual(adviceRules.map(({ rule }) => rule).toSorted());
  });

  test.each(RULES)('the rule %s is taken, and there is advice of it', (rule) => {
    expect(adviceRules.map((advice) => advice.rule)).toContain(rule);
    expect(read({ 'fail-on': [rule] }).failOn?.rules).toEqual([rule]);
  });

  test('tree refuses the flag, but not the setting that is meant for audit', () => {
    const tree = (flags: Readonly<Record<string, unknown>>) =>
      readOptions(
        { command: 'tree', flags },
        { path: 'pyproject.toml', table: { 'fail-on': ['unused'] } },
      );
    expect(failure(() => tree({ 'fail-on': ['unused'] })).message).toContain('tree judges nothing');
    expect(tree({}).failOn?.rules).toEqual(['unused']);
  });
});

describe('what is not built yet', () => {
  test.each([
    [{ format: 'sarif' }, 'the format sarif'],
    [{ html: 'report.html' }, 'the format html'],
    [{ output: ['markdown:a.md'] }, 'the format markdown'],
  ])('%j says so and exits 2', (flags, what) => {
    const error = failure(() => read(flags));
    expect(error.code).toBe('not-built');
    expect(error.message).toContain(what);
    expect(error.exitCode).toBe(2);
  });
});

describe('configuration', () => {
  test('is below the flags and above the defaults', () => {
    const table = { python: '3.11', units: 'iec', strict: true };
    expect(read({}, table).python).toBe('3.11');
    expect(read({}, table).units).toBe('iec');
    expect(read({}, table).strict).toBe(true);
    expect(read({ python: ['3.12'], units: 'si' }, table).python).toBe('3.12');
    expect(read({ python: ['3.12'], units: 'si' }, table).units).toBe('si');
  });

  test('lists are lists', () => {
    expect(read({}, { extra: ['a', 'b'] }).selection.extras).toEqual(['a', 'b']);
  });

  test('an unknown key is an error with the nearest name and the file', () => {
    const error = failure(() => read({}, { pyhton: '3.11' }));
    expect(error.message).toContain('[tool.depweight] pyhton');
    expect(error.hint).toBe('did you mean python?');
    expect(error.location?.path).toBe('pyproject.toml');
  });

  test('a value of the wrong kind names the key and the file', () => {
    const error = failure(() => read({}, { strict: 'yes' }));
    expect(error.message).toBe("strict = 'yes' is not true or false");
    expect(error.location?.path).toBe('pyproject.toml');
    expect(failure(() => read({}, { extra: [1] })).code).toBe('invalid-setting');
    expect(failure(() => read({}, { units: 5 })).code).toBe('invalid-setting');
  });

  test('the tables with readers of their own are let through', () => {
    expect(read({}, { budget: { installed: '500 MB' }, keep: ['torch'] }).command).toBe('audit');
  });
});

describe('didYouMean', () => {
  test('finds typing errors, and is silent where nothing is near', () => {
    expect(didYouMean('adit', ['audit', 'tree'])).toBe('did you mean audit?');
    expect(didYouMean('tere', ['audit', 'tree'])).toBe('did you mean tree?');
    expect(didYouMean('PLATFORM', ['platform'])).toBe('did you mean platform?');
    expect(didYouMean('xyzzy', ['audit', 'tree'])).toBe('');
    expect(didYouMean('x'.repeat(10_000), ['audit'])).toBe('');
  });
});
