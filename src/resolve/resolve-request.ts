/** What is asked of a resolution, and what it answers. */
import type {
  DeclaredRequirement,
  DistributionName,
  ResolvedGraph,
  TargetEnvironment,
  Version,
} from '../types.ts';
import type { PackageIndex } from '../package-index/package-index.ts';
import type { Conflict } from './conflict.ts';
import type { Precedents } from './precedents.ts';

/** What is to be resolved. */
export interface ResolveRequest {
  readonly requirements: readonly DeclaredRequirement[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly target: TargetEnvironment;
  readonly options: ResolveOptions;
}

/** Settings that decide which versions and files may be chosen. */
export interface ResolveOptions {
  readonly preReleases: boolean;
  /** Names, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** Versions to be kept where the requirements allow it. */
  readonly preferences: ReadonlyMap<DistributionName, Version>;
}

/** The ports of a resolution. */
export interface ResolveEnv {
  readonly index: PackageIndex;
  readonly onDecision?: (name: string, version: string) => void;
  readonly signal?: AbortSignal;
  /** Steps of the search (incompatibilities looked at) after which it is given up; 20 million unless told. */
  readonly mostSteps?: number;
  /** What was found for other targets of the same input, with the same index. */
  readonly precedents?: Precedents;
}

export type ResolveAnswer =
  | { readonly solved: true; readonly graph: ResolvedGraph }
  | { readonly solved: false; readonly conflict: Conflict };
