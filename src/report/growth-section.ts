/** What `check` says of a limit of growth, and what made a project grow beyond it. */
import type { BudgetRow, CheckDocument } from '../types.ts';
import { renderChanged, renderPackages } from './change-rows.ts';
import { causesOf } from './diff-sections.ts';
import { BOUND_SIGNS, formatChange, type Units } from './format.ts';
import type { View } from './headline.ts';
import { padEnd } from './text-width.ts';

/** `+2.1 MB` and `+10 MB (5 %) since main`: what there is, and what may be. */
export function describeGrowth(
  { actual, limit, percent }: BudgetRow,
  { growth }: CheckDocument,
  units: Units,
): { readonly has: string; readonly of: string } {
  const bound = growth?.difference.installedBound ?? 'exact';
  const has = actual === null ? '?' : formatChange(actual, bound, units);
  const isOpen = percent !== undefined && (growth === undefined || growth.before.packages === 0);
  const part = percent === undefined ? '' : isOpen ? `${percent} %` : ` (${percent} %)`;
  const size = isOpen ? '' : limit === 0 ? '0' : formatChange(limit, 'exact', units);
  const since = growth === undefined ? '' : ` since ${growth.ref.name}`;
  return { has, of: `${size}${part}${since}` };
}

/** Why growth is not proven to be within its limit: half a sentence. */
export function whyGrowthIsOpen(
  { percent }: BudgetRow,
  { growth, warnings }: CheckDocument,
): string {
  if (growth === undefined) {
    const isTold = warnings.some(({ code }) => code === 'growth');
    return isTold ? 'one of the sides has no solution' : '--against names no ref to measure from';
  }
  const isFromNothing = percent !== undefined && growth.before.packages === 0;
  if (isFromNothing) return 'there was nothing before of which that could be a part';
  const sign = BOUND_SIGNS[growth.difference.installedBound];
  return sign === ''
    ? 'what was there before is not all known'
    : 'sizes of what came or went are unknown';
}

/** What came and what changed, where the limit is broken. */
export function renderGrowth(document: CheckDocument, view: View): readonly string[] {
  const { growth, budgets } = document;
  const isBroken = budgets.some(({ key, status }) => key === 'growth' && status === 'failed');
  if (growth === undefined || !isBroken) return [];
  const { painter } = view;
  const heading = (word: string): string => painter.bold(padEnd(word, 7));
  const sections = [
    renderPackages(heading('ADDED'), growth.added, view, causesOf),
    renderChanged(heading('CHANGED'), growth.changed, view),
    [`  ${painter.cyan(`depweight diff ${growth.ref.name}`)}`],
  ];
  return sections.filter((section) => section.length > 0).flatMap((section) => ['', ...section]);
}
