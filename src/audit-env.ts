/** What the pipeline is asked for, and the ports through which it sees the world. */
import type { Cache } from './package-index/cache.ts';
import type { IndexClient } from './package-index/index-client.ts';
import type { IndexSource } from './package-index/index-source.ts';
import type { SplitWishes } from './edit/compat-files.ts';
import type { FileAccess } from './inputs/file-access.ts';
import type { SourceAccess } from './imports/source-access.ts';
import type { IndexOptions, Overrule, Warning } from './types.ts';

/** What one command wants to know. Every field was validated by `options.ts`. */
export interface AuditRequest {
  readonly command: string;
  /** `.` for the folder, else a dependency file relative to the root. */
  readonly path: string;
  readonly python: string | null;
  readonly platform: string | null;
  /** The targets of `compare`, which has no other; absent for other commands. */
  readonly targets?: WantedTargets;
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly groups: readonly string[];
  /** Id of the environment that the report speaks of; null: the project's own headline. */
  readonly environment: string | null;
  readonly constraintFiles: readonly string[];
  readonly overrideFiles: readonly string[];
  readonly index: IndexOptions;
  readonly pageSource: 'simple' | 'json';
  readonly excludeNewer: string | null;
  readonly offline: boolean;
  readonly weights: boolean;
  /** False for `tree`: no code is read, and only the headline environment is resolved. */
  readonly readsSources: boolean;
  readonly makesSplits: boolean;
  /** What `split` is asked for; absent: files, and the style that the project has. */
  readonly split?: SplitWishes;
  /** Whether all projects of the repository are asked for; else the first alone, with a word on the others. */
  readonly everyProject: boolean;
  /** Names that the configuration keeps. */
  readonly overrules: readonly Overrule[];
  /** What `why` asks about, as written; null for other commands. */
  readonly subject: string | null;
  /** What `cost` would add, as written; null for other commands. */
  readonly addition: string | null;
}

/** Names of what is compared; an empty list leaves the choice to the project. */
export interface WantedTargets {
  readonly platforms: readonly string[];
  readonly pythons: readonly string[];
  /** True where a single target is meant to stand alone. */
  readonly isAlone?: boolean;
}

/** What is asked of one project, and what is wrong with its configuration. */
export interface ProjectRequest {
  readonly request: AuditRequest;
  readonly warnings: readonly Warning[];
}

/** What the index port is opened for. */
export interface IndexRequest {
  readonly sources: readonly IndexSource[];
  readonly findLinks: readonly string[];
  /** File with certificates that the settings name, null for none. */
  readonly certificate: string | null;
  /** Addresses with users that count for what lies beside them. */
  readonly credentials: readonly string[];
  readonly pageSource: 'simple' | 'json';
  readonly excludeNewer: string | null;
  readonly offline: boolean;
}

/** A configuration file of the user or the site that was there. */
export interface UserFile {
  readonly kind: 'pip' | 'uv' | 'netrc';
  /** As shown to the user. */
  readonly path: string;
  readonly text: string;
}

/** A file in a folder of `--find-links`. */
export interface LocalArchive {
  readonly filename: string;
  /** `file:` address. */
  readonly url: string;
  readonly size: number;
  /** Changes when the file does. */
  readonly modified: number;
}

/** The world as the pipeline sees it. */
export interface AuditEnv {
  readonly files: FileAccess;
  /** Name of the root folder. */
  readonly rootName: string;
  readonly sources: SourceAccess;
  /** Values for `${NAME}` and of settings; empty under `--isolated`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Strongest first; empty under `--isolated`. */
  readonly userFiles: readonly UserFile[];
  readonly isolated: boolean;
  /** Where a path lies that a file of the project names; null where it may not be looked at. */
  readonly locate: (path: string) => string | null;
  /** Archives in a folder, or the one that the path names; null when it is not there. */
  readonly listFolder: (path: string) => readonly LocalArchive[] | null;
  readonly openIndex: (request: IndexRequest) => IndexClient;
  readonly cache: Cache;
  readonly signal: AbortSignal;
  readonly progress: ProgressPort;
  /** What is asked of one project of several: its own configuration goes above that of the repository. */
  readonly requestOf: (request: AuditRequest, project: string) => Promise<ProjectRequest>;
  /** Told once, however often it is said. */
  readonly warn: (warning: Warning) => void;
  /** Sentences for `-v`. */
  readonly note: (sentences: readonly string[]) => void;
}

/** Where stages tell how far they are. */
export interface ProgressPort {
  update(
    stage: 'reading' | 'resolving' | 'weighing' | 'scanning',
    done: number,
    total: number,
    label: string,
  ): void;
}
