/** Commands of the package that fail without an extra: what they import at once, and only an extra declares. */
import { isStandardModule } from '../imports/standard-library.ts';
import type { MisplacedExtra } from '../advice/advice.ts';
import type { DistributionName, TargetEnvironment, UsageEvidence, WeighedGraph } from '../types.ts';
import type { ModuleIndex } from '../usage/module-owners.ts';
import type { Programs } from './entry-points.ts';
import { reachFrom } from './reach.ts';

/** What the answer rests on. */
export interface MisplacedInput {
  readonly programs: Programs;
  /** Of what all environments together hold. */
  readonly index: ModuleIndex;
  /** What is installed without extras. */
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
  /** Names that extras declare, with these. */
  readonly extras: ReadonlyMap<DistributionName, readonly string[]>;
}

/** One for each distribution, by name. Imports in functions, behind `if` or `try` are where such things belong. */
export function findMisplacedExtras(input: MisplacedInput): readonly MisplacedExtra[] {
  const { index, graph, target, extras } = input;
  const { files, entryPoints } = input.programs;
  if (extras.size === 0) return [];
  const present = new Set(graph.distributions.map(({ name }) => name));
  const found = new Map<DistributionName, MisplacedExtra & { readonly places: UsageEvidence[] }>();
  for (const program of entryPoints.filter(({ isScript }) => isScript)) {
    for (const use of reachFrom(files, program.path, 'at-start').imports) {
      if (isStandardModule(use.module.split('.', 1)[0] ?? '', target.python)) continue;
      const owners = index.owners(use);
      if (owners.some((owner) => present.has(owner))) continue;
      const name = owners.find((owner) => extras.has(owner));
      if (name === undefined) continue;
      const { path, line, module } = use;
      const known = found.get(name) ?? {
        name,
        extras: extras.get(name) ?? [],
        command: program.name,
        commandAt: program.places[0],
        places: [],
      };
      found.set(name, known);
      if (!known.places.some((place) => place.path === path && place.line === line))
        known.places.push({ path, line, note: `import ${module}` });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
