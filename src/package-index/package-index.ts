/**
 * What resolution and weighing ask of package indexes. Handed in, so that both can be tried without a network.
 * Answers that are at hand come without a promise: a resolution asks thousands of times, and waiting for a settled
 * promise each time would cost more than the answers.
 */
import type {
  CoreMetadata,
  DistributionFile,
  DistributionName,
  Known,
  UnknownReason,
  Version,
  WheelSummary,
} from '../types.ts';

/** A value, or the promise of one. */
export type Eventually<T> = T | Promise<T>;

/** All files of one version, in the order of the page. */
export interface Release {
  readonly version: Version;
  files(): readonly DistributionFile[];
}

/** All releases of one name that the settings let through, in ascending order of version. */
export interface ProjectPage {
  readonly name: DistributionName;
  readonly releases: readonly Release[];
  /** Index that it came from, without credentials; null for the default one, absent for files of links alone. */
  readonly index?: string | null;
  /** Further indexes were not asked, since this one has the name. */
  readonly hidesLater?: true;
  /** What `--exclude-newer` leaves out, absent where no date was given. Looked at only where something is missing. */
  readonly leftOut?: () => LeftOut;
}

/** Files that were uploaded too late, or at a time that the index does not tell. */
export interface LeftOut {
  /** Of releases that are left out whole, ascending. */
  readonly versions: readonly Version[];
  /** Whether no file of them has a time. */
  readonly hasNoTimes: boolean;
}

export type PageAnswer =
  | { readonly status: 'found'; readonly page: ProjectPage }
  | { readonly status: 'not-found' }
  | { readonly status: 'failed'; readonly reason: UnknownReason; readonly detail: string };

/** Metadata with the sentence that says how far it can be trusted, where it was not read from the file itself. */
export type MetadataAnswer = Known<CoreMetadata>;

/** The port to the indexes in force. */
export interface PackageIndex {
  /** The releases of a name from the first index that has it. `index` names an explicit one. */
  page(name: DistributionName, index?: string | null): Eventually<PageAnswer>;
  /** Metadata of the release that `file` belongs to; `release` gives the other files to read it from. */
  metadata(
    name: DistributionName,
    file: DistributionFile,
    release: Release,
  ): Eventually<MetadataAnswer>;
  /** What the central directory of a wheel says. */
  wheel(name: DistributionName, file: DistributionFile): Eventually<Known<WheelSummary>>;
  /** Whether the weight of a wheel is at hand from an earlier run, so that not even its address need be known. */
  isWeighed?(file: DistributionFile): boolean;
}
