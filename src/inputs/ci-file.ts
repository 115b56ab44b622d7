/** A file of a CI system, where somebody names one: what its jobs install. */
import { emptyInput } from './empty-input.ts';
import type { Input } from './input.ts';

/** The kind of its input. */
export const ciKind = 'ci';

/** The jobs are put together where the files that they install are known: by itself the file declares nothing. */
export const ciFile: Input = {
  name: ciKind,
  parse: ({ path, warnings }) => ({ ...emptyInput(path, ciKind, warnings), role: 'test' }),
};
