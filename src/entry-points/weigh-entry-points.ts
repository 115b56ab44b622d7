/** The stage: what each program of the product needs of its environment, so that one image may become several. */
import { isStandardModule } from '../imports/standard-library.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type {
  DistributionName,
  EntryPointRow,
  TargetEnvironment,
  Usage,
  WeighedGraph,
} from '../types.ts';
import type { ModuleIndex } from '../usage/module-owners.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { EntryPoint, Programs } from './entry-points.ts';
import { reachFrom } from './reach.ts';

/** What the stage rests on. */
export interface EntryPointInput {
  readonly programs: Programs;
  readonly index: ModuleIndex;
  readonly usages: readonly Usage[];
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
}

/** The programs with what they need, heaviest first; empty where there is one or none. */
export function weighEntryPoints(input: EntryPointInput): readonly EntryPointRow[] {
  const { index, graph, target } = input;
  const { files, entryPoints } = input.programs;
  if (entryPoints.length < 2) return [];
  const held = createHeldResolver(graph, target);
  const installed = new Set(graph.distributions.map(({ name }) => name));
  const rows = entryPoints.map((program) => {
    const reach = reachFrom(files, program.path, 'all');
    const names = new Set<DistributionName>();
    for (const use of reach.imports) {
      if (isStandardModule(use.module.split('.', 1)[0] ?? '', target.python)) continue;
      for (const owner of index.owners(use)) names.add(owner);
    }
    for (const name of usedBeside(input.usages, program, new Set(reach.files))) names.add(name);
    const roots = graph.roots.filter(({ name }) => names.has(name));
    const beside = [...names]
      .filter((name) => installed.has(name) && !roots.some((root) => root.name === name))
      .map((name) => ({ name, extras: [] }));
    const needed = held([...roots, ...beside]).names;
    const { name, place, path } = program;
    return {
      name,
      path,
      startedBy: { path: place.path, line: place.line },
      files: reach.files.length,
      declared: roots.map((root) => root.name).toSorted(),
      totals: totalsOf(graph.distributions.filter((one) => needed.has(one.name))),
    };
  });
  return rows.toSorted((a, b) => b.totals.installedBytes - a.totals.installedBytes);
}

/** Used without an import: by a feature in one of its files, or by the very line that starts it. */
function usedBeside(
  usages: readonly Usage[],
  { place }: EntryPoint,
  files: ReadonlySet<string>,
): readonly DistributionName[] {
  return usages
    .filter(({ verdict, evidence }) => {
      if (verdict !== 'used' && verdict !== 'optional') return false;
      return evidence.some(
        ({ path, line }) => files.has(path) || (path === place.path && line === place.line),
      );
    })
    .map(({ name }) => name);
}
