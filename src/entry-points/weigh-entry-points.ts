/** The stage: what each program of the product needs of its environment, so that one image may become several. */
import { createHeldResolver, type HeldResolver } from '../resolve/held.ts';
import type {
  DistributionName,
  EntryPointRow,
  TargetEnvironment,
  Usage,
  WeighedGraph,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { EntryPoint } from './entry-points.ts';
import type { ProgramNeeds } from './program-needs.ts';

/** What the stage rests on. */
export interface EntryPointInput {
  readonly needs: readonly ProgramNeeds[];
  readonly usages: readonly Usage[];
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
  /** Absent where the set has extras already. */
  readonly extras?: {
    readonly sets: readonly ExtraSet[];
    /** What a program imports at once, and only an extra declares. */
    readonly takenBy: (program: EntryPoint) => ReadonlySet<DistributionName>;
  };
}

/** The same set with an extra more. */
interface ExtraSet {
  readonly extra: string;
  readonly graph: WeighedGraph;
}

/** The programs with what they need, heaviest first; empty where there is one or none. */
export function weighEntryPoints(input: EntryPointInput): readonly EntryPointRow[] {
  const { needs, usages, graph, target } = input;
  if (needs.length < 2) return [];
  const declared = new Set(graph.roots.map(({ name }) => name));
  const idle = idleNames(usages);
  const holders = new Map<WeighedGraph, HeldResolver>();
  const rows = needs.map(({ program, files, without, imported }) => {
    const set = setFor(program, input);
    const whole = set?.graph ?? graph;
    const held = holders.get(whole) ?? createHeldResolver(whole, target);
    holders.set(whole, held);
    const installed = new Set(whole.distributions.map(({ name }) => name));
    // Of an extra a program needs what it imports, and not what stands beside that.
    const roots = whole.roots.filter(({ name }) =>
      declared.has(name) ? !without.has(name) && !idle.has(name) : imported.has(name),
    );
    const beside = [...imported]
      .filter((name) => installed.has(name) && !roots.some((root) => root.name === name))
      .map((name) => ({ name, extras: [] }));
    const needed = held([...roots, ...beside]).names;
    const { name, places, path } = program;
    return {
      name,
      path,
      startedBy: { path: places[0].path, line: places[0].line },
      files: files.size,
      declared: roots.map((root) => root.name).toSorted(),
      ...(set === null ? {} : { extra: set.extra }),
      totals: totalsOf(whole.distributions.filter((one) => needed.has(one.name))),
    };
  });
  return rows.toSorted((a, b) => b.totals.installedBytes - a.totals.installedBytes);
}

/** The smallest set that has all that a program takes of extras; null where it takes nothing, or none has all. */
function setFor(program: EntryPoint, { extras }: EntryPointInput): ExtraSet | null {
  const taken = extras?.takenBy(program) ?? new Set();
  if (extras === undefined || taken.size === 0) return null;
  const [smallest] = extras.sets
    .filter(({ graph: { roots } }) =>
      [...taken].every((name) => roots.some((root) => root.name === name)),
    )
    .toSorted((a, b) => a.graph.distributions.length - b.graph.distributions.length);
  return smallest ?? null;
}

/** No program needs them. */
function idleNames(usages: readonly Usage[]): ReadonlySet<DistributionName> {
  const idle = usages.filter(
    ({ verdict, confidence }) =>
      (verdict === 'unused' || verdict === 'dev-only') && confidence !== 'possible',
  );
  return new Set(idle.map(({ name }) => name));
}
