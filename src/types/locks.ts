/** What a lock says. */
import type { Bytes, DistributionName, SourceLocation } from './foundations.ts';
import type { Marker, Version } from './packaging.ts';
import type { CondaPackage, DeclaredRequirement } from './requirements.ts';

/** What a locked distribution needs, as its lock says it. */
export interface LockedDependency {
  readonly name: DistributionName;
  readonly extras: readonly string[];
  /** '' where the lock does not say: it may hold one version of that name. */
  readonly specifier: string;
  /** PEP 508, null where it always counts. */
  readonly marker: string | null;
  /** Needed by an extra only. */
  readonly optional: boolean;
  /** The extras that need it, normalised, where the lock says it beside the marker. */
  readonly neededBy?: readonly string[];
  /** Address of the index that it is meant from, where that tells apart what the lock holds. */
  readonly origin?: string;
}

/** A file of a locked distribution, as the lock tells it. */
export interface LockedFile {
  readonly filename: string;
  /** Over HTTP; null where only an index can tell. */
  readonly url: string | null;
  /** Lower-case hex, null where the lock has none of that kind. */
  readonly sha256: string | null;
  readonly size: Bytes | null;
}

/** A set for which a lock holds a distribution. */
export interface LockedSet {
  /** '' for the main set, `extra:NAME`, `group:NAME`. */
  readonly set: string;
  /** For which targets, null for all. */
  readonly marker: Marker | null;
}

/** A project that a lock was made for, and what it asks for itself. */
export interface LockedProject {
  readonly name: DistributionName;
  /** Relative to the root. */
  readonly folder: string;
  /** By set, as in `LockedSet`. */
  readonly sets: ReadonlyMap<string, readonly LockedDependency[]>;
  readonly location: SourceLocation;
}

/** One distribution as a lock holds it. Several of one name are for different targets. */
export interface LockPin {
  readonly name: DistributionName;
  /** null where the lock gives none: a project whose version is dynamic, a folder. */
  readonly version: Version | null;
  /** For which targets, null for all. */
  readonly marker: Marker | null;
  /** Pythons it is for, as written. */
  readonly requiresPython: string | null;
  readonly source: DeclaredRequirement['source'];
  /** Address of the index, else the address or `file:` path of the thing itself; null where the lock does not say. */
  readonly origin: string | null;
  /** `sha256:…` of its files, empty where the lock has none. */
  readonly hashes: readonly string[];
  readonly dependencies: readonly LockedDependency[];
  readonly location: SourceLocation;
  /** Its files, absent where the lock has only hashes; empty where it has none at all. */
  readonly files?: readonly LockedFile[];
  /** The sets that it is installed for; absent where that follows from who needs it. */
  readonly sets?: readonly LockedSet[];
  /** Extras that are installed with it, where the lock says that beside nobody's need. */
  readonly extras?: readonly string[];
  /** For `conda`: the package as conda names and pins it. */
  readonly conda?: CondaPackage;
}

/** A requirement of a project as it was when the lock was made. */
export interface LockedDeclaration {
  /** Folder of the project, or the script, relative to the root. */
  readonly member: string;
  /** '' for the main set, `extra:NAME`, `group:NAME`. */
  readonly set: string;
  readonly name: DistributionName;
  /** null where it comes from a place instead. */
  readonly specifier: string | null;
}

/** What a lock holds besides the sets that it stands for on its own. */
export interface LockFacts {
  readonly pins: readonly LockPin[];
  /** Where to look when it no longer fits its manifest: the hash of that, else its first line. */
  readonly staleAt: SourceLocation;
  /** Of the manifest that it was made from, absent where it has none. */
  readonly contentHash?: string;
  /** The projects that it is for, with their folders relative to the root. */
  readonly members: readonly { readonly name: DistributionName; readonly folder: string }[];
  /** What these declared, absent where the lock does not say. */
  readonly declared?: readonly LockedDeclaration[];
  /** What these ask for in the lock's own words, absent where only the manifest says it. */
  readonly projects?: readonly LockedProject[];
  /** Nothing says which package needs which: only the metadata of the files does. */
  readonly needsUntold?: true;
}

/** What a file says of the Pythons that it is for: specifiers as written. */
export interface PythonBounds {
  readonly text: string;
  readonly location: SourceLocation;
}

/** The part of a lock that is installed for an environment. */
export interface LockedPart {
  readonly facts: LockFacts;
  /** Path of the lock. */
  readonly path: string;
  /** As in `LockedSet`. */
  readonly sets: readonly string[];
  /** Folder of the project that is meant, null where the lock stands for itself. */
  readonly folder: string | null;
  /** The Pythons that it was made for, absent where it does not say. */
  readonly pythons?: PythonBounds;
}
