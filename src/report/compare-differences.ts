/** What makes the weights of targets differ: packages that only some of them have, and those that weigh more on one. */
import type { TargetComparison } from '../types.ts';
import type { TargetLabels } from './compare-targets.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { compareText } from './order.ts';
import { sanitize } from './sanitize.ts';
import { clip, listFitting } from './section-parts.ts';
import { truncate } from './text-width.ts';

const MOST_ROWS = 4;
/** Less than this part of the heaviest total is not worth a word. */
const leastPart = 0.05;

/** Nothing where all weigh much the same. The targets are those of the document, with names as they came. */
export function renderDifferences(
  targets: readonly TargetComparison[],
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const there = targets.filter(({ packages }) => packages.length > 0);
  const totals = there.map((one) => one.totals.installedBytes);
  const heaviest = Math.max(0, ...totals);
  if (heaviest - Math.min(heaviest, ...totals) <= heaviest * leastPart) return [];
  const worth = heaviest * leastPart;
  const parts = [...partsBySet(there), ...partsByWeight(there)]
    .filter(({ bytes }) => bytes >= worth)
    .toSorted((a, b) => b.bytes - a.bytes || compareText(a.names.join(), b.names.join()));
  const shown = options.all ? parts : parts.slice(0, MOST_ROWS);
  if (shown.length === 0) return [];
  return [
    `${painter.bold('DIFFERS')}  what makes the weights differ`,
    ...shown.flatMap((part) => {
      const size = formatBytes(part.bytes, options.units);
      const where = labels.describe(part.on);
      if (part.least === null) {
        const lead = `${size} only on ${where}: ${formatCount(part.names.length, 'package')}`;
        const names = listFitting(
          { lead: '', names: part.names.map(sanitize) },
          options.width - 4,
          1,
        );
        return [truncate(`  ${lead}`, options.width), painter.dim(`    ${names}`)];
      }
      const text = `${sanitize(part.names.join())} up to ${size} more on ${where} than on ${labels.describe(part.least)}`;
      return clip(text, options.width - 4, 2).map(
        (line, at) => `${at === 0 ? '  ' : '    '}${line}`,
      );
    }),
  ];
}

/** Packages with the targets that hold them, or one that weighs more on some than on others. */
interface Part {
  readonly bytes: number;
  /** Heaviest first. */
  readonly names: readonly string[];
  readonly on: readonly TargetComparison[];
  /** Where it is lightest; null for packages that the others have not at all. */
  readonly least: readonly TargetComparison[] | null;
}

function weightsOf(
  targets: readonly TargetComparison[],
): ReadonlyMap<string, ReadonlyMap<TargetComparison, number>> {
  const byName = new Map<string, Map<TargetComparison, number>>();
  for (const one of targets) {
    for (const { name, installedBytes } of one.packages) {
      const weights = byName.get(name) ?? new Map<TargetComparison, number>();
      byName.set(name, weights.set(one, installedBytes ?? 0));
    }
  }
  return byName;
}

/** Packages that some targets have not, those of the same targets together. */
function partsBySet(targets: readonly TargetComparison[]): readonly Part[] {
  const bySet = new Map<string, { on: TargetComparison[]; rows: [string, number][] }>();
  for (const [name, weights] of weightsOf(targets)) {
    if (weights.size === targets.length) continue;
    const on = targets.filter((one) => weights.has(one));
    const key = on.map((one) => targets.indexOf(one)).join();
    const set = bySet.get(key) ?? { on, rows: [] };
    set.rows.push([name, Math.max(...weights.values())]);
    bySet.set(key, set);
  }
  return [...bySet.values()].map(({ on, rows }) => ({
    bytes: rows.reduce((sum, [, bytes]) => sum + bytes, 0),
    names: rows.toSorted(([a, x], [b, y]) => y - x || compareText(a, b)).map(([name]) => name),
    on,
    least: null,
  }));
}

/** Packages that all have, and that are heavier on some; those of unknown size are left out. */
function partsByWeight(targets: readonly TargetComparison[]): readonly Part[] {
  return [...weightsOf(targets)].flatMap(([name, weights]) => {
    const sizes = [...weights.values()];
    if (weights.size < targets.length || sizes.includes(0)) return [];
    const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
    const at = (size: number): readonly TargetComparison[] =>
      targets.filter((one) => weights.get(one) === size);
    return most === least
      ? []
      : [{ bytes: most - least, names: [name], on: at(most), least: at(least) }];
  });
}
