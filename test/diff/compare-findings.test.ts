import { expect, test } from 'vitest';
import { compareFindings } from '../../src/diff/compare-findings.ts';
import { createFinding } from '../report/documents.ts';

const place = (
  path: string,
  line: number,
): {
  readonly locations: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
  }[];
} => ({
  locations: [{ path, line, column: 1 }],
});

test('a finding on the same packages is the same one, whatever its line and its bytes', () => {
  const before = createFinding({ packages: ['fig'], savedInstalledBytes: 5, ...place('a.txt', 3) });
  const after = createFinding({ packages: ['fig'], savedInstalledBytes: 7, ...place('a.txt', 9) });
  expect(compareFindings([before], [after])).toEqual({ newFindings: [], solvedFindings: [] });
  const other = createFinding({ rule: 'dev-only', packages: ['fig'] });
  expect(compareFindings([before], [other])).toEqual({
    newFindings: [other],
    solvedFindings: [before],
  });
});

test('one without packages is told by its file and by what it begins with', () => {
  const missing = (message: string, path = 'app.py'): ReturnType<typeof createFinding> =>
    createFinding({ rule: 'missing', packages: [], message, ...place(path, 1) });
  const before = [missing('fig: 3 files import it'), missing('yew: 1 file imports it')];
  const after = [missing('fig: 4 files import it'), missing('fig: 1 file imports it', 'b.py')];
  expect(compareFindings(before, after)).toEqual({
    newFindings: [after[1]],
    solvedFindings: [before[1]],
  });
});

test('two of a kind are two', () => {
  const one = createFinding({ packages: ['fig'] });
  expect(compareFindings([one], [one, one]).newFindings).toEqual([one]);
});

test('what only ranks, or depends on files that git does not know, is not compared', () => {
  const findings = [
    createFinding({ rule: 'heavy', packages: ['fig'] }),
    createFinding({ rule: 'build-context', packages: [] }),
  ];
  expect(compareFindings([], findings).newFindings).toEqual([]);
});
