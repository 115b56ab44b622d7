/** Names of programs that install others. */
import { normalizeName } from '../pep/name.ts';

const installers: ReadonlySet<string> = new Set([
  'pip',
  'pip-tools',
  'pipx',
  'setuptools',
  'wheel',
  'uv',
  'poetry',
  'poetry-core',
  'poetry-plugin-export',
  'pdm',
  'pipenv',
  'hatch',
  'hatchling',
  'flit',
  'virtualenv',
  'build',
]);

/** True for a name that installs others and is nothing that a project needs. */
export function isInstaller(name: string): boolean {
  return installers.has(normalizeName(name));
}
