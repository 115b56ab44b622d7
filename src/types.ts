/**
 * The vocabulary of depweight: types only, no code. Terms are those of the PyPA specifications.
 * A *distribution* is installed, an *import module* is imported; "package" alone is used only where the
 * JSON contract does.
 */

/** Name as PEP 503 normalises it: lower case, runs of `-_.` become `-`. Built only by `normalizeName`. */
export type DistributionName = string & { readonly __brand: 'DistributionName' };

/** A count of bytes. Never kilobytes, never a formatted string. */
export type Bytes = number;

/** Why a fact could not be known. */
export type UnknownReason =
  | 'sdist-only'
  | 'no-wheel-for-target'
  | 'no-binary'
  | 'vcs'
  | 'url'
  | 'local'
  | 'conda'
  | 'not-on-index'
  | 'no-usable-file'
  | 'network'
  | 'broken-wheel'
  | 'broken-metadata'
  | 'offline'
  | 'hash-excluded'
  | 'not-weighed';

/** Where a fact was read. `sdist-*` are the static sources inside a source archive, best first. */
export type Evidence =
  | 'central-directory'
  | 'record'
  | 'index-page'
  | 'metadata-file'
  | 'wheel-metadata'
  | 'other-wheel'
  | 'sdist-pkg-info'
  | 'sdist-pyproject'
  | 'sdist-setup-py'
  | 'sdist-requires-txt'
  | 'sdist-no-requires'
  | 'lockfile'
  | 'local-environment'
  | 'estimate';

/** A fact with its source, or why there is none. `detail` is a sentence for the reader. */
export type Known<T> =
  | { readonly known: true; readonly value: T; readonly from: Evidence }
  | { readonly known: false; readonly reason: UnknownReason; readonly detail?: string };

/** A place in a file of the user. `line` and `column` are 1-based; path is relative to the root, with `/`. */
export interface SourceLocation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A text file that was read: path relative to the project root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something the user should know that does not stop the run. Codes are stable kebab-case words. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  /** `error` makes the exit code 2 (a line that cannot be parsed); `incomplete` makes it 3. */
  readonly severity?: 'warning' | 'error' | 'incomplete';
}

// ---------------------------------------------------------------------------------------------------------------------
// PEP 440, 508

/** A parsed version (PEP 440). `release` has no trailing zeros removed. */
export interface Version {
  /** Normalised text, e.g. `1.0rc1.post2.dev3+cpu`. */
  readonly text: string;
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: number } | null;
  readonly post: number | null;
  readonly dev: number | null;
  readonly local: readonly (string | number)[] | null;
}

export type SpecifierOperator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

/** One clause of a version specifier (PEP 440). For `===` only `text` counts. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** null for `===` whose text is no version. */
  readonly version: Version | null;
  /** True for `==1.2.*` and `!=1.2.*`. */
  readonly wildcard: boolean;
  /** As written after the operator, trimmed. */
  readonly text: string;
}

/** Environment marker (PEP 508) as a tree. `extra` comparisons are normalised names. */
export type Marker =
  | {
      readonly kind: 'and' | 'or';
      readonly operands: readonly Marker[];
      /** Written in parentheses, which then stay when it is formatted. */
      readonly grouped?: true;
    }
  | {
      readonly kind: 'compare';
      readonly left: MarkerValue;
      readonly operator: MarkerOperator;
      readonly right: MarkerValue;
    };
export type MarkerOperator = '<' | '<=' | '!=' | '==' | '>=' | '>' | '~=' | '===' | 'in' | 'not in';
export type MarkerValue =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string };

/** The values of the marker variables (PEP 508), `extra` excluded. */
export interface MarkerEnvironment {
  readonly implementation_name: string;
  readonly implementation_version: string;
  readonly os_name: string;
  readonly platform_machine: string;
  readonly platform_python_implementation: string;
  readonly platform_release: string;
  readonly platform_system: string;
  readonly platform_version: string;
  readonly python_full_version: string;
  readonly python_version: string;
  readonly sys_platform: string;
}

/** A requirement as PEP 508 writes it. */
export interface Requirement {
  readonly name: DistributionName;
  /** As written. */
  readonly displayName: string;
  /** Normalised, sorted, without doubles. */
  readonly extras: readonly string[];
  /** Empty: any version. */
  readonly specifiers: readonly Specifier[];
  /** Direct reference (`name @ url`), else null. */
  readonly url: string | null;
  readonly marker: Marker | null;
  /** The marker as text, normalised, else null. */
  readonly markerText: string | null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Inputs

/** Why a set of requirements exists. `extra` is any other optional-dependency. */
export type Role = 'prod' | 'dev' | 'test' | 'docs' | 'lint' | 'extra' | 'build' | 'constraints';

/** A requirement with its place in a file of the user. */
export interface DeclaredRequirement {
  readonly requirement: Requirement;
  /** The requirement as written, without comment and per-requirement options. */
  readonly raw: string;
  readonly location: SourceLocation;
  /** Where the thing itself comes from. `local` is a path or editable. */
  readonly source: 'index' | 'url' | 'vcs' | 'local' | 'conda';
  readonly editable: boolean;
  /** `sha256:…`, empty when none was given. */
  readonly hashes: readonly string[];
  /** Explicit index (uv, poetry sources), else null. */
  readonly index: string | null;
  /** The reason that `# depweight: keep REASON` on the line gives, '' for none; null where the line has no such comment. */
  readonly keep: string | null;
  /** Places of which the target takes the first whose marker holds, else none of them (`[tool.uv.sources]`). */
  readonly places?: readonly DeclaredPlace[];
  /** For `conda`: the package as conda names and pins it. */
  readonly conda?: CondaPackage;
}

/** Where a requirement comes from for some targets. */
export interface DeclaredPlace extends Pick<DeclaredRequirement, 'source' | 'editable' | 'index'> {
  readonly marker: Marker | null;
  readonly url: string | null;
}

/** A package of a conda environment. What it weighs, needs and provides is on no Python package index. */
export interface CondaPackage {
  /** As conda calls it: `pytorch`. */
  readonly name: string;
  /** The version where exactly one will do, as written: not always one of PEP 440. */
  readonly version: string | null;
  /** False where it is known to be no Python distribution of its name (conda's `ffmpeg`): it meets no need of pip's. */
  readonly isDistribution: boolean;
  /** What it needs, where a lock says so. */
  readonly needs?: readonly DistributionName[];
}

/** Settings that a file, a configuration or the command line makes for the index and the choice of files. */
export interface IndexOptions {
  /** The main index; `defaultIndexMark` where a file names PyPI itself. */
  readonly indexUrl?: string;
  /** Asked before the main index. */
  readonly extraIndexUrls?: readonly string[];
  /** Asked after it: Poetry's supplemental sources, the later ones of a Pipfile. */
  readonly laterIndexUrls?: readonly string[];
  /** Names of indexes by URL, those that only serve who names them included. */
  readonly indexNames?: Readonly<Record<string, string>>;
  readonly findLinks?: readonly string[];
  readonly noIndex?: boolean;
  readonly pre?: boolean;
  /** Files uploaded at this moment or later do not exist (ISO 8601, UTC). */
  readonly excludeNewer?: string;
  /** Names, or `:all:`. */
  readonly noBinary?: readonly string[];
  readonly onlyBinary?: readonly string[];
  readonly requireHashes?: boolean;
}

/** One named set inside a file: the file itself (`name: null`), an extra or a dependency group. */
export interface RequirementGroup {
  readonly kind: 'main' | 'extra' | 'group';
  readonly name: string | null;
  readonly role: Role;
  readonly requirements: readonly DeclaredRequirement[];
  /** There are more, which could not be read (a build computes them): what it weighs is a lower bound. */
  readonly partial?: true;
}

/** What a locked distribution needs, as its lock says it. */
export interface LockedDependency {
  readonly name: DistributionName;
  readonly extras: readonly string[];
  /** '' where the lock does not say: it may hold one version of that name. */
  readonly specifier: string;
  /** PEP 508, null where it always counts. */
  readonly marker: string | null;
  /** Needed by an extra only. */
  readonly optional: boolean;
  /** The extras that need it, normalised, where the lock says it beside the marker. */
  readonly neededBy?: readonly string[];
  /** Address of the index that it is meant from, where that tells apart what the lock holds. */
  readonly origin?: string;
}

/** A file of a locked distribution, as the lock tells it. */
export interface LockedFile {
  readonly filename: string;
  /** Over HTTP; null where only an index can tell. */
  readonly url: string | null;
  /** Lower-case hex, null where the lock has none of that kind. */
  readonly sha256: string | null;
  readonly size: Bytes | null;
}

/** A set for which a lock holds a distribution. */
export interface LockedSet {
  /** '' for the main set, `extra:NAME`, `group:NAME`. */
  readonly set: string;
  /** For which targets, null for all. */
  readonly marker: Marker | null;
}

/** A project that a lock was made for, and what it asks for itself. */
export interface LockedProject {
  readonly name: DistributionName;
  /** Relative to the root. */
  readonly folder: string;
  /** By set, as in `LockedSet`. */
  readonly sets: ReadonlyMap<string, readonly LockedDependency[]>;
  readonly location: SourceLocation;
}

/** One distribution as a lock holds it. Several of one name are for different targets. */
export interface LockPin {
  readonly name: DistributionName;
  /** null where the lock gives none: a project whose version is dynamic, a folder. */
  readonly version: Version | null;
  /** For which targets, null for all. */
  readonly marker: Marker | null;
  /** Pythons it is for, as written. */
  readonly requiresPython: string | null;
  readonly source: DeclaredRequirement['source'];
  /** Address of the index, else the address or `file:` path of the thing itself; null where the lock does not say. */
  readonly origin: string | null;
  /** `sha256:…` of its files, empty where the lock has none. */
  readonly hashes: readonly string[];
  readonly dependencies: readonly LockedDependency[];
  readonly location: SourceLocation;
  /** Its files, absent where the lock has only hashes; empty where it has none at all. */
  readonly files?: readonly LockedFile[];
  /** The sets that it is installed for; absent where that follows from who needs it. */
  readonly sets?: readonly LockedSet[];
  /** Extras that are installed with it, where the lock says that beside nobody's need. */
  readonly extras?: readonly string[];
  /** For `conda`: the package as conda names and pins it. */
  readonly conda?: CondaPackage;
}

/** A requirement of a project as it was when the lock was made. */
export interface LockedDeclaration {
  /** Folder of the project, or the script, relative to the root. */
  readonly member: string;
  /** '' for the main set, `extra:NAME`, `group:NAME`. */
  readonly set: string;
  readonly name: DistributionName;
  /** null where it comes from a place instead. */
  readonly specifier: string | null;
}

/** What a lock holds besides the sets that it stands for on its own. */
export interface LockFacts {
  readonly pins: readonly LockPin[];
  /** Where to look when it no longer fits its manifest: the hash of that, else its first line. */
  readonly staleAt: SourceLocation;
  /** Of the manifest that it was made from, absent where it has none. */
  readonly contentHash?: string;
  /** The projects that it is for, with their folders relative to the root. */
  readonly members: readonly { readonly name: DistributionName; readonly folder: string }[];
  /** What these declared, absent where the lock does not say. */
  readonly declared?: readonly LockedDeclaration[];
  /** What these ask for in the lock's own words, absent where only the manifest says it. */
  readonly projects?: readonly LockedProject[];
  /** Nothing says which package needs which: only the metadata of the files does. */
  readonly needsUntold?: true;
}

/** What a file says of the Pythons that it is for: specifiers as written. */
export interface PythonBounds {
  readonly text: string;
  readonly location: SourceLocation;
}

/** The part of a lock that is installed for an environment. */
export interface LockedPart {
  readonly facts: LockFacts;
  /** Path of the lock. */
  readonly path: string;
  /** As in `LockedSet`. */
  readonly sets: readonly string[];
  /** Folder of the project that is meant, null where the lock stands for itself. */
  readonly folder: string | null;
  /** The Pythons that it was made for, absent where it does not say. */
  readonly pythons?: PythonBounds;
}

/** What one dependency file says, after its includes were followed. Built by `inputs/`. */
export interface ParsedInput {
  readonly path: string;
  /** The name of the member of the input axis, e.g. `requirements-txt`, `pyproject`. */
  readonly kind: string;
  readonly role: Role;
  /** True where the requirements are exact pins to be taken as they are (a lock). */
  readonly locked: boolean;
  readonly groups: readonly RequirementGroup[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  /** Files that this one includes (`-r`), relative to the root. */
  readonly includes: readonly string[];
  readonly projectName: string | null;
  /** Specifiers of requires-python as written, else null. */
  readonly requiresPython: string | null;
  readonly requiresPythonAt?: SourceLocation;
  /** The one Python, `3.11`, that a conda environment installs. */
  readonly python?: { readonly version: string; readonly location: SourceLocation };
  /** Compiled by a tool (pip-compile, uv): the files it was made from as its header names them, maybe none. */
  readonly compiledFrom?: readonly string[];
  /** Its first line says that depweight wrote it: an output, and an input only where something names it. */
  readonly writtenByDepweight?: boolean;
  /** Keys of `[tool]` of a pyproject.toml. */
  readonly toolTables?: readonly string[];
  /** Groups that `uv sync` installs unasked, where a pyproject.toml says which. */
  readonly defaultGroups?: readonly string[] | 'all';
  /** Groups that `poetry install` leaves out unless it is asked for them. */
  readonly optionalGroups?: readonly string[];
  /** A manifest whose main set is absent or given elsewhere (`dynamic`, no dependencies). */
  readonly mainSetElsewhere?: boolean;
  /** What a lock that could be read holds. */
  readonly lock?: LockFacts;
  /** Of a manifest: hashes by kind of lock, of which one that was made from it has one. */
  readonly lockHashes?: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

/** A set that is installed together; it is resolved alone (CONTRACT.md, Semantics). */
export interface Environment {
  /** `prod`, `dev`, `extra:NAME`, `group:NAME`, or for an alternative its file name. */
  readonly id: string;
  /** Folder of the project relative to the root, `.` for the root. */
  readonly project: string;
  /** Paths of the files that it is made of. */
  readonly inputs: readonly string[];
  readonly requirements: readonly DeclaredRequirement[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  /** Some of its requirements could not be read. */
  readonly partial?: true;
  /** Versions that the lock of its manifest holds: kept wherever the requirements allow it. */
  readonly pins?: readonly LockPin[];
  /** The lock is the answer; absent where other files take part, whose needs no lock knows. */
  readonly locked?: LockedPart;
  /** Where to point when `pins` no longer fit. */
  readonly lockedAt?: SourceLocation;
  /** What the manifest declares otherwise than when it was locked: `dashboard no longer has pygwalker`. */
  readonly changedSinceLock?: readonly string[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Target

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

// ---------------------------------------------------------------------------------------------------------------------
// Index

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

// ---------------------------------------------------------------------------------------------------------------------
// Weights

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

// ---------------------------------------------------------------------------------------------------------------------
// Graph

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

// ---------------------------------------------------------------------------------------------------------------------
// Imports

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

// ---------------------------------------------------------------------------------------------------------------------
// Findings and the document (CONTRACT.md, JSON)

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
export type BesidesKind = 'left-behind' | 'installer';

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

/** What became of a proposed file. */
export type SplitStatus = 'proposed' | 'written' | 'unchanged' | 'refused';

/**
 * What a proposed file is. `compat`: a requirements.txt that leads to one of the others; `original`: a byte-exact copy of what
 * that takes the place of; `manifest`: a pyproject.toml edited in place.
 */
export type SplitKind =
  | 'prod'
  | 'dev'
  | 'slim'
  | 'minimal'
  | 'program'
  | 'compat'
  | 'original'
  | 'manifest';

/** An import of product code that would fail in a proposed set. */
export interface ImportAtRisk {
  readonly module: string;
  readonly path: string;
  readonly line: number;
  /** The code copes with its absence: `try` with a handler for ImportError. */
  readonly guarded: boolean;
  /** Inside a function: it fails when that is called, not when the program starts. */
  readonly lazy: boolean;
}

/** What installing a set into an environment of its own, and importing from it, came to. */
export interface Verification {
  /** Who installed, with its version. */
  readonly tool: string;
  readonly python: string;
  readonly packages: number;
  /** Of all files that were installed, compiled ones apart. */
  readonly installedBytes: Bytes;
  readonly imported: readonly string[];
  readonly failed: readonly { readonly module: string; readonly error: string }[];
  /** `name==version` of what has no wheel, and was not installed. */
  readonly leftOut: readonly string[];
}

/** A set of an edited pyproject.toml: what it weighs, and weighed before where there was one. */
export interface SplitSet {
  readonly environment: string;
  readonly before: Totals | null;
  readonly after: Totals;
}

export interface SplitRow {
  readonly file: string;
  readonly kind: SplitKind;
  /** Absent: proposed. */
  readonly status?: SplitStatus;
  /** Why it was refused; of a proposal, why it would be. */
  readonly refusal?: string;
  readonly content: string;
  /** Of a byte-exact copy: the file that it is of. */
  readonly copyOf?: string;
  /** Of a file for one program: its name, as in `entryPoints`. */
  readonly entryPoint?: string;
  /** Of a file that is edited in place: what changes, as `git diff` shows it. */
  readonly diff?: string;
  /** What a Dockerfile has to say otherwise to install it, as `git diff` shows it; never written. */
  readonly imageDiff?: string;
  /** Of such a file: its sets that change. */
  readonly sets?: readonly SplitSet[];
  readonly totals: Totals;
  /** The set that it stands for, as `name==version`, sorted. */
  readonly packages: readonly string[];
  readonly proof: {
    readonly resolved: boolean;
    readonly changedVersions: readonly {
      readonly name: string;
      readonly before: string;
      readonly after: string;
      readonly cappedBy: string | null;
    }[];
    readonly unprovidedModules: readonly string[];
    /** Each import of one of `unprovidedModules`, by path and line. */
    readonly importErrors: readonly ImportAtRisk[];
    /** Modules of others that product code imports and the set provides, sorted. */
    readonly providedModules: readonly string[];
    /** With `--verify` alone. */
    readonly verification?: Verification;
  };
}

export interface TargetRow {
  readonly python: string;
  readonly implementation: string;
  /** The free-threaded build of CPython; absent for others. */
  readonly freeThreaded?: true;
  readonly os: string;
  readonly arch: string;
  readonly libc: string | null;
  readonly platformTag: string;
  readonly from: string;
}

export interface InputRow {
  readonly path: string;
  readonly kind: string;
  readonly role: Role;
  readonly primary: boolean;
}

export interface EnvironmentRow {
  readonly id: string;
  readonly project: string;
  readonly inputs: readonly string[];
  readonly totals: Totals;
  /** `name==version`, sorted. */
  readonly packages: readonly string[];
  /** Some of its requirements could not be read: its totals are lower bounds though every size may be known. */
  readonly partial?: true;
  /** The job of CI that installs it; absent for sets of a project. */
  readonly job?: JobRow;
  /** The services of a compose file that run it; absent for sets of a project. */
  readonly service?: ServiceRow;
  /** What its image holds besides; the totals have it. */
  readonly besides?: readonly BesidesRow[];
}

/** An image that services of a compose file run. */
export interface ServiceRow {
  /** The one that builds it first. */
  readonly names: readonly string[];
  /** Of the service in the compose file. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly dockerfile: string;
  /** Null for the last one. */
  readonly stage: string | null;
  readonly target: TargetRow;
}

/** A part of an image that nothing of its set needs. */
export interface BesidesRow {
  readonly kind: BesidesKind;
  /** What was taken out or replaced, or the installers that were asked for. */
  readonly names: readonly string[];
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly totals: Totals;
}

/** A job of CI with the machine on which it is weighed: of several in its matrix, that of the most bytes. */
export interface JobRow {
  readonly name: string;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** As the file calls it, with what else of the matrix tells it from the others; '' where nothing does. */
  readonly machine: string;
  readonly target: TargetRow;
  /** The others of the matrix, most bytes first; totals are null where there is no solution. */
  readonly others: readonly {
    readonly machine: string;
    readonly target: TargetRow;
    readonly totals: Totals | null;
  }[];
}

/** One project of a repository that holds several. */
export interface ProjectDocument extends Omit<
  AuditDocument,
  'schemaVersion' | 'tool' | 'command' | 'target' | 'projects'
> {
  /** Its folder, `.` for the top; all paths in here are relative to the top as well. */
  readonly path: string;
  /** Null where it failed before there was one; `error` says why. */
  readonly target: TargetRow | null;
}

/** A program of the product with what it needs of the headline environment, or of that with an extra. */
export interface EntryPointRow {
  /** `app.main`, or the path of a notebook. */
  readonly name: string;
  /** The file that it starts with. */
  readonly path: string;
  readonly startedBy: { readonly path: string; readonly line: number };
  /** Files of the project that it comes to. */
  readonly files: number;
  /** Declared names that it uses. Sorted. */
  readonly declared: readonly string[];
  /** The extra without which it does not start; of that only what it imports is counted. */
  readonly extra?: string;
  /** Of all that these need, versions held. */
  readonly totals: Totals;
}

/** The JSON document: everything that any report is made of. */
export interface AuditDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'depweight'; readonly version: string };
  readonly command: string;
  /** Name of the project for headings: [project].name, else the folder's name. */
  readonly project: string;
  readonly target: TargetRow;
  readonly inputs: readonly InputRow[];
  readonly environments: readonly EnvironmentRow[];
  readonly declared: readonly DeclaredRow[];
  readonly packages: readonly PackageRow[];
  readonly totals: Totals;
  readonly findings: readonly Finding[];
  readonly splits: readonly SplitRow[];
  /** Programs of the product, heaviest first; absent where there is one or none. */
  readonly entryPoints?: readonly EntryPointRow[];
  /** Where it goes, the nearest to its limit or furthest above it first; absent where nothing shows that. */
  readonly places?: readonly PlaceRow[];
  /** What findings say of single lines of its Dockerfile, as `git diff` shows it; never written. */
  readonly imagePatch?: string;
  /** Absent where torch is not there, or has one build alone for the target. */
  readonly accelerators?: AcceleratorBuilds;
  /** Money and seconds; absent where no price was given. */
  readonly expenses?: Expenses;
  /** Python files scanned; null where no source was read. */
  readonly scannedFiles: number | null;
  readonly warnings: readonly Warning[];
  readonly error: {
    readonly message: string;
    /** What would help, where that can be told. */
    readonly hint?: string;
    readonly requirements: readonly {
      readonly raw: string;
      readonly path: string;
      readonly line: number;
      readonly column: number;
    }[];
  } | null;
  /** Of a repository with several projects: each of them, the one that the rest of the document speaks of included. */
  readonly projects?: readonly ProjectDocument[];
}

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

/** How each tool is told to take a build, line by line. `ADDRESS` stands for an index that nobody configured. */
export interface BuildSnippets {
  readonly pip: readonly string[];
  readonly uv: readonly string[];
  readonly poetry: readonly string[];
}

/** One build of a package that has several. Bytes are null where they are on an index that is not configured. */
export interface AcceleratorBuild {
  readonly build: 'cpu' | 'cuda' | 'rocm';
  /** With its label where that is known: `2.4.1+cpu`. */
  readonly version: string;
  /** It is the one that is installed. */
  readonly current: boolean;
  /** Of its own wheel. */
  readonly installedBytes: Bytes | null;
  readonly downloadBytes: Bytes | null;
  /** What it brings for a GPU. */
  readonly beside: {
    readonly packages: number | null;
    readonly installedBytes: Bytes | null;
    readonly downloadBytes: Bytes | null;
  };
  readonly snippets: BuildSnippets;
}

/** A build for another target, of which the size is known. */
export interface BuildElsewhere {
  readonly os: string;
  readonly arch: string;
  readonly version: string;
  readonly installedBytes: Bytes;
  readonly downloadBytes: Bytes;
}

/** The builds of torch for the target, side by side. */
export interface AcceleratorBuilds {
  readonly package: string;
  /** Without a label. */
  readonly version: string;
  readonly builds: readonly AcceleratorBuild[];
  /** CPU builds for other targets, where that for this one is of unknown size. To 1 MB. */
  readonly elsewhere: readonly BuildElsewhere[];
  /** The day on which those were measured. */
  readonly tableDate: string;
}

/** Prices and rates, as the user gave them: none is guessed. */
export interface Prices {
  /** Before an amount: `$`, `EUR `, '' where none was said. */
  readonly currency: string;
  /** Money for a GB (10⁹ bytes) and month; null where it was not given. */
  readonly storage: number | null;
  /** Money for a GB. */
  readonly transfer: number | null;
  /** How often it is pulled; null: once. */
  readonly pulls: number | null;
  readonly versionsKept: number;
  /** Bytes in a second. */
  readonly bandwidth: number | null;
}

/** What one set costs; null where its price was not given. Rounded to six decimals. */
export interface Expense {
  /** What it is computed from: an estimate of what a registry stores and a host pulls. */
  readonly downloadBytes: Bytes;
  /** Money in a month. */
  readonly storage: number | null;
  /** Money for all pulls. */
  readonly transfer: number | null;
  /** Of one pull. */
  readonly seconds: number | null;
}

/** What a set costs, and would cost after the change that the document speaks of; null where there is none. */
export interface Expenses {
  readonly prices: Prices;
  readonly before: Expense;
  readonly after: Expense | null;
  /** Something is of unknown size. */
  readonly lowerBound: boolean;
}

/** What a budget limits: bytes, but for `packages`. */
export type BudgetMeasure = 'installed' | 'download' | 'packages' | 'unused' | 'growth';

/** A limit, and what the headline environment has of it. */
export interface BudgetRow {
  /** The measure, or the name of a preset. */
  readonly key: string;
  readonly measure: BudgetMeasure;
  readonly limit: number;
  /** Null where nothing is known of it; a lower bound where the status is `unknown`. */
  readonly actual: number | null;
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly environment: string;
  /** Of `growth`, where the limit was given as a part of what was there before. */
  readonly percent?: number;
}

/** A place that the repository shows that it goes to: `key` is the preset that limits it. */
export interface PlaceRow extends BudgetRow {
  /** The machine there, for which `actual` holds. */
  readonly target: TargetRow;
  /** What stays of `actual` once what the product does not need has left; null as `actual` is. */
  readonly remaining: Bytes | null;
  /** It is made smaller there, nobody knows by how much. */
  readonly upperBound?: true;
  /** What was supposed, left out or not known, in halves of sentences. */
  readonly notes: readonly string[];
  /** The lines that show it, in the order of the paths. */
  readonly locations: readonly SourceLocation[];
}

/** What has changed since the ref that a budget of growth is held against. */
export interface GrowthFacts extends WeightChange {
  readonly ref: RefRow;
  readonly added: readonly MovedPackage[];
  readonly removed: readonly MovedPackage[];
  readonly difference: WeightDifference;
  readonly targetBefore: TargetRow | null;
}

/** The document of `check`. */
export interface CheckDocument extends AuditDocument {
  readonly budgets: readonly BudgetRow[];
  /** Absent where no ref was named, or one of the sides has no solution. */
  readonly growth?: GrowthFacts;
}

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

/** The commit that the work tree is compared with. */
export interface RefRow {
  /** As it was asked for. */
  readonly name: string;
  /** Hexadecimal. */
  readonly commit: string;
  /** True: the last commit that it has in common with HEAD. */
  readonly mergeBase: boolean;
}

/** A package that comes or goes, with what brings it or brought it. */
export interface MovedPackage extends PackageWeight {
  /** Names from a declared requirement to it, both included; the declared one alone where it is that itself. */
  readonly through: readonly string[];
  /** Where that one is declared, or was. */
  readonly declaredAt: readonly SourceLocation[];
}

/** What `diff` says of a project. */
export interface DiffFacts extends WeightChange {
  readonly difference: WeightDifference;
  readonly added: readonly MovedPackage[];
  readonly removed: readonly MovedPackage[];
  /** `new`: not there at the ref; `gone`: there alone. */
  readonly presence: 'both' | 'new' | 'gone';
  /** What the ref itself would be resolved for, where that is another target; both sides are resolved for one. */
  readonly targetBefore: TargetRow | null;
  /** Findings that the ref has not, and those that it alone has. */
  readonly newFindings: readonly Finding[];
  readonly solvedFindings: readonly Finding[];
}

/** A project of a repository with several; the facts are absent where one side has no solution. */
export interface DiffProject extends ProjectDocument, Partial<DiffFacts> {}

/** The document of `diff`. */
export interface DiffDocument extends AuditDocument, Partial<DiffFacts> {
  readonly ref: RefRow;
  readonly projects?: readonly DiffProject[];
}

/** The document of `scan`. */
export interface ScanDocument {
  readonly schemaVersion: 1;
  /** Python files read. */
  readonly files: number;
  readonly imports: readonly ImportUse[];
  readonly references: readonly Reference[];
  readonly warnings: readonly Warning[];
}
