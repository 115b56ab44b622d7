/**
 * Which lock gives a project its versions: one beside its own manifest, or that of the workspace around it. A lock without
 * manifest stands for itself, where nothing else says what is wanted.
 */
import type { ProductImage } from '../target/product-image.ts';
import { normalizeName } from '../pep/name.ts';
import type { DeclaredRequirement, ParsedInput, Warning } from '../types.ts';
import { compareText, fileNameOf, folderOf } from './file-access.ts';
import { isDevelopmentRole } from './roles.ts';

/** A lock with the manifest that it belongs to, null where it stands for itself. */
export interface ProjectLock {
  readonly lock: ParsedInput;
  readonly manifest: ParsedInput | null;
}

/** The dependency files of a project with its locks in order. */
export interface ArrangedLocks {
  /** Locks that are not the source of what is wanted have no groups left. */
  readonly inputs: readonly ParsedInput[];
  readonly lock: ProjectLock | null;
  readonly warnings: readonly Warning[];
}

/** Formats in the order in which they are taken, and the tool that writes each. */
const formats: readonly { readonly kind: string; readonly tool: string }[] = [
  { kind: 'uv-lock', tool: 'uv' },
  { kind: 'pylock', tool: '' },
  { kind: 'poetry-lock', tool: 'poetry' },
  { kind: 'pdm-lock', tool: 'pdm' },
  { kind: 'pipfile-lock', tool: 'pipenv' },
  { kind: 'conda-lock', tool: 'conda' },
];

/** Formats with a manifest of their own; all others lock what pyproject.toml declares. */
const manifestKinds: Readonly<Record<string, string>> = {
  'pipfile-lock': 'pipfile',
  'conda-lock': 'conda-environment',
};

/** Chooses the lock of a project and says what became of the others. */
export function arrangeLocks(
  inputs: readonly ParsedInput[],
  images: readonly ProductImage[],
): ArrangedLocks {
  const locks = inputs.filter(({ locked }) => locked);
  if (locks.length === 0) return { inputs, lock: null, warnings: [] };
  const lock = chooseLock(inputs, images);
  return {
    inputs: inputs.map((input) => settleLock(input, lock, inputs)),
    lock,
    warnings: warnOfRivals(inputs, lock),
  };
}

function chooseLock(
  inputs: readonly ParsedInput[],
  images: readonly ProductImage[],
): ProjectLock | null {
  // Where another file says what the product needs, a conda environment is how to work on it, locked or not.
  const isForWork = hasProductSet(inputs.filter(({ kind }) => kind !== 'conda-environment'));
  const usable = inputs.filter(
    (input) =>
      input.lock !== undefined &&
      (input.kind !== 'conda-lock' || !isForWork || isNamedBy(images, input)),
  );
  const pairs = usable.map((lock) => ({ lock, manifest: manifestOf(lock, inputs) }));
  const owned = pairs.filter(({ manifest }) => manifest !== null);
  const rank = (pair: ProjectLock): number => rankOf(pair, images);
  const [first] = (owned.length > 0 ? owned : pairs).toSorted(
    (a, b) => rank(a) - rank(b) || compareText(a.lock.path, b.lock.path),
  );
  if (first === undefined) return null;
  return first.manifest !== null || !hasProductSet(inputs) ? first : null;
}

function hasProductSet(inputs: readonly ParsedInput[]): boolean {
  return inputs.some(
    ({ locked, role, groups }) =>
      !locked &&
      role !== 'constraints' &&
      !isDevelopmentRole(role) &&
      groups.some(({ kind }) => kind === 'main'),
  );
}

function manifestOf(lock: ParsedInput, inputs: readonly ParsedInput[]): ParsedInput | null {
  const script = inputs.find(
    (input) => input.kind === 'inline-script' && lock.path === `${input.path}.lock`,
  );
  if (script !== undefined) return script;
  const kind = manifestKinds[lock.kind] ?? 'pyproject';
  // Of several environments the lock is most likely that of the product.
  const own =
    inputs.find(
      (input) =>
        input.kind === kind &&
        input.groups.length > 0 &&
        (kind !== 'conda-environment' || input.role === lock.role),
    ) ?? null;
  if (own === null || folderOf(own.path) === folderOf(lock.path)) return own;
  // A lock from another folder: that of the workspace that the project is a member of.
  return foldersOfMembers(lock).includes(folderOf(own.path)) ? own : null;
}

function rankOf({ lock, manifest }: ProjectLock, images: readonly ProductImage[]): number {
  const order = formats.findIndex(({ kind }) => kind === lock.kind);
  const tool = formats[order]?.tool ?? '';
  const isSynced = images.some(({ installs }) =>
    installs.some((install) => install.sync !== null && install.tool === tool),
  );
  if (isSynced || isNamedBy(images, lock)) return order;
  if (isDevelopmentRole(lock.role)) return order + 300;
  return order + (hasToolFor(lock, manifest) ? 100 : 200);
}

/** Whether an image installs a file of this name. */
function isNamedBy(images: readonly ProductImage[], { path }: ParsedInput): boolean {
  const name = fileNameOf(path);
  return images.some(({ installs }) =>
    installs.some(({ requirementFiles }) =>
      requirementFiles.some((file) => fileNameOf(file) === name),
    ),
  );
}

function hasToolFor({ kind }: ParsedInput, manifest: ParsedInput | null): boolean {
  const tool = formats.find((format) => format.kind === kind)?.tool ?? '';
  return manifest?.kind === 'pipfile' || manifest?.toolTables?.includes(tool) === true;
}

// ---------------------------------------------------------------------------------------------------------------------
// What becomes of each lock

function settleLock(
  input: ParsedInput,
  chosen: ProjectLock | null,
  inputs: readonly ParsedInput[],
): ParsedInput {
  if (!input.locked || (input === chosen?.lock && chosen.manifest === null)) return input;
  const instead = chosen?.lock ?? manifestOf(input, inputs);
  if (input.lock !== undefined || instead === null) return { ...input, groups: [] };
  return {
    ...input,
    groups: [],
    warnings: input.warnings.map((warning) => withFallback(warning, instead)),
  };
}

// A format that is too new is no fault of the project: there is a way on, and it is said.
function withFallback(warning: Warning, { path }: ParsedInput): Warning {
  if (warning.severity !== 'error') return warning;
  const message = `${warning.message}; ${path} is used instead`;
  if (warning.code !== 'unknown-lock-version') return { ...warning, message };
  const { severity: _, ...rest } = warning;
  return { ...rest, message };
}

function warnOfRivals(
  inputs: readonly ParsedInput[],
  chosen: ProjectLock | null,
): readonly Warning[] {
  if (chosen === null) return [];
  const { lock, manifest } = chosen;
  const why = hasToolFor(lock, manifest)
    ? `, since ${manifest?.path ?? lock.path} is set up for it`
    : '';
  return inputs
    .filter((input) => input.locked && input !== lock && input.lock !== undefined)
    .filter(({ kind }) => kind !== 'conda-lock' || lock.kind === kind)
    .filter(({ role }) => !isDevelopmentRole(role))
    .map(({ path }) => ({
      code: 'several-locks',
      message: `${lock.path} and ${path} both lock this project; ${lock.path} is used${why}`,
      path,
      line: 1,
      column: 1,
    }));
}

/** True for a list of pins that says what the lock says: its export, no second declaration. */
export function isExportOf(
  { lock }: ParsedInput,
  requirements: readonly DeclaredRequirement[],
): boolean {
  if (lock === undefined || requirements.length === 0) return false;
  const versions = new Set(lock.pins.map(({ name, version }) => `${name}==${version?.text ?? ''}`));
  const isPinned = ({ requirement }: DeclaredRequirement): boolean => {
    const [only] = requirement.specifiers;
    if (only?.operator !== '==' || requirement.specifiers.length > 1) return false;
    return versions.has(`${requirement.name}==${only.version?.text ?? ''}`);
  };
  return requirements.every(isPinned);
}

// ---------------------------------------------------------------------------------------------------------------------
// Workspaces

function foldersOfMembers({ lock }: ParsedInput): readonly string[] {
  return (lock?.members ?? []).map(({ folder }) => folder);
}

/** Locks of workspaces by the folder of each member that is a project of its own. */
export function locksOfMembers(
  inputs: readonly ParsedInput[],
  folders: readonly string[],
): ReadonlyMap<string, readonly ParsedInput[]> {
  const found = new Map<string, ParsedInput[]>();
  for (const input of inputs) {
    for (const member of foldersOfMembers(input)) {
      if (member === folderOf(input.path) || !folders.includes(member)) continue;
      found.set(member, [...(found.get(member) ?? []), input]);
    }
  }
  return found;
}

/** True for the lock of a workspace whose root is no project: its members are, each on its own. */
export function isLockOfOthers(input: ParsedInput, folders: readonly string[]): boolean {
  const members = foldersOfMembers(input);
  return (
    members.length > 0 &&
    !members.includes(folderOf(input.path)) &&
    members.every((member) => folders.includes(member))
  );
}

/** The lock of a workspace around the root folder, seen from the member of that name; null where it has none such. */
export function toLockOfMember(input: ParsedInput, name: string): ParsedInput | null {
  const { lock } = input;
  const own = lock?.members.find((member) => member.name === normalizeName(name));
  if (lock === undefined || own === undefined) return null;
  const move = (folder: string): string => (folder === own.folder ? '.' : folder);
  return {
    ...input,
    lock: {
      ...lock,
      members: lock.members.map((member) => ({ ...member, folder: move(member.folder) })),
      ...(lock.declared === undefined
        ? {}
        : { declared: lock.declared.map((one) => ({ ...one, member: move(one.member) })) }),
    },
  };
}
