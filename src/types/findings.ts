/** Findings. */
import type { Bytes, SourceLocation } from './foundations.ts';
import type { Confidence, UsageEvidence } from './usage.ts';

export type RuleName =
  | 'either-one'
  | 'musl-wheels'
  | 'idle-ci-install'
  | 'ci-cache'
  | 'unused'
  | 'dev-only'
  | 'indirect'
  | 'missing'
  | 'transitive-import'
  | 'misplaced-extra'
  | 'drift'
  | 'heavy'
  | 'alternative'
  | 'accelerator-build'
  | 'droppable-extra'
  | 'newer-lighter'
  | 'no-wheel'
  | 'orphan-install'
  | 'unused-constraint'
  | 'strippable'
  | 'comes-back'
  | 'replaced-install'
  | 'conflicting-pin'
  | 'idle-constraints'
  | 'later-deletion'
  | 'wheelhouse-layer'
  | 'pip-cache'
  | 'compiled-bytecode'
  | 'dev-in-image'
  | 'installer-in-image'
  | 'apt-packages'
  | 'build-context'
  | 'python-mismatch'
  | 'base-image'
  | 'over-budget';

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Stable, never reused: `DW101`. */
  readonly code: string;
  readonly rule: RuleName;
  /** Declared names only. */
  readonly packages: readonly string[];
  /** All that goes with them. */
  readonly leaves: readonly string[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly locations: readonly SourceLocation[];
  readonly evidence: readonly UsageEvidence[];
  /** By resolving again with the rest held; null where it cannot be known; may be negative. */
  readonly savedInstalledBytes: Bytes | null;
  readonly savedDownloadBytes: Bytes | null;
  /** Files and folders that it speaks of, the heaviest first; absent where it speaks of none. */
  readonly parts?: readonly FindingPart[];
  readonly remedy: {
    readonly kind: 'remove' | 'move' | 'replace' | 'extra' | 'index' | 'upgrade' | 'add';
    readonly text: string;
    /** Lines to be added to a file. */
    readonly snippet?: { readonly path: string; readonly lines: readonly string[] };
  } | null;
}

/** A file or folder with its bytes. */
export interface FindingPart {
  /** A folder ends in `/`; `data/*.csv` are several files. */
  readonly path: string;
  readonly bytes: Bytes;
  /** Why it is better kept, null where nothing speaks for that. */
  readonly kept: string | null;
}
