/**
 * Walks ahead of the solver: as soon as a requirement is known, the page of its name is asked for, then the metadata of
 * the version that will most likely be chosen, then what that requires. The solver waits for the same answers, so a
 * wrong guess costs a request and never changes the result.
 */
import type { DistributionName, Requirement, Specifier, Version } from '../types.ts';
import type { Eventually, PackageIndex } from '../package-index/package-index.ts';
import type { Universe } from './candidates.ts';
import { findVersion, hasRelease, pickVersion } from './candidates.ts';
import type { GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { VersionSet } from './version-set.ts';
import { intersectSets } from './version-set.ts';

/** What the walk needs. */
export interface PrefetchContext {
  readonly index: PackageIndex;
  readonly global: GlobalRequirements;
  readonly universeOf: (name: DistributionName) => Eventually<Universe>;
  readonly preReleases: boolean;
  readonly preferences: ReadonlyMap<DistributionName, Version>;
}

/** A walk that goes on by itself from the requirements that it is given. */
export interface Prefetcher {
  start(requirements: readonly Requirement[]): void;
}

interface Wanted {
  readonly specifiers: Specifier[][];
  readonly extras: Set<string>;
  /** `version extra` of what was followed already. */
  readonly followed: Set<string>;
}

/** Guesses that turn out wrong are followed by better ones; this bounds them for a name. */
const mostGuesses = 6;

/** A prefetcher that has asked for nothing yet. */
export function createPrefetcher(context: PrefetchContext): Prefetcher {
  const wanted = new Map<DistributionName, Wanted>();
  // Names whose demands changed. Answers that are at hand come without a pause, so that calls alone would nest as deep
  // as the tree of a warm cache.
  const pending = new Set<DistributionName>();
  let isWalking = false;
  const want = (requirements: readonly Requirement[]): void => {
    for (const { name, specifiers, extras } of requirements) {
      const known = wanted.get(name) ?? { specifiers: [], extras: new Set(), followed: new Set() };
      wanted.set(name, known);
      known.specifiers.push([...specifiers]);
      for (const extra of extras) known.extras.add(extra);
      pending.add(name);
    }
    walk();
  };
  const walk = (): void => {
    if (isWalking) return;
    isWalking = true;
    for (const name of pending) {
      pending.delete(name);
      visit(name);
    }
    isWalking = false;
  };
  const visit = (name: DistributionName): void => {
    const universe = context.universeOf(name);
    // A failed answer is the solver's to report; here it only ends the walk.
    if (universe instanceof Promise)
      void universe.then(
        (found) => follow(found),
        () => undefined,
      );
    else follow(universe);
  };
  const follow = (universe: Universe): void => {
    const known = wanted.get(universe.name);
    if (
      known === undefined ||
      universe.leaf !== null ||
      known.followed.size > mostGuesses + known.extras.size
    )
      return;
    const version = guess(context, universe, known);
    if (version === null) return;
    const choice = universe.choose(version);
    if (!choice.usable) return;
    const extras = [null, ...known.extras].filter(
      (extra) => !known.followed.has(`${version} ${extra ?? ''}`),
    );
    if (extras.length === 0) return;
    for (const extra of extras) known.followed.add(`${version} ${extra ?? ''}`);
    const answer = context.index.metadata(universe.name, choice.file, universe.release(version));
    const next = (metadata: Awaited<typeof answer>): void => {
      if (!metadata.known) return;
      const { requiresDist } = metadata.value;
      const active = extras.flatMap((extra) =>
        activeRequirements(universe.name, requiresDist, extra, context.global),
      );
      want(active.map(({ requirement }) => requirement));
    };
    if (answer instanceof Promise) void answer.then(next, () => undefined);
    else next(answer);
  };
  return { start: want };
}

function guess(context: PrefetchContext, universe: Universe, wanted: Wanted): number | null {
  let set: VersionSet | null = null;
  for (const specifiers of wanted.specifiers) {
    const next = universe.setFor(specifiers);
    const both: VersionSet = set === null ? next : intersectSets(set, next);
    // Requirements that exclude one another: the solver will leave one of them, most likely an earlier one.
    set = hasRelease(universe, both) ? both : next;
  }
  if (set === null) return null;
  const preference = context.preferences.get(universe.name);
  const preferred = preference === undefined ? null : findVersion(universe, set, preference);
  return preferred ?? pickVersion(universe, set, context.preReleases);
}
