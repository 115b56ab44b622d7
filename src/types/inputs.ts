/** Files as they were read, and the sets that are installed together. */
import type { SourceLocation, Warning } from './foundations.ts';
import type { LockFacts, LockPin, LockedPart } from './locks.ts';
import type { DeclaredRequirement, IndexOptions, RequirementGroup, Role } from './requirements.ts';

/** What one dependency file says, after its includes were followed. Built by `inputs/`. */
export interface ParsedInput {
  readonly path: string;
  /** The name of the member of the input axis, e.g. `requirements-txt`, `pyproject`. */
  readonly kind: string;
  readonly role: Role;
  /** True where the requirements are exact pins to be taken as they are (a lock). */
  readonly locked: boolean;
  readonly groups: readonly RequirementGroup[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  /** Files that this one includes (`-r`), relative to the root. */
  readonly includes: readonly string[];
  readonly projectName: string | null;
  /** Specifiers of requires-python as written, else null. */
  readonly requiresPython: string | null;
  readonly requiresPythonAt?: SourceLocation;
  /** The one Python, `3.11`, that a conda environment installs. */
  readonly python?: { readonly version: string; readonly location: SourceLocation };
  /** Compiled by a tool (pip-compile, uv): the files it was made from as its header names them, maybe none. */
  readonly compiledFrom?: readonly string[];
  /** Its first line says that depweight wrote it: an output, and an input only where something names it. */
  readonly writtenByDepweight?: boolean;
  /** Keys of `[tool]` of a pyproject.toml. */
  readonly toolTables?: readonly string[];
  /** Groups that `uv sync` installs unasked, where a pyproject.toml says which. */
  readonly defaultGroups?: readonly string[] | 'all';
  /** Groups that `poetry install` leaves out unless it is asked for them. */
  readonly optionalGroups?: readonly string[];
  /** A manifest whose main set is absent or given elsewhere (`dynamic`, no dependencies). */
  readonly mainSetElsewhere?: boolean;
  /** What a lock that could be read holds. */
  readonly lock?: LockFacts;
  /** Of a manifest: hashes by kind of lock, of which one that was made from it has one. */
  readonly lockHashes?: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

/** A set that is installed together; it is resolved alone (CONTRACT.md, Semantics). */
export interface Environment {
  /** `prod`, `dev`, `extra:NAME`, `group:NAME`, or for an alternative its file name. */
  readonly id: string;
  /** Folder of the project relative to the root, `.` for the root. */
  readonly project: string;
  /** Paths of the files that it is made of. */
  readonly inputs: readonly string[];
  readonly requirements: readonly DeclaredRequirement[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  /** Some of its requirements could not be read. */
  readonly partial?: true;
  /** Versions that the lock of its manifest holds: kept wherever the requirements allow it. */
  readonly pins?: readonly LockPin[];
  /** The lock is the answer; absent where other files take part, whose needs no lock knows. */
  readonly locked?: LockedPart;
  /** Where to point when `pins` no longer fit. */
  readonly lockedAt?: SourceLocation;
  /** What the manifest declares otherwise than when it was locked: `dashboard no longer has pygwalker`. */
  readonly changedSinceLock?: readonly string[];
}
