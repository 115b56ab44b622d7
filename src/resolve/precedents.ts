/**
 * Resolutions that were made for other targets of the same input. A search is a function of what it looks at: which files
 * of a release would do, what the metadata of that says, and which requirements of it are in force. Where all of that is the
 * same for a target as it was for an earlier one, so is what the search would decide, and none is needed.
 */
import type { Eventually, MetadataAnswer } from '../package-index/package-index.ts';
import type { DistributionName, ResolvedGraph, Version } from '../types.ts';
import type { Choice, Universe } from './candidates.ts';
import type { RootRequirement } from './dependencies.ts';
import { rootRequirements } from './dependencies.ts';
import { buildGraph } from './graph.ts';
import { lastingWarnings } from './release-metadata.ts';
import type { ActiveRequirement } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { Run } from './run.ts';
import { universeOf } from './universes.ts';

/** What is known of the targets of one run so far. */
export interface Precedents {
  /** The graph of a target by the decisions of an earlier one; null where some answer differs from what that was told. */
  follow(run: Run): Promise<ResolvedGraph | null>;
  /** Keeps a run that found a solution. What rests on anything but pages and metadata of an index is none to follow. */
  keep(run: Run): void;
}

/** A run that found a solution, with all that it looked at. */
interface Precedent {
  readonly run: Run;
  readonly universes: ReadonlyMap<DistributionName, Universe>;
  readonly roots: readonly RootRequirement[];
  readonly warnings: ResolvedGraph['warnings'];
}

/** Each holds what its search left behind, and a new target is held against all of them. */
const mostPrecedents = 16;

/** No precedent yet. */
export function createPrecedents(): Precedents {
  const list: Precedent[] = [];
  return {
    follow: (run) => follow(list, run),
    keep: (run) => {
      const found = list.length < mostPrecedents && isPlain(run) ? toPrecedent(run) : null;
      if (found !== null) list.push(found);
    },
  };
}

function toPrecedent(run: Run): Precedent | null {
  const universes = new Map<DistributionName, Universe>();
  for (const [name, universe] of run.universes) {
    if (universe instanceof Promise || name !== universe.name) return null;
    if (universe.looked === undefined && universe.missing === null) return null;
    universes.set(universe.name, universe);
  }
  const warnings = lastingWarnings(run);
  if (warnings.some(({ code }) => code === 'broken-metadata')) return null;
  return { run, universes, roots: rootRequirements(run), warnings };
}

function isPlain({ conda, leaves, tolerated }: Run): boolean {
  return conda.provisions.size + conda.replaced.size + leaves.size + tolerated.size === 0;
}

async function follow(list: readonly Precedent[], asked: Run): Promise<ResolvedGraph | null> {
  if (!isPlain(asked)) return null;
  // Targets come in an order in which neighbours are alike.
  for (const precedent of list.toReversed()) {
    if (!hasSameMarkers(precedent, asked)) continue;
    // What is looked at here is not what a search of its own would look at.
    const run: Run = { ...asked, universes: new Map(), metadata: new Map() };
    if (!(await hasSameFiles(precedent, run)) || !(await hasSameMetadata(precedent, run))) continue;
    return buildGraph({
      solution: precedent.run.solver.solution,
      packages: precedent.run.packages.list,
      universeOf: (name) => universeOf(run, name),
      metadata: run.metadata,
      global: run.global,
      roots: rootRequirements(run),
      conda: run.conda,
      warnings: precedent.warnings,
    });
  }
  return null;
}

// ---------------------------------------------------------------------------------------------------------------------
// What costs least to compare, and differs most

function hasSameMarkers({ run: earlier, roots }: Precedent, run: Run): boolean {
  const { preferences } = run.request.options;
  return (
    areSameEntries(earlier.direct, run.direct, (a, b) => a === b) &&
    areSameEntries(earlier.request.options.preferences, preferences, isSameVersion) &&
    areSameRequirements(roots, rootRequirements(run)) &&
    earlier.asked.every(({ universe: { name }, version, extra }) => {
      const answer = earlier.metadata.get(`${name} ${version}`);
      if (answer?.known !== true) return true;
      const { requiresDist, requiresPython } = answer.value;
      return (
        admits(earlier, requiresPython) === admits(run, requiresPython) &&
        areSameRequirements(
          activeRequirements(name, requiresDist, extra, earlier.global),
          activeRequirements(name, requiresDist, extra, run.global),
        )
      );
    })
  );
}

function admits({ policy }: Run, requiresPython: string | null): boolean {
  return requiresPython === null || policy.admitsPython(requiresPython).admits;
}

function isSameVersion(a: Version, b: Version): boolean {
  return a.text === b.text;
}

function areSameEntries<Key, Value>(
  some: ReadonlyMap<Key, Value>,
  others: ReadonlyMap<Key, Value>,
  isSame: (one: Value, other: Value) => boolean,
): boolean {
  if (some.size !== others.size) return false;
  return [...some].every(([key, one]) => {
    const other = others.get(key);
    return other !== undefined && isSame(one, other);
  });
}

function areSameRequirements(
  some: readonly ActiveRequirement[],
  others: readonly ActiveRequirement[],
): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at];
      return (
        one.requirement === other?.requirement &&
        one.origin === other.origin &&
        one.condition === other.condition
      );
    })
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// What the index answers

async function hasSameFiles({ universes }: Precedent, run: Run): Promise<boolean> {
  // All pages are asked for before one is waited for.
  const pending = [...universes.values()].map(
    (earlier): readonly [Universe, Eventually<Universe>] => [
      earlier,
      universeOf(run, earlier.name),
    ],
  );
  for (const [earlier, asked] of pending) {
    const own = asked instanceof Promise ? await asked : asked;
    if (!isSameLine(earlier, own)) return false;
    const looked = earlier.looked?.() ?? [];
    // The list has holes where nobody looked.
    for (const at of looked.keys()) {
      const choice = looked[at];
      if (choice !== undefined && !isSameChoice(choice, own.choose(at))) return false;
    }
  }
  return true;
}

function isSameLine(earlier: Universe, own: Universe): boolean {
  return (
    own.leaf === null &&
    earlier.versions === own.versions &&
    (earlier.missing === null) === (own.missing === null)
  );
}

/** Whether a search could tell one from the other; in what words a version is refused is told of conflicts alone. */
function isSameChoice(earlier: Choice, own: Choice): boolean {
  if (earlier.usable || own.usable) return earlier.usable === own.usable;
  const { obstacle: one } = earlier;
  const { obstacle: other } = own;
  if (one?.kind !== 'python' || other?.kind !== 'python') return one?.kind === other?.kind;
  return one.requiresPython === other.requiresPython;
}

async function hasSameMetadata({ run: earlier }: Precedent, run: Run): Promise<boolean> {
  const pending = new Map<string, Eventually<MetadataAnswer>>();
  for (const { universe, version } of earlier.asked) {
    const key = `${universe.name} ${version}`;
    const own = universeOf(run, universe.name);
    if (pending.has(key) || own instanceof Promise) continue;
    const choice = own.choose(version);
    if (choice.usable)
      pending.set(key, run.env.index.metadata(own.name, choice.file, own.release(version)));
  }
  for (const [key, asked] of pending) {
    const own = asked instanceof Promise ? await asked : asked;
    const known = earlier.metadata.get(key);
    if (known === undefined || !isSameAnswer(known, own)) return false;
    run.metadata.set(key, own);
  }
  return true;
}

// Answers that say the same are the same object, but for those that were read again in between.
function isSameAnswer(earlier: MetadataAnswer, own: MetadataAnswer): boolean {
  if (earlier === own) return true;
  return earlier.known && own.known && JSON.stringify(earlier.value) === JSON.stringify(own.value);
}
