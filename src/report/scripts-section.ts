import { formatCount } from './format.ts';
import type { View } from './headline.ts';
import { hang, INDENT } from './section-parts.ts';
import { displayWidth, padEnd, truncate, wrap } from './text-width.ts';

const MOST_COLUMNS = 26;

/** `BIN`, for those who ask for all: which package puts which programs into `bin`. */
export function renderScripts({ packages, options, painter }: View): readonly string[] {
  if (!options.all) return [];
  const rows = packages.filter(({ scripts }) => scripts.length > 0);
  if (rows.length === 0) return [];
  const count = new Set(rows.flatMap(({ scripts }) => scripts)).size;
  const column = Math.min(Math.max(...rows.map(({ name }) => displayWidth(name))), MOST_COLUMNS);
  const put = `${formatCount(rows.length, 'package')} ${rows.length === 1 ? 'puts' : 'put'}`;
  const title = `${formatCount(count, 'program')} that ${put} there, a few hundred bytes each`;
  return [
    ...hang(painter.bold(padEnd('BIN', INDENT)), wrap(title, options.width - INDENT)),
    ...rows.flatMap(({ name, scripts }) =>
      wrap(scripts.join(', '), options.width - column - 4).map((line, at) =>
        `  ${padEnd(at === 0 ? truncate(name, column) : '', column)}  ${line}`.trimEnd(),
      ),
    ),
  ];
}
