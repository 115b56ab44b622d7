/** The document of `compare`. */
import type { WeightChange, WeightDifference } from './answers.ts';
import type { AuditDocument } from './document.ts';
import type { SourceLocation, UnknownReason } from './foundations.ts';
import type { PackageRow, Totals } from './packages.ts';
import type { TargetRow } from './places.ts';

/** A distribution as a target of `compare` installs it: the fields of a row of `packages` that differ between targets. */
export type TargetPackage = Pick<
  PackageRow,
  | 'name'
  | 'version'
  | 'direct'
  | 'file'
  | 'downloadBytes'
  | 'installedBytes'
  | 'known'
  | 'unknownReason'
>;

/** What a source build takes, read from the source archive without running anything of it. */
export interface BuildNeeds {
  /** `[build-system] requires` as written; setuptools where there is no such table (PEP 518). */
  readonly requires: readonly string[];
  /** Languages that are compiled, by the files of the archive: `C`, `C++`, `Cython`, `Fortran`, `Rust`. Sorted. */
  readonly compiles: readonly string[];
}

/** What has no wheel on a target of `compare`. */
export interface MissingFile {
  readonly name: string;
  /** Null where no version could be chosen and none is pinned. */
  readonly version: string | null;
  /** `build`: only its source archive fits. `none`: nothing does, so that the target is not installable. */
  readonly kind: 'build' | 'none';
  readonly reason: UnknownReason;
  /** A clause that follows the name and version. */
  readonly message: string;
  readonly direct: boolean;
  readonly requiredBy: readonly string[];
  readonly declaredAt: readonly SourceLocation[];
  /** Null for what is not built, and where the archive is large or could not be read. */
  readonly build: BuildNeeds | null;
  /** The first release after it that has a wheel for the target, null where none has or it is not known. */
  readonly wheelFrom: string | null;
  /** The last release before it that has one. */
  readonly wheelUntil: string | null;
}

/**
 * `ready`: a wheel for everything. `incomplete`: something could not be found out. `not-allowed`: there are files, but the
 * project or its lock is for other Pythons.
 */
export type TargetVerdict = 'ready' | 'build' | 'incomplete' | 'not-allowed' | 'not-installable';

/** The project on one target. */
export interface TargetComparison {
  /** The path of the input, where two of them are compared. */
  readonly input?: string;
  readonly target: TargetRow;
  readonly verdict: TargetVerdict;
  /** What requires-python of the project, else of its lock, says, where the target lies outside of it. */
  readonly outside: { readonly requiresPython: string; readonly location: SourceLocation } | null;
  /** Zero and a lower bound where there is no solution. */
  readonly totals: Totals;
  /** Sorted by name. */
  readonly packages: readonly TargetPackage[];
  /** Sorted by name. */
  readonly missing: readonly MissingFile[];
  /** Distributions whose Requires-Python leaves this Python out: pip refuses them, uv looks at its lower bound alone. */
  readonly refused: readonly {
    readonly name: string;
    readonly version: string;
    readonly requiresPython: string;
  }[];
  /** Why there is no set of versions, else null. */
  readonly error: AuditDocument['error'];
}

/** What `compare` adds to the document, whose other parts speak of the first target that has a solution. */
export interface CompareFacts {
  /** In the order in which they were asked for. */
  readonly targets: readonly TargetComparison[];
  /** Why these, where not all of them were asked for. */
  readonly chosen: string | null;
}

/** The document of `compare`. */
export interface CompareDocument extends AuditDocument, CompareFacts {}

/** The document of `compare` with two inputs, both of which have a solution. */
export interface InputsDocument extends CompareDocument, WeightChange {
  readonly difference: WeightDifference;
}
