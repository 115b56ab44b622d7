/** A file of a CI system, where somebody names one: what its jobs install. */
import type { Input } from './input.ts';

/** The kind of its input. */
export const ciKind = 'ci';

/** The jobs are put together where the files that they install are known: by itself the file declares nothing. */
export const ciFile: Input = {
  name: ciKind,
  parse: ({ path, warnings }) => ({
    path,
    kind: ciKind,
    role: 'test',
    locked: false,
    groups: [],
    constraints: [],
    overrides: [],
    options: {},
    includes: [],
    projectName: null,
    requiresPython: null,
    warnings,
  }),
};
