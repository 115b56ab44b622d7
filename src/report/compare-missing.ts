/** The sections of `compare` on what has no wheel: one entry for each release, whatever the number of targets. */
import type { MissingFile, TargetComparison } from '../types.ts';
import type { TargetLabels } from './compare-targets.ts';
import { labelTargets } from './compare-targets.ts';
import { formatCount, formatLocation } from './format.ts';
import type { View } from './headline.ts';
import { compareText } from './order.ts';
import { clip } from './section-parts.ts';
import { displayWidth, truncate } from './text-width.ts';

const MOST_ENTRIES = 8;

/** One release with all targets that lack a wheel of it. */
interface Entry {
  readonly first: MissingFile;
  readonly lacks: readonly {
    readonly one: TargetComparison;
    readonly missing: MissingFile;
  }[];
}

/** `NO FILE` and `BUILD`, each only where there is something to say. */
export function describeMissing(
  targets: readonly TargetComparison[],
  labels: TargetLabels,
  view: View,
): readonly (readonly string[])[] {
  const { painter } = view;
  return [
    renderSection(
      `${painter.bold(painter.red('NO FILE'))}  that could be installed`,
      entriesOf(targets, 'none'),
      { labels, view },
    ),
    renderSection(
      `${painter.bold(painter.yellow('BUILD'))}  no wheel, so an installer has to build it`,
      entriesOf(targets, 'build'),
      { labels, view },
    ),
  ];
}

function entriesOf(
  targets: readonly TargetComparison[],
  kind: MissingFile['kind'],
): readonly Entry[] {
  const entries = new Map<string, { first: MissingFile; lacks: Entry['lacks'][number][] }>();
  for (const one of targets) {
    for (const missing of one.missing) {
      if (missing.kind !== kind) continue;
      const key = `${missing.name} ${missing.version ?? ''}`;
      const entry = entries.get(key) ?? { first: missing, lacks: [] };
      entry.lacks.push({ one, missing });
      entries.set(key, entry);
    }
  }
  return [...entries.values()].toSorted(
    (a, b) => b.lacks.length - a.lacks.length || compareText(a.first.name, b.first.name),
  );
}

function renderSection(
  heading: string,
  entries: readonly Entry[],
  around: { readonly labels: TargetLabels; readonly view: View },
): readonly string[] {
  if (entries.length === 0) return [];
  const { options, painter } = around.view;
  const shown = options.all ? entries : entries.slice(0, MOST_ENTRIES);
  const left = entries.length - shown.length;
  return [
    heading,
    ...shown.flatMap((entry) => renderEntry(entry, around)),
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more package')} (--all lists them)`)]
      : []),
  ];
}

function renderEntry(
  { first, lacks }: Entry,
  { labels, view: { options, painter } }: { readonly labels: TargetLabels; readonly view: View },
): readonly string[] {
  const name = truncate(first.name, 40);
  const version = first.version === null ? '' : ` ${first.version}`;
  const [place] = first.declaredAt;
  const origin =
    place === undefined
      ? first.requiredBy.length === 0
        ? ''
        : `for ${first.requiredBy.slice(0, 3).join(', ')}`
      : formatLocation(place);
  const where = labels.describe(lacks.map(({ one }) => one));
  const head = `  ${name}${version}  ${origin}`.trimEnd();
  const isOneLine = displayWidth(head) + 2 + displayWidth(where) <= options.width;
  const details = [
    ...(isOneLine ? [] : [where]),
    ...whyOf(lacks.map(({ missing }) => missing)),
    ...(first.build === null ? [] : [needsOf(first.build)]),
    wheelsOf(lacks),
  ].filter((text) => text !== '');
  const most = options.all ? 99 : 2;
  return [
    truncate(isOneLine ? `${head}  ${where}` : head, options.width),
    ...details.flatMap((text) =>
      clip(text, options.width - 4, most).map((line) => painter.dim(`    ${line}`)),
    ),
  ];
}

/** Only what the heading does not say. */
function whyOf(all: readonly MissingFile[]): readonly string[] {
  const told = new Set(['sdist-only', 'no-wheel-for-target']);
  const clauses = new Set(
    all
      .filter(({ reason, kind }) => kind === 'none' || !told.has(reason))
      .map(({ message }) => message),
  );
  return clauses.size === 1 ? [...clauses] : [];
}

/** `needs setuptools, Cython<3 and a compiler of C`. */
function needsOf({ requires, compiles }: NonNullable<MissingFile['build']>): string {
  const compilers = compiles.filter((language) => language !== 'Cython');
  const what =
    compilers.length === 0 && compiles.length === 0
      ? 'nothing in it is compiled'
      : `compiles ${(compilers.length === 0 ? ['C'] : compilers).join(', ')}`;
  return `${what}; the build needs ${requires.length === 0 ? 'no package' : requires.join(', ')}`;
}

/** `a wheel from 1.26.0 (3.12), 2.1.0 (3.13); no release has one for 3.15`. */
function wheelsOf(lacks: Entry['lacks']): string {
  const asked = lacks.filter(
    ({ missing: { reason, kind } }) => kind === 'none' || isByWheel(reason),
  );
  if (asked.length === 0) return '';
  const labels = labelTargets(asked.map(({ one }) => one));
  const groups = new Map<string, TargetComparison[]>();
  for (const { one, missing } of asked) {
    const key = missing.wheelFrom ?? '';
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const among = (of: readonly TargetComparison[]): string =>
    labels.describe(of).replace(/^Python /, '');
  const isOne = groups.size === 1;
  const from = [...groups]
    .filter(([version]) => version !== '')
    .map(([version, of]) => (isOne ? version : `${version} (${among(of)})`));
  const without = groups.get('') ?? [];
  const [older, ...others] = new Set(asked.flatMap(({ missing }) => missing.wheelUntil ?? []));
  if (isOne && from.length === 0 && older !== undefined && others.length === 0)
    return `no later release has a wheel, ${older} has one`;
  const none = isOne ? 'no release has a wheel' : `none for ${among(without)}`;
  return [
    ...(from.length === 0 ? [] : [`a wheel from ${from.join(', ')}`]),
    ...(without.length === 0 ? [] : [none]),
  ].join('; ');
}

function isByWheel(reason: MissingFile['reason']): boolean {
  return reason === 'sdist-only' || reason === 'no-wheel-for-target';
}
