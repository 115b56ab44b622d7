import type { ParsedInput } from '../types.ts';

/** An input that says nothing: what each format adds to, and what is left of a file that cannot be read. */
export function emptyInput(
  path: string,
  kind: string,
  warnings: ParsedInput['warnings'] = [],
): ParsedInput {
  return {
    path,
    kind,
    role: 'prod',
    locked: false,
    groups: [],
    constraints: [],
    overrides: [],
    options: {},
    includes: [],
    projectName: null,
    requiresPython: null,
    warnings,
  };
}
