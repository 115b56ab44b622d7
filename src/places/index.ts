/** The list of kinds, and all places that the files of a project show. */
import type { SourceAccess } from '../imports/source-access.ts';
import { areaOf } from '../imports/source-area.ts';
import { folderOf } from '../inputs/file-access.ts';
import type { ImportScan, SourceLocation } from '../types.ts';
import { functionApp } from './azure.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { workflow } from './github-actions.ts';
import { procfile } from './heroku.ts';
import { chalice, samTemplate, serverless, terraform, zappa } from './lambda.ts';
import type { PlaceKind, Surroundings } from './place.ts';
import { vercel } from './vercel.ts';

const PLACE_KINDS: readonly PlaceKind[] = [
  serverless,
  samTemplate,
  zappa,
  chalice,
  terraform,
  vercel,
  procfile,
  functionApp,
  cloudFunctions,
  workflow,
];

/** A place that a project goes to. */
export interface FoundPlace {
  /** Name of a preset of data/budgets.json. */
  readonly preset: string;
  /** What shows it, in the order of the paths. */
  readonly locations: readonly SourceLocation[];
}

/** What is looked at. */
export interface PlaceInput {
  readonly scan: ImportScan;
  /** Folder of the project. */
  readonly project: string;
  /** Folders of all projects. */
  readonly projects: readonly string[];
}

const MOST_BYTES = 1_000_000;

/** The places of one project: what its own files show, and those that no project is above. */
export function findPlaces(
  { scan, project, projects }: PlaceInput,
  access: SourceAccess,
): readonly FoundPlace[] {
  const { sources, around } = scan;
  const all = [sources, around?.sources].flatMap((part) => [
    ...(part?.python ?? []),
    ...(part?.texts ?? []),
  ]);
  const paths = new Set(all);
  const linesOf = cachedLines(access);
  const places = new Map<string, SourceLocation[]>();
  for (const path of [...paths].toSorted()) {
    const kinds = PLACE_KINDS.filter(({ matches }) => matches.test(path));
    if (kinds.length === 0 || !isOf(path, project, projects)) continue;
    const folder = folderOf(path);
    const around: Surroundings = { paths, linesOf, folder: folder === '.' ? '' : `${folder}/` };
    for (const { find } of kinds) {
      const sign = find({ path, lines: linesOf(path) }, around);
      if (sign === null) continue;
      const location = { path, line: sign.line, column: 1 };
      places.set(sign.preset, [...(places.get(sign.preset) ?? []), location]);
    }
  }
  return [...places].map(([preset, locations]) => ({ preset, locations }));
}

function cachedLines(access: SourceAccess): (path: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const content = access.read(path, MOST_BYTES);
    const text = content.ok
      ? new TextDecoder().decode(content.bytes.subarray(0, content.length))
      : '';
    const lines = text.split(/\r\n?|\n/);
    known.set(path, lines);
    return lines;
  };
}

/** Files of tests and examples deploy nothing; a workflow is for all that it may install. */
function isOf(path: string, project: string, projects: readonly string[]): boolean {
  if (path.startsWith('.github/workflows/')) return true;
  const owner = nearest(folderOf(path), projects);
  if (owner !== null && owner !== project) return false;
  const inside = owner === null || project === '.' ? path : path.slice(project.length + 1);
  const area = areaOf(inside, () => false);
  return area === undefined || area === 'tool';
}

/** The project at or above a folder. */
function nearest(folder: string, projects: readonly string[]): string | null {
  const above = projects.filter(
    (one) => one === '.' || folder === one || folder.startsWith(`${one}/`),
  );
  const length = (one: string): number => (one === '.' ? 0 : one.length);
  return above.toSorted((a, b) => length(b) - length(a))[0] ?? null;
}
