import { formatCount } from './format.ts';
import type { View } from './headline.ts';
import { truncate } from './text-width.ts';

const MOST_LINES = 60;

/** A unified diff, its lines marked and coloured as git does it; `isWhole`: none is cut, as somebody is to apply it. */
export function renderDiff(
  diff: string,
  { options, painter }: View,
  isWhole = false,
): readonly string[] {
  const lines = diff.replace(/\n$/, '').split('\n');
  const shown = options.all || isWhole ? lines : lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  const more = painter.dim(`… ${formatCount(left, 'line')} more (--all lists them)`);
  return [
    ...shown.map((line) => {
      const text = isWhole ? line : truncate(line, options.width);
      if (/^(?:---|\+\+\+) /.test(line)) return painter.bold(text);
      if (line.startsWith('-')) return painter.red(text);
      if (line.startsWith('+')) return painter.green(text);
      return line.startsWith('@@') ? painter.cyan(text) : text;
    }),
    ...(left > 0 ? [more] : []),
  ];
}
