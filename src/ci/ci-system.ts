/** The axis of CI systems: who runs commands for a repository, job by job. */
import type { InputFile } from '../inputs/input.ts';
import type { YamlNode } from '../inputs/yaml.ts';

/** A piece of shell that a job runs. */
export interface CiScript {
  readonly text: string;
  /** 1-based line of its first line. */
  readonly line: number;
  /** Folder of the repository that it runs in, `.` for the top. */
  readonly folder: string;
}

/** What a job runs on. */
export interface CiMachine {
  /** As the file calls it: `windows-latest`, `python:3.12-alpine`; '' where nothing is said. */
  readonly name: string;
  /** The container or distribution by a name that `readBaseImage` understands, '' where nothing tells. */
  readonly image: string;
  /** `linux/arm64`, null for the usual. */
  readonly platform: string | null;
  /** What is no Linux by a name that `parsePlatformName` reads: `windows`, `macosx_15_0_arm64`. */
  readonly system: string | null;
  /** 1-based: where it is said. */
  readonly line: number;
  /** Name of a preset of data/budgets.json, null for none. */
  readonly preset: string | null;
  /** It is new with every run. */
  readonly isHosted: boolean;
}

/** A job on one machine: what is installed together. One with a matrix stands there once for each kind of row. */
export interface CiJob {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** It stands in another file of the repository, which is read for itself too. */
  readonly isElsewhere?: true;
  /** What the matrix gives this one, by name; empty without a matrix. */
  readonly row: ReadonlyMap<string, string>;
  /** Pythons that are set up, with the line that says it; several for rows that differ in nothing else. */
  readonly pythons: readonly string[];
  readonly pythonLine: number;
  readonly machine: CiMachine;
  readonly scripts: readonly CiScript[];
  /** What else it calls by name: actions, tasks. Nobody knows what they run. */
  readonly calls: readonly string[];
  /** What is downloaded is kept from run to run. */
  readonly hasCache: boolean;
}

/** What a member is told of a file. */
export interface CiFile {
  readonly file: InputFile;
  readonly root: YamlNode;
  /** Another file of the repository as YAML, null where there is none. */
  readonly read: (path: string) => Promise<YamlNode | null>;
}

/**
 * One CI system. To add one, write a file named for it with a `CiSystem` and add it to `index.ts`; `test/ci/NAME.test.ts` has a
 * file of it with two jobs. `readJobs` gives the jobs as they stand there, one with a matrix once for each row: values that only a
 * run knows are left as they are, a job that takes its steps from elsewhere has those that can be found, and what cannot be
 * understood is left out. Nothing throws.
 */
export interface CiSystem {
  readonly name: string;
  /** By the path from the top of the repository. */
  readonly matches: RegExp;
  readonly readJobs: (file: CiFile) => readonly CiJob[] | Promise<readonly CiJob[]>;
}
