/** What the code imports and mentions, and what follows for what is declared. */
import type { DistributionName, SourceLocation, Warning } from './foundations.ts';

export type ImportContext = 'function' | 'class' | 'try' | 'if' | 'type-checking' | 'test';

/** One import statement, or a dynamic import with a literal. `import a.b` has `names: []`. */
export interface ImportUse {
  readonly path: string;
  readonly line: number;
  readonly module: string;
  /** Dots of a relative import, 0 for an absolute one. */
  readonly level: number;
  readonly names: readonly string[];
  readonly context: readonly ImportContext[];
  readonly dynamic: boolean;
  /** Inside an `except` handler: what is tried when something else is not there. */
  readonly fallback?: boolean;
  /** Under a `try` whose handler raises again, or exits: the code does not do without it. */
  readonly insisted?: boolean;
  /** Resolves to a module of the project itself, seen from this file. */
  readonly firstParty?: boolean;
  /** Where the file is not product code: what it is instead. */
  readonly area?: SourceArea;
}

/** What a source file outside product code is for. */
export type SourceArea = 'test' | 'docs' | 'example' | 'benchmark' | 'tool';

/** A name seen outside import statements: a command in a Dockerfile, a module in a config. */
export interface Reference {
  readonly path: string;
  readonly line: number;
  readonly kind: 'command' | 'entry-point' | 'string' | 'dockerfile' | 'config';
  readonly name: string;
  /** The name is that of an import module (`python -m x`); else of a program, or it may be either. */
  readonly module?: boolean;
  /** Code in a command imports it (`python -c "import x"`); nothing is run by this name. */
  readonly imported?: boolean;
  /** An entry point of a group that some program loads: it starts nothing by itself. */
  readonly plugin?: boolean;
  /** What the image of the last stage of a Dockerfile is started with. */
  readonly starts?: boolean;
  /** Where the file is not part of the product: CI and development configuration are `tool`. */
  readonly area?: SourceArea;
}

export interface ImportScan {
  /** Python files read. */
  readonly files: number;
  readonly imports: readonly ImportUse[];
  readonly references: readonly Reference[];
  /** Files with an import whose module is not a literal: a verdict `unused` is then never certain. */
  readonly dynamicImports: readonly SourceLocation[];
  /** Top-level names of first-party modules and packages, per folder they are importable from. */
  readonly firstPartyModules: readonly string[];
  readonly warnings: readonly Warning[];
  /** Paths of the files that were read, so that a later question need not walk the tree again. */
  readonly sources?: {
    readonly python: readonly string[];
    readonly texts: readonly string[];
    /** Python files outside product code. */
    readonly areas: Readonly<Record<string, SourceArea>>;
  };
  /** Scripts with their own requirements (PEP 723): their imports need none of the project's. */
  readonly inlineScripts?: readonly string[];
  /** Of one project of several: what stands around it. */
  readonly around?: SourcesAround;
}

/** Code beside that of a project: it may clear a distribution that the project declares, and never accuses one. */
export interface SourcesAround {
  /** Imports in files that no project is above (`project: null`), and in those of the projects below this one. */
  readonly imports: readonly (ImportUse & { readonly project: string | null })[];
  /** Names in files that no project is above, and in those of the projects above this one. */
  readonly references: readonly Reference[];
  /** Python files that no project is above, and the texts of `references`. */
  readonly sources: NonNullable<ImportScan['sources']>;
}

export type Verdict =
  | 'used'
  | 'unused'
  | 'dev-only'
  | 'type-only'
  | 'optional'
  | 'indirect'
  | 'unknown';

export type Confidence = 'certain' | 'likely' | 'possible';

export interface UsageEvidence {
  readonly path: string;
  readonly line: number;
  readonly note: string;
}

/** The user says that a distribution stays, whatever the code says of it. */
export interface Overrule {
  readonly name: DistributionName;
  /** '' where none is given. */
  readonly reason: string;
  readonly location: SourceLocation;
  /** `line`: `# depweight: keep` beside the requirement; else `keep` of the configuration. */
  readonly from: 'line' | 'configuration';
}

/** The verdict on one declared distribution of one environment. */
export interface Usage {
  readonly name: DistributionName;
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  readonly evidence: readonly UsageEvidence[];
  /** The modules that were looked for. */
  readonly lookedFor: readonly string[];
}
