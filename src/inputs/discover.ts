/**
 * Which files of a repository are dependency files, and which project each belongs to.
 */
import { isDockerfileName } from '../target/dockerfile-name.ts';
import type { Warning } from '../types.ts';
import {
  compareText,
  folderOf,
  joinPath,
  type FileAccess,
  type FolderEntry,
} from './file-access.ts';
import { inputFormats } from './index.ts';
import type { InputFormat } from './input.ts';
import { escapeHidden } from './quote.ts';
import { isDevelopmentFolder, isRequirementsFolder } from './roles.ts';

/** A file that a format claims by its name. */
export interface DiscoveredFile {
  readonly path: string;
  readonly format: InputFormat;
}

/** Files found below a root, sorted by path. */
export interface Discovery {
  readonly files: readonly DiscoveredFile[];
  readonly dockerfiles: readonly string[];
  /** Python files, which may be scripts with requirements of their own. */
  readonly python: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Folders that hold other people's files, or copies of one's own. */
const skippedFolders: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'site-packages',
  'dist-packages',
  '__pycache__',
  '__pypackages__',
  'venv',
  'virtualenv',
  'vendor',
  'vendored',
  '_vendor',
  'third_party',
  'third-party',
  'fixtures',
  '__fixtures__',
  'testdata',
  'test_data',
  'test-data',
  'htmlcov',
  // Projects to be made of them, not projects.
  'template',
  'templates',
  'cookiecutter',
  'skeleton',
]);
const mostFolders = 20_000;

/** Walks the repository. Links to folders are not followed; virtual environments, vendored code and test data are skipped. */
export function discoverFiles(access: FileAccess): Discovery {
  const files: DiscoveredFile[] = [];
  const dockerfiles: string[] = [];
  const python: string[] = [];
  const warnings: Warning[] = [];
  const open = ['.'];
  for (let count = 0; open.length > 0; count++) {
    const folder = open.shift() ?? '.';
    if (count >= mostFolders) {
      warnings.push({
        code: 'too-many-folders',
        message: `more than ${mostFolders} folders: those from ${escapeHidden(folder)} on were not searched for dependency files`,
      });
      break;
    }
    const listed = access.list(folder);
    if (!listed.ok) {
      warnings.push({
        code: 'unreadable-folder',
        message: `${escapeHidden(folder)} ${listed.detail}`,
        path: folder,
      });
      continue;
    }
    if (isSkipped(folder, listed.entries)) continue;
    for (const entry of listed.entries) {
      const path = joinPath(folder, entry.name);
      if (entry.kind === 'folder' && !isFileName(path)) {
        if (!entry.symlink && !isSkippedName(entry.name)) open.push(path);
        continue;
      }
      if (isDockerfileName(entry.name)) dockerfiles.push(path);
      const format = inputFormats.find(({ matches }) => matches(path));
      if (format !== undefined) files.push({ path, format });
      else if (/\.pyw?$/.test(entry.name)) python.push(path);
    }
  }
  return {
    files: files.sort((a, b) => compareText(a.path, b.path)),
    dockerfiles: dockerfiles.sort(compareText),
    python: python.sort(compareText),
    warnings,
  };
}

function isSkippedName(name: string): boolean {
  return name.startsWith('.') || name.includes('{{') || skippedFolders.has(name);
}

// A folder called requirements.txt is a mistake worth an error, not a place to search.
function isFileName(path: string): boolean {
  return /\.(?:txt|in|toml|lock)$/.test(path) && inputFormats.some(({ matches }) => matches(path));
}

function isSkipped(folder: string, entries: readonly FolderEntry[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  if (names.has('pyvenv.cfg') || names.has('conda-meta')) return true;
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  if (name === 'build')
    return names.has('lib') || [...names].some((entry) => entry.startsWith('bdist.'));
  return name === 'dist' && [...names].some((entry) => /\.(?:whl|tar\.gz)$/.test(entry));
}

/** The folder of the project that a file belongs to: `requirements/` and all below it belong to the folder above. */
export function projectOf(path: string): string {
  let project = folderOf(path);
  for (let folder = project; folder !== '.' && folder !== '/'; folder = folderOf(folder)) {
    if (isRequirementsFolder(folder)) project = folderOf(folder);
  }
  return project;
}

/** Projects in the order in which they are audited: the root, then product before development folders, shallow before deep. */
export function sortProjects(folders: readonly string[]): readonly string[] {
  const rank = (folder: string): number =>
    folder === '.' ? 0 : isDevelopmentFolder(folder) ? 2 : 1;
  const depth = (folder: string): number => folder.split('/').length;
  return [...folders].sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || compareText(a, b));
}
