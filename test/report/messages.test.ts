import { describe, expect, test } from 'vitest';
import { DepweightError } from '../../src/errors.ts';
import {
  formatDocumentError,
  formatError,
  formatExit,
  formatInternalError,
  formatWarnings,
  withoutTold,
} from '../../src/report/messages.ts';
import { createDocument, createFinding, createPackage } from './documents.ts';

const plain = { color: false, quiet: false, verbose: false };

describe('formatError', () => {
  test('says what, where and what to do next, with the line and a caret', () => {
    const error = new DepweightError(
      'no-solution',
      {
        message:
          'no version of numpy fits: librosa 0.10.1 needs numpy >=1.20.3, but requirements.txt:9 pins numpy==1.19.0',
        hint: 'numpy >=1.20.3,<1.25 would do',
      },
      { location: { path: 'requirements.txt', line: 9, column: 1 } },
    );
    expect(formatError(error, { color: false, quotedLine: 'numpy==1.19.0  # old' }))
      .toMatchInlineSnapshot(`
      "error  no version of numpy fits: librosa 0.10.1 needs numpy >=1.20.3, but requirements.txt:9 pins
             numpy==1.19.0
             requirements.txt:9   numpy==1.19.0  # old
                                  ^^^^^^^^^^^^^
      hint   numpy >=1.20.3,<1.25 would do
      "
    `);
  });

  test('names file and line where the text is not at hand', () => {
    const error = new DepweightError(
      'unknown-setting',
      { key: 'pyhton', hint: 'did you mean python?' },
      { location: { path: 'pyproject.toml', line: 4, column: 1 } },
    );
    expect(formatError(error, { color: false })).toContain('pyproject.toml:4');
  });

  test('the label is a word, so that nothing is lost without colour', () => {
    const error = new DepweightError('path-not-found', { path: 'nowhere' });
    expect(formatError(error, { color: false })).toBe(
      'error  there is no file or folder nowhere\n',
    );
    expect(formatError(error, { color: true })).toBe(
      '\u001b[31merror\u001b[39m  there is no file or folder nowhere\n',
    );
  });

  test('tells the chain of causes, each once', () => {
    const root = new Error('connect ECONNREFUSED\nmore');
    const error = new DepweightError(
      'index-unreachable',
      { url: 'https://index.test', reason: 'refused' },
      { cause: new Error('request failed', { cause: root }) },
    );
    expect(formatError(error, { color: false })).toContain('because request failed');
    expect(formatError(error, { color: false })).toContain('because connect ECONNREFUSED\n');
  });

  test('a cause that points at itself ends', () => {
    const cause = new Error('round');
    cause.cause = cause;
    const error = new DepweightError('path-not-found', { path: 'x' }, { cause });
    expect(formatError(error, { color: false }).match(/round/g)).toHaveLength(1);
  });

  test('hostile values cannot act on the terminal', () => {
    const error = new DepweightError('path-not-found', { path: '\u001b[2J::error::' });
    expect(formatError(error, { color: false })).not.toContain('\u001b');
  });
});

test('a conflict lists the requirements that it is about', () => {
  const text = formatDocumentError(
    {
      message: 'numpy cannot be both',
      requirements: [
        { raw: 'numpy==1.19', path: 'requirements.txt', line: 9, column: 1 },
        { raw: 'librosa', path: 'requirements/base.txt', line: 12, column: 1 },
      ],
    },
    { color: false },
  );
  expect(text).toBe(
    [
      'error  numpy cannot be both',
      '       requirements.txt:9         numpy==1.19',
      '                                       ^^^^^^',
      '       requirements/base.txt:12   librosa',
      'hint   change or drop one of these lines; --override FILE tries another version without editing',
      '',
    ].join('\n'),
  );
  expect(formatDocumentError(null, { color: false })).toBe('');
});

describe('the place of a warning', () => {
  const at = { code: 'a', path: 'r.txt', line: 2, column: 3 };

  test.each([
    ['odd', 'r.txt:2:3  odd'],
    ['r.txt:2: odd', 'r.txt:2:3  odd'],
    ['r.txt:2:3: odd', 'r.txt:2:3: odd'],
    ['odd (r.txt:2): it is', 'odd (r.txt:2): it is'],
  ])('of %j is said once', (message, text) => {
    expect(formatWarnings([{ ...at, message }], plain)).toBe(`warning  ${text}\n`);
  });

  test('break where the terminal ends', () => {
    const warnings = [{ code: 'odd', message: 'word '.repeat(30).trim() }];
    const lines = formatWarnings(warnings, { ...plain, messageWidth: 60 })
      .trimEnd()
      .split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.length).toBeGreaterThan(2);
  });

  test('what speaks of a whole file goes below its lines', () => {
    const warnings = [
      { code: 'a', message: '480 more', path: 'r.txt' },
      { ...at, message: 'odd' },
    ];
    expect(formatWarnings(warnings, plain)).toMatch(/odd\n.*480 more/);
  });
});

describe('what the table says itself', () => {
  test('is not said on stderr too, unless it decides the exit code', () => {
    const told = { code: 'sdist-only', message: 'gdal is a source archive' };
    const other = { code: 'stale-lock', message: 'uv.lock is stale' };
    const harmless = { code: 'no-effect', message: '--use-feature changes nothing' };
    const broken = { code: 'sdist-only', message: 'x', severity: 'incomplete' as const };
    expect(withoutTold([told, other, harmless, broken])).toEqual([other, broken]);
  });
});

describe('formatExit', () => {
  const findings = [
    createFinding({ packages: ['torch', 'torchaudio'] }),
    createFinding({ rule: 'dev-only', packages: ['pytest'], confidence: 'possible' }),
    createFinding({ rule: 'missing', message: 'yaml is imported' }),
  ];
  const options = { color: false, strict: false, failOn: null };

  test('names the findings that --fail-on asked for', () => {
    const document = createDocument({ findings });
    const failOn = {
      rules: ['unused' as const, 'dev-only' as const, 'missing' as const],
      severity: null,
    };
    expect(formatExit(1, [document], { ...options, failOn })).toBe(
      'failed  exit 1: 2 findings that --fail-on names: unused torch, torchaudio; missing yaml\n',
    );
  });

  test('a finding on a place is named by the place', () => {
    const findings = [
      createFinding({
        rule: 'over-budget',
        message: 'aws-lambda-zip: the set is more than it takes',
      }),
    ];
    const failOn = { rules: ['over-budget' as const], severity: null };
    expect(
      formatExit(1, [createDocument({ findings })], { color: false, strict: false, failOn }),
    ).toContain('names: over-budget aws-lambda-zip\n');
  });

  test('names the sizes that --strict asked for', () => {
    const document = createDocument({
      packages: [createPackage({ name: 'gdal', installedBytes: null })],
    });
    expect(formatExit(3, [document], { ...options, strict: true })).toBe(
      'incomplete  exit 3: --strict asks for every size, and 1 is not known: gdal (source archive only)\n',
    );
    expect(formatExit(3, [document], options)).toBe(
      'incomplete  exit 3: not everything could be found out; the warnings say what\n',
    );
  });

  test('says nothing of other codes, nor of commands without findings', () => {
    expect(formatExit(0, [createDocument()], options)).toBe('');
    expect(formatExit(2, [createDocument()], options)).toBe('');
    expect(formatExit(3, [], options)).toBe('');
  });
});

describe('formatWarnings', () => {
  test('names file, line and column, once', () => {
    const text = formatWarnings(
      [
        {
          code: 'a',
          message: 'unknown option --foo',
          path: 'requirements.txt',
          line: 3,
          column: 1,
        },
        { code: 'b', message: 'requirements.txt:5 is odd', path: 'requirements.txt', line: 5 },
      ],
      plain,
    );
    expect(text).toBe(
      'warning  requirements.txt:3:1  unknown option --foo\nwarning  requirements.txt:5 is odd\n',
    );
  });

  test('puts errors first and keeps them under --quiet', () => {
    const warnings = [
      { code: 'a', message: 'odd' },
      {
        code: 'b',
        message: 'cannot be parsed',
        path: 'r.txt',
        line: 1,
        severity: 'error' as const,
      },
    ];
    expect(formatWarnings(warnings, plain)).toBe(
      'error  r.txt:1  cannot be parsed\nwarning  odd\n',
    );
    expect(formatWarnings(warnings, { ...plain, quiet: true })).toBe(
      'error  r.txt:1  cannot be parsed\n',
    );
  });

  test('says how many were left out, and --verbose has all', () => {
    const warnings = Array.from({ length: 40 }, (_, index) => ({
      code: 'a',
      message: `w${index}`,
    }));
    const text = formatWarnings(warnings, plain);
    expect(text.split('\n')).toHaveLength(14);
    expect(text).toContain('… and 28 more (--verbose lists them)');
    expect(formatWarnings(warnings, { ...plain, verbose: true })).toContain('w39');
  });

  test.each(['not-on-index', 'no-usable-file'])(
    'a name that is %s is an error, though it only makes the answer incomplete',
    (code) => {
      const gone = {
        code,
        message: 'oven (r.txt:1): no index has it',
        severity: 'incomplete' as const,
      };
      const odd = { code: 'offline', message: 'odd', severity: 'incomplete' as const };
      const text = 'error  oven (r.txt:1): no index has it\n';
      expect(formatWarnings([odd, gone], plain)).toBe(`${text}warning  odd\n`);
      expect(formatWarnings([odd, gone], { ...plain, quiet: true })).toBe(text);
    },
  );

  describe('of an index that cannot be reached', () => {
    const refused = (name: string, host = 'index.test') => ({
      code: 'network',
      message: `${name} (r.txt:1): the page of ${name} could not be read: https://${host}/simple/${name}/ cannot be reached (ECONNREFUSED)`,
      severity: 'incomplete' as const,
    });
    const unasked = {
      code: 'network',
      message: 'apple (r.txt:9): the index cannot be reached',
      severity: 'incomplete' as const,
    };

    test('are one line with a count', () => {
      expect(formatWarnings([unasked, refused('fig'), refused('plum')], plain)).toBe(
        [
          'warning  https://index.test cannot be reached (ECONNREFUSED): 3 packages could not be read: fig,',
          '         plum, apple',
          '',
        ].join('\n'),
      );
    });

    test('name the first six', () => {
      const warnings = Array.from({ length: 40 }, (_, index) => refused(`p${index}`));
      const text = formatWarnings(warnings, plain).replaceAll(/\s+/g, ' ');
      expect(text).toContain(
        '40 packages could not be read: p0, p1, p2, p3, p4, p5 and 34 more (--verbose lists them)',
      );
      expect(formatWarnings(warnings, { ...plain, verbose: true })).toContain('p39 (r.txt:1)');
    });

    test('stay apart for each host, and alone where there is one', () => {
      const other = refused('plum', 'other.test');
      const text = formatWarnings([refused('fig'), other, unasked], plain);
      expect(text.match(/^warning/gm)).toHaveLength(3);
      expect(text).toContain('fig (r.txt:1)');
      const silent = { code: 'network', message: 'the cache is broken' };
      expect(formatWarnings([silent, silent], plain).match(/^warning/gm)).toHaveLength(2);
    });
  });

  test('keeps the lines of a long explanation apart', () => {
    expect(formatWarnings([{ code: 'a', message: 'first\nsecond' }], plain)).toBe(
      'warning  first\n         second\n',
    );
  });
});

test('a bug shows its stack, the command, and asks for a report', () => {
  const text = formatInternalError(new TypeError('x is not a function'), ['audit', '--json']);
  expect(text).toMatch(/^error {2}a bug in depweight/);
  expect(text).toContain('TypeError: x is not a function');
  expect(text).toContain('depweight audit --json');
  expect(text).toContain('please report it');
  expect(formatInternalError('just text', [])).toContain('just text');
});
