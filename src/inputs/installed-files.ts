/**
 * Which files of a repository the install commands of an image name. Paths are those inside the image; COPY, ADD and bound
 * mounts say where each came from, as long as the folder that the build starts from is guessed right.
 */
import { contextsOf, originsIn, originsOf } from '../target/copy-origins.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { isAddedToBefore, isMadeBefore } from '../target/made-files.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput } from '../types.ts';
import { compareText, fileNameOf, folderOf, joinPath } from './file-access.ts';

/** Where files are looked for. */
export interface InstalledFilesQuestion {
  readonly project: string;
  readonly inputs: readonly ParsedInput[];
  /** True for a file of the repository that can be read. */
  readonly has: (path: string) => boolean;
}

/** What a path of an install command stands for; `path`: of the file in the repository. */
export type InstalledFile =
  | { readonly kind: 'input'; readonly input: ParsedInput }
  /** In the repository, but of another project. */
  | { readonly kind: 'other'; readonly path: string }
  /** Made by the build. */
  | { readonly kind: 'made' }
  | { readonly kind: 'missing' };

/** The file that `-r PATH` of a command means. */
export function findInstalled(
  question: InstalledFilesQuestion,
  image: ProductImage,
  install: InstallCommand,
  written: string,
): InstalledFile {
  if (isUrl(written) || written.includes('$')) return { kind: 'missing' };
  if (isMadeBefore(image, install, written)) return { kind: 'made' };
  const found = findCopied(question, image, install, written);
  if (found.kind !== 'missing') return found;
  // `echo flask >> FILE` begins a file that nothing brought.
  const isCopied = image.copies.some(({ sources }) =>
    sources.some((source) => fileNameOf(source) === fileNameOf(written)),
  );
  return !isCopied && isAddedToBefore(image, install, written) ? { kind: 'made' } : found;
}

function findCopied(
  question: InstalledFilesQuestion,
  image: ProductImage,
  install: InstallCommand,
  written: string,
): InstalledFile {
  const path = joinPath(install.folder, written.replace(/^file:\/*/, '/'));
  const origins = originsOf(image.copies, path);
  for (const place of origins.flatMap((origin) => placesOf(question.project, image, origin))) {
    const input = question.inputs.find((one) => one.path === place);
    if (input !== undefined) return { kind: 'input', input };
    if (question.has(place)) return { kind: 'other', path: place };
  }
  // A job has the repository as it is: there is nothing to guess.
  if (image.checkout !== undefined) return { kind: 'missing' };
  const plain = question.inputs.find((one) => one.path === joinPath(question.project, written));
  if (plain !== undefined) return { kind: 'input', input: plain };
  if (origins.length === 0) {
    const stagePaths = image.copies
      .filter(({ from }) => from !== null)
      .flatMap((copy) => copy.sources.flatMap((source) => originsIn(copy, source, path)));
    const guesses = [path, ...stagePaths].map((one) => guess(question, one));
    return guesses.find(({ kind }) => kind === 'input') ?? { kind: 'missing' };
  }
  // The build may start from a folder below, which nothing here tells.
  const below = question.inputs.filter((input) =>
    origins.some((origin) => input.path.endsWith(`/${origin}`)),
  );
  const [input, ...others] = below;
  return input !== undefined && others.length === 0
    ? { kind: 'input', input }
    : { kind: 'missing' };
}

/** Files that install commands of an image name and that are there, whatever their names are. */
export function namedByImage(
  image: ProductImage,
  has: (path: string) => boolean,
): readonly string[] {
  return image.installs.flatMap((install) =>
    install.requirementFiles.flatMap((written) => {
      const file = findInstalled({ project: '.', inputs: [], has }, image, install, written);
      return file.kind === 'other' ? [file.path] : [];
    }),
  );
}

/** A path of the context in the repository, whose folder that is: that of the Dockerfile or one above, or the project's. */
function placesOf(project: string, image: ProductImage, origin: string): readonly string[] {
  if (image.checkout !== undefined) return [joinPath('.', origin)];
  return [...new Set([...contextsOf(image), project])].map((context) => joinPath(context, origin));
}

// No copy explains the path: the end of it tells files apart well enough.
function guess({ project, inputs }: InstalledFilesQuestion, path: string): InstalledFile {
  const relative = path.replace(/^\/+/, '');
  const suffixes = inputs.filter(
    (input) =>
      `/${relative}`.endsWith(`/${input.path}`) || `/${input.path}`.endsWith(`/${relative}`),
  );
  const sameName = inputs.filter((input) => fileNameOf(input.path) === fileNameOf(relative));
  const input =
    longest(suffixes) ??
    (sameName.length === 1 ? sameName[0] : sameName.find((one) => folderOf(one.path) === project));
  return input === undefined ? { kind: 'missing' } : { kind: 'input', input };
}

function longest(inputs: readonly ParsedInput[]): ParsedInput | undefined {
  return inputs.toSorted((a, b) => b.path.length - a.path.length || compareText(a.path, b.path))[0];
}

function isUrl(written: string): boolean {
  return /^[a-z+]+:\/\//i.test(written) && !written.startsWith('file:');
}

/** Where a constraint file of a command may lie in the repository, the likeliest first; none for what the build makes. */
export function placesOfConstraints(
  project: string,
  image: ProductImage,
  install: InstallCommand,
  written: string,
): readonly string[] {
  if (isUrl(written) || written.includes('$')) return [];
  const path = joinPath(install.folder, written);
  const name = fileNameOf(written);
  const origins = [...originsOf(image.copies, path), name];
  return [...new Set(origins.flatMap((origin) => placesOf(project, image, origin)))];
}

/** The manifest of the project that `pip install PATH` means. */
export function findProject(
  { project, inputs, has }: InstalledFilesQuestion,
  image: ProductImage,
  install: InstallCommand,
  written: string,
): InstalledFile {
  const manifests = inputs.filter(
    ({ kind, groups }) => manifestKinds.has(kind) && groups.length > 0,
  );
  const asked = written.replace(/^file:\/*/, '/');
  const folders = originsOf(image.copies, joinPath(install.folder, asked)).flatMap((origin) =>
    placesOf(project, image, origin),
  );
  for (const folder of folders) {
    const manifest = manifests.find(({ path }) => folderOf(path) === folder);
    if (manifest !== undefined) return { kind: 'input', input: manifest };
    const other = manifestNames.map((name) => joinPath(folder, name)).find(has);
    if (other !== undefined) return { kind: 'other', path: other };
  }
  // Of a job the folder is known: where no manifest lies, something else was fetched into it.
  if (image.checkout !== undefined || isFetched(image, install, asked)) return { kind: 'missing' };
  const guessed = guessProject(image, manifests, asked);
  return guessed === undefined ? { kind: 'missing' } : { kind: 'input', input: guessed };
}

/** `git clone URL lib && cd lib && pip install .`: another project, of nobody here. */
function isFetched({ layers }: ProductImage, install: InstallCommand, written: string): boolean {
  const layer = layers.find(({ installs }) => installs.includes(install));
  if (layer === undefined || joinPath(install.folder, written) === layer.folder) return false;
  return layer.commands.some(({ words: [name, verb] }) =>
    name?.text === 'git' ? verb?.text === 'clone' : /^(?:tar|unzip)$/.test(name?.text ?? ''),
  );
}

const manifestKinds: ReadonlySet<string> = new Set(['pyproject', 'setup-py', 'setup-cfg']);
const manifestNames: readonly string[] = ['pyproject.toml', 'setup.py', 'setup.cfg'];

// `.` and `/app` are the project where the image has only one; a path below names its folder.
function guessProject(
  { path: dockerfile }: ProductImage,
  manifests: readonly ParsedInput[],
  written: string,
): ParsedInput | undefined {
  const folder = joinPath(
    folderOf(dockerfile),
    written.replace(/^\/(?:app|code|src|srv|opt\/app|usr\/src\/app|workspace)(?=\/|$)\/?/, './'),
  );
  return (
    manifests.find(({ path }) => folderOf(path) === folder) ??
    (written.startsWith('.') || written.startsWith('/') ? manifests[0] : undefined)
  );
}
