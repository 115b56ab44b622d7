import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evaluateMarker,
  formatMarker,
  markerExtras,
  parseMarker,
  parseMarkerAt,
} from '../../src/pep/marker.ts';
import type { Marker, MarkerEnvironment } from '../../src/types.ts';
import { targetOf } from './environments.ts';
import { offsetOf } from './offset.ts';
import { readVectors } from './vectors.ts';

type Row =
  | readonly [text: string, invalid: null]
  | readonly [text: string, normalized: string | 0, answers?: string, answersWithExtra?: string];
const vectors = readVectors<{
  readonly environments: readonly MarkerEnvironment[];
  readonly rows: readonly Row[];
}>('markers');

const LINUX = targetOf('linux', '3.11').markers;

function evaluate(
  text: string,
  extras: readonly string[] = [],
  environment: MarkerEnvironment = LINUX,
): boolean {
  return evaluateMarker(parseMarker(text), environment, extras);
}

/** One bit for each environment of the vectors, as they write them. */
function answersOf(marker: Marker, extras: readonly string[]): string {
  const bits = vectors.environments.map((environment) =>
    evaluateMarker(marker, environment, extras) ? '1' : '0',
  );
  return Number.parseInt(bits.join(''), 2).toString(16).padStart(8, '0');
}

describe('against packaging', () => {
  test('the same texts are markers', () => {
    const differences = vectors.rows.filter(
      ([text, normalized]) =>
        (offsetOf(() => parseMarker(text)) === null) !== (normalized !== null),
    );
    expect(differences).toEqual([]);
  });

  test('they have the same normal form', () => {
    for (const [text, normalized] of vectors.rows) {
      if (normalized !== null)
        expect(formatMarker(parseMarker(text))).toBe(normalized === 0 ? text : normalized);
    }
  });

  test('they hold in the same environments, with and without an extra', () => {
    const differences: string[] = [];
    let compared = 0;
    for (const [text, normalized, answers, answersWithExtra = answers] of vectors.rows) {
      if (normalized === null || answers === undefined) continue;
      compared += 1;
      const marker = parseMarker(text);
      if (answersOf(marker, []) !== answers) differences.push(text);
      if (answersOf(marker, ['test']) !== answersWithExtra)
        differences.push(`${text} with the extra`);
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(1000);
  });
});

describe('evaluateMarker', () => {
  test.each([
    'python_version >= "3.9"',
    '"3.9" <= python_version',
    'python_version < "3.100"',
    'python_full_version == "3.11.0"',
    'python_version == "3.*"',
    'python_version in "3.10 3.11"',
    'python_version not in "3.8, 3.9"',
    'python_version === "3.11"',
    '"x86" in platform_machine',
    'sys.platform == "linux" and os.name == "posix"',
    'python_implementation == "CPython"',
    'platform.python_implementation == "CPython"',
    'platform.machine != "arm64" and platform.version == ""',
    'os_name >= "posix"',
    'sys_platform == "win32" or sys_platform == "linux" and python_version > "3"',
    'implementation_name == "cpython" and implementation_version >= "3"',
    '"x" not in extras',
    '"x" not in dependency_groups',
  ])('%s holds on CPython 3.11 for Linux', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  test.each([
    'python_version < "3.9"',
    'platform_release >= "5"',
    'os_name > "a"',
    'os_name < "z"',
    'os_name ~= "posix"',
    'sys_platform == "linux" and (python_version < "3" or os_name == "nt")',
    '"posix" == "posix"',
    'os_name == sys_platform',
    '"x" in extras',
    'extras == "x"',
    '"x" in dependency_groups',
    'platform_release ~= "x"',
    'python_version in "3.1"',
    'python_version == "3.11,3.12"',
  ])('%s does not', (text) => {
    expect(evaluate(text)).toBe(false);
  });

  test('an extra asks for any of the extras in force', () => {
    expect(evaluate('extra == "x"', ['y', 'x'])).toBe(true);
    expect(evaluate('extra == "X_"', ['x-'])).toBe(true);
    expect(evaluate('"x" == extra', ['x'])).toBe(true);
    expect(evaluate('extra == "x"', ['y'])).toBe(false);
    expect(evaluate('extra == "x" and extra == "y"', ['x', 'y'])).toBe(true);
    expect(evaluate('extra in "test tests"', ['test'])).toBe(true);
    expect(evaluate('extra not in "test tests"', ['test'])).toBe(false);
    expect(evaluate('"x" in extras', ['x'])).toBe(true);
  });

  test('an extra is denied when it is in force beside another', () => {
    expect(evaluate('extra != "x"', ['x', 'y'])).toBe(false);
    expect(evaluate('extra != "x"', ['y'])).toBe(true);
  });

  test('without extras only the empty one is in force', () => {
    expect(evaluate('extra == ""')).toBe(true);
    expect(evaluate('extra == "x"')).toBe(false);
    expect(evaluate('extra != "x"')).toBe(true);
  });

  test('takes extras as a set too', () => {
    expect(evaluateMarker(parseMarker('extra == "x"'), LINUX, new Set(['x']))).toBe(true);
  });

  test('follows the target', () => {
    expect(evaluate('platform_machine == "arm64"', [], targetOf('macos').markers)).toBe(true);
    expect(evaluate('os_name == "nt"', [], targetOf('windows').markers)).toBe(true);
    expect(
      evaluate('implementation_name == "pypy"', [], targetOf('linux', '3.10', 'pp').markers),
    ).toBe(true);
  });
});

describe('parseMarker', () => {
  test('binds `and` closer than `or`', () => {
    expect(parseMarker('os_name == "a" or os_name == "b" and os_name == "c"')).toMatchObject({
      kind: 'or',
      operands: [{ kind: 'compare' }, { kind: 'and' }],
    });
  });

  test('normalises extras on either side', () => {
    expect(
      formatMarker(parseMarker("extra == 'Test_X' or 'Test_X' == extra or 'A.b' in extras")),
    ).toBe('extra == "test-x" or "test-x" == extra or "a-b" in extras');
  });

  test('reads from an offset and reports offsets in the whole text', () => {
    expect(formatMarker(parseMarkerAt('a; os_name=="nt"', 2))).toBe('os_name == "nt"');
    expect(offsetOf(() => parseMarkerAt('a; os_name', 2))).toBe(10);
    expect(offsetOf(() => parseMarkerAt('a; os_name == "nt" x', 2))).toBe(19);
  });

  test.each([
    ['', 0, /variable or a quoted text/],
    ['foo == "1"', 0, /found `foo`/],
    ['os_name', 7, /comparison/],
    ['os_name == ', 11, /variable or a quoted text/],
    ['os_name == "nt', 11, /closing quote/],
    ['os_name not "nt"', 8, /comparison/],
    ['os_name = "nt"', 8, /comparison/],
    ['(os_name == "nt"', 0, /`\)` for this parenthesis/],
    ['os_name == "nt" or', 18, /variable or a quoted text/],
    ['os_name == "nt" & os_name == "x"', 16, /`and`, `or` or the end/],
    ['python_version >= 3.8', 18, /found `3.8`/],
    ['os_name == "a" ; x', 15, /`and`, `or` or the end/],
  ])('%j fails at %i', (text, offset, message) => {
    expect(() => parseMarker(text)).toThrow(message);
    expect(offsetOf(() => parseMarker(text))).toBe(offset);
  });

  test('refuses nesting that could exhaust the stack, and takes what is in use', () => {
    const nested = (depth: number): string =>
      `${'('.repeat(depth)}os_name == "nt"${')'.repeat(depth)}`;
    expect(evaluate(nested(200))).toBe(false);
    expect(() => parseMarker(nested(201))).toThrow(/at most 200/);
    expect(() => parseMarker('('.repeat(1_000_000))).toThrow(/at most 200/);
  });

  test('takes a long chain without nesting', () => {
    expect(evaluate(Array.from({ length: 20_000 }, () => 'os_name == "nt"').join(' or '))).toBe(
      false,
    );
  });
});

describe('formatMarker', () => {
  test.each([
    ["os_name=='nt'", 'os_name == "nt"'],
    ['os_name==\'say "x"\'', 'os_name == \'say "x"\''],
    ['((os_name == "a"))', 'os_name == "a"'],
    ['(os_name == "a" or os_name == "b")', 'os_name == "a" or os_name == "b"'],
    [
      '(os_name == "a" and os_name == "b") or os_name == "c"',
      '(os_name == "a" and os_name == "b") or os_name == "c"',
    ],
    ['os.name=="a"or sys.platform=="b"', 'os_name == "a" or sys_platform == "b"'],
    ['os_name not   in "a"', 'os_name not in "a"'],
  ])('%s becomes %s', (text, expected) => {
    expect(formatMarker(parseMarker(text))).toBe(expected);
  });

  test('adds the parentheses that a tree needs', () => {
    const compare = parseMarker('os_name == "a"');
    const tree: Marker = {
      kind: 'and',
      operands: [{ kind: 'or', operands: [compare, compare] }, compare],
    };
    expect(formatMarker(tree)).toBe('(os_name == "a" or os_name == "a") and os_name == "a"');
  });

  const compare = fc.constantFrom(
    'python_version >= "3.9"',
    'extra == "x"',
    'os_name != "nt"',
    '"linux" in sys_platform',
  );
  const { marker } = fc.letrec<{ readonly marker: string }>((tie) => ({
    marker: fc.oneof(
      { maxDepth: 4 },
      compare,
      fc
        .tuple(tie('marker'), fc.constantFrom('and', 'or'), tie('marker'))
        .map((parts) => parts.join(' ')),
      tie('marker').map((inner) => `(${inner})`),
    ),
  }));

  test('gives what means the same and formats to the same', () => {
    fc.assert(
      fc.property(marker, fc.subarray(['x', 'y']), (text, extras) => {
        const parsed = parseMarker(text);
        const formatted = formatMarker(parsed);
        expect(formatMarker(parseMarker(formatted))).toBe(formatted);
        expect(evaluate(formatted, extras)).toBe(evaluateMarker(parsed, LINUX, extras));
      }),
    );
  });
});

describe('markerExtras', () => {
  test('lists each extra once, sorted', () => {
    const text =
      'extra == "Z" or (os_name == "nt" and ("a_b" == extra or extra == "z")) or "m" in extras';
    expect(markerExtras(parseMarker(text))).toEqual(['a-b', 'm', 'z']);
  });

  test('is empty without one', () => {
    expect(markerExtras(parseMarker('os_name == "extra"'))).toEqual([]);
  });
});
