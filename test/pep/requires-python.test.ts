import { describe, expect, test } from 'vitest';
import {
  createRequiresPythonCheck,
  lowerBoundOf,
  requiresPythonAdmits,
} from '../../src/pep/requires-python.ts';
import { parseSpecifiers } from '../../src/pep/specifier.ts';

function boundOf(text: string): string | null {
  const bound = lowerBoundOf(parseSpecifiers(text).specifiers);
  return bound === null ? null : `${bound.inclusive ? '>=' : '>'}${bound.version.text}`;
}

describe('lowerBoundOf', () => {
  test.each([
    ['>=3.8', '>=3.8'],
    ['>=3.8,<4', '>=3.8'],
    ['>3.8', '>3.8'],
    ['>=3.8,>3.8', '>3.8'],
    ['~=3.9', '>=3.9'],
    ['~=3.9.2', '>=3.9.2'],
    ['==3.9.*', '>=3.9'],
    ['==3.9.7', '>=3.9.7'],
    ['===3.9', '>=3.9'],
    ['>=3.8,!=3.8.*', '>=3.9'],
    ['!=3.8.*,!=3.9.*,>=3.8', '>=3.10'],
    ['>=3.9.7,!=3.9.7', '>3.9.7'],
    ['>=2.7,!=3.0.*,!=3.1.*', '>=2.7'],
    ['>=3.13.0b1', '>=3.13.0'],
    ['<4', null],
    ['!=3.9.7', null],
    ['!=3.9.*', null],
    ['<=3.11', null],
    ['', null],
    ['===unknown', null],
    ['>=3.9,<3.8', null],
    ['>3.9,<3.9.1,!=3.9.0', '>3.9'],
    ['==3.9,!=3.9', null],
  ])('%j begins at %s', (text, expected) => {
    expect(boundOf(text)).toBe(expected);
  });
});

describe('requiresPythonAdmits', () => {
  test.each([
    ['>=3.8', '3.11.0'],
    ['>=3.8,<3.11', '3.12.0'],
    ['<3.9', '3.12.0'],
    ['>=3.11', '3.11.0'],
    ['>=3.11.0', '3.11'],
    ['>3.8', '3.8.1'],
    ['>=3.13', '3.13.0rc1'],
    ['!=3.11.0', '3.11.0'],
    ['>=3,<2', '3.11.0'],
    ['>=2.7.*', '3.11.0'],
    ['not a version', '3.11.0'],
    ['', '3.11.0'],
  ])('%j admits %s', (text, python) => {
    expect(requiresPythonAdmits(text, python)).toBe(true);
  });

  test.each([
    ['>=3.12', '3.11.0'],
    ['>=3.11.4', '3.11.0'],
    ['>3.11', '3.11.0'],
    ['==3.12.*', '3.11.0'],
    ['~=3.12', '3.11.0'],
    ['>=4', '3.15.0'],
    ['>=3.9.*', '3.8.0'],
    ['>=3.11,!=3.11.*', '3.11.9'],
  ])('%j does not admit %s', (text, python) => {
    expect(requiresPythonAdmits(text, python)).toBe(false);
  });

  test('an interpreter that is no version is admitted everywhere', () => {
    expect(requiresPythonAdmits('>=3.12', 'unknown')).toBe(true);
  });
});

describe('createRequiresPythonCheck', () => {
  const check = createRequiresPythonCheck('3.11.0');

  test('says nothing of a well-formed text', () => {
    expect(check('>=3.12')).toEqual({ admits: false, note: null });
  });

  test('says what was repaired', () => {
    expect(check('>=3.6.*')).toEqual({
      admits: true,
      note: 'Requires-Python `>=3.6.*` was repaired by removing a star after a comparison other than == and !=',
    });
  });

  test('says what was ignored', () => {
    const answer = check('three');
    expect(answer.admits).toBe(true);
    expect(answer.note).toMatch(/^Requires-Python `three` was ignored: Expected a comparison/);
  });

  test('answers the same text with the same object', () => {
    expect(check('>=3.7')).toBe(check('>=3.7'));
  });
});
