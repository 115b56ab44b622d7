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

/** A job: what is installed together, on a machine of its own. */
export interface CiJob {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** Pythons that are set up, with the line that says it; several for a matrix. */
  readonly pythons: readonly string[];
  readonly pythonLine: number;
  /** The container or machine by a name that `readBaseImage` understands, '' where nothing is said that tells. */
  readonly image: string;
  readonly imageLine: number;
  /** Name of a preset of data/budgets.json for the machine, null for none. */
  readonly machine: string | null;
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
 * file of it with two jobs. `readJobs` gives the jobs as they stand there: values that only a run knows are left as they are, a
 * job that takes its steps from elsewhere has those that can be found, and what cannot be understood is left out. Nothing throws.
 */
export interface CiSystem {
  readonly name: string;
  /** By the path from the top of the repository. */
  readonly matches: RegExp;
  readonly readJobs: (file: CiFile) => readonly CiJob[] | Promise<readonly CiJob[]>;
}
