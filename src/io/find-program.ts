import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';

/** Where programs are looked for, and where never: what a repository brings is not run. */
export interface ProgramSearch {
  /** The variable PATH. */
  readonly path: string;
  /** Folders that no program is taken from. */
  readonly outside: string;
  readonly isWindows: boolean;
}

/** The program of the first name that is there, null where none is. */
export function findProgram(names: readonly string[], search: ProgramSearch): string | null {
  const outside = realpathSync(search.outside) + sep;
  for (const name of names) {
    for (const folder of search.path.split(delimiter)) {
      // A relative folder would be one of the repository.
      if (!isAbsolute(folder)) continue;
      const path = join(folder, search.isWindows ? `${name}.exe` : name);
      if (isExecutable(path) && !realpathSync(path).startsWith(outside)) return path;
    }
  }
  return null;
}

function isExecutable(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // The only answer that there is.
    return false;
  }
}
