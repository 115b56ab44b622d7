/** What the code does where an import fails. */
import type { ImportUse } from '../types.ts';

/** Under a `try` that goes on without it. */
export function isTried({ context, insisted }: Pick<ImportUse, 'context' | 'insisted'>): boolean {
  return context.includes('try') && insisted !== true;
}

/**
 * What is tried where another import of the same distribution fails (`from x.json import Y`, else `from x import json`): one
 * of the two has to do.
 */
export function isLastResort(use: ImportUse, uses: readonly ImportUse[]): boolean {
  return (
    use.fallback === true &&
    !isTried(use) &&
    uses.some((other) => other !== use && other.path === use.path && isTried(other))
  );
}

/** Whether the code goes on where the import fails. */
export function isGuarded(use: ImportUse): boolean {
  const { context, fallback, dynamic } = use;
  return isTried(use) || context.includes('type-checking') || fallback === true || dynamic;
}
