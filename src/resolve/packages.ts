/**
 * What the solver decides on, numbered in the order of discovery. As in uv a distribution is several packages:
 *
 * - `base`: the distribution itself.
 * - `extra`: one extra of it, with what that adds: `black[jupyter]`.
 * - `proxy`: what a requirement with an extra or a marker asks for. It asks for the others in one version, its own.
 *
 * A requirement with a marker has packages of its own, marker and all, beside those without. They say nothing new, but
 * they are counted where conflicts are, and that decides which name moves up.
 */
import type { DistributionName } from '../types.ts';
import { rootPackage } from './solver.ts';

export interface SolverPackage {
  /** Empty for the root and for Python. */
  readonly name: DistributionName;
  readonly kind: 'root' | 'python' | 'base' | 'extra' | 'proxy';
  readonly extra: string | null;
  /** The marker as text, null for none. */
  readonly condition: string | null;
}

/** Python itself: what releases need of it excludes the target, so that it has no version that would do. */
export const pythonPackage: number = rootPackage + 1;

/** The mutable list of packages. */
export interface PackageStore {
  /** By number. */
  readonly list: SolverPackage[];
  readonly numbers: Map<string, number>;
}

/** A store that has the root and Python. */
export function createPackageStore(): PackageStore {
  const name = '' as DistributionName;
  const none = { name, extra: null, condition: null };
  return {
    list: [
      { ...none, kind: 'root' },
      { ...none, kind: 'python' },
    ],
    numbers: new Map(),
  };
}

/** The number of a package, a new one where it has none. */
export function numberOf({ list, numbers }: PackageStore, wanted: SolverPackage): number {
  const { kind, name, extra, condition } = wanted;
  const key = `${kind} ${name} ${extra ?? ''} ${condition ?? ''}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const id = list.push(wanted) - 1;
  numbers.set(key, id);
  return id;
}

/** The package with a number that was given. */
export function packageOf({ list }: PackageStore, packageId: number): SolverPackage {
  const found = list[packageId];
  if (found === undefined) throw new Error(`There is no package number ${packageId}`);
  return found;
}

/** The package that a proxy stands for. */
export function baseOf(name: DistributionName): SolverPackage {
  return { name, kind: 'base', extra: null, condition: null };
}

/** What a proxy asks for in its own version: the distribution and its extra, each without the marker and with it. */
export function membersOf({ name, extra, condition }: SolverPackage): readonly SolverPackage[] {
  const conditions = condition === null ? [null] : [null, condition];
  return conditions.flatMap((each): readonly SolverPackage[] => {
    const base: SolverPackage = { name, kind: 'base', extra: null, condition: each };
    return extra === null ? [base] : [base, { name, kind: 'extra', extra, condition: each }];
  });
}
