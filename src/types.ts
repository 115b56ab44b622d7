/**
 * The vocabulary of depweight: types only, no code. Terms are those of the PyPA specifications.
 * A *distribution* is installed, an *import module* is imported; "package" alone is used only where the
 * JSON contract does.
 */
export type * from './types/foundations.ts';
export type * from './types/packaging.ts';
export type * from './types/requirements.ts';
export type * from './types/locks.ts';
export type * from './types/inputs.ts';
export type * from './types/graph.ts';
export type * from './types/usage.ts';
export type * from './types/findings.ts';
export type * from './types/packages.ts';
export type * from './types/splits.ts';
export type * from './types/places.ts';
export type * from './types/document.ts';
export type * from './types/answers.ts';
export type * from './types/accelerators.ts';
export type * from './types/expenses.ts';
export type * from './types/compare.ts';
export type * from './types/diff.ts';
export type * from './types/check.ts';
export type * from './types/scan.ts';
