/** What differs between two weighed sets, and how much of the difference is certain. */
import type {
  DifferenceBound,
  PackageRow,
  PackageWeight,
  Totals,
  WeightChange,
  WeightDifference,
} from '../types.ts';

/** A set with its rows, sorted by name. */
export interface WeighedSet {
  readonly totals: Totals;
  readonly packages: readonly Pick<
    PackageRow,
    'name' | 'version' | 'installedBytes' | 'downloadBytes' | 'file' | 'besides'
  >[];
}

type Row = WeighedSet['packages'][number];

/** What comes, what goes, and what is there otherwise. */
export function changeBetween(before: WeighedSet, after: WeighedSet): WeightChange {
  const old = byName(before);
  const now = byName(after);
  const added = after.packages.filter((row) => !old.has(keyOf(row)));
  const removed = before.packages.filter((row) => !now.has(keyOf(row)));
  // What is needed now and was left behind before, or the other way round, is there all the same.
  const stays = (row: Row, others: readonly Row[]): boolean =>
    others.some((other) => other.name === row.name && isSame(other, row));
  return {
    before: before.totals,
    after: after.totals,
    added: added.filter((row) => !stays(row, removed)).map(weightOf),
    removed: removed.filter((row) => !stays(row, added)).map(weightOf),
    changed: after.packages.flatMap((row) => {
      const former = old.get(keyOf(row));
      if (former === undefined || isSame(former, row)) return [];
      return [{ name: row.name, before: weightOf(former), after: weightOf(row) }];
    }),
  };
}

/** Another index may have another build of the same version. */
function isSame(before: Row, after: Row): boolean {
  return (
    before.version === after.version &&
    before.installedBytes === after.installedBytes &&
    before.file?.filename === after.file?.filename
  );
}

function byName({ packages }: WeighedSet): ReadonlyMap<string, Row> {
  return new Map(packages.map((row) => [keyOf(row), row]));
}

/** An image may hold a name twice: in its set, and besides. */
function keyOf({ name, besides }: Row): string {
  return `${name} ${besides ?? ''}`;
}

function weightOf({ name, version, installedBytes, downloadBytes }: Row): PackageWeight {
  return { name, version, installedBytes, downloadBytes };
}

/** The sums of a change. What both sides have is of no account, also where its size is unknown. */
export function differenceOf(change: WeightChange): WeightDifference {
  const { before, after, added, removed, changed } = change;
  const gains = [...added, ...changed.map((one) => one.after)];
  const losses = [...removed, ...changed.map((one) => one.before)];
  // Requirements that could not be read may be any packages.
  const isMore = isPartial(after);
  const isLess = isPartial(before);
  const of = (key: 'installedBytes' | 'downloadBytes'): readonly [number, DifferenceBound] => [
    sum(gains, key) - sum(losses, key),
    boundOf(
      isMore || gains.some((row) => row[key] === null),
      isLess || losses.some((row) => row[key] === null),
    ),
  ];
  const [installedBytes, installedBound] = of('installedBytes');
  const [downloadBytes, downloadBound] = of('downloadBytes');
  const packages = added.length - removed.length;
  return { packages, installedBytes, installedBound, downloadBytes, downloadBound };
}

function isPartial({ lowerBound, unknown }: Totals): boolean {
  return lowerBound && unknown === 0;
}

function sum(rows: readonly PackageWeight[], key: 'installedBytes' | 'downloadBytes'): number {
  let bytes = 0;
  for (const row of rows) bytes += row[key] ?? 0;
  return bytes;
}

/** Unknown gains may be more, unknown losses less. */
function boundOf(openGain: boolean, openLoss: boolean): DifferenceBound {
  if (openGain) return openLoss ? 'open' : 'at-least';
  return openLoss ? 'at-most' : 'exact';
}
