/** What every other type stands on. */

/** Name as PEP 503 normalises it: lower case, runs of `-_.` become `-`. Built only by `normalizeName`. */
export type DistributionName = string & { readonly __brand: 'DistributionName' };

/** A count of bytes. Never kilobytes, never a formatted string. */
export type Bytes = number;

/** Why a fact could not be known. */
export type UnknownReason =
  | 'sdist-only'
  | 'no-wheel-for-target'
  | 'no-binary'
  | 'vcs'
  | 'url'
  | 'local'
  | 'conda'
  | 'not-on-index'
  | 'no-usable-file'
  | 'network'
  | 'broken-wheel'
  | 'broken-metadata'
  | 'offline'
  | 'hash-excluded'
  | 'not-weighed';

/** Where a fact was read. `sdist-*` are the static sources inside a source archive, best first. */
export type Evidence =
  | 'central-directory'
  | 'record'
  | 'index-page'
  | 'metadata-file'
  | 'wheel-metadata'
  | 'other-wheel'
  | 'sdist-pkg-info'
  | 'sdist-pyproject'
  | 'sdist-setup-py'
  | 'sdist-requires-txt'
  | 'sdist-no-requires'
  | 'lockfile'
  | 'local-environment'
  | 'estimate';

/** A fact with its source, or why there is none. `detail` is a sentence for the reader. */
export type Known<T> =
  | { readonly known: true; readonly value: T; readonly from: Evidence }
  | { readonly known: false; readonly reason: UnknownReason; readonly detail?: string };

/** A place in a file of the user. `line` and `column` are 1-based; path is relative to the root, with `/`. */
export interface SourceLocation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A text file that was read: path relative to the project root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something the user should know that does not stop the run. Codes are stable kebab-case words. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  /** `error` makes the exit code 2 (a line that cannot be parsed); `incomplete` makes it 3. */
  readonly severity?: 'warning' | 'error' | 'incomplete';
}
