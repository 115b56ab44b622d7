/** What is declared: requirements with their places, groups, options of an index. */
import type { DistributionName, SourceLocation } from './foundations.ts';
import type { Marker, Requirement } from './packaging.ts';

/** Why a set of requirements exists. `extra` is any other optional-dependency. */
export type Role = 'prod' | 'dev' | 'test' | 'docs' | 'lint' | 'extra' | 'build' | 'constraints';

/** A requirement with its place in a file of the user. */
export interface DeclaredRequirement {
  readonly requirement: Requirement;
  /** The requirement as written, without comment and per-requirement options. */
  readonly raw: string;
  readonly location: SourceLocation;
  /** Where the thing itself comes from. `local` is a path or editable. */
  readonly source: 'index' | 'url' | 'vcs' | 'local' | 'conda';
  readonly editable: boolean;
  /** `sha256:…`, empty when none was given. */
  readonly hashes: readonly string[];
  /** Explicit index (uv, poetry sources), else null. */
  readonly index: string | null;
  /** The reason that `# depweight: keep REASON` on the line gives, '' for none; null where the line has no such comment. */
  readonly keep: string | null;
  /** Places of which the target takes the first whose marker holds, else none of them (`[tool.uv.sources]`). */
  readonly places?: readonly DeclaredPlace[];
  /** For `conda`: the package as conda names and pins it. */
  readonly conda?: CondaPackage;
}

/** Where a requirement comes from for some targets. */
export interface DeclaredPlace extends Pick<DeclaredRequirement, 'source' | 'editable' | 'index'> {
  readonly marker: Marker | null;
  readonly url: string | null;
}

/** A package of a conda environment. What it weighs, needs and provides is on no Python package index. */
export interface CondaPackage {
  /** As conda calls it: `pytorch`. */
  readonly name: string;
  /** The version where exactly one will do, as written: not always one of PEP 440. */
  readonly version: string | null;
  /** False where it is known to be no Python distribution of its name (conda's `ffmpeg`): it meets no need of pip's. */
  readonly isDistribution: boolean;
  /** What it needs, where a lock says so. */
  readonly needs?: readonly DistributionName[];
}

/** Settings that a file, a configuration or the command line makes for the index and the choice of files. */
export interface IndexOptions {
  /** The main index; `defaultIndexMark` where a file names PyPI itself. */
  readonly indexUrl?: string;
  /** Asked before the main index. */
  readonly extraIndexUrls?: readonly string[];
  /** Asked after it: Poetry's supplemental sources, the later ones of a Pipfile. */
  readonly laterIndexUrls?: readonly string[];
  /** Names of indexes by URL, those that only serve who names them included. */
  readonly indexNames?: Readonly<Record<string, string>>;
  readonly findLinks?: readonly string[];
  readonly noIndex?: boolean;
  readonly pre?: boolean;
  /** Files uploaded at this moment or later do not exist (ISO 8601, UTC). */
  readonly excludeNewer?: string;
  /** Names, or `:all:`. */
  readonly noBinary?: readonly string[];
  readonly onlyBinary?: readonly string[];
  readonly requireHashes?: boolean;
}

/** One named set inside a file: the file itself (`name: null`), an extra or a dependency group. */
export interface RequirementGroup {
  readonly kind: 'main' | 'extra' | 'group';
  readonly name: string | null;
  readonly role: Role;
  readonly requirements: readonly DeclaredRequirement[];
  /** There are more, which could not be read (a build computes them): what it weighs is a lower bound. */
  readonly partial?: true;
}
