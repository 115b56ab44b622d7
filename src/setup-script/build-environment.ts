/** What a setup script sees where wheels are built: an isolated environment with nothing but what the build asks for. */
import { isStandardModule, wasStandardModule } from '../imports/standard-library.ts';
import { normalizeName } from '../pep/name.ts';
import type { Condition } from './conditions.ts';
import type { Availability, Surroundings } from './run.ts';

/** What is known of the folder of the script and of its build. */
export interface BuildFolder {
  readonly read: Surroundings['read'];
  readonly exists: Surroundings['exists'];
  /** Modules of which it is not known whether they can be imported: those in the folder itself. */
  readonly perhaps: ReadonlySet<string>;
  /** Names of what the build requires, normalised, besides setuptools and wheel. */
  readonly buildRequires: readonly string[];
}

const pythons: readonly string[] = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
const always: ReadonlySet<string> = new Set(['setuptools', 'distutils', '_distutils_hack']);
/** Setuptools had pkg_resources until a short time ago; wheel came with it. */
const formerly: ReadonlySet<string> = new Set(['pkg_resources', 'wheel']);

/** The surroundings of a script in such an environment. */
export function createBuildEnvironment(folder: BuildFolder): Surroundings {
  return {
    read: folder.read,
    exists: folder.exists,
    isAvailable(module): Availability {
      if (always.has(module)) return true;
      if (formerly.has(module)) return null;
      if (wasStandardModule(module)) return standardAvailability(module);
      if (folder.perhaps.has(module)) return null;
      if (folder.buildRequires.includes(normalizeName(module))) return true;
      // What the build requires brings in others, and may be imported by another name.
      return folder.buildRequires.length === 0 ? false : null;
    },
  };
}

function standardAvailability(module: string): Availability {
  const holders = pythons.filter((python) => isStandardModule(module, python));
  const [first] = holders;
  const last = holders.at(-1);
  if (first === undefined || last === undefined) return false;
  const after = pythons[pythons.indexOf(last) + 1];
  if (first === pythons[0] && after === undefined) return true;
  return {
    from: first === pythons[0] ? null : since(first),
    until: after === undefined ? null : since(after),
  };
}

function since(python: string): Condition {
  return { variable: 'python_version', operator: '>=', value: python };
}
