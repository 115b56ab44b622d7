/** The list of kinds, and all places that the files of a project show. */
import type { SourceAccess } from '../imports/source-access.ts';
import { areaOf } from '../imports/source-area.ts';
import { folderOf } from '../inputs/file-access.ts';
import type { YamlNode } from '../inputs/yaml.ts';
import type { ImportScan, SourceLocation } from '../types.ts';
import { functionApp } from './azure.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { workflow } from './github-actions.ts';
import { procfile } from './heroku.ts';
import { chalice, terraform, zappa } from './lambda.ts';
import type { PlaceKind, PlaceRuntime, Sign } from './place.ts';
import { samTemplate } from './sam.ts';
import { serverless } from './serverless.ts';
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

/** A place that a project goes to, and the machine there: functions on several machines are several places. */
export interface FoundPlace extends Pick<Sign, 'excluded' | 'shrinks'> {
  /** Name of a preset of data/budgets.json. */
  readonly preset: string;
  /** Null for what the report is for. */
  readonly runtime: PlaceRuntime | null;
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
export async function findPlaces(
  { scan, project, projects }: PlaceInput,
  access: SourceAccess,
): Promise<readonly FoundPlace[]> {
  const all = [scan.sources, scan.around?.sources].flatMap((part) => [
    ...(part?.python ?? []),
    ...(part?.texts ?? []),
  ]);
  const paths = new Set(all);
  const withCode = foldersWithCode(paths);
  const linesOf = (path: string): readonly string[] => readLines(access, path, '');
  const places = new Map<string, FoundPlace>();
  for (const path of [...paths].toSorted()) {
    const kinds = PLACE_KINDS.filter(({ matches }) => matches.test(path));
    if (kinds.length === 0) continue;
    const relation = relationOf(path, { project, projects, withCode });
    const folder = folderOf(path);
    const isProject = relation === 'own';
    const prefix = folder === '.' ? '' : `${folder}/`;
    for (const { find, mentions, isBeside, namesFolders } of kinds) {
      if (isBeside === true && relation === 'further-down') continue;
      if (relation === null && namesFolders !== true) continue;
      const lines = readOnce(access, path, mentions);
      if (lines.length === 0) continue;
      const yaml = async (): Promise<YamlNode | null> => readYaml(path, lines);
      const signs = await find(
        { path, lines, yaml },
        { paths, linesOf, folder: prefix, isProject },
      );
      for (const sign of signs) {
        const isOwn =
          sign.packs === undefined
            ? relation !== null
            : nearestAbove(`${sign.packs}/.`, projects) === project;
        if (isOwn) addSign(places, sign, path);
      }
    }
  }
  return [...places.values()];
}

/** Signs of the same kind of machine are one place with several lines. */
function addSign(places: Map<string, FoundPlace>, sign: Sign, path: string): void {
  const { preset, line, runtime, excluded, shrinks } = sign;
  const key = JSON.stringify([preset, runtime, excluded, shrinks]);
  const known = places.get(key);
  const location = { path, line, column: 1 };
  const isKnown = known?.locations.some((one) => one.path === path && one.line === line) === true;
  if (isKnown) return;
  places.set(key, {
    preset,
    runtime,
    ...(excluded === undefined ? {} : { excluded }),
    ...(shrinks === undefined ? {} : { shrinks }),
    locations: [...(known?.locations ?? []), location],
  });
}

async function readYaml(path: string, lines: readonly string[]): Promise<YamlNode | null> {
  const { parseYaml } = await import('../inputs/yaml.ts');
  const text = lines.join('\n');
  return (await parseYaml({ path, realPath: path, text, warnings: [] })).root;
}

/** Files that were looked at: the projects of a repository ask for the same ones. */
const looked = new WeakMap<SourceAccess, Map<string, readonly string[]>>();

function readOnce(access: SourceAccess, path: string, word: string): readonly string[] {
  const known = looked.get(access) ?? new Map<string, readonly string[]>();
  looked.set(access, known);
  const key = `${word} ${path}`;
  const lines = known.get(key) ?? readLines(access, path, word);
  known.set(key, lines);
  return lines;
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
