/** What the resolver notes down of its facts, and what becomes of them when they exclude one another. */
import type { DeclaredRequirement, DistributionName, Requirement } from '../types.ts';
import type { MissingName, Obstacle, Universe } from './candidates.ts';
import type { VersionSet } from './version-set.ts';

/** What an incompatibility says to a reader. */
export type Note =
  | {
      readonly kind: 'requires';
      /** null: the input of the user asks for it. */
      readonly parent: {
        readonly name: DistributionName;
        readonly version: string;
        readonly extra: string | null;
      } | null;
      readonly requirement: Requirement;
      readonly declared: DeclaredRequirement | null;
      /** Set when the user limits or replaces what others ask for. */
      readonly origin?: 'constraint' | 'override';
      /** Set when no index has the name. */
      readonly missing?: MissingName;
      /** Set when no version satisfies the requirement: the newest there is. */
      readonly newest?: string;
      /** Set with `newest` where the input gives an address instead: its place. */
      readonly takenFrom?: string;
      /** Set with `newest` where further indexes were not asked. */
      readonly firstIndex?: string;
      /** Set when a version would satisfy it that a date leaves out. */
      readonly leftOut?: string;
    }
  | {
      readonly kind: 'unavailable';
      readonly name: DistributionName;
      readonly version: string;
      readonly why: string;
      readonly obstacle?: Obstacle;
      /** Set when a broken answer is the reason, not what the release says of itself. */
      readonly broken?: true;
    }
  | ({ readonly kind: 'missing'; readonly name: DistributionName } & MissingName)
  | { readonly kind: 'proxy' };

/** A conflict as it is reported. */
export interface Conflict {
  /** One sentence, then one line for each further fact. */
  readonly message: string;
  /** What would help, where that can be told. */
  readonly hint: string | null;
  /** What the user wrote that takes part in it, in order of file and line. */
  readonly requirements: readonly DeclaredRequirement[];
}

/** What one distribution, or one line of the user, asks of a name. */
export interface MadeDemand {
  /** The first of what is asked. */
  readonly note: Extract<Note, { readonly kind: 'requires' }>;
  /** The versions of the parent that ask for it. */
  readonly versions: VersionSet;
  /** What they ask for, each text once: versions may differ in that. */
  readonly requirements: readonly Requirement[];
}

/** What is known beside the derivation. */
export interface ConflictWorld {
  /** The versions of a name, undefined where nobody asked for them. */
  readonly universeOf: (name: DistributionName) => Universe | undefined;
  /** `3.11` of the target. */
  readonly python: string;
}

/** A version that is out for a reason of its own. */
export type ObstacleNote = Extract<Note, { readonly kind: 'unavailable' }>;
