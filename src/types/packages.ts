/** Rows of packages and of what is declared, and sums. */
import type { Bytes, Evidence, SourceLocation, UnknownReason } from './foundations.ts';
import type { Composition } from './graph.ts';
import type { Confidence, UsageEvidence, Verdict } from './usage.ts';

export interface Totals {
  readonly packages: number;
  readonly downloadBytes: Bytes;
  readonly installedBytes: Bytes;
  readonly diskBytes: Bytes;
  readonly bytecodeBytes: Bytes;
  /** Distributions of unknown size. */
  readonly unknown: number;
  /** True when `unknown > 0`: the totals are lower bounds. */
  readonly lowerBound: boolean;
}

/** One row of `packages` in the JSON. */
export interface PackageRow {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly direct: boolean;
  readonly environments: readonly string[];
  readonly extras: readonly string[];
  readonly declaredAt: readonly SourceLocation[];
  readonly file: {
    readonly kind: 'wheel' | 'sdist';
    readonly filename: string;
    readonly sha256: string | null;
  } | null;
  readonly downloadBytes: Bytes | null;
  readonly installedBytes: Bytes | null;
  readonly diskBytes: Bytes | null;
  readonly exclusiveBytes: Bytes | null;
  readonly subtreeBytes: Bytes | null;
  readonly bytecodeBytes: Bytes | null;
  readonly known: boolean;
  readonly from: Evidence | null;
  readonly metadataFrom: Evidence | null;
  readonly unknownReason: UnknownReason | null;
  readonly composition: Composition | null;
  readonly requires: readonly {
    readonly name: string;
    readonly specifier: string;
    readonly extras: readonly string[];
    readonly marker: string | null;
  }[];
  readonly requiredBy: readonly string[];
  readonly modules: readonly string[];
  readonly scripts: readonly string[];
  /** In the image and in no set: what an uninstall left behind, or what an installer consists of. */
  readonly besides?: BesidesKind;
}

/** Why an image holds what nothing of its set needs. */
export type BesidesKind = 'left-behind' | 'installer' | 'program';

export interface DeclaredRow {
  readonly name: string;
  readonly raw: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly environment: string;
  readonly extras: readonly string[];
  readonly marker: string | null;
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  readonly evidence: readonly UsageEvidence[];
}
