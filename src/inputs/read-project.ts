/**
 * Reads the dependency files of a repository, and puts each project together.
 */
import { imagesOfProject, readImages } from '../target/hints.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput } from '../types.ts';
import { buildProject } from './build-project.ts';
import {
  discoverFiles,
  projectOf,
  sortProjects,
  type DiscoveredFile,
  type Discovery,
} from './discover.ts';
import type { FileAccess } from './file-access.ts';
import { findFormatOfNamedFile } from './index.ts';
import type { InputContext } from './input.ts';
import { namedByImage } from './installed-files.ts';
import { isLockOfOthers, locksOfMembers, toLockOfMember } from './locks.ts';
import { findOutputs } from './outputs.ts';
import type { ProjectInputs, ReadProjectOptions, RepositoryInputs } from './project.ts';
import { isProse, noteProse } from './prose.ts';
import { createContext, readAll } from './read-files.ts';

/** Reads every project below the root. */
export async function readRepository(
  access: FileAccess,
  options: ReadProjectOptions = {},
): Promise<RepositoryInputs> {
  return readForImages(access, options, null);
}

/** Files that images install and whose names say nothing: `pip install -r deps.list`. */
function filesOfImages(
  images: readonly ProductImage[],
  { files }: Discovery,
  context: InputContext,
): readonly DiscoveredFile[] {
  const format = findFormatOfNamedFile('requirements.txt');
  const paths = images.flatMap((image) => namedByImage(image, (path) => context.read(path).ok));
  return [...new Set(paths)]
    .filter((path) => !files.some((file) => file.path === path))
    .flatMap((path) => {
      const own = findFormatOfNamedFile(path) ?? format;
      return own === undefined ? [] : [{ path, format: own }];
    });
}

/** `given`: the images that count, for whichever project they install; null for those of the repository. */
export async function readForImages(
  access: FileAccess,
  options: ReadProjectOptions,
  given: readonly ProductImage[] | null,
): Promise<RepositoryInputs> {
  const discovery = discoverFiles(access);
  const context = createContext(access, options);
  const { images, warnings } =
    given === null
      ? await readImages(access, discovery.dockerfiles, options)
      : { images: given, warnings: [] };
  const everything = await readAll(
    [...discovery.files, ...filesOfImages(images, discovery, context)],
    context,
  );
  const prose = everything.filter(isProse);
  const read = everything.filter((input) => !prose.includes(input));
  const outputs = findOutputs(read, images, options.ignoresOutputs === true);
  const found = read.filter(
    ({ path, groups, warnings: own }) =>
      !outputs.includes(path) &&
      (groups.length > 0 || own.some(({ severity }) => severity === 'error')),
  );
  const declaring = foldersOf(found.filter(({ locked }) => !locked));
  const inputs = found.filter((input) => !isLockOfOthers(input, declaring));
  const folders = foldersOf(inputs);
  const shared = new Map([
    ...locksOfMembers(found, folders),
    ['.', await readLockAbove(access, inputs, context)] as const,
  ]);
  const projects: ProjectInputs[] = [];
  if (folders.length === 0) projects.push(...(await projectOfImage(images, context, options)));
  for (const folder of folders) {
    const own = inputs.filter(({ path }) => projectOf(path) === folder);
    const others = folders.filter((other) => other !== folder);
    projects.push(
      await buildProject({
        folder,
        inputs: [...own, ...(own.some(({ locked }) => locked) ? [] : (shared.get(folder) ?? []))],
        images: given === null ? imagesOfProject(images, folder, others) : images,
        context,
        options,
      }),
    );
  }
  return {
    // The root of a workspace may declare nothing but tools: what is installed are its members.
    projects: projects.toSorted((a, b) => Number(isEmpty(a)) - Number(isEmpty(b))),
    dockerfiles: discovery.dockerfiles,
    outputs,
    warnings: [...discovery.warnings, ...warnings, ...prose.map(noteProse)],
  };
}

// No file says what is needed but the Dockerfile itself.
async function projectOfImage(
  images: readonly ProductImage[],
  context: InputContext,
  options: ReadProjectOptions,
): Promise<readonly ProjectInputs[]> {
  const product = imagesOfProject(images, '.', []);
  const project = await buildProject({
    folder: '.',
    inputs: [],
    images: product,
    context,
    options,
  });
  return project.primary === null ? [] : [project];
}

function isEmpty({ environments, inputs }: ProjectInputs): boolean {
  const product = environments.find(({ id }) => id === 'prod');
  return (
    product?.requirements.length === 0 &&
    !inputs.some(({ groups }) => groups.some(({ kind }) => kind === 'main'))
  );
}

const mostFoldersAbove = 8;

// A member of a workspace that is audited on its own: its lock is in a folder above, if that is of this repository.
async function readLockAbove(
  access: FileAccess,
  inputs: readonly ParsedInput[],
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const own = inputs.filter(({ path }) => projectOf(path) === '.');
  const name = own.find(({ kind }) => kind === 'pyproject')?.projectName ?? null;
  const format = findFormatOfNamedFile('uv.lock');
  if (name === null || format === undefined || own.some(({ locked }) => locked)) return [];
  for (
    let above = 1, path = '../uv.lock';
    above <= mostFoldersAbove;
    above++, path = `../${path}`
  ) {
    const read = access.read(path);
    if (!read.ok && read.problem === 'outside') return [];
    if (!read.ok) continue;
    const [lock] = await readAll([{ path, format }], context);
    const seen = lock === undefined ? null : toLockOfMember(lock, name);
    return seen === null ? [] : [seen];
  }
  return [];
}

function foldersOf(inputs: readonly ParsedInput[]): readonly string[] {
  return sortProjects([...new Set(inputs.map(({ path }) => projectOf(path)))]);
}
