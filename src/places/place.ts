/** Where a repository goes when it is deployed, as its files show it. One kind of file, one function, one row of `index.ts`. */
import type { YamlNode } from '../inputs/yaml.ts';

/** A file of the repository. */
export interface PlaceFile {
  readonly path: string;
  /** Without line ends. */
  readonly lines: readonly string[];
  /** The file as YAML, which JSON is too; null where it is none. Loads the parser. */
  readonly yaml: () => Promise<YamlNode | null>;
}

/** What lies around the file. */
export interface Surroundings {
  /** All files that were scanned, Python and others, by their paths. */
  readonly paths: ReadonlySet<string>;
  /** The lines of another file, empty where it cannot be read. */
  readonly linesOf: (path: string) => readonly string[];
  /** The folder of the file with a trailing `/`, '' for the root. */
  readonly folder: string;
  /** That folder is the project's own. */
  readonly isProject: boolean;
}

/** What the code runs on there. */
export interface PlaceRuntime {
  /** `3.12`; null where nothing says it, so that the Python of the report is taken. */
  readonly python: string | null;
  readonly arch: 'x86_64' | 'aarch64';
  /** What had to be supposed, in halves of sentences. */
  readonly open: readonly string[];
}

/** A line that shows it, and what of data/budgets.json it shows. */
export interface Sign {
  /** Name of a preset. */
  readonly preset: string;
  /** 1-based. */
  readonly line: number;
  /** Null for what the report is for: the file says no more than that it goes there. */
  readonly runtime: PlaceRuntime | null;
  /** Declared names that are left out of what is packed. */
  readonly excluded?: readonly string[];
  /** Half a sentence on what makes it smaller, where nobody knows by how much. */
  readonly shrinks?: string;
  /** Folder of the repository whose requirements are packed; absent: that of the project to which the file belongs. */
  readonly packs?: string;
}

/**
 * A kind of file that shows where the project goes. To add one, write a function in a file named for the place and add it
 * to `index.ts`. It is called with files whose path it matches, and finds nothing unless the file itself says that Python
 * goes there: a wrong place is worse than none. Functions of one file that run on different machines are signs of their own.
 */
export interface PlaceKind {
  readonly matches: RegExp;
  /** A word that such a file holds: others are not looked at line by line. */
  readonly mentions: string;
  /** It takes the requirements that lie beside it, so that it says nothing of a project further up. */
  readonly isBeside?: boolean;
  /** It names the folders of what is packed, which may be of other projects than its own. */
  readonly namesFolders?: boolean;
  readonly find: (
    file: PlaceFile,
    around: Surroundings,
  ) => readonly Sign[] | Promise<readonly Sign[]>;
}

/** The first line that matches and is no comment, 1-based; 0 where there is none. */
export function findLine(lines: readonly string[], pattern: RegExp): number {
  return lines.findIndex((line) => !/^\s*(?:#|\/\/)/.test(line) && pattern.test(line)) + 1;
}

/** A sign at the first line that matches; none where no line does. */
export function signAt(
  preset: string,
  lines: readonly string[],
  pattern: RegExp,
  runtime: PlaceRuntime | null = null,
): readonly Sign[] {
  const line = findLine(lines, pattern);
  return line === 0 ? [] : [{ preset, line, runtime }];
}

/** `3.12` of `python3.12` and `python312`; null for anything else. */
export function pythonOf(runtime: string): string | null {
  const minor = /^\s*python-?3\.?(\d{1,2})\s*$/.exec(runtime)?.[1];
  return minor === undefined ? null : `3.${minor}`;
}

/** A machine of Intel's kind with the Python that a file names, or does not. */
export function usualRuntime(python: string | null, open: readonly string[] = []): PlaceRuntime {
  return { python, arch: 'x86_64', open: python === null && open.length === 0 ? [noPython] : open };
}

const noPython = 'no file says for which Python, so that of this report is taken';
