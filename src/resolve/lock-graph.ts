/**
 * The graph of what is installed from a lock. Edges are those of the lock, or, where it has none, those of the metadata of
 * its files; never do they lead to another version than the locked one.
 */
import { findRootPins } from '../inputs/lock-roots.ts';
import type { MetadataAnswer } from '../package-index/package-index.ts';
import type {
  DistributionName,
  LockPin,
  Requirement,
  ResolvedDistribution,
  ResolvedGraph,
  TargetEnvironment,
  Warning,
} from '../types.ts';
import { warnOfMetadata } from './graph.ts';
import type { LockedChoice } from './lock-files.ts';
import type { LockSelection } from './lock-selection.ts';
import { activeRequirements } from './requirements.ts';

/** What was found of each pin. */
export interface LockedFacts {
  readonly choices: ReadonlyMap<DistributionName, LockedChoice>;
  /** Where the lock does not say what needs what. */
  readonly metadata: ReadonlyMap<DistributionName, MetadataAnswer> | null;
}

/** Puts the graph together: every pin is in it, whatever leads to it. */
export function buildLockedGraph(
  selection: LockSelection,
  facts: LockedFacts,
  target: TargetEnvironment,
): ResolvedGraph {
  const needs = needsBy(selection, facts, target);
  const { pins, roots } = selection;
  const extras = new Map<DistributionName, Set<string>>();
  const edges = new Map<DistributionName, Map<DistributionName, Set<string>>>();
  const lacking = new Map<DistributionName, DistributionName>();
  const reach = createWalk({ pins, needs, extras, edges, lacking });
  for (const { name, extras: wanted } of roots) reach(name, wanted);
  const top = new Map(roots.map(({ name }) => [name, new Set<string>()]));
  for (const { name, extras: wanted } of roots) for (const one of wanted) top.get(name)?.add(one);
  // What nothing leads to is installed too: of that, what nothing else of it leads to is asked for by the lock itself.
  for (const { name, extras: own = [] } of unreached(pins, edges, needs)) {
    if (edges.has(name)) continue;
    reach(name, own);
    top.set(name, new Set(own));
  }
  const distributions = [...pins.values()]
    .map((pin) =>
      toDistribution(pin, facts, {
        requires: needs(pin).all,
        extras: [...(extras.get(pin.name) ?? [])].toSorted(),
        edges: edges.get(pin.name) ?? new Map(),
      }),
    )
    .toSorted((left, right) => Number(left.name > right.name) - Number(left.name < right.name));
  return {
    roots: [...top].map(([name, wanted]) => ({ name, extras: [...wanted].toSorted() })),
    distributions,
    warnings: [
      ...[...pins.values()].flatMap((pin) => warningsOf(pin, facts)),
      ...warnOfUntold(pins, facts),
      ...warnOfLacking(lacking, pins),
    ],
  };
}

interface Needs {
  readonly all: readonly Requirement[];
  readonly inForce: (extra: string | null) => readonly Requirement[];
}

function needsBy(
  { needs }: LockSelection,
  { metadata }: LockedFacts,
  { markers }: TargetEnvironment,
): (pin: LockPin) => Needs {
  if (metadata === null)
    return (pin) => ({
      all: needs.requirementsOf(pin),
      inForce: (extra) => needs.ofPin(pin, extra),
    });
  const global = { markers, constraints: new Map(), overrides: new Map() };
  return ({ name }) => {
    const answer = metadata.get(name);
    const all = answer?.known === true ? answer.value.requiresDist : [];
    return {
      all,
      inForce: (extra) =>
        activeRequirements(name, all, extra, global).map(({ requirement }) => requirement),
    };
  };
}

interface Walk {
  readonly pins: ReadonlyMap<DistributionName, LockPin>;
  readonly needs: (pin: LockPin) => Needs;
  readonly extras: Map<DistributionName, Set<string>>;
  readonly edges: Map<DistributionName, Map<DistributionName, Set<string>>>;
  /** By what is not there: who needs it. */
  readonly lacking: Map<DistributionName, DistributionName>;
}

/** Follows the needs of a name; chains can be 20,000 deep. */
function createWalk({
  pins,
  needs,
  extras,
  edges,
  lacking,
}: Walk): (name: DistributionName, wanted: readonly string[]) => void {
  const open: (readonly [LockPin, string | null])[] = [];
  const ask = (name: DistributionName, wanted: readonly string[]): void => {
    const pin = pins.get(name);
    if (pin === undefined) return;
    const known = extras.get(name) ?? new Set<string>();
    extras.set(name, known);
    if (!edges.has(name)) {
      edges.set(name, new Map());
      open.push([pin, null]);
      for (const extra of pin.extras ?? []) ask(name, [extra]);
    }
    for (const extra of wanted) {
      if (known.has(extra)) continue;
      known.add(extra);
      open.push([pin, extra]);
    }
  };
  return (name, wanted) => {
    ask(name, wanted);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [pin, extra] = next;
      const own = edges.get(pin.name) ?? new Map<DistributionName, Set<string>>();
      for (const need of needs(pin).inForce(extra)) {
        if (need.name === pin.name) continue;
        if (!pins.has(need.name)) {
          if (!lacking.has(need.name)) lacking.set(need.name, pin.name);
          continue;
        }
        const asked = own.get(need.name) ?? new Set<string>();
        for (const one of need.extras) asked.add(one);
        own.set(need.name, asked);
        ask(need.name, need.extras);
      }
    }
  };
}

function unreached(
  pins: ReadonlyMap<DistributionName, LockPin>,
  edges: ReadonlyMap<DistributionName, unknown>,
  needs: (pin: LockPin) => Needs,
): readonly LockPin[] {
  const rest = [...pins.values()].filter(({ name }) => !edges.has(name));
  if (rest.length === 0) return [];
  const told = rest.map((pin) => ({
    ...pin,
    dependencies: needs(pin)
      .inForce(null)
      .map(({ name }) => ({ name, extras: [], specifier: '', marker: null, optional: false })),
  }));
  const first = new Set(findRootPins(told).map(({ name }) => name));
  return [...rest.filter(({ name }) => first.has(name)), ...rest];
}

function toDistribution(
  pin: LockPin,
  { choices, metadata }: LockedFacts,
  found: {
    readonly requires: readonly Requirement[];
    readonly extras: readonly string[];
    readonly edges: ReadonlyMap<DistributionName, ReadonlySet<string>>;
  },
): ResolvedDistribution {
  const { name } = pin;
  const choice = choices.get(name);
  const answer = metadata?.get(name);
  const from = answer?.known === true ? answer.from : null;
  return {
    name,
    version: pin.version?.text ?? choice?.file?.version.text ?? 'unknown',
    extras: found.extras,
    file: choice?.file ?? null,
    unknownReason: choice === undefined ? 'local' : choice.unknownReason,
    requires: found.requires,
    metadataFrom: metadata === null ? 'lockfile' : from,
    dependencies: [...found.edges]
      .map(([target, wanted]) => ({ name: target, extras: [...wanted].toSorted() }))
      .toSorted((left, right) => Number(left.name > right.name) - Number(left.name < right.name)),
  };
}

function warningsOf(pin: LockPin, { choices, metadata }: LockedFacts): readonly Warning[] {
  const own = choices.get(pin.name)?.warnings ?? [];
  const answer = metadata?.get(pin.name);
  if (answer === undefined || answer.known) return own;
  return [...own, warnOfMetadata(`${pin.name} ${pin.version?.text ?? ''}`.trim(), answer)];
}

const mostNames = 6;

function warnOfUntold(
  pins: ReadonlyMap<DistributionName, LockPin>,
  { choices }: LockedFacts,
): readonly Warning[] {
  // What has files, though for other Pythons alone, was told.
  const untold = [...pins.values()].filter(({ name }) => {
    const choice = choices.get(name);
    return choice?.unknownReason === 'no-usable-file' && choice.release === null;
  });
  const [first] = untold;
  if (first === undefined) return [];
  const releases = untold.map(({ name, version }) => `${name} ${version?.text ?? ''}`).toSorted();
  const more = releases.length > mostNames ? ` and ${releases.length - mostNames} more` : '';
  const message = `the lock names no file of ${releases.slice(0, mostNames).join(', ')}${more}, so that nothing tells what is installed`;
  return [{ code: 'no-usable-file', message, ...first.location }];
}

// What the metadata of a file asks for and the lock leaves out is not installed by who follows the lock.
function warnOfLacking(
  lacking: ReadonlyMap<DistributionName, DistributionName>,
  pins: ReadonlyMap<DistributionName, LockPin>,
): readonly Warning[] {
  if (lacking.size === 0) return [];
  const items = [...lacking].map(([name, by]) => `${name} (needed by ${by})`).toSorted();
  const more = items.length > mostNames ? ` and ${items.length - mostNames} more` : '';
  const by = pins.get([...lacking.values()][0] ?? ('' as DistributionName));
  const message = `the lock does not have ${items.slice(0, mostNames).join(', ')}${more} for this target; who installs from it gets none of it`;
  return [{ code: 'dangling-dependency', message, ...by?.location }];
}
