/** What `COPY .` takes from the build context, measured: files of the user that are in the image without need. */
import { compareText, folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import { decodeFile } from '../inputs/decode.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Bytes } from '../types.ts';
import { parseDockerignore, type Dockerignore } from './dockerignore.ts';

/** Files and folders below one name that the product does not need. */
export interface NeedlessPart {
  /** Relative to the root of the repository; a folder ends in `/`. */
  readonly path: string;
  readonly bytes: Bytes;
}

/** What one COPY of a folder takes in. */
export interface CopiedContext {
  /** 1-based line of the COPY. */
  readonly line: number;
  /** All that it takes. */
  readonly bytes: Bytes;
  readonly files: number;
  /** The heaviest first. */
  readonly needless: readonly NeedlessPart[];
  /** The file with the rules, null where there is none. */
  readonly ignoreFile: string | null;
  /** There is more than was looked at: the figures are lower bounds. */
  readonly isPartial: boolean;
}

/** So many entries are looked at; a repository with more has its figures as lower bounds. */
const mostEntries = 60_000;

const needlessFolders =
  /^(?:\.git|\.hg|\.svn|\.github|\.venv|venv|\.tox|\.nox|node_modules|__pycache__|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.cache|\.idea|\.vscode|htmlcov|tests?|docs?|examples?|benchmarks?)$/;
const needlessFiles = /^(?:\.coverage.*|.*\.py[co])$/;

/** Each COPY or ADD of a folder of the context that ends in the image, in order. */
export function measureContext(image: ProductImage, files: FileAccess): readonly CopiedContext[] {
  const context = contextOf(image, files);
  const { ignore, path: ignoreFile } = readIgnore(image, context, files);
  return image.layers.flatMap((layer) => {
    if (!layer.isInImage) return [];
    return layer.copies
      .filter(({ from, sources }) => from === null && sources.length > 0)
      .flatMap(({ sources, line }) => {
        const folders = sources
          .map((source) => joinPath(context, source.replace(/^\/+/, '') || '.'))
          .filter((path) => files.list(path).ok);
        if (folders.length === 0) return [];
        const walk = createWalk(context, ignore, files);
        for (const folder of folders) walk.visit(folder, null);
        return [{ ...walk.result(), line, ignoreFile }];
      });
  });
}

/** The folder of the Dockerfile where all that it copies is there, else the top. */
function contextOf({ path, copies }: ProductImage, files: FileAccess): string {
  const folder = folderOf(path);
  const named = copies
    .filter(({ from }) => from === null)
    .flatMap(({ sources }) => sources)
    .map((source) => source.replace(/^\/+/, ''))
    .filter((source) => !/[*?[]/.test(source) && joinPath('.', source) !== '.');
  const holds = (place: string): boolean =>
    named.every((source) => {
      const asked = joinPath(place, source);
      return files.list(asked).ok || files.sizeOf(asked) !== null;
    });
  if (folder === '.') return '.';
  const isOwnFolder =
    /^(?:\.?docker(?:files?)?|build|deploy(?:ment)?|infra|ops|containers?)$/i.test(
      folder.slice(folder.lastIndexOf('/') + 1),
    );
  return holds(folder) && !(isOwnFolder && holds('.')) ? folder : '.';
}

function readIgnore(
  { path }: ProductImage,
  context: string,
  files: FileAccess,
): { readonly ignore: Dockerignore; readonly path: string | null } {
  for (const place of [`${path}.dockerignore`, joinPath(context, '.dockerignore')]) {
    const decoded = decodeFile(place, files.read(place));
    if (decoded.ok) return { ignore: parseDockerignore(decoded.file.text), path: place };
  }
  return { ignore: parseDockerignore(''), path: null };
}

interface Walk {
  /** `part`: the needless folder that it lies in. */
  visit(folder: string, part: string | null): void;
  result(): Pick<CopiedContext, 'bytes' | 'files' | 'needless' | 'isPartial'>;
}

function createWalk(context: string, ignore: Dockerignore, files: FileAccess): Walk {
  const parts = new Map<string, number>();
  const totals = { bytes: 0, files: 0, entries: 0 };
  const inContext = (path: string): string =>
    context === '.' ? path : path.slice(context.length + 1);
  const visit = (folder: string, part: string | null): void => {
    const listed = files.list(folder);
    if (!listed.ok) return;
    const isEnvironment = listed.entries.some(({ name }) => name === 'pyvenv.cfg');
    const own = part ?? (isEnvironment ? `${folder}/` : null);
    for (const { name, kind, symlink } of listed.entries) {
      if (++totals.entries > mostEntries) return;
      const path = joinPath(folder, name);
      const isIgnored = ignore.ignores(inContext(path));
      if (kind === 'folder' && !symlink) {
        if (isIgnored && !ignore.takesBack) continue;
        visit(path, own ?? (needlessFolders.test(name) ? `${path}/` : null));
      } else if (!isIgnored && kind === 'file') {
        const bytes = symlink ? 0 : (files.sizeOf(path) ?? 0);
        totals.bytes += bytes;
        totals.files++;
        const needless = own ?? (needlessFiles.test(name) ? path : null);
        if (needless !== null) parts.set(needless, (parts.get(needless) ?? 0) + bytes);
      }
    }
  };
  return {
    visit,
    result: () => ({
      bytes: totals.bytes,
      files: totals.files,
      isPartial: totals.entries > mostEntries,
      needless: [...parts]
        .map(([path, bytes]) => ({ path, bytes }))
        .toSorted((a, b) => b.bytes - a.bytes || compareText(a.path, b.path)),
    }),
  };
}
