import type { EntryPointRow } from '../types.ts';
import { formatCount, formatLocation } from './format.ts';
import { formatLower, type View } from './headline.ts';
import { INDENT, measureColumns, renderRow, type SectionRow } from './section-parts.ts';
import { padEnd } from './text-width.ts';

const MOST_ROWS = 4;
/** Programs that need nearly all of it give no reason to install them apart. */
const LARGEST_SHARE = 0.8;

/** `PARTS`: what each program needs by itself, where one of them needs much less than all. */
export function renderPrograms(view: View): readonly string[] {
  const { document, options, painter } = view;
  const programs = document.entryPoints ?? [];
  const total = document.totals.installedBytes;
  // With an extra a program may need more than is installed without.
  const most = Math.max(total, ...programs.map(({ totals }) => totals.installedBytes));
  const isSmaller = programs.some(({ totals }) => totals.installedBytes < most * LARGEST_SHARE);
  if (programs.length < 2 || total === 0 || !isSmaller) return [];
  const shown = options.all ? programs : pickPrograms(programs);
  const rows = shown.map((program) => rowOf(program, view));
  const columns = measureColumns(rows);
  const left = programs.length - shown.length;
  return [
    `${painter.bold(painter.cyan(padEnd('PARTS', INDENT)))}what each program needs by itself`,
    ...rows.flatMap((row) => renderRow(row, columns, options.width)),
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more program')} (--all lists them)`)]
      : []),
  ];
}

/** The heaviest, and the lightest: between these lies what can be won. */
function pickPrograms(programs: readonly EntryPointRow[]): readonly EntryPointRow[] {
  if (programs.length <= MOST_ROWS) return programs;
  return [...programs.slice(0, MOST_ROWS - 1), ...programs.slice(-1)];
}

function rowOf({ name, startedBy, totals, extra }: EntryPointRow, { options }: View): SectionRow {
  const size = formatLower(totals.installedBytes, totals, options.units);
  const packages = `${size}, ${formatCount(totals.packages, 'package')}`;
  // Its figure without that word would be of another set.
  const from = extra === undefined ? '' : `, with extra ${extra}`;
  return {
    name,
    version: '',
    place: formatLocation(startedBy),
    texts: [packages + from, size + from],
  };
}
