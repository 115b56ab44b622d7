/**
 * What each program of a project can do without: what only files that other programs come to use, and only their commands
 * name. Whatever cannot be laid at the door of one program is needed by all.
 */
import { isStandardModule } from '../imports/standard-library.ts';
import type { DistributionName, ImportScan, ImportUse, Usage } from '../types.ts';
import type { ModuleIndex } from '../usage/module-owners.ts';
import type { Signs } from '../usage/usage-facts.ts';
import type { EntryPoint, Programs } from './entry-points.ts';
import type { FirstPartyGraph } from './first-party-graph.ts';
import { reachFrom } from './reach.ts';

/** What the answer rests on. */
export interface NeedsInput {
  readonly programs: Programs;
  readonly scan: Pick<ImportScan, 'dynamicImports'>;
  readonly index: ModuleIndex;
  readonly usages: readonly Usage[];
  readonly signs: ReadonlyMap<DistributionName, Signs>;
  /** Minor version, for the standard library. */
  readonly python: string;
}

/** One program. */
export interface ProgramNeeds {
  readonly program: EntryPoint;
  /** Files that it may come to. */
  readonly files: ReadonlySet<string>;
  /** Declared names that it does without, unless something else that it has needs them. */
  readonly without: ReadonlySet<DistributionName>;
  /** Whose modules it may import. */
  readonly imported: ReadonlySet<DistributionName>;
}

/** They load modules whose names stand in settings, or find them in folders: all code may be theirs. */
const LOADERS: ReadonlySet<string> = new Set([
  ...['airflow', 'celery', 'django', 'hydra', 'kedro', 'nameko', 'odoo', 'pkgutil', 'pluggy'],
  ...['rq', 'runpy', 'scrapy', 'stevedore'],
]);

/** One for each program, in their order. */
export function findNeeds(input: NeedsInput): readonly ProgramNeeds[] {
  const { entryPoints, files: graph } = input.programs;
  const reaches = entryPoints.map((program) => ({ program, ...reachOf(program, graph, input) }));
  const byFile = new Map<string, Set<EntryPoint>>();
  for (const { program, files } of reaches)
    for (const path of files) byFile.set(path, (byFile.get(path) ?? new Set()).add(program));
  const byLine = new Map<string, Set<EntryPoint>>();
  for (const program of entryPoints)
    for (const place of program.places)
      byLine.set(keyOf(place), (byLine.get(keyOf(place)) ?? new Set()).add(program));
  return reaches.map(({ program, files, imports }) => {
    const isOfOthers = (place: Place): boolean => {
      const users = byFile.get(place.path) ?? byLine.get(keyOf(place));
      return users !== undefined && !users.has(program);
    };
    return {
      program,
      files,
      without: new Set(
        input.usages
          .filter((usage) => isForOthers(usage, input, isOfOthers))
          .map(({ name }) => name),
      ),
      imported: ownersOf(imports, input),
    };
  });
}

interface Place {
  readonly path: string;
  readonly line: number;
}

function keyOf({ path, line }: Place): string {
  return `${path}:${line}`;
}

function reachOf(
  { path }: EntryPoint,
  graph: FirstPartyGraph,
  { scan }: NeedsInput,
): { readonly files: ReadonlySet<string>; readonly imports: readonly ImportUse[] } {
  const { files, imports } = reachFrom(graph, path, 'all');
  const reached = new Set(files);
  const loadsByName =
    imports.some(({ module }) => LOADERS.has(module.split('.', 1)[0] ?? '')) ||
    scan.dynamicImports.some((place) => reached.has(place.path));
  if (!loadsByName) return { files: reached, imports };
  const all = new Set([...files, ...graph.paths]);
  return { files: all, imports: [...all].flatMap((file) => [...graph.importsOf(file)]) };
}

function ownersOf(
  imports: readonly ImportUse[],
  { index, python }: NeedsInput,
): ReadonlySet<DistributionName> {
  const owners = new Set<DistributionName>();
  for (const use of imports) {
    const isOwn = use.level > 0 || use.firstParty === true;
    if (isOwn || use.context.includes('type-checking')) continue;
    if (isStandardModule(use.module.split('.', 1)[0] ?? '', python)) continue;
    for (const owner of index.owners(use)) owners.add(owner);
  }
  return owners;
}

/** Used, and every place that says so is one of other programs; or there only while something else needs it. */
function isForOthers(
  { name, verdict, confidence, evidence }: Usage,
  { signs }: NeedsInput,
  isOfOthers: (place: Place) => boolean,
): boolean {
  if (confidence === 'possible') return false;
  if (verdict === 'indirect') return true;
  if (verdict !== 'used' && verdict !== 'optional') return false;
  const {
    imports = [],
    references = [],
    importsAround = [],
    referencesAround = [],
  } = signs.get(name) ?? {};
  if (importsAround.length > 0 || referencesAround.length > 0) return false;
  const isProduct = ({ area }: { readonly area?: unknown }): boolean => area === undefined;
  const uses = imports
    .filter(isProduct)
    .filter(({ context }) => !context.includes('type-checking'));
  const named = references.filter(isProduct);
  // Of what a feature needs the first place is known, and there may be more.
  if (uses.length === 0 && named.length === 0) return false;
  return [...uses, ...named, ...evidence].every(isOfOthers);
}
