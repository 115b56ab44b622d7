import type { AuditDocument, PackageRow } from '../types.ts';
import { describeBesides, formatCount, isOfBesides, formatReason, formatSize } from './format.ts';
import {
  createView,
  isPartial,
  renderConflict,
  renderTitle,
  renderTotals,
  renderUnread,
  type View,
} from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { padEnd, padStart, truncate, wrap } from './text-width.ts';

/** Columns of the three sizes, gaps included. */
const SIZE_COLUMNS = 29;
/** Deeper lines say their depth instead of drawing it. */
const MOST_DRAWN_DEPTH = 8;

/** What `tree` prints: every requirement with all below it, heaviest first, each package counted once. */
export const report: ReportFormat = {
  name: 'table',
  description: 'the resolved tree with weights',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const painter = createPainter(options.color);
    const view = createView(sanitizeDocument(dirty), options, painter);
    const tree = renderTree(view);
    const sections = [
      renderTitle(view),
      renderFigures(view),
      tree.length === 0 ? [] : [...renderHead(view), ...tree],
      ...renderBesides(view),
      tree.length === 0
        ? []
        : renderLegend(
            view,
            tree.some((line) => line.includes(REPEATED)),
          ),
    ];
    return `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

const REPEATED = '(*)';

function renderFigures(view: View): readonly string[] {
  if (view.document.error !== null) return renderConflict(view);
  return view.options.weights ? renderTotals(view) : renderCounts(view);
}

function renderCounts(view: View): readonly string[] {
  const { packages } = view;
  const direct = packages.filter((row) => row.direct).length;
  const bound = isPartial(view.document) ? 'at least ' : '';
  return [
    `  ${bound}${formatCount(packages.length, 'package')}, ${direct} direct`,
    ...renderUnread(view),
  ];
}

function renderHead({ options, painter }: View): readonly string[] {
  if (!options.weights) return [];
  const head = sizeCells('itself', 'frees', 'with all');
  return [painter.dim(`${' '.repeat(options.width - SIZE_COLUMNS)}${head}`)];
}

function sizeCells(own: string, exclusive: string, subtree: string): string {
  return `${padStart(own, 9)}${padStart(exclusive, 10)}${padStart(subtree, 10)}`;
}

/** One line of the tree that is still to be drawn. */
interface Pending {
  readonly row: PackageRow;
  readonly depth: number;
  /** What is drawn before the branch of this line. */
  readonly prefix: string;
  readonly last: boolean;
}

function renderTree(view: View): readonly string[] {
  const children = childrenOf(view.packages);
  const lines: string[] = [];
  const opened = new Set<string>();
  const roots = view.packages.filter((row) => row.direct).toSorted(compareWeight);
  // A stack of our own: a chain of thousands of packages would overflow that of the calls.
  const pending: Pending[] = [];
  const push = (rows: readonly PackageRow[], depth: number, prefix: string): void => {
    for (const [index, row] of rows.toReversed().entries()) {
      pending.push({ row, depth, prefix, last: index === 0 });
    }
  };
  push(roots, 0, '');
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { row, depth, prefix, last } = next;
    const repeated = opened.has(row.name);
    lines.push(lineOf(next, repeated, view));
    if (repeated) continue;
    opened.add(row.name);
    const below = children.get(row.name) ?? [];
    const drawn = depth === 0 ? '' : `${prefix}${last ? '   ' : '│  '}`;
    push(below, depth + 1, depth < MOST_DRAWN_DEPTH ? drawn : prefix);
  }
  return lines;
}

/** What the image holds and nothing above needs, by what left it; heaviest first. */
function renderBesides(view: View): readonly (readonly string[])[] {
  const { document, options, painter, packages } = view;
  const sets = document.environments[0]?.besides ?? [];
  return sets.map((set) => {
    const title = `Besides: ${describeBesides(set)} (${set.path}:${set.line})`;
    const rows = packages.filter((row) => isOfBesides(row, set)).toSorted(compareWeight);
    return [
      ...wrap(title, options.width).map((line) => painter.bold(line)),
      ...rows.map((row) => lineOf({ row, depth: 0, prefix: '', last: false }, false, view)),
    ];
  });
}

function childrenOf(packages: readonly PackageRow[]): ReadonlyMap<string, readonly PackageRow[]> {
  const children = new Map<string, PackageRow[]>();
  for (const row of packages.toSorted(compareWeight)) {
    for (const holder of row.requiredBy) {
      const known = children.get(holder);
      if (known === undefined) children.set(holder, [row]);
      else known.push(row);
    }
  }
  return children;
}

function compareWeight(a: PackageRow, b: PackageRow): number {
  return (
    compareBytes(a.subtreeBytes, b.subtreeBytes) ||
    compareBytes(a.installedBytes, b.installedBytes) ||
    compareText(a.name, b.name)
  );
}

function lineOf(
  { row, depth, prefix, last }: Pending,
  repeated: boolean,
  { options, painter }: View,
): string {
  const branch = depth === 0 ? '' : `${prefix}${last ? '└─ ' : '├─ '}`;
  const drawn = depth > MOST_DRAWN_DEPTH ? `${prefix}(${depth}) ` : branch;
  const extras = row.extras.length > 0 ? `[${row.extras.join(',')}]` : '';
  const mark = repeated ? ` ${REPEATED}` : '';
  // Under --no-weights nobody asked.
  const isTold = row.known || row.unknownReason === null || row.unknownReason === 'not-weighed';
  const reason = isTold ? '' : ` (${formatReason(row.unknownReason)})`;
  const text = `${drawn}${row.name}${extras} ${row.version}${mark}${reason}`;
  if (!options.weights) return truncate(text, options.width);
  const room = options.width - SIZE_COLUMNS;
  const sizes = sizeCells(
    formatSize(row.installedBytes, options.units),
    formatSize(row.exclusiveBytes, options.units),
    formatSize(row.subtreeBytes, options.units),
  );
  const line = `${padEnd(truncate(text, room), room)}${sizes}`;
  return repeated ? painter.dim(line) : line;
}

function renderLegend({ options, painter, document }: View, repeats: boolean): readonly string[] {
  const sentences: string[] = [];
  if (options.weights) {
    sentences.push(
      'frees: what leaves if it goes, itself included; with all: itself and all it reaches.',
    );
  }
  if (repeats) sentences.push(`${REPEATED} shown above, counted once.`);
  if (document.totals.unknown > 0 && options.weights)
    sentences.push('? unknown; totals are lower bounds.');
  if (sentences.length === 0) return [];
  return wrap(sentences.join(' '), options.width).map((line) => painter.dim(line));
}
