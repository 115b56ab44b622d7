/** Two comparisons of one target each, side by side: what the second set has that the first has not, and the other way round. */
import type { CompareDocument, InputsDocument, Warning } from '../types.ts';
import { changeBetween, differenceOf } from './weight-change.ts';

/** One of the two, by the path that the user gave. */
export interface ComparedInput {
  readonly path: string;
  readonly document: CompareDocument;
}

/** One document of both; its other parts speak of the first. Without the change where one of them has no solution. */
export function joinInputs(
  first: ComparedInput,
  second: ComparedInput,
): CompareDocument | InputsDocument {
  const rows = [first, second].map(({ path, document }) =>
    document.targets.slice(0, 1).map((row) => ({ ...row, input: path })),
  );
  const targets = rows.flat();
  const { document } = first;
  const joined = {
    ...document,
    targets,
    chosen: null,
    warnings: [...document.warnings, ...second.document.warnings.map((one) => of(second, one))],
    error: document.error ?? second.document.error,
  };
  const [before, after] = targets;
  if (joined.error !== null || before === undefined || after === undefined) return joined;
  const change = changeBetween(before, after);
  return { ...joined, ...change, difference: differenceOf(change) };
}

/** Paths of warnings are meant from the input that they are about. */
function of({ path }: ComparedInput, warning: Warning): Warning {
  return { ...warning, message: `${path}: ${warning.message}` };
}
