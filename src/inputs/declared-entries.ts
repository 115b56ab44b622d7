/**
 * The requirements that people declared: lines of manifests and `.in` files, never of locks and compiled files.
 */
import type { DeclaredRequirement, Environment, ParsedInput, Role } from '../types.ts';
import { mainParts, type Draft, type Part } from './environment-draft.ts';
import { folderOf } from './file-access.ts';
import type { DeclaredEntry } from './project.ts';
import { isDevelopmentRole } from './roles.ts';

/** The files of a project, and which of them are compiled from which. */
export interface DeclaringFiles {
  readonly folder: string;
  readonly inputs: readonly ParsedInput[];
  readonly compiled: ReadonlyMap<string, ParsedInput>;
}

/** What manifests declare, each place once, with the environment that it counts for. */
export function collectDeclared(
  parts: DeclaringFiles,
  drafts: readonly Draft[],
  environments: readonly Environment[],
): readonly DeclaredEntry[] {
  const entries = new Map<string, DeclaredEntry>();
  const add = (environment: string, { input, group }: Part, role: Role): void => {
    for (const declared of group.requirements) {
      if (isOwnProject(declared, parts.folder)) continue;
      const { path, line, column } = declared.location;
      const key = `${path}:${line}:${column}:${declared.requirement.name}`;
      if (!entries.has(key))
        entries.set(key, { declared, environment, role, inputPath: input.path, group: group.name });
    }
  };
  const manifests = manifestsOf(parts);
  // An extra that holds others (`all`) comes after them, so that each requirement counts for the extra that it is written in.
  const size = ({ id, parts: own }: Draft): number =>
    id === 'prod'
      ? 0
      : id === 'dev'
        ? 1
        : 2 + own.flatMap(({ group }) => group.requirements).length;
  for (const draft of drafts.toSorted((a, b) => size(a) - size(b))) {
    for (const part of draft.parts) {
      for (const declaring of manifests(part)) add(draft.id, declaring, declaring.group.role);
    }
    addFollowed(
      parts,
      environments.filter(({ id }) => id === draft.id),
      add,
    );
  }
  addSecondTelling(parts, drafts, add);
  return withoutFolderNames([...entries.values()]);
}

// `./utils` is first called by its folder, then by what its own metadata says: one requirement, of the later name.
function withoutFolderNames(entries: readonly DeclaredEntry[]): readonly DeclaredEntry[] {
  const placeOf = ({ declared: { location, source } }: DeclaredEntry): string | null =>
    source === 'local' ? `${location.path}:${location.line}:${location.column}` : null;
  const last = new Map(entries.map((entry) => [placeOf(entry), entry.declared.requirement.name]));
  return entries.filter((entry) => {
    const place = placeOf(entry);
    return place === null || last.get(place) === entry.declared.requirement.name;
  });
}

// `-e .` is the project itself: nothing that it depends on.
function isOwnProject({ source, requirement }: DeclaredRequirement, folder: string): boolean {
  return source === 'local' && requirement.url === `file:${folder}`;
}

// What `-e .` brings in is declared in the manifest of this project, though no set names it.
function addFollowed(
  { inputs }: DeclaringFiles,
  environments: readonly Environment[],
  add: (environment: string, part: Part, role: Role) => void,
): void {
  for (const { id, requirements } of environments) {
    for (const input of inputs) {
      if (input.locked || input.compiledFrom !== undefined) continue;
      const own = requirements.filter(({ location }) => location.path === input.path);
      add(
        id,
        { input, group: { kind: 'main', name: null, role: input.role, requirements: own } },
        input.role,
      );
    }
  }
}

// Lines of a lock or a compiled file are not declared: the manifest's are.
function manifestsOf({
  inputs,
  compiled,
  folder,
}: DeclaringFiles): (part: Part) => readonly Part[] {
  return (part) => {
    const sources = [...compiled]
      .filter(([, input]) => input === part.input)
      .map(([path]) => inputs.find((input) => input.path === path));
    const found = sources.filter((input) => input !== undefined);
    if (found.length > 0) return found.flatMap(mainParts);
    if (!part.input.locked) return [part];
    const manifest = inputs.find(
      ({ kind, path }) => kind === 'pyproject' && folderOf(path) === folder,
    );
    if (manifest === undefined) return [part];
    const same = manifest.groups.filter(
      ({ kind, name }) => kind === part.group.kind && name === part.group.name,
    );
    return same.map((group) => ({ input: manifest, group }));
  };
}

// pyproject and requirements.txt that say the same: both places have to change together, so both are declared.
function addSecondTelling(
  parts: DeclaringFiles,
  drafts: readonly Draft[],
  add: (environment: string, part: Part, role: Role) => void,
): void {
  const product = drafts.find(({ id }) => id === 'prod');
  const names = new Set(
    (product?.parts ?? []).flatMap(({ group }) =>
      group.requirements.map(({ requirement }) => requirement.name),
    ),
  );
  const used = new Set(drafts.flatMap((draft) => draft.parts.map(({ input }) => input)));
  for (const input of parts.inputs) {
    if (used.has(input) && input.kind !== 'pyproject') continue;
    if (parts.compiled.has(input.path) || input.locked || input.compiledFrom !== undefined)
      continue;
    for (const { group } of mainParts(input)) {
      if (isDevelopmentRole(group.role)) continue;
      const same = group.requirements.filter(({ requirement }) => names.has(requirement.name));
      add('prod', { input, group: { ...group, requirements: same } }, 'prod');
    }
  }
}
