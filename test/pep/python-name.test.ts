import { describe, expect, test } from 'vitest';
import { formatPythonName, parsePythonName, pypyRelease } from '../../src/pep/python-name.ts';

describe('parsePythonName', () => {
  test.each([
    ['3.12', '3.12'],
    ['3.12.4', '3.12.4'],
    [' 3.8 ', '3.8'],
    ['2.7', '2.7'],
    ['cpython3.12', '3.12'],
    ['cpython@3.12.1', '3.12.1'],
    ['cp312', '3.12'],
    ['cp39', '3.9'],
    ['cp3.9', '3.9'],
    ['pypy3.10', 'pypy3.10'],
    ['pypy@3.10', 'pypy3.10'],
    ['pypy-3.11', 'pypy3.11'],
    ['PyPy3.9', 'pypy3.9'],
    ['pp310', 'pypy3.10'],
    ['pp39', 'pypy3.9'],
    ['3.13t', '3.13t'],
    ['cp313t', '3.13t'],
    ['cpython3.14.1+freethreaded', '3.14.1t'],
  ])('%s is %s', (text, name) => {
    const parsed = parsePythonName(text);
    expect(parsed && formatPythonName(parsed)).toBe(name);
  });

  test.each([
    '',
    '3',
    '312',
    '4.0',
    '@3.12',
    '-3.12',
    'pypy',
    'pypy310',
    'cpython312',
    'graalpy3.11',
    'python3.12',
    'constructor3.1',
    'pypy3.11t',
    '3.13tt',
    'cp31.4',
    '3.x',
  ])('%j is none', (text) => {
    expect(parsePythonName(text)).toBeNull();
  });
});

test('PyPy has a version of its own, for the versions of the language that it has had', () => {
  expect(pypyRelease('3.10')).toBe('7.3.19');
  expect(pypyRelease('3.14')).toBeNull();
  expect(pypyRelease('constructor')).toBeNull();
});
