import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isValidName, normalizeExtra, normalizeName } from '../../src/pep/name.ts';
import { readVectors } from './vectors.ts';

const { canonicalize_name } = readVectors<{
  readonly canonicalize_name: readonly (readonly [string, string])[];
}>('requirements');

describe('normalizeName', () => {
  test.each(canonicalize_name)('%s becomes %s, as in packaging', (text, expected) => {
    expect(normalizeName(text)).toBe(expected);
  });

  test('leaves a normalised name as it is', () => {
    expect(normalizeName('ruamel-yaml-clib2')).toBe('ruamel-yaml-clib2');
  });

  test('joins a run of separators that begins with a dash', () => {
    expect(normalizeName('a--b')).toBe('a-b');
    expect(normalizeName('a-_b')).toBe('a-b');
  });

  test('gives the same for a name and for its normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.') }), (text) => {
        const once = normalizeName(text);
        expect(normalizeName(once)).toBe(once);
        expect(once).toMatch(/^[a-z0-9-]*$/);
        expect(once).not.toContain('--');
      }),
    );
  });
});

describe('isValidName', () => {
  test.each(['a', 'A', '1a', 'zope.interface', 'a--b', 'Foo_Bar-2'])('%s is valid', (name) => {
    expect(isValidName(name)).toBe(true);
  });

  test.each(['', '-a', 'a-', '_a', 'a.', 'a b', 'é', 'a/b', 'a\n'])('%j is not', (name) => {
    expect(isValidName(name)).toBe(false);
  });

  test('takes linear time on a name that almost ends well', () => {
    const start = performance.now();
    expect(isValidName(`a${'-'.repeat(100_000)}`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe('normalizeExtra', () => {
  test('follows the rule of names', () => {
    expect(normalizeExtra('Test_X.y')).toBe('test-x-y');
  });
});
