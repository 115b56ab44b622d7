/** Commands of the package that fail without an extra: what they import at once, and only an extra declares. */
import { isStandardModule } from '../imports/standard-library.ts';
import type { MisplacedExtra } from '../advice/advice.ts';
import type {
  DistributionName,
  ImportUse,
  TargetEnvironment,
  UsageEvidence,
  WeighedGraph,
} from '../types.ts';
import type { ModuleIndex } from '../usage/module-owners.ts';
import type { EntryPoint, Programs } from './entry-points.ts';
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
  const found = new Map<DistributionName, MisplacedExtra & { readonly places: UsageEvidence[] }>();
  for (const program of input.programs.entryPoints.filter(({ isScript }) => isScript)) {
    for (const { name, use } of importsOfExtras(program, input)) {
      const { path, line, module } = use;
      const known = found.get(name) ?? {
        name,
        extras: input.extras.get(name) ?? [],
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

/** What a program imports at once, and only an extra declares. */
export function importsOfExtras(
  { path }: EntryPoint,
  { index, graph, target, extras, programs }: MisplacedInput,
): readonly { readonly name: DistributionName; readonly use: ImportUse }[] {
  if (extras.size === 0) return [];
  const present = new Set(graph.distributions.map(({ name }) => name));
  return reachFrom(programs.files, path, 'at-start').imports.flatMap((use) => {
    if (isStandardModule(use.module.split('.', 1)[0] ?? '', target.python)) return [];
    const owners = index.owners(use);
    if (owners.some((owner) => present.has(owner))) return [];
    const name = owners.find((owner) => extras.has(owner));
    return name === undefined ? [] : [{ name, use }];
  });
}
