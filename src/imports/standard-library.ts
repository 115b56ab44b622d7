/** The modules of Python's standard library, per version (data/stdlib.json). */

import stdlib from '../../data/stdlib.json' with { type: 'json' };

type Row = readonly (string | null)[];

/** Whether a top-level module is part of the standard library of a Python such as `3.11`. */
export function isStandardModule(module: string, python: string): boolean {
  return versionedModules(python).has(module);
}

/** Whether a top-level module is, or once was, part of the standard library from 3.8 on. */
export function wasStandardModule(module: string): boolean {
  return stdlib.always.includes(module) || Object.hasOwn(stdlib.some, module);
}

const cache = new Map<string, ReadonlySet<string>>();

function versionedModules(python: string): ReadonlySet<string> {
  const known = cache.get(python);
  if (known !== undefined) return known;
  const minor = minorOf(python);
  const modules = new Set<string>(stdlib.always);
  for (const [module, row] of Object.entries<Row>(stdlib.some)) {
    const [first, last] = row;
    if (
      (first === null || first === undefined || minor >= minorOf(first)) &&
      (last === null || last === undefined || minor <= minorOf(last))
    )
      modules.add(module);
  }
  cache.set(python, modules);
  return modules;
}

function minorOf(python: string): number {
  return Number(python.split('.')[1] ?? '0');
}
