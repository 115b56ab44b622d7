import type { IndexOptions } from '../types.ts';

/** Options of several files that are installed together: lists are joined, the last index stands. */
export function mergeOptions(first: IndexOptions, second: IndexOptions): IndexOptions {
  const join = (
    a: readonly string[] | undefined,
    b: readonly string[] | undefined,
  ): readonly string[] => [...new Set([...(a ?? []), ...(b ?? [])])];
  const lists = {
    extraIndexUrls: join(first.extraIndexUrls, second.extraIndexUrls),
    laterIndexUrls: join(first.laterIndexUrls, second.laterIndexUrls),
    findLinks: join(first.findLinks, second.findLinks),
    noBinary: join(first.noBinary, second.noBinary),
    onlyBinary: join(first.onlyBinary, second.onlyBinary),
  };
  const filled = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  const indexNames = { ...first.indexNames, ...second.indexNames };
  const names = Object.keys(indexNames).length === 0 ? {} : { indexNames };
  return { ...first, ...second, ...filled, ...names };
}
