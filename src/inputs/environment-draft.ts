import type { ParsedInput, RequirementGroup } from '../types.ts';

/** A set before local projects are followed of the environment that it becomes. */
export interface Draft {
  readonly id: string;
  readonly parts: readonly Part[];
}

/** A group with the file that it stands in. */
export interface Part {
  readonly input: ParsedInput;
  readonly group: RequirementGroup;
}

/** The main set of a file. */
export function mainParts(input: ParsedInput): readonly Part[] {
  return input.groups.filter(({ kind }) => kind === 'main').map((group) => ({ input, group }));
}
