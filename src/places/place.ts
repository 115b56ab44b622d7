/** Where a repository goes when it is deployed, as its files show it. One kind of file, one function, one row of `index.ts`. */

/** A file of the repository. */
export interface PlaceFile {
  readonly path: string;
  /** Without line ends. */
  readonly lines: readonly string[];
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

/** A line that shows it, and what of data/budgets.json it shows. */
export interface Sign {
  /** Name of a preset. */
  readonly preset: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * A kind of file that shows where the project goes. To add one, write a function in a file named for the place and add it
 * to `index.ts`. It is called with files whose path it matches, and answers null unless the file itself says that Python
 * goes there, unpacked and not as a container: a wrong place is worse than none.
 */
export interface PlaceKind {
  readonly matches: RegExp;
  /** A word that such a file holds: others are not looked at line by line. */
  readonly mentions: string;
  /** It takes the requirements that lie beside it, so that it says nothing of a project further up. */
  readonly isBeside?: boolean;
  readonly find: (file: PlaceFile, around: Surroundings) => Sign | null;
}

/** The first line that matches and is no comment, 1-based; 0 where there is none. */
export function findLine(lines: readonly string[], pattern: RegExp): number {
  return lines.findIndex((line) => !/^\s*(?:#|\/\/)/.test(line) && pattern.test(line)) + 1;
}

/** A sign at the first line that matches; null where none does. */
export function signAt(preset: string, lines: readonly string[], pattern: RegExp): Sign | null {
  const line = findLine(lines, pattern);
  return line === 0 ? null : { preset, line };
}
