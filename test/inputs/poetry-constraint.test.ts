import { describe, expect, it } from 'vitest';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import { evaluateMarker, parseMarker } from '../../src/pep/marker.ts';
import { parseSpecifiers, specifierContains } from '../../src/pep/specifier.ts';
import { isPrerelease, parseVersion } from '../../src/pep/version.ts';
import { readVectors } from '../pep/vectors.ts';
import { convertPoetryConstraint, poetryPythonMarker } from '../../src/inputs/poetry-constraint.ts';

const row = parsePlatformName('linux');
if (row === null) throw new Error('there is no platform linux');
const linux = createTarget({ python: '3.12', platform: row, from: 'test' }).markers;

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
    ['^1.20 || ^2.0', '>=1.20,<3.0'],
    ['^2 || ^1', '>=1,<3.0'],
    ['^1.0|^3.0', '>=1.0,<4.0,!=2.*'],
    ['<1 || >=2', '!=1.*'],
    ['<2 || >2', '!=2'],
    ['>=1,<2 || >=2.1,<3', '>=1,<3,!=2.0.*'],
    ['~1.2 || ~1.5', '>=1.2,<1.6,!=1.3.*,!=1.4.*'],
    ['* || 1', ''],
  ])('%s are alternatives that %j says', (text, specifiers) => {
    expect(convertPoetryConstraint(text)).toEqual({ specifiers, approximate: false });
  });

  it.each([
    ['1.0 || 2.0', '>=1.0,<=2.0'],
    ['>=1.2,<1.9 || >=2.1', '>=1.2'],
    ['^1,!=1.5 || ^2', '>=1,<3.0'],
  ])('%s is widened to %j', (text, specifiers) => {
    expect(convertPoetryConstraint(text)).toEqual({ specifiers, approximate: true });
  });

  it('passes on what is no constraint', () => {
    expect(convertPoetryConstraint('soon || ^1')).toEqual({
      specifiers: '==soon || >=1,<2.0',
      approximate: false,
    });
  });
});

describe('the answers of poetry-core', () => {
  interface Answers {
    readonly versions: readonly string[];
    readonly constraints: readonly (readonly [string, string])[];
    readonly pythons: readonly string[];
    readonly pythonConstraints: readonly (readonly [string, string])[];
  }
  const vectors = readVectors<Answers>('poetry-constraints');
  const toBits = (digits: string, count: number): string =>
    BigInt(`0x${digits}`).toString(2).padStart(count, '0');

  it.each(vectors.constraints)('are those of %s', (text, digits) => {
    const { specifiers, approximate } = convertPoetryConstraint(text);
    const parsed = parseSpecifiers(specifiers, { repair: true }).specifiers;
    const versions = vectors.versions.map((version) => parseVersion(version));
    const expected = toBits(digits, versions.length);
    const answers = versions.map(
      (version) => version !== null && specifierContains(parsed, version),
    );
    for (const [index, version] of versions.entries()) {
      // Of alternatives it is open which pre-releases between them are in.
      if (version === null || (text.includes('|') && isPrerelease(version))) continue;
      const isAllowed = expected[index] === '1';
      // What is widened lets in more.
      if (isAllowed || !approximate)
        expect(answers[index], vectors.versions[index]).toBe(isAllowed);
    }
  });

  it.each(vectors.pythonConstraints)('for the Python %s', (text, digits) => {
    const marker = poetryPythonMarker(text);
    const answers = vectors.pythons.map((python) => {
      const environment = {
        python_full_version: python,
        python_version: python.split('.').slice(0, 2).join('.'),
      };
      return marker === null ||
        evaluateMarker(parseMarker(marker), { ...linux, ...environment }, [])
        ? '1'
        : '0';
    });
    expect(answers.join('')).toBe(toBits(digits, vectors.pythons.length));
  });
});

describe('poetryPythonMarker', () => {
  it.each([
    ['^3.9', 'python_version >= "3.9" and python_version < "4.0"'],
    ['>=3.8', 'python_version >= "3.8"'],
    ['<3.12.1', 'python_full_version < "3.12.1"'],
    ['3.11.*', 'python_version == "3.11"'],
    ['3', 'python_version == "3.0"'],
    ['>3.9', 'python_full_version > "3.9.0"'],
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
