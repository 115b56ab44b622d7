/**
 * What a Dockerfile has to say otherwise so that its image installs a proposed requirements file in the place of the one that
 * it installs now. Shown as a patch and never written: the file is the user's.
 *
 * Traps: a copy may give the file another name, which the command then keeps; a file that .dockerignore leaves out cannot be
 * copied; a build of the project may read the old file too. Where one of the places is not plain, there is no patch at all.
 */
import { fileNameOf, folderOf, joinPath } from '../inputs/file-access.ts';
import type { InstallStep } from '../inputs/primary-source.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { contextsOf } from '../target/copy-origins.ts';
import type { CopiedPath } from '../target/copies.ts';
import type { ProductImage } from '../target/product-image.ts';
import { editInstruction } from './dockerfile-lines.ts';
import { unifiedDiff } from './unified-diff.ts';

/** One file in the place of another of the same folder. */
export interface ImageEditRequest {
  readonly image: ProductImage;
  readonly steps: readonly InstallStep[];
  /** Paths in the repository. */
  readonly from: string;
  readonly to: string;
  /** The Dockerfile. */
  readonly text: string;
  /** A build of the project may read the old file, so that it has to be copied as well. */
  readonly isReadByBuild: boolean;
  /** Whether .dockerignore leaves a path out of a build that starts from a folder. */
  readonly isIgnored: (context: string, path: string) => boolean;
}

/** The patch as `git apply` takes it; null where nothing is to change, or where a place is not plain. */
export function dockerfileDiff(request: ImageEditRequest): string | null {
  const { image, steps, from, to, text, isReadByBuild } = request;
  if (folderOf(from) !== folderOf(to)) return null;
  const commands = new Set(steps.filter(({ path }) => path === from).map(({ command }) => command));
  const installs = [...commands].flatMap((command) => image.installs[command] ?? []);
  if (installs.length === 0 || installs.some(({ script }) => script !== null)) return null;
  const lines = text.split('\n');
  const copies = copiesOfFile(request);
  if (copies === null) return null;
  const isBuilt = isReadByBuild && image.installs.some(({ projects }) => projects.length > 0);
  const names = { from: fileNameOf(from), to: fileNameOf(to) };
  // A copy that no command reads is there for something else.
  if (!copies.every((copy) => installs.some((install) => reads(install, copy)))) return null;
  const isDone =
    copies.every((copy) => editCopy(lines, copy, { ...names, keeps: isBuilt && !renames(copy) })) &&
    // Commands of one line are changed together.
    [...new Map(installs.map((install) => [install.line, install])).values()].every((install) =>
      editInstall(lines, install, { ...names, copies }),
    );
  const edited = lines.join('\n');
  // What else names the file reads or changes it, and would miss the new one.
  const known = keptNames(image, copies);
  const isNamed = lines.some(
    (line) =>
      !/^\s*#/.test(line) &&
      !(isBuilt && /^\s*(?:COPY|ADD)\b/i.test(line)) &&
      wordsOf(line).some((word) => fileNameOf(word) === names.from && !known.has(word)),
  );
  return isDone && !isNamed && edited !== text ? unifiedDiff(image.path, text, edited) : null;
}

/** Whether a command installs what a copy brings. */
function reads({ requirementFiles, folder }: InstallCommand, copy: CopiedPath): boolean {
  const { into, sources } = copy;
  const places = renames(copy) ? [into] : sources.map((one) => joinPath(into, fileNameOf(one)));
  return requirementFiles.some((file) => places.includes(joinPath(folder, file)));
}

/** Names in the image that copies give, whichever file is copied. */
function keptNames({ installs }: ProductImage, copies: readonly CopiedPath[]): ReadonlySet<string> {
  const renaming = copies.filter(renames);
  const read = installs.flatMap(({ requirementFiles, folder }) =>
    requirementFiles.filter((file) => renaming.some(({ into }) => into === joinPath(folder, file))),
  );
  return new Set([...renaming.map(({ target }) => target), ...read]);
}

function wordsOf(line: string): readonly string[] {
  return line.split(/[\s"',[\]=;&|()]+/).map((word) => word.replace(/^-r(?=.)/, ''));
}

/** Copies and mounts that name the file; null where the new one would be left out of the build. */
function copiesOfFile({
  image,
  from,
  to,
  isIgnored,
}: ImageEditRequest): readonly CopiedPath[] | null {
  // Whatever brings the old file, alone or with its folder, is to bring the new one.
  const contexts = contextsOf(image).filter((one) => one === '.' || to.startsWith(`${one}/`));
  const isLeftOut = contexts.some((one) =>
    isIgnored(one, one === '.' ? to : to.slice(one.length + 1)),
  );
  if (isLeftOut) return null;
  return image.copies.filter(
    ({ from: stage, sources }) =>
      stage === null &&
      sources.some((source) => contexts.some((one) => joinPath(one, source) === from)),
  );
}

/** `COPY requirements.txt /tmp/deps.txt`: the name in the image is another one, whichever file is copied. */
function renames({ sources, target }: CopiedPath): boolean {
  return sources.length === 1 && /\.(?:txt|in)$/.test(target);
}

interface Names {
  readonly from: string;
  readonly to: string;
}

/** False where the line does not say it plainly. */
function editCopy(
  lines: string[],
  copy: CopiedPath,
  { from, to, keeps }: Names & { readonly keeps: boolean },
): boolean {
  // What is copied beside the old file needs a folder to go to.
  if (keeps && !/(?:\/|^\.)$/.test(copy.target)) return false;
  return editInstruction(lines, copy.line, (text) => {
    const isMount = /^\s*RUN\b/i.test(lines[copy.line - 1] ?? '');
    if (isMount) return text.replace(sourceOfMount(from), `$1${to}`);
    const edited = text.replace(wordOf(from), (_, before: string, folder: string) =>
      keeps ? `${before}${folder}${from} ${folder}${to}` : `${before}${folder}${to}`,
    );
    // Several files go to a folder alone, which has to be written as one.
    return keeps && edited !== text ? edited.replace(/\s\.(\s*)$/, ' ./$1') : edited;
  });
}

function editInstall(
  lines: string[],
  install: InstallCommand,
  { from, to, copies }: Names & { readonly copies: readonly CopiedPath[] },
): boolean {
  const written = install.requirementFiles.find((file) =>
    copies.some((copy) => renames(copy) && copy.into === joinPath(install.folder, file)),
  );
  if (written !== undefined) return true;
  if (!install.requirementFiles.some((file) => fileNameOf(file) === from)) return false;
  return editInstruction(lines, install.line, (text) =>
    text.replaceAll(optionWith(from), `$1${to}`),
  );
}

const END = `(?=[\\s"',\\]\\\\;&|]|$)`;

/** A source of COPY, with its folder. */
function wordOf(name: string): RegExp {
  return new RegExp(`([\\s"'\\[,])((?:[^\\s"',\\[]*/)?)${escaped(name)}${END}`);
}

function sourceOfMount(name: string): RegExp {
  return new RegExp(`(\\b(?:source|src)=(?:[^\\s,]*/)?)${escaped(name)}${END}`);
}

/** `-r FILE`, `--requirement=FILE`. */
function optionWith(name: string): RegExp {
  return new RegExp(
    `((?:-r\\s*|--requirements?[\\s=]+)["']?(?:[^\\s"']*/)?)${escaped(name)}${END}`,
    'g',
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
