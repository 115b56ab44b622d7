/** Files that `split` proposes. */
import type { Bytes } from './foundations.ts';
import type { Totals } from './packages.ts';

/** What became of a proposed file. */
export type SplitStatus = 'proposed' | 'written' | 'unchanged' | 'refused';

/**
 * What a proposed file is. `compat`: a requirements.txt that leads to one of the others; `original`: a byte-exact copy of what
 * that takes the place of; `manifest`: a pyproject.toml edited in place.
 */
export type SplitKind =
  | 'prod'
  | 'dev'
  | 'slim'
  | 'minimal'
  | 'program'
  | 'compat'
  | 'original'
  | 'manifest';

/** An import of product code that would fail in a proposed set. */
export interface ImportAtRisk {
  readonly module: string;
  readonly path: string;
  readonly line: number;
  /** The code copes with its absence: `try` with a handler for ImportError. */
  readonly guarded: boolean;
  /** Inside a function: it fails when that is called, not when the program starts. */
  readonly lazy: boolean;
}

/** What installing a set into an environment of its own, and importing from it, came to. */
export interface Verification {
  /** Who installed, with its version. */
  readonly tool: string;
  readonly python: string;
  readonly packages: number;
  /** Of all files that were installed, compiled ones apart. */
  readonly installedBytes: Bytes;
  readonly imported: readonly string[];
  readonly failed: readonly { readonly module: string; readonly error: string }[];
  /** `name==version` of what has no wheel, and was not installed. */
  readonly leftOut: readonly string[];
}

/** A set of an edited pyproject.toml: what it weighs, and weighed before where there was one. */
export interface SplitSet {
  readonly environment: string;
  readonly before: Totals | null;
  readonly after: Totals;
}

export interface SplitRow {
  readonly file: string;
  readonly kind: SplitKind;
  /** Absent: proposed. */
  readonly status?: SplitStatus;
  /** Why it was refused; of a proposal, why it would be. */
  readonly refusal?: string;
  readonly content: string;
  /** Of a byte-exact copy: the file that it is of. */
  readonly copyOf?: string;
  /** Of a file for one program: its name, as in `entryPoints`. */
  readonly entryPoint?: string;
  /** Of a file that is edited in place: what changes, as `git diff` shows it. */
  readonly diff?: string;
  /** What a Dockerfile has to say otherwise to install it, as `git diff` shows it; never written. */
  readonly imageDiff?: string;
  /** Of such a file: its sets that change. */
  readonly sets?: readonly SplitSet[];
  readonly totals: Totals;
  /** The set that it stands for, as `name==version`, sorted. */
  readonly packages: readonly string[];
  readonly proof: {
    readonly resolved: boolean;
    readonly changedVersions: readonly {
      readonly name: string;
      readonly before: string;
      readonly after: string;
      readonly cappedBy: string | null;
    }[];
    readonly unprovidedModules: readonly string[];
    /** Each import of one of `unprovidedModules`, by path and line. */
    readonly importErrors: readonly ImportAtRisk[];
    /** Modules of others that product code imports and the set provides, sorted. */
    readonly providedModules: readonly string[];
    /** With `--verify` alone. */
    readonly verification?: Verification;
  };
}
