/**
 * Terms and incompatibilities of PubGrub (N. Weizenbaum, "PubGrub: Next-Generation Version Solving", 2018).
 *
 * A term says that a package is selected within a set (positive), or is not selected within it (negative). An
 * incompatibility is a set of terms of which not all may hold. Packages are numbers given by the solver.
 */
import type { VersionSet } from './version-set.ts';
import {
  areDisjoint,
  intersectSets,
  isEmptySet,
  isSubset,
  subtractSets,
  uniteSets,
} from './version-set.ts';

export interface Term {
  readonly positive: boolean;
  readonly set: VersionSet;
}

/** Why an incompatibility holds. `note` is what the cause says to a reader, made by who adds it. */
export type Cause<Note> =
  | { readonly kind: 'root' }
  | { readonly kind: 'no-versions'; readonly packageId: number; readonly set: VersionSet }
  | { readonly kind: 'unavailable'; readonly packageId: number; readonly note: Note }
  | {
      readonly kind: 'dependency';
      readonly packageId: number;
      readonly dependencyId: number;
      readonly note: Note;
    }
  | {
      readonly kind: 'derived';
      readonly left: Incompatibility<Note>;
      readonly right: Incompatibility<Note>;
    };

export interface Incompatibility<Note> {
  /** Order of creation; causes are always older. */
  readonly id: number;
  readonly packages: readonly number[];
  readonly terms: readonly Term[];
  readonly cause: Cause<Note>;
}

export type Relation = 'satisfied' | 'contradicted' | 'inconclusive';

export function negateTerm(term: Term): Term {
  return { positive: !term.positive, set: term.set };
}

/** Both terms hold. */
export function intersectTerms(left: Term, right: Term): Term {
  if (left.positive && right.positive)
    return { positive: true, set: intersectSets(left.set, right.set) };
  if (left.positive) return { positive: true, set: subtractSets(left.set, right.set) };
  if (right.positive) return { positive: true, set: subtractSets(right.set, left.set) };
  return { positive: false, set: uniteSets(left.set, right.set) };
}

/** At least one of the terms holds. */
export function uniteTerms(left: Term, right: Term): Term {
  return negateTerm(intersectTerms(negateTerm(left), negateTerm(right)));
}

/** How what is known of a package relates to a term on it. */
export function relateTerm(known: Term, term: Term): Relation {
  if (known.positive) {
    if (term.positive) {
      if (isSubset(known.set, term.set)) return 'satisfied';
      return areDisjoint(known.set, term.set) ? 'contradicted' : 'inconclusive';
    }
    if (areDisjoint(known.set, term.set)) return 'satisfied';
    return isSubset(known.set, term.set) ? 'contradicted' : 'inconclusive';
  }
  if (term.positive) return isSubset(term.set, known.set) ? 'contradicted' : 'inconclusive';
  return isSubset(term.set, known.set) ? 'satisfied' : 'inconclusive';
}

/** A term that always holds: no version is excluded. */
export function isAnyTerm(term: Term): boolean {
  return !term.positive && isEmptySet(term.set);
}

/** The term of an incompatibility on a package, if it has one. */
export function termOn<Note>(
  incompatibility: Incompatibility<Note>,
  packageId: number,
): Term | undefined {
  const at = incompatibility.packages.indexOf(packageId);
  return at < 0 ? undefined : incompatibility.terms[at];
}
