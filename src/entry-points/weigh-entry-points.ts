/** The stage: what each program of the product needs of its environment, so that one image may become several. */
import { createHeldResolver } from '../resolve/held.ts';
import type {
  DistributionName,
  EntryPointRow,
  TargetEnvironment,
  Usage,
  WeighedGraph,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { ProgramNeeds } from './program-needs.ts';

/** What the stage rests on. */
export interface EntryPointInput {
  readonly needs: readonly ProgramNeeds[];
  readonly usages: readonly Usage[];
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
}

/** The programs with what they need, heaviest first; empty where there is one or none. */
export function weighEntryPoints({
  needs,
  usages,
  graph,
  target,
}: EntryPointInput): readonly EntryPointRow[] {
  if (needs.length < 2) return [];
  const held = createHeldResolver(graph, target);
  const installed = new Set(graph.distributions.map(({ name }) => name));
  const idle = idleNames(usages);
  const rows = needs.map(({ program, files, without, imported }) => {
    const roots = graph.roots.filter(({ name }) => !without.has(name) && !idle.has(name));
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
      totals: totalsOf(graph.distributions.filter((one) => needed.has(one.name))),
    };
  });
  return rows.toSorted((a, b) => b.totals.installedBytes - a.totals.installedBytes);
}

/** No program needs them. */
function idleNames(usages: readonly Usage[]): ReadonlySet<DistributionName> {
  const idle = usages.filter(
    ({ verdict, confidence }) =>
      (verdict === 'unused' || verdict === 'dev-only') && confidence !== 'possible',
  );
  return new Set(idle.map(({ name }) => name));
}
