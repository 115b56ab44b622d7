/** Where programs of the product start: scripts of the package, targets of servers and workers, `python -m`, notebooks. */
import type { ImportScan, Reference, UsageEvidence } from '../types.ts';
import type { FirstPartyGraph } from './first-party-graph.ts';
import { createFirstPartyGraph } from './first-party-graph.ts';

/** One program. */
export interface EntryPoint {
  /** `app.main`, or the path of a notebook. */
  readonly name: string;
  /** The file that it starts with. */
  readonly path: string;
  /** What starts it, the place that says most first. */
  readonly places: readonly [UsageEvidence, ...UsageEvidence[]];
  /** Installed as a command with the package itself. */
  readonly isScript: boolean;
}

/** The programs of a project, and which file its own imports go to. */
export interface Programs {
  readonly files: FirstPartyGraph;
  readonly entryPoints: readonly EntryPoint[];
}

/** Prepares both from a scan. */
export function findPrograms(scan: ImportScan): Programs {
  const files = createFirstPartyGraph(scan);
  return { files, entryPoints: findEntryPoints(scan, files) };
}

/** The programs of the product, by name. Several places that start the same file are one. */
function findEntryPoints(scan: ImportScan, graph: FirstPartyGraph): readonly EntryPoint[] {
  const found = new Map<string, EntryPoint>();
  for (const reference of scan.references.toSorted(byRank)) {
    const { name, area, kind, path, line, imported, plugin } = reference;
    if (area !== undefined || imported === true || plugin === true) continue;
    if (!starts.has(kind) || isAside(path)) continue;
    const file = /^[A-Za-z_][\w.]*$/.test(name) ? graph.fileOfModule(name) : null;
    // A bare word is a program more often than a module: `worker`, `app`.
    if (file === null || (!name.includes('.') && reference.module !== true)) continue;
    const isScript = kind === 'entry-point';
    const note = isScript ? `entry point in ${name}` : `runs ${name}`;
    const known = found.get(file);
    const place = { path, line, note };
    const places = known === undefined ? ([place] as const) : ([...known.places, place] as const);
    found.set(file, {
      name: known?.name ?? name,
      path: file,
      places: [...places],
      isScript: isScript || known?.isScript === true,
    });
  }
  for (const path of scan.sources?.python ?? []) {
    if (!path.endsWith('.ipynb') || scan.sources?.areas[path] !== undefined) continue;
    found.set(path, {
      name: path,
      path,
      places: [{ path, line: 1, note: 'notebook' }],
      isScript: false,
    });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const starts: ReadonlySet<Reference['kind']> = new Set(['dockerfile', 'command', 'entry-point']);

/** CI and the calls of developers start what the product does, and more than that. */
function isAside(path: string): boolean {
  return /^\.(?:github|gitlab|circleci|azure)|(?:^|\/)(?:[Mm]akefile|GNUmakefile|[Jj]ustfile|noxfile\.py|tox\.ini|package\.json|[Tt]askfile\.ya?ml)$/.test(
    path,
  );
}

/** What an image starts is named before what a shell script does. */
function byRank(a: Reference, b: Reference): number {
  const rank = ({ kind }: Reference): number =>
    kind === 'dockerfile' ? 0 : kind === 'command' ? 1 : 2;
  return rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
}
