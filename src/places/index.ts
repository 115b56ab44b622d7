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
import type { PlaceKind } from './place.ts';
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

/** The places of one project: what its own files show, and files that stand above it where no project is. */
export function findPlaces(
  { scan, project, projects }: PlaceInput,
  access: SourceAccess,
): readonly FoundPlace[] {
  const all = [scan.sources, scan.around?.sources].flatMap((part) => [
    ...(part?.python ?? []),
    ...(part?.texts ?? []),
  ]);
  const paths = new Set(all);
  const withCode = foldersWithCode(paths);
  const linesOf = (path: string): readonly string[] => readLines(access, path, '');
  const places = new Map<string, SourceLocation[]>();
  for (const path of [...paths].toSorted()) {
    const kinds = PLACE_KINDS.filter(({ matches }) => matches.test(path));
    if (kinds.length === 0) continue;
    const relation = relationOf(path, { project, projects, withCode });
    if (relation === null) continue;
    const folder = folderOf(path);
    const isProject = relation === 'own';
    const prefix = folder === '.' ? '' : `${folder}/`;
    for (const { find, mentions, isBeside } of kinds) {
      if (isBeside === true && relation === 'further-down') continue;
      const lines = readLines(access, path, mentions);
      const sign = find({ path, lines }, { paths, linesOf, folder: prefix, isProject });
      if (sign === null) continue;
      const location = { path, line: sign.line, column: 1 };
      places.set(sign.preset, [...(places.get(sign.preset) ?? []), location]);
    }
  }
  return [...places].map(([preset, locations]) => ({ preset, locations }));
}

/** The lines of a file that holds a word; none where it does not, or cannot be read. */
function readLines(access: SourceAccess, path: string, word: string): readonly string[] {
  const content = access.read(path, MOST_BYTES);
  if (!content.ok) return [];
  const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.length);
  return bytes.includes(word) ? bytes.toString('utf8').split(/\r\n?|\n/) : [];
}

/**
 * How a file stands to the project: in its own folder; above it, where no project is; or further down in it. A workflow is
 * for all that it may install. Null where it is of another project, or of tests and examples, which deploy nothing.
 */
function relationOf(path: string, around: PlacedAmong): 'own' | 'above' | 'further-down' | null {
  const { project, projects, withCode } = around;
  if (path.startsWith('.github/workflows/')) return 'above';
  const folder = folderOf(path).replace(/(?:^|\/)\.chalice$/, '') || '.';
  if (projects.includes(folder)) return folder === project ? 'own' : null;
  const below = projects.filter((one) => isBelow(one, folder));
  if (below.length > 0) return below.includes(project) ? 'above' : null;
  if (nearestAbove(folder, projects) !== project) return null;
  const inside = project === '.' ? path : path.slice(project.length + 1);
  const area = areaOf(inside, () => false);
  if (area !== undefined && area !== 'tool') return null;
  // Code that lies beside it is what it packs, and that has requirements of its own, or none.
  return withCode.has(folder) ? null : 'further-down';
}

/** Folders with Python in them or below. */
function foldersWithCode(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    if (!path.endsWith('.py')) continue;
    for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  }
  return folders;
}

interface PlacedAmong {
  readonly project: string;
  readonly projects: readonly string[];
  readonly withCode: ReadonlySet<string>;
}

function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}

function nearestAbove(folder: string, projects: readonly string[]): string | null {
  const length = (one: string): number => (one === '.' ? 0 : one.length);
  const above = projects.filter((one) => isBelow(folder, one));
  return above.toSorted((a, b) => length(b) - length(a))[0] ?? null;
}
