/** A compose file, where somebody names one: what the images of its services install. */
import { emptyInput } from './empty-input.ts';
import type { Input } from './input.ts';

/** The kind of its input. */
export const composeKind = 'compose';

/** The services are put together where the files that they install are known: by itself the file declares nothing. */
export const composeFile: Input = {
  name: composeKind,
  parse: ({ path, warnings }) => emptyInput(path, composeKind, warnings),
};
