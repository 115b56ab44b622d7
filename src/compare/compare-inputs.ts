/** Two comparisons of one target each, side by side: what the second set has that the first has not, and the other way round. */
import type {
  CompareDocument,
  InputsDocument,
  PackageWeight,
  TargetComparison,
  TargetPackage,
  Warning,
  WeightChange,
} from '../types.ts';

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
  return { ...joined, ...changeBetween(before, after) };
}

/** Paths of warnings are meant from the input that they are about. */
function of({ path }: ComparedInput, warning: Warning): Warning {
  return { ...warning, message: `${path}: ${warning.message}` };
}

function changeBetween(before: TargetComparison, after: TargetComparison): WeightChange {
  const old = byName(before);
  const now = byName(after);
  return {
    before: before.totals,
    after: after.totals,
    added: after.packages.filter(({ name }) => !old.has(name)).map(weightOf),
    removed: before.packages.filter(({ name }) => !now.has(name)).map(weightOf),
    changed: after.packages.flatMap((row) => {
      const former = old.get(row.name);
      if (former === undefined || former.version === row.version) return [];
      return [{ name: row.name, before: weightOf(former), after: weightOf(row) }];
    }),
  };
}

function byName({ packages }: TargetComparison): ReadonlyMap<string, TargetPackage> {
  return new Map(packages.map((row) => [row.name, row]));
}

function weightOf({ name, version, installedBytes, downloadBytes }: TargetPackage): PackageWeight {
  return { name, version, installedBytes, downloadBytes };
}
