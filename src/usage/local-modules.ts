/** The modules of projects that a requirement takes from a folder of the repository (`-e ../shared`, members of a workspace). */

import type { SourceAccess, SourceEntry } from '../imports/source-access.ts';
import { joinPath } from '../inputs/file-access.ts';
import type { DeclaredRequirement, DistributionName } from '../types.ts';
import type { OtherModuleList, OtherModules } from './module-owners.ts';

/** The folder, relative to the root, that a requirement is taken from; null for one from elsewhere. */
export function localFolderOf({ requirement, source }: DeclaredRequirement): string | null {
  return source === 'local' && requirement.url !== null
    ? joinPath('.', requirement.url.replace(/^file:|#.*$/g, ''))
    : null;
}

/** What the folders offer, by the names of their distributions. They clear; that nothing imports them accuses of little. */
export function modulesOfFolders(
  declared: readonly DeclaredRequirement[],
  access: Pick<SourceAccess, 'list'>,
): OtherModules {
  const lists = new Map<DistributionName, OtherModuleList>();
  for (const one of declared) {
    const { name } = one.requirement;
    const folder = localFolderOf(one);
    if (folder === null || lists.has(name)) continue;
    const modules = modulesIn(folder, access);
    if (modules.length > 0)
      lists.set(name, {
        modules,
        scripts: [],
        entryPoints: {},
        source: `the folder ${folder}`,
        accuses: false,
      });
  }
  return lists;
}

const NO_PACKAGE =
  /^(?:tests?|docs?|examples?|scripts?|tools?|benchmarks?|build|dist|node_modules)$/;
const NO_MODULE = /^(?:setup|conftest|noxfile|tasks|manage)$/;

function modulesIn(folder: string, access: Pick<SourceAccess, 'list'>): readonly string[] {
  const inSource = ['src', 'python', 'lib'].flatMap((name) =>
    packagesIn(joinPath(folder, name), '', access),
  );
  return inSource.length > 0 ? inSource : packagesIn(folder, '', access);
}

/** Packages and modules of a folder; of a namespace those directly in it. */
function packagesIn(
  folder: string,
  prefix: string,
  access: Pick<SourceAccess, 'list'>,
): readonly string[] {
  const modules: string[] = [];
  for (const entry of access.list(folder) ?? []) {
    const name = entry.kind === 'file' ? fileModule(entry) : entry.name;
    if (name === null || !/^[A-Za-z_]\w*$/.test(name)) continue;
    if (entry.kind === 'file') {
      if (!NO_MODULE.test(name) || prefix !== '') modules.push(prefix + name);
      continue;
    }
    if (entry.kind !== 'folder' || (prefix === '' && NO_PACKAGE.test(name))) continue;
    const path = joinPath(folder, name);
    const inside = access.list(path) ?? [];
    if (inside.some((one) => one.name === '__init__.py')) modules.push(prefix + name);
    else if (prefix === '') modules.push(...packagesIn(path, `${name}.`, access));
  }
  return modules.toSorted();
}

function fileModule({ name }: SourceEntry): string | null {
  const stem = /^(\w+)\.py$/.exec(name)?.[1] ?? null;
  return stem === '__init__' || stem === '__main__' ? null : stem;
}
