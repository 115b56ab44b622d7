import { describe, expect, test } from 'vitest';
import { parseMetadata } from '../../src/pep/metadata.ts';
import { ParseError } from '../../src/pep/parse-error.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';

const HEAD = 'Metadata-Version: 2.1\nName: Weather_Station\nVersion: 1.0\n';

describe('parseMetadata', () => {
  test('reads the fields that resolution needs', () => {
    const metadata = parseMetadata(
      `${HEAD}Summary: x\nRequires-Python: >=3.8\nRequires-Dist: requests (>=2)\nRequires-Dist: pytest ; extra == 'test'\n` +
        'Provides-Extra: Test_A\nProvides-Extra: docs\nDynamic: Requires-Dist\nDynamic: version\n\nRequires-Dist: body\n',
    );
    expect(metadata).toMatchObject({
      name: 'weather-station',
      version: '1.0',
      metadataVersion: '2.1',
      requiresPython: '>=3.8',
      providesExtras: ['test-a', 'docs'],
      dynamic: ['Requires-Dist', 'version'],
      repairs: [],
    });
    expect(metadata.requiresDist.map(formatRequirement)).toEqual([
      'requests>=2',
      'pytest; extra == "test"',
    ]);
  });

  test('reads fields in any case, with CRLF, blanks before the colon and a byte order mark', () => {
    const metadata = parseMetadata(
      '\uFEFFNAME : a\r\nversion:1.0\r\nrequires-dist:\tb\r\n\r\nRequires-Dist: c\r\n',
    );
    expect(metadata.requiresDist.map(formatRequirement)).toEqual(['b']);
    expect(metadata.metadataVersion).toBeNull();
    expect(metadata.requiresPython).toBeNull();
  });

  test('joins folded lines', () => {
    const metadata = parseMetadata(
      `${HEAD}Requires-Dist: a\n        >=1 ;\n\tos_name == "nt"\nRequires-Python:\n >=3.9\n`,
    );
    expect(metadata.requiresDist.map(formatRequirement)).toEqual(['a>=1; os_name == "nt"']);
    expect(metadata.requiresPython).toBe('>=3.9');
  });

  test('a folded line of another field is not a requirement, and a line of blanks does not end the headers', () => {
    const metadata = parseMetadata(
      `${HEAD}Description: x\n        Requires-Dist: no\n        \n        y\nRequires-Dist: yes\n`,
    );
    expect(metadata.requiresDist.map(formatRequirement)).toEqual(['yes']);
  });

  test('ends the headers at the first empty line', () => {
    expect(parseMetadata(`${HEAD}\nRequires-Python: >=4\n`).requiresPython).toBeNull();
  });

  test('passes over a line that is no header', () => {
    expect(parseMetadata(`${HEAD}a licence text\nRequires-Python: >=3\n`).requiresPython).toBe(
      '>=3',
    );
  });

  test('takes the first of a doubled field, and UNKNOWN for none', () => {
    const metadata = parseMetadata(
      `${HEAD}Version: 2.0\nRequires-Python: UNKNOWN\nRequires-Dist: UNKNOWN\n`,
    );
    expect(metadata).toMatchObject({ version: '1.0', requiresPython: null, requiresDist: [] });
  });

  test('repairs malformed requirements and says so', () => {
    const metadata = parseMetadata(`${HEAD}Requires-Dist: torch (>=1.9.*)\n`);
    expect(metadata.requiresDist.map(formatRequirement)).toEqual(['torch>=1.9']);
    expect(metadata.repairs).toEqual([
      'Requires-Dist `torch (>=1.9.*)` was repaired by removing a star after a comparison other than == and !=',
    ]);
  });

  test('skips what cannot be repaired, says so and reads on', () => {
    const metadata = parseMetadata(
      `${HEAD}Requires-Dist: a ~ b\nRequires-Dist: c\nProvides-Extra: -x-\n`,
    );
    expect(metadata.requiresDist.map(formatRequirement)).toEqual(['c']);
    expect(metadata.providesExtras).toEqual([]);
    expect(metadata.repairs).toEqual([
      expect.stringMatching(/^Requires-Dist `a ~ b` was skipped: Expected/),
      expect.stringMatching(/^Provides-Extra `-x-` was skipped: Expected/),
    ]);
  });

  test('an extra that is given twice is listed once', () => {
    expect(
      parseMetadata(`${HEAD}Provides-Extra: a_b\nProvides-Extra: a-b\n`).providesExtras,
    ).toEqual(['a-b']);
  });

  test.each([
    ['', /Name field/],
    ['Version: 1.0\n', /Name field/],
    ['Name: a\n', /Version field/],
    ['Name: UNKNOWN\nVersion: 1.0\n', /Name field/],
    ['\nName: a\nVersion: 1.0\n', /Name field/],
  ])('%j fails', (text, message) => {
    expect(() => parseMetadata(text)).toThrow(ParseError);
    expect(() => parseMetadata(text)).toThrow(message);
  });

  test('does not look at the description', () => {
    const text = `${HEAD}\n${'Requires-Dist: a\n'.repeat(1_000_000)}`;
    const start = performance.now();
    for (let run = 0; run < 100; run += 1) parseMetadata(text);
    expect(performance.now() - start).toBeLessThan(200);
  });

  test('takes linear time on hostile headers', () => {
    const start = performance.now();
    parseMetadata(`${HEAD}Requires-Dist: a\n${' b\n'.repeat(200_000)}`);
    parseMetadata(`${HEAD}${'no colon\n'.repeat(200_000)}`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
