/**
 * Changes of requirements that make a set lighter while it still does its work. A proposal says what would change; a remedy
 * is a proposal that was measured: the set resolved again with the change, every other version held, both sides weighed.
 */
import type {
  Bytes,
  Confidence,
  DistributionName,
  Requirement,
  RuleName,
  UsageEvidence,
} from '../types.ts';

/** The rules that tell remedies. */
export type RemedyRule = Extract<
  RuleName,
  'alternative' | 'accelerator-build' | 'droppable-extra' | 'newer-lighter'
>;

/** What takes the place of all lines of a distribution. */
export interface Replacement {
  readonly name: DistributionName;
  /** Without a marker: each line keeps its own. null where the lines go. */
  readonly requirement: Requirement | null;
}

/** A change that may make the set lighter. */
export interface Proposal {
  readonly rule: RemedyRule;
  /**
   * `same-import`: the code stays, as nothing was found that needs what goes. `unchecked`: the same import names, but the code
   * cannot tell whether the condition holds. `rewrite`: other code. `release`: another release of the same.
   */
  readonly fit: 'same-import' | 'unchecked' | 'rewrite' | 'release';
  readonly replacements: readonly Replacement[];
  /** Requirements that come beside these. */
  readonly added: readonly Requirement[];
  /** What does the work then, whether or not it is there already. */
  readonly instead: readonly DistributionName[];
  /** What is lost, or has to hold: a sentence without an end; '' where nothing is. */
  readonly condition: string;
  /** What in the project speaks for the heavier one. */
  readonly against: readonly UsageEvidence[];
}

/** A distribution in one version. */
export interface Release {
  readonly name: DistributionName;
  readonly version: string;
}

/** A proposal that was measured. */
export interface Remedy extends Proposal {
  readonly confidence: Confidence;
  /** May be negative; null where something that comes is of unknown size. */
  readonly savedInstalledBytes: Bytes | null;
  readonly savedDownloadBytes: Bytes | null;
  /** The saving is a lower bound: something that leaves is of unknown size, or lighter itself by an unknown amount. */
  readonly atLeast: boolean;
  /** Names that are no longer there. Sorted. */
  readonly leaves: readonly DistributionName[];
  /** What is there in a version that was not there before. Sorted by name. */
  readonly arrives: readonly Release[];
}
