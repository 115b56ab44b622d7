/** What the choice of the primary source is asked, and what comes of it. */
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import type { ProjectLock } from './locks.ts';

/** The files that are installed for production, and why these. */
export interface PrimarySource {
  /** Several where an image installs several. */
  readonly inputs: readonly ParsedInput[];
  /** Extras and groups of a manifest that the image installs besides. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Paths of manifests of which it installs groups alone. */
  readonly withoutMain: readonly string[];
  /** Constraint files that the image installs with. */
  readonly constraintFiles: readonly ConstraintFile[];
  readonly reason: string;
  /** What later commands of the image put in the place of what earlier ones installed. */
  readonly overrides: readonly DeclaredRequirement[];
  /** The image that decided, if one did. */
  readonly image: ProductImage | null;
  /** Its commands with the files that they install, in order. */
  readonly steps: readonly InstallStep[];
  /** The lock that gives the versions, with the manifest that says what is wanted. */
  readonly lock: ProjectLock | null;
  readonly warnings: readonly Warning[];
}

/** Among extras: all of them. */
export const everyExtra = '*';

/** A command of an image, and a file that it installs. */
export interface InstallStep {
  /** 1-based, in the Dockerfile. */
  readonly line: number;
  /** Where a script of the repository holds the command, null for the Dockerfile itself. */
  readonly script: SourceLocation | null;
  /** Its place among the install commands of the image: several may stand on one line. */
  readonly command: number;
  /** Path of the file: what declares, where the command installs from a lock. */
  readonly path: string;
  /** False where it installs groups of the file alone. */
  readonly withMain: boolean;
  /** Groups that it installs of the file, normalised. */
  readonly groups: readonly string[];
}

/** `-c FILE` of a command of an image. */
export interface ConstraintFile {
  readonly written: string;
  /** Of the command, in the Dockerfile. */
  readonly at: SourceLocation;
  /** Where it may lie in the repository, the likeliest first; empty for what no path can name. */
  readonly places: readonly string[];
  /** By the build itself, which nobody else can read. */
  readonly isMade: boolean;
}

/** What is asked of the choice. */
export interface PrimaryQuestion {
  readonly project: string;
  readonly inputs: readonly ParsedInput[];
  /** The lock of the project, if it has one. */
  readonly lock: ProjectLock | null;
  /** Compiled file by its manifest. */
  readonly compiled: ReadonlyMap<string, ParsedInput>;
  readonly images: readonly ProductImage[];
  /** True for a file of the repository that can be read. */
  readonly has: (path: string) => boolean;
}

/** No source at all. */
export const nothing: PrimarySource = {
  inputs: [],
  lock: null,
  extras: [],
  groups: [],
  withoutMain: [],
  constraintFiles: [],
  overrides: [],
  reason: 'no file declares what the product needs',
  image: null,
  steps: [],
  warnings: [],
};

/** A single file. */
export function only(input: ParsedInput, reason: string): PrimarySource {
  return { ...nothing, inputs: [input], reason };
}
