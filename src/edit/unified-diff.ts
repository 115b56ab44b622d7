/** What changes in a text, as `diff -u` and `git diff` print it; '' where nothing does. */

const CONTEXT = 3;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Both texts with their line ends; `path` is that of both. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compare(splitLines(before), splitLines(after));
  const hunks = hunksOf(lines).map((hunk) => formatHunk(lines, hunk));
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The longest common subsequence between equal ends; the files of people are short. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...before.slice(before.length - end).map(same),
  ];
}

function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      lines.push({ sign: ' ', text: before[row++] ?? '' });
      column++;
    } else if (
      row < before.length &&
      (column >= after.length || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ sign: '-', text: before[row++] ?? '' });
    } else {
      lines.push({ sign: '+', text: after[column++] ?? '' });
    }
  }
  return lines;
}

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/** Changes with the lines around them; those that would touch are one. */
function hunksOf(lines: readonly Line[]): readonly Hunk[] {
  const hunks: { from: number; to: number }[] = [];
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  });
  return hunks;
}

function formatHunk(lines: readonly Line[], { from, to }: Hunk): string {
  const count = (signs: string, range: readonly Line[]): number =>
    range.filter(({ sign }) => signs.includes(sign)).length;
  const [above, own] = [lines.slice(0, from), lines.slice(from, to)];
  const range = (signs: string): string => {
    const size = count(signs, own);
    const start = count(signs, above) + (size === 0 ? 0 : 1);
    return size === 1 ? String(start) : `${start},${size}`;
  };
  const body = own.map(({ sign, text }) =>
    text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(' -')} +${range(' +')} @@\n${body.join('')}`;
}
