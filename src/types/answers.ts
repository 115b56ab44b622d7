/** The documents of `why` and `cost`, and changes of weight. */
import type { AuditDocument } from './document.ts';
import type { Bytes } from './foundations.ts';
import type { Totals } from './packages.ts';
import type { UsageEvidence } from './usage.ts';

/** Bytes and packages that leave together; the bytes are null where they cannot be known. */
export interface Removal {
  /** The other declared names that have to go with it. */
  readonly with: readonly string[];
  /** All that leaves, the package itself included, sorted. */
  readonly leaves: readonly string[];
  readonly savedInstalledBytes: Bytes | null;
  readonly savedDownloadBytes: Bytes | null;
}

/** What `why` adds to the document. */
export interface WhyFacts {
  readonly package: string;
  /** Chains of names from a declared one to the package, shortest first; at most 100. */
  readonly paths: readonly (readonly string[])[];
  /** Uses in the code and mentions outside of it. */
  readonly usedBy: readonly UsageEvidence[];
  /** All that it reaches, heaviest first. */
  readonly pulls: readonly {
    readonly name: string;
    readonly version: string;
    readonly installedBytes: Bytes | null;
    /** Others that need it directly, whether or not they are reached too. */
    readonly alsoNeededBy: readonly string[];
  }[];
  readonly removal: Removal;
}

/** The document of `why`. */
export interface WhyDocument extends AuditDocument, WhyFacts {}

/** A distribution that comes or goes, with its bytes where they are known. */
export interface PackageWeight {
  readonly name: string;
  readonly version: string;
  readonly installedBytes: Bytes | null;
  readonly downloadBytes: Bytes | null;
}

/** What differs between two sets. Rows are sorted by name. */
export interface WeightChange {
  readonly before: Totals;
  readonly after: Totals;
  readonly added: readonly PackageWeight[];
  readonly removed: readonly PackageWeight[];
  /** In another version, or from another file. */
  readonly changed: readonly {
    readonly name: string;
    readonly before: PackageWeight;
    readonly after: PackageWeight;
  }[];
}

/** What is certain of a difference: it itself, that it is at least or at most so much, or nothing. */
export type DifferenceBound = 'exact' | 'at-least' | 'at-most' | 'open';

/** After minus before, over what differs alone: what both have is in neither, known or not. */
export interface WeightDifference {
  readonly packages: number;
  readonly installedBytes: number;
  readonly installedBound: DifferenceBound;
  readonly downloadBytes: number;
  readonly downloadBound: DifferenceBound;
}

/** What `cost` adds to the document. */
export interface CostFacts extends WeightChange {
  /** As it was asked for. */
  readonly requirement: string;
  /** What it needs and is there already. Sorted. */
  readonly shared: readonly string[];
}

/** The document of `cost`. */
export interface CostDocument extends AuditDocument, CostFacts {}
