/**
 * The part of a scan that belongs to one project of several (CONTRACT.md, Usage: a source file belongs to the nearest
 * project at or above it), and the code around it, which may clear a distribution and never accuses one.
 *
 * Traps:
 * - A compose file at the top runs the services below it, though the top is a project of its own.
 * - Code that no project is above may run in the environment of any of them.
 * - A folder with a requirements.txt of three lines (`examples/`) may well rely on what the project above it installs.
 */
import { folderOf } from '../inputs/file-access.ts';
import type { ImportScan, SourceArea, SourcesAround } from '../types.ts';
import { areaOf } from './source-area.ts';

/** Gives each project of a repository its part of one scan. `projects` are their folders. */
export function createProjectScans(
  scan: ImportScan,
  projects: readonly string[],
): (project: string) => ImportScan {
  const places = createPlaces(projects);
  return (project) =>
    projects.every((other) => other === project)
      ? scan
      : {
          ...partOf(scan, (path) => places.ownerOf(path) === project),
          around: around(scan, project, places),
        };
}

interface Places {
  /** The folder of the project that a path belongs to, null where none is above it. */
  readonly ownerOf: (path: string) => string | null;
  /** The nearest folder above a path that holds a project, directly or further down. */
  readonly regionOf: (path: string) => string;
}

function createPlaces(projects: readonly string[]): Places {
  const known = new Set(projects);
  const holding = new Set<string>(['.']);
  for (const project of projects)
    for (let folder = project; folder !== '.'; folder = folderOf(folder)) holding.add(folder);
  const nearest = (isIt: (folder: string) => boolean): ((path: string) => string | null) => {
    const byFolder = new Map<string, string | null>();
    const find = (folder: string): string | null => {
      const before = byFolder.get(folder);
      if (before !== undefined) return before;
      const found = isIt(folder) ? folder : folder === '.' ? null : find(folderOf(folder));
      byFolder.set(folder, found);
      return found;
    };
    return (path) => find(folderOf(path));
  };
  const regionOf = nearest((folder) => holding.has(folder));
  return {
    ownerOf: nearest((folder) => known.has(folder)),
    regionOf: (path) => regionOf(path) ?? '.',
  };
}

interface Placed {
  readonly path?: string;
}

function partOf(scan: ImportScan, isOwn: (path: string) => boolean): ImportScan {
  const own = <T extends Placed>(items: readonly T[]): readonly T[] =>
    items.filter(({ path }) => path === undefined || isOwn(path));
  const imports = own(scan.imports);
  const python = scan.sources?.python.filter(isOwn) ?? [];
  return {
    ...scan,
    files:
      scan.sources === undefined ? new Set(imports.map(({ path }) => path)).size : python.length,
    imports,
    references: own(scan.references),
    dynamicImports: own(scan.dynamicImports),
    warnings: own(scan.warnings),
    sources: {
      python,
      texts: scan.sources?.texts.filter(isOwn) ?? [],
      areas: scan.sources?.areas ?? {},
    },
    inlineScripts: scan.inlineScripts?.filter(isOwn) ?? [],
  };
}

function around(scan: ImportScan, project: string, { ownerOf, regionOf }: Places): SourcesAround {
  const scripts = new Set(scan.inlineScripts);
  // What no project is above belongs to all that are below the folder that it shares with one of them.
  const isShared = (path: string): boolean => isBelow(project, regionOf(path));
  const isAbove = (path: string): boolean => {
    const owner = ownerOf(path);
    return owner === null ? isShared(path) : owner !== project && isBelow(project, owner);
  };
  return {
    imports: scan.imports.flatMap((use) => {
      const owner = ownerOf(use.path);
      const isBeside =
        owner === null ? isShared(use.path) : owner !== project && isBelow(owner, project);
      if (!isBeside || scripts.has(use.path)) return [];
      // What is product to a project of examples is an example to the project above it.
      const area = use.area ?? areaOf(relativeTo(project, use.path), () => false);
      return [{ ...use, ...(area === undefined ? {} : { area }), project: owner }];
    }),
    references: scan.references.filter(({ path }) => isAbove(path)),
    sources: {
      python: scan.sources?.python.filter((path) => ownerOf(path) === null && isShared(path)) ?? [],
      texts: scan.sources?.texts.filter(isAbove) ?? [],
      areas: scan.sources?.areas ?? {},
    },
  };
}

function relativeTo(project: string, path: string): string {
  return path.startsWith(`${project}/`) ? path.slice(project.length + 1) : path;
}

function isBelow(folder: string, above: string): boolean {
  return above === '.' || folder === above || folder.startsWith(`${above}/`);
}

/** Areas that may be all there is of a project, the likeliest first. */
const STANDING_IN: readonly SourceArea[] = ['example', 'tool', 'benchmark', 'docs'];

/** Of a project without product code its examples are the product, else its tools: something has to be what it is for. */
export function withProduct(scan: ImportScan): ImportScan {
  const { sources } = scan;
  if (sources === undefined || sources.python.some((path) => sources.areas[path] === undefined))
    return scan;
  const present = new Set(sources.python.map((path) => sources.areas[path]));
  const product = STANDING_IN.find((area) => present.has(area));
  if (product === undefined) return scan;
  const areas = Object.entries(sources.areas).filter(([, area]) => area !== product);
  return {
    ...scan,
    imports: scan.imports.map((use) => {
      const { area, ...rest } = use;
      return area === product ? rest : use;
    }),
    sources: { ...sources, areas: Object.fromEntries(areas) },
  };
}
