/** What a program imports, through all files of the project that it comes to. */
import type { ImportUse } from '../types.ts';
import { isTried } from '../usage/guards.ts';
import type { FirstPartyGraph } from './first-party-graph.ts';

/** What is imported from where a program starts. */
export interface Reach {
  /** In the order in which they are come to, the first included. */
  readonly files: readonly string[];
  /** Imports of what is not the project's own. */
  readonly imports: readonly ImportUse[];
}

/** `all`: whatever may be imported while it runs. `at-start`: what is imported for certain before anything else happens. */
export type ReachKind = 'all' | 'at-start';

/** Walks from a file. Imports for type checkers never count. */
export function reachFrom(graph: FirstPartyGraph, path: string, kind: ReachKind): Reach {
  const files = new Set([path]);
  const imports: ImportUse[] = [];
  // A set hands out what is added while it is walked.
  for (const file of files) {
    for (const use of graph.importsOf(file)) {
      if (use.context.includes('type-checking') || (kind === 'at-start' && !isAtStart(use)))
        continue;
      const own = graph.filesOf(use);
      for (const one of own) files.add(one);
      if (own.length === 0 && use.level === 0 && use.firstParty !== true) imports.push(use);
    }
  }
  return { files: [...files], imports };
}

/** Runs when the module is imported, and stops it where it fails. */
export function isAtStart(use: ImportUse): boolean {
  const { context, dynamic, fallback } = use;
  return (
    !dynamic &&
    fallback !== true &&
    !isTried(use) &&
    !context.some((one) => one === 'function' || one === 'if' || one === 'test')
  );
}
