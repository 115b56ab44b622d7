/**
 * Files that name the Python and the product image of a project.
 */
import { decodeFile, readText } from '../inputs/decode.ts';
import { fileNameOf, folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import type { Warning } from '../types.ts';
import type { ComposeBuild } from '../compose/compose-service.ts';
import { findComposeBuilds } from '../compose/find-builds.ts';
import { architectureIn } from './builder-facts.ts';
import { parseDockerfile, type BuildSettings } from './dockerfile.ts';
import { readProductImage, type ProductImage } from './product-image.ts';
import type { PythonHint } from './python.ts';
import { chooseStage } from './stage-choice.ts';

/** The images of Dockerfiles, product images first: root before folders, `Dockerfile` before other names, none for development. */
export async function readImages(
  access: FileAccess,
  paths: readonly string[],
  { architecture }: Pick<BuildSettings, 'architecture'> = {},
): Promise<{ readonly images: readonly ProductImage[]; readonly warnings: readonly Warning[] }> {
  const images: ProductImage[] = [];
  const warnings: Warning[] = [];
  const builds = await findComposeBuilds(access, paths);
  for (const path of sortDockerfiles(paths)) {
    const decoded = decodeFile(path, access.read(path));
    if (!decoded.ok) {
      // Not a dependency file: what it would have said about the target is missing, no more.
      warnings.push({ ...decoded.warning, severity: 'warning' });
      continue;
    }
    const own = builds.filter(({ dockerfile, inline }) => dockerfile === path && inline === null);
    const plain = parseDockerfile(path, decoded.file.text);
    const { target, build, warning } = chooseStage(plain, own, access);
    const settings = settingsOf(build, architecture);
    const dockerfile = parseDockerfile(path, decoded.file.text, settings);
    const image = readProductImage(dockerfile, target, (file) => readText(access, file));
    if (image !== null && warning !== null && !developmentWord.test(path)) warnings.push(warning);
    if (image === null) warnings.push(...dockerfile.warnings);
    else {
      images.push(image);
      warnings.push(...image.warnings);
    }
  }
  return { images, warnings };
}

/** What a compose file says of a build. `architecture`: the one that was asked for, which is stronger. */
export function settingsOf(
  build: ComposeBuild | null,
  architecture: BuildSettings['architecture'],
): BuildSettings {
  const asked = architecture === undefined ? {} : { architecture };
  if (build === null) return asked;
  const { args, platform, context } = build;
  const own = platform === null ? {} : { architecture: architectureIn(platform.name), platform };
  return { args, context, ...own, ...asked };
}

/** Dockerfiles in the order in which they are taken for the product's. */
export function sortDockerfiles(paths: readonly string[]): readonly string[] {
  return [...paths].sort(
    (a, b) => rankOf(a) - rankOf(b) || depthOf(a) - depthOf(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

const developmentWord =
  /(?:^|[-_./])(?:dev(?:el(?:op(?:ment)?)?|container)?|tests?|testing|ci|lint|docs?|examples?|debug|bench(?:marks?)?|samples?|local)(?:$|[-_./])/i;

function rankOf(path: string): number {
  const name = fileNameOf(path).toLowerCase();
  if (developmentWord.test(path)) return 3;
  if (name === 'dockerfile' || name === 'containerfile') return 0;
  return /prod|release/.test(name) ? 1 : 2;
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** What `.python-version`, runtime.txt, .tool-versions and a CI matrix of one say, strongest first, for the project in a folder. */
export function readPythonHints(access: FileAccess, folder: string): readonly PythonHint[] {
  const hints: PythonHint[] = [];
  const folders = folder === '.' ? ['.'] : [folder, '.'];
  for (const [name, read] of hintFiles) {
    for (const place of folders) {
      const path = joinPath(place, name);
      const text = readText(access, path);
      const hint = text === null ? null : read(path, text);
      if (hint !== null) hints.push(hint);
    }
  }
  const matrix = readWorkflows(access);
  return matrix === null ? hints : [...hints, matrix];
}

const hintFiles: readonly (readonly [string, (path: string, text: string) => PythonHint | null])[] =
  [
    [
      '.python-version',
      (path, text) =>
        firstVersion(path, text, /^\s*(?:python-|cpython-)?(3\.\d+(?:\.\d+)?t?)\s*(?:#.*)?$/),
    ],
    ['runtime.txt', (path, text) => firstVersion(path, text, /^\s*python-(3\.\d+(?:\.\d+)?)\s*$/)],
    [
      '.tool-versions',
      (path, text) => firstVersion(path, text, /^\s*python\s+(3\.\d+(?:\.\d+)?t?)\b/),
    ],
  ];

function firstVersion(path: string, text: string, expression: RegExp): PythonHint | null {
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const python = expression.exec(line)?.[1];
    // The patch is that of somebody's machine; wheels differ by minor only.
    if (python !== undefined)
      return { python: python.replace(/^(3\.\d+)\.\d+/, '$1'), from: `${path}:${index + 1}` };
  }
  return null;
}

// A matrix of several says what must work, not what runs; one version in all workflows is the one in use.
function readWorkflows(access: FileAccess): PythonHint | null {
  const found = new Map<string, string>();
  const listed = access.list('.github/workflows');
  for (const entry of listed.ok ? listed.entries : []) {
    if (entry.kind !== 'file' || !/\.ya?ml$/.test(entry.name)) continue;
    const path = `.github/workflows/${entry.name}`;
    for (const { python, line } of versionsInWorkflow(readText(access, path) ?? '')) {
      if (!found.has(python)) found.set(python, `${path}:${line}`);
    }
  }
  const [only] = found;
  return only !== undefined && found.size === 1 ? { python: only[0], from: only[1] } : null;
}

/** Every Python that a workflow names, with its line: `python-version: 3.11`, inline and block lists. */
export function versionsInWorkflow(
  text: string,
): readonly { readonly python: string; readonly line: number }[] {
  const found: { python: string; line: number }[] = [];
  let listIndent = -1;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const indent = line.search(/\S/);
    const key =
      /^\s*(?:-\s*)?["']?(?:python-version|python_version|python-versions|python|PYTHON_VERSION)["']?\s*:(.*)$/.exec(
        line,
      );
    const item = /^\s*-\s*(.*)$/.exec(line);
    if (key !== null) {
      const value = (key[1] ?? '').replace(/\s#.*$/, '');
      listIndent = value.trim() === '' ? indent : -1;
      for (const [, python = ''] of value.matchAll(
        /(?:^|[\s"'[,])(3\.\d{1,2})(?:\.\d+)?(?=$|[\s"',\]])/g,
      ))
        found.push({ python, line: index + 1 });
    } else if (listIndent !== -1 && item !== null && indent >= listIndent) {
      const python = /^["']?(3\.\d{1,2})(?:\.\d+)?["']?\s*(?:#.*)?$/.exec(item[1] ?? '')?.[1];
      if (python !== undefined) found.push({ python, line: index + 1 });
    } else if (indent !== -1 && indent <= listIndent) {
      listIndent = -1;
    }
  }
  return found;
}

/** The product images of the project in a folder: Dockerfiles inside it that are not for development, and those above that copy it. */
export function imagesOfProject(
  images: readonly ProductImage[],
  folder: string,
  otherProjects: readonly string[],
): readonly ProductImage[] {
  const inFolder = images.filter(
    (image) => nearestProject(folderOf(image.path), [folder, ...otherProjects]) === folder,
  );
  const own = inFolder.filter(
    ({ path }) => !developmentWord.test(folder === '.' ? path : path.slice(folder.length + 1)),
  );
  if (folder === '.') return own;
  const naming = images.filter(
    (image) =>
      !inFolder.includes(image) &&
      !developmentWord.test(image.path) &&
      image.copies.some(
        ({ from, sources }) =>
          from === null &&
          sources.some((source) =>
            isAtOrBelow(source.replace(/^\.?\//, '').replace(/\/$/, ''), folder),
          ),
      ),
  );
  return [...own, ...naming];
}

function nearestProject(folder: string, projects: readonly string[]): string | null {
  let best: string | null = null;
  for (const project of projects) {
    if (
      isAtOrBelow(folder, project) &&
      (best === null || project.length > best.length || best === '.')
    )
      best = project;
  }
  return best;
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
