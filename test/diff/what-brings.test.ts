import { expect, test } from 'vitest';
import { withCauses } from '../../src/diff/what-brings.ts';
import type { PackageRow } from '../../src/types.ts';
import { createPackage, parsePackages } from '../report/documents.ts';

/** `name through the names before it`. */
function causes(packages: readonly PackageRow[], moved: readonly string[]): readonly string[] {
  const wanted = packages.filter(({ name }) => moved.includes(name));
  return withCauses(wanted, { packages, environments: [] }, new Set(moved)).map(({ through }) =>
    through.join(' '),
  );
}

test('a declared package is there for itself, and another for the nearest that is declared', () => {
  const packages = parsePackages('api 1 5 5\nmid 1 5 5 < api\nleaf 1 5 5 < mid');
  expect(causes(packages, ['api', 'mid', 'leaf'])).toEqual(['api', 'api mid', 'api mid leaf']);
});

test('what came with a package that came is not laid at the door of one that stayed', () => {
  const packages = parsePackages(
    'old 1 5 5\nnewer 1 5 5\nstep 1 5 5 < newer\nleaf 1 5 5 < old step',
  );
  expect(causes(packages, ['newer', 'step', 'leaf'])).toEqual([
    'newer',
    'newer step',
    'newer step leaf',
  ]);
  // Where only it moved, as an extra that is asked for brings it, the one that stayed is named.
  expect(causes(packages, ['leaf'])).toEqual(['old leaf']);
});

test('circles end, and what nothing brings has no chain', () => {
  const ring = [
    createPackage({ name: 'a', requiredBy: ['b'] }),
    createPackage({ name: 'b', requiredBy: ['a'] }),
  ];
  expect(causes(ring, ['a', 'b'])).toEqual(['', '']);
});

test('the places are those of the declared package', () => {
  const declaredAt = [{ path: 'requirements.txt', line: 4, column: 1 }];
  const packages = [
    createPackage({ name: 'api', declaredAt }),
    createPackage({ name: 'leaf', requiredBy: ['api'], direct: false }),
  ];
  const rows = withCauses(packages, { packages, environments: [] }, new Set(['api', 'leaf']));
  expect(rows.map((row) => row.declaredAt)).toEqual([declaredAt, declaredAt]);
});

test('of a compiled file, in which everything is asked for, the written line is told', () => {
  const declaredAt = [{ path: 'requirements.in', line: 1, column: 1 }];
  const packages = [
    createPackage({ name: 'api', declaredAt }),
    createPackage({ name: 'auth', requiredBy: ['api'], direct: true }),
    createPackage({ name: 'rsa', requiredBy: ['auth'], direct: true }),
    createPackage({ name: 'alone', direct: true }),
  ];
  const names = packages.map(({ name }) => name);
  expect(causes(packages, names)).toEqual(['api', 'api auth', 'api auth rsa', 'alone']);
});
