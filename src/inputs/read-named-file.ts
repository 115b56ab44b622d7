/** Reads the one file that the user named. */
import { readImages } from '../target/hints.ts';
import type { ParsedInput, Warning } from '../types.ts';
import { buildProject, requiresPythonOf } from './build-project.ts';
import { ciKind } from './ci-file.ts';
import { composeKind } from './compose-file.ts';
import { readText } from './decode.ts';
import { dockerfileKind } from './dockerfile.ts';
import { mayBeCompose } from '../compose/compose-name.ts';
import { fileNameOf, folderOf, joinPath, type FileAccess } from './file-access.ts';
import { holdsScriptBlock } from './find-inline-scripts.ts';
import { findFormatOfNamedFile } from './index.ts';
import type { InputContext, InputFormat } from './input.ts';
import type { ProjectInputs, ReadProjectOptions, RepositoryInputs } from './project.ts';
import { createContext, readAll } from './read-files.ts';
import { readNamedCi, readNamedImage } from './read-named-image.ts';
import { isScriptLock } from './roles.ts';

const condaKind = 'conda-environment';

/** Reads one file, given by its path relative to the root, as the only requirement source. Neighbours give configuration only. */
export async function readNamedFile(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions = {},
): Promise<RepositoryInputs> {
  // The lock of a script says which versions, the script what is wanted: naming the one is meant for both.
  const script = isScriptLock(path) ? path.replace(/\.lock$/i, '') : path;
  if (script !== path && access.read(script).ok) return readNamedFile(access, script, options);
  const format = findFormatOfNamedFile(path, () => holdsScriptBlock(path, access));
  if (format === undefined) return { projects: [], dockerfiles: [], outputs: [], warnings: [] };
  if (format.name === dockerfileKind) return readNamedImage(access, path, options);
  if (format.name === ciKind) return readNamedCi(access, path, options);
  if (format.name === composeKind || (await isComposeText(path, format, access))) {
    const { readNamedCompose } = await import('./read-named-compose.ts');
    return readNamedCompose(access, path, options);
  }
  const context = createContext(access, options);
  const [input] = await readAll([{ path, format }], context);
  if (input?.kind === 'inline-script') return readNamedScript(input, context, options);
  const folder = folderOf(path);
  const listed = access.list(folder);
  const names = listed.ok ? listed.entries.map(({ name }) => name) : [];
  const discovered = names
    .filter((name) => /^(?:dockerfile|containerfile)$/i.test(name))
    .map((name) => joinPath(folder, name));
  const { images, warnings } = await readImages(access, discovered, options);
  if (input === undefined) return { projects: [], dockerfiles: discovered, outputs: [], warnings };
  if (input.groups.length === 0 && !input.warnings.some(({ severity }) => severity === 'error')) {
    const said = [...warnings, sayNothing(input, format.matches(path))];
    return { projects: [], dockerfiles: discovered, outputs: [], warnings: said };
  }
  const named = asProduct(input);
  const manifest = named.locked ? await readManifestOfLock(access, folder, named, context) : [];
  const inputs = [...manifest, named];
  const project = await buildProject({ folder, inputs, images, context, options, named });
  const neighbour =
    project.requiresPython === null &&
    fileNameOf(path) !== 'pyproject.toml' &&
    names.includes('pyproject.toml')
      ? await readNeighbour(access, folder, context)
      : null;
  return {
    projects: [{ ...project, requiresPython: project.requiresPython ?? neighbour }],
    dockerfiles: discovered,
    outputs: [],
    warnings,
  };
}

/** A YAML file whose name does not tell what it is. */
async function isComposeText(
  path: string,
  format: InputFormat,
  access: FileAccess,
): Promise<boolean> {
  if (format.name !== condaKind || format.matches(path)) return false;
  const text = readText(access, path);
  if (text === null || !mayBeCompose(text)) return false;
  const { looksLikeCompose } = await import('../compose/read-services.ts');
  return looksLikeCompose(text, path);
}

/** `isNamedSo`: its name says what it is. */
function sayNothing({ path, kind }: ParsedInput, isNamedSo: boolean): Warning {
  const lacking =
    kind === condaKind
      ? isNamedSo
        ? 'it has no `dependencies` in the form of a conda environment'
        : 'it is no conda environment (`dependencies`), no compose file (`services`) and no file of a CI system; what can be named is the folder, a file of requirements, a manifest, a lock or a Dockerfile'
      : 'it has no [project], no [dependency-groups] and no table of a tool that does';
  const message = `${path} declares no dependencies: ${lacking}`;
  return { code: 'no-dependencies', message, path, severity: 'error' };
}

// A file that the user names is what is weighed, whatever its own name says of its role.
function asProduct(input: ParsedInput): ParsedInput {
  if (input.kind !== 'requirements-txt' && input.kind !== condaKind) return input;
  const groups = input.groups.map((group) => ({ ...group, role: 'prod' as const }));
  return { ...input, role: 'prod', groups };
}

// The script alone says what it needs and which Pythons it is for; images and settings around it are those of a project.
async function readNamedScript(
  script: ParsedInput,
  context: InputContext,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const nothing = { projects: [], dockerfiles: [], outputs: [] };
  if (script.groups.length === 0) return { ...nothing, warnings: script.warnings };
  const path = `${script.path}.lock`;
  const format = findFormatOfNamedFile(path);
  const locks =
    format !== undefined && context.read(path).ok ? await readAll([{ path, format }], context) : [];
  const parts = { folder: folderOf(script.path), images: [], context, options, named: script };
  const project = await buildProject({ ...parts, inputs: [script, ...locks] });
  return { ...nothing, projects: [project], warnings: [] };
}

const manifestNames: Readonly<Record<string, readonly string[]>> = {
  'pipfile-lock': ['Pipfile'],
  'conda-lock': ['environment.yml', 'environment.yaml'],
};

// A lock locks what its manifest declares: naming the one is meant for both.
async function readManifestOfLock(
  access: FileAccess,
  folder: string,
  lock: ParsedInput,
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const names = manifestNames[lock.kind] ?? ['pyproject.toml'];
  const path = names.map((name) => joinPath(folder, name)).find((one) => access.read(one).ok);
  const format = path === undefined ? undefined : findFormatOfNamedFile(path);
  if (lock.lock === undefined || path === undefined || format === undefined) return [];
  const read = await readAll([{ path, format }], context);
  return read.filter((manifest) => manifest.groups.length > 0 && !isOnlyAround(manifest, lock));
}

// The root of a workspace that is no project itself: its lock is that of the members.
function isOnlyAround({ path, groups }: ParsedInput, { lock }: ParsedInput): boolean {
  const members = lock?.members ?? [];
  const isMember = members.some(({ folder }) => folder === folderOf(path));
  return members.length > 0 && !isMember && groups.every(({ kind }) => kind !== 'main');
}

async function readNeighbour(
  access: FileAccess,
  folder: string,
  context: InputContext,
): Promise<ProjectInputs['requiresPython']> {
  const format = findFormatOfNamedFile('pyproject.toml');
  if (format === undefined) return null;
  const [input] = await readAll([{ path: joinPath(folder, 'pyproject.toml'), format }], {
    ...context,
    list: access.list,
  });
  return input === undefined ? null : requiresPythonOf([input]);
}
