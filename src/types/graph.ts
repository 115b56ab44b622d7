/** Targets, files of an index, weights, and the graph that a resolution gives. */
import type {
  Bytes,
  DistributionName,
  Evidence,
  Known,
  UnknownReason,
  Warning,
} from './foundations.ts';
import type { MarkerEnvironment, Requirement, Version } from './packaging.ts';

/** What is installed on: one interpreter on one platform. */
export interface TargetEnvironment {
  /** `3.11`. */
  readonly python: string;
  /** `3.11.0`: the patch is 0 unless the user gave one (as uv). */
  readonly pythonFull: string;
  readonly implementation: 'cp' | 'pp';
  /** CPython without the global interpreter lock, of which the ABI is another (PEP 703). */
  readonly freeThreaded?: true;
  readonly os: 'linux' | 'macos' | 'windows';
  /** As in wheel tags: `x86_64`, `aarch64`, `armv7l`, `ppc64le`, `s390x`, `i686`, `arm64` on macOS, `amd64` on Windows. */
  readonly arch: string;
  readonly libc: 'glibc' | 'musl' | null;
  /** e.g. `manylinux_2_28_x86_64`, `musllinux_1_2_x86_64`, `macosx_13_0_arm64`, `win_amd64`. */
  readonly platformTag: string;
  /** Where it came from, for the reader: `Dockerfile:1`, `--python`, `default`. */
  readonly from: string;
  readonly markers: MarkerEnvironment;
}

/** One file of a release as the index lists it. */
export interface DistributionFile {
  readonly filename: string;
  /** Absolute. */
  readonly url: string;
  readonly kind: 'wheel' | 'sdist';
  readonly version: Version;
  /** Lower-case hex without the algorithm, or null. */
  readonly sha256: string | null;
  /** Bytes to download, null where the index does not say. */
  readonly size: Bytes | null;
  readonly requiresPython: string | null;
  /** Reason, '' for none given, null when not yanked. */
  readonly yanked: string | null;
  /** ISO 8601, null where the index does not say. */
  readonly uploadTime: string | null;
  /** True: advertised (PEP 658/714). False: said not to be. null: not said. */
  readonly metadataFile: boolean | null;
  /** Start of the SHA-256 of the metadata file, lower-case hex; absent where the index does not say. */
  readonly metadataHash?: string;
}

/** What of core metadata resolution needs. */
export interface CoreMetadata {
  readonly name: DistributionName;
  readonly version: string;
  readonly requiresPython: string | null;
  readonly requiresDist: readonly Requirement[];
  readonly providesExtras: readonly string[];
  /** Sentences about lines that were repaired or skipped. */
  readonly repairs: readonly string[];
  /** How many requirements could not be read, and are not in `requiresDist`; absent: none. */
  readonly unreadable?: number;
}

/** Bytes by category; the categories add up to `installedBytes`. */
export interface Composition {
  readonly nativeLibraries: Bytes;
  readonly python: Bytes;
  readonly tests: Bytes;
  readonly typeStubs: Bytes;
  readonly headers: Bytes;
  readonly sources: Bytes;
  readonly staticLibraries: Bytes;
  readonly sourceMaps: Bytes;
  readonly docs: Bytes;
  readonly data: Bytes;
  readonly metadata: Bytes;
}

/** What the central directory of a wheel says. Immutable for one file. */
export interface WheelSummary {
  /** The wheel's own size. */
  readonly downloadBytes: Bytes;
  readonly installedBytes: Bytes;
  readonly diskBytes: Bytes;
  readonly bytecodeBytes: Bytes;
  readonly fileCount: number;
  readonly composition: Composition;
  /** Import modules at the top, below namespace roots as dotted names: `numpy`, `google.cloud.storage`. Sorted. */
  readonly modules: readonly string[];
  /** Names of console and gui scripts, and of `.data/scripts` files. Sorted. */
  readonly scripts: readonly string[];
  /** Entry point groups with their entries: `{'pytest11': ['cov = pytest_cov.plugin']}`, scripts excluded. */
  readonly entryPoints: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly string[];
}

/** One distribution in a resolution. */
export interface ResolvedDistribution {
  readonly name: DistributionName;
  readonly version: string;
  /** Extras that are installed, normalised and sorted. */
  readonly extras: readonly string[];
  /** The file that would be installed, null when there is none or it is not on an index. */
  readonly file: DistributionFile | null;
  /** Why `file` gives no weight (sdist, VCS, not on the index), else null. */
  readonly unknownReason: UnknownReason | null;
  /** The conda package that it is, by conda's name. */
  readonly conda?: string;
  /** All requirements of the metadata, for every extra and marker. */
  readonly requires: readonly Requirement[];
  readonly metadataFrom: Evidence | null;
  /** Active edges for the target and extras in force. */
  readonly dependencies: readonly {
    readonly name: DistributionName;
    readonly extras: readonly string[];
  }[];
}

/** The answer of the resolver for one environment, sorted by name. */
export interface ResolvedGraph {
  /** Names asked for at the top, with the union of their extras, markers already applied. */
  readonly roots: readonly {
    readonly name: DistributionName;
    readonly extras: readonly string[];
  }[];
  readonly distributions: readonly ResolvedDistribution[];
  readonly warnings: readonly Warning[];
}

/** A node with its weight. */
export interface WeighedDistribution extends ResolvedDistribution {
  readonly weight: Known<WheelSummary>;
}

export interface WeighedGraph {
  readonly roots: ResolvedGraph['roots'];
  readonly distributions: readonly WeighedDistribution[];
  readonly warnings: readonly Warning[];
}
