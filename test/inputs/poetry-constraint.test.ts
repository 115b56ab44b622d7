import { describe, expect, it } from 'vitest';
import { convertPoetryConstraint, poetryPythonMarker } from '../../src/inputs/poetry-constraint.ts';

describe('convertPoetryConstraint', () => {
  it.each([
    ['^1.2.3', '>=1.2.3,<2.0'],
    ['^1.2', '>=1.2,<2.0'],
    ['^1', '>=1,<2.0'],
    ['^0.2.3', '>=0.2.3,<0.3'],
    ['^0.0.3', '>=0.0.3,<0.0.4'],
    ['^0.0', '>=0.0,<0.1'],
    ['^0', '>=0,<1.0'],
    ['^1.0.0a1', '>=1.0.0a1,<2.0'],
    ['~1.2.3', '>=1.2.3,<1.3'],
    ['~1.2', '>=1.2,<1.3'],
    ['~1', '>=1,<2.0'],
    ['~=1.2', '~=1.2'],
    ['*', ''],
    ['', ''],
    ['1.2.*', '==1.2.*'],
    ['1.2.3', '==1.2.3'],
    ['=1.2.3', '==1.2.3'],
    ['>= 1.0, < 2.0', '>=1.0,<2.0'],
    ['>=1.0 <2.0', '>=1.0,<2.0'],
    ['!=1.5', '!=1.5'],
  ])('%s means %j', (text, specifiers) => {
    expect(convertPoetryConstraint(text)).toEqual({ specifiers, approximate: false });
  });

  it.each([
    ['>=1,<2 || >=2.1,<3', '>=1,<3'],
    ['^1 || ^2', '>=1,<3.0'],
    ['1.0 || 2.0', '>=1.0,<=2.0'],
    ['<1 || >=2', ''],
    ['^1.0|^2.0', '>=1.0,<3.0'],
  ])('%s is widened to %j', (text, specifiers) => {
    expect(convertPoetryConstraint(text)).toEqual({ specifiers, approximate: true });
  });
});

describe('poetryPythonMarker', () => {
  it.each([
    ['^3.9', 'python_version >= "3.9" and python_version < "4.0"'],
    ['>=3.8', 'python_version >= "3.8"'],
    ['<3.12.1', 'python_full_version < "3.12.1"'],
    ['3.11.*', 'python_version == "3.11"'],
    ['3', 'python_version == "3.0"'],
    ['<3.8 || >=3.10', 'python_version < "3.8" or python_version >= "3.10"'],
    [
      '^2.7 || ^3.8',
      '(python_version >= "2.7" and python_version < "3.0") or (python_version >= "3.8" and python_version < "4.0")',
    ],
    ['*', null],
  ])('%s means %j', (text, marker) => {
    expect(poetryPythonMarker(text)).toBe(marker);
  });
});
