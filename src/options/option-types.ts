/** What a user may decide: names of commands and formats, and the options of a run. */
import type { FailOn } from '../exit-code.ts';
import type { IndexOptions, Prices } from '../types.ts';

/** Names of the commands, in the order of the help. */
export const COMMANDS = [
  'audit',
  'tree',
  'why',
  'split',
  'compare',
  'diff',
  'check',
  'cost',
  'scan',
  'report',
  'cache',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** Names of the report formats, of which `BUILT_FORMATS` can be asked for. */
export const FORMATS = [
  'table',
  'json',
  'markdown',
  'github',
  'sarif',
  'cyclonedx',
  'html',
  'csv',
  'patch',
] as const;
export type FormatName = (typeof FORMATS)[number];

/** A report that is written to a file beside the one on stdout. */
export interface OutputRequest {
  readonly format: FormatName;
  /** As the user wrote it, relative to the working directory. */
  readonly file: string;
}

/** How the cache is used. */
export interface CacheOptions {
  readonly enabled: boolean;
  /** null: the platform's own place. */
  readonly directory: string | null;
  readonly offline: boolean;
  readonly refresh: boolean;
}

/** Which environment is weighed. */
export interface SelectionOptions {
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly groups: readonly string[];
  /** `prod`, `dev`, `extra:NAME`, ...; null: prod. */
  readonly environment: string | null;
  /** Files given by `-c`. */
  readonly constraints: readonly string[];
  /** Files given by `--override`. */
  readonly overrides: readonly string[];
}

/** What `split` is asked to do. */
export interface SplitOptions {
  readonly write: boolean;
  /** null: what the project has. */
  readonly style: 'requirements' | 'extras' | 'groups' | 'poetry' | null;
  readonly compat: 'dev' | 'prod' | 'none';
  readonly keepOriginal: boolean;
  readonly perEntryPoint: boolean;
  readonly verify: boolean;
  readonly force: boolean;
}

/** Everything that a user may decide, from the command line over `[tool.depweight]`, validated. */
export interface Options {
  readonly command: CommandName;
  /** Folder or dependency file; `.` when none was given. */
  readonly path: string;
  /** The second input of `compare`; null where there is one. */
  readonly other: string | null;
  /** The git ref of `diff`, as written; null for other commands. */
  readonly ref: string | null;
  /** What `why` asks about, or the requirement of `cost`. */
  readonly package: string | null;
  /** What `cache` is to do. */
  readonly cacheAction: 'dir' | 'info' | 'prune' | 'clear' | null;
  /** `3.12`, `3.12.4`, `3.13t` or `pypy3.10`; null: inferred. */
  readonly python: string | null;
  /** Checked against the known names by `target/`; null: inferred. */
  readonly platform: string | null;
  /** What `compare` puts side by side, by the names of the two above; empty lists for other commands. */
  readonly targets: {
    readonly platforms: readonly string[];
    readonly pythons: readonly string[];
  };
  readonly selection: SelectionOptions;
  readonly index: IndexOptions;
  /** Which of the index's interfaces is asked first. */
  readonly source: 'simple' | 'json';
  /** Files uploaded at this moment or later do not exist (ISO 8601, UTC); null: all exist. */
  readonly excludeNewer: string | null;
  readonly cache: CacheOptions;
  /** Environment variables and user configuration are not read. */
  readonly isolated: boolean;
  readonly format: FormatName;
  readonly outputs: readonly OutputRequest[];
  readonly all: boolean;
  readonly units: 'si' | 'iec';
  readonly bytecode: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly strict: boolean;
  readonly failOn: FailOn | null;
  readonly allowOutside: boolean;
  /** File with the certificates to trust. */
  readonly certificate: string | null;
  readonly timings: boolean;
  /** False: `tree --no-weights`, which only resolves. */
  readonly weights: boolean;
  readonly split: SplitOptions;
  /** What bytes cost; null where nobody said. */
  readonly prices: Prices | null;
  /** The git ref that `check` measures growth from, as written; null where none is named. */
  readonly against: string | null;
  /** What `check` compares with, as it was said: `budget/read-limits.ts` reads it. */
  readonly budget: BudgetSources;
}

/** Where limits are written. Read by `check` alone, so that no other command loads the table of presets. */
export interface BudgetSources {
  /** The flags of limits, by their long names. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** `budget` of the configuration. */
  readonly setting: unknown;
  /** The file of the configuration, '' for none. */
  readonly path: string;
}

/** What the command line says, before it is validated: values by the long name of the flag. */
export interface Invocation {
  readonly command: CommandName;
  readonly path?: string | undefined;
  readonly other?: string | undefined;
  readonly ref?: string | undefined;
  readonly package?: string | undefined;
  readonly cacheAction?: string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The `[tool.depweight]` table, and the file that it is in. */
export interface Configuration {
  readonly path: string;
  readonly table: Readonly<Record<string, unknown>>;
}
