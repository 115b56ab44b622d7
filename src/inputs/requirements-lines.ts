/**
 * Requirement files as lines (pip's requirements file format).
 *
 * Traps:
 * - pip splits at vertical tab and form feed too; an editor does not count those as lines, nor do we.
 * - A `\` at the end of a line continues it, also inside a trailing comment, where it swallows the next line.
 * - A comment line ends a continuation; it never continues, even with a `\` at its end.
 * - `#` starts a comment only at the start of a line or after white space: `x#egg=y` is one word.
 */

/** Where a piece of a logical line stands in the file. */
interface Piece {
  /** Offset in the logical line at which the piece starts. */
  readonly start: number;
  readonly line: number;
  /** 1-based column of its first character. */
  readonly column: number;
}

/** One line after joining continuations and cutting the comment. */
export interface LogicalLine {
  /** Without comment; leading and trailing white space kept. */
  readonly text: string;
  /** The comment with its `#`, '' when none. */
  readonly comment: string;
  readonly pieces: readonly Piece[];
  /** What is odd about it, as half a sentence. */
  readonly oddity: string | null;
}

/** A line and column, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const lineComment = /^[^\S\n]*#/;

/** The logical lines of a requirement file that hold anything but white space. */
export function* splitRequirementLines(text: string): Generator<LogicalLine> {
  let joined = '';
  let pieces: Piece[] = [];
  let oddity: string | null = null;
  for (const physical of physicalLines(text)) {
    const isComment = lineComment.test(physical.text);
    const continues = !isComment && physical.text.endsWith('\\');
    const content = continues ? physical.text.replace(/\\+$/, '') : physical.text;
    pieces.push({ start: joined.length, line: physical.line, column: physical.column });
    // A comment line inside a continuation is a comment of the joined line: it needs white space before its `#`.
    if (isComment && joined !== '')
      pieces[pieces.length - 1] = {
        start: joined.length + 1,
        line: physical.line,
        column: physical.column,
      };
    joined += isComment && joined !== '' ? ` ${content}` : content;
    oddity ??= physical.oddity;
    if (continues) {
      if (/(?:^|\s)#/.test(content))
        oddity ??= 'the backslash inside the comment swallows the next line';
      if (physical.isLast) oddity ??= 'the last line ends with a backslash and continues nowhere';
      if (!physical.isLast) continue;
    }
    yield* finish(joined, pieces, oddity);
    joined = '';
    pieces = [];
    oddity = null;
  }
}

function* finish(
  joined: string,
  pieces: readonly Piece[],
  oddity: string | null,
): Generator<LogicalLine> {
  const cut = findComment(joined);
  const text = joined.slice(0, cut);
  if (text.trim() !== '') yield { text, comment: joined.slice(cut), pieces, oddity };
}

function findComment(text: string): number {
  for (let index = text.indexOf('#'); index !== -1; index = text.indexOf('#', index + 1)) {
    if (index === 0 || /\s/.test(text.charAt(index - 1))) return index;
  }
  return text.length;
}

/** The place in the file of an offset in a logical line. */
export function placeInLine(line: LogicalLine, offset: number): Place {
  let found = line.pieces[0] ?? { start: 0, line: 1, column: 1 };
  for (const piece of line.pieces) if (piece.start <= offset) found = piece;
  return { line: found.line, column: found.column + Math.max(0, offset - found.start) };
}

interface PhysicalLine {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly isLast: boolean;
  readonly oddity: string | null;
}

function* physicalLines(text: string): Generator<PhysicalLine> {
  // One expression for the whole file: 200,000 lines are read in one pass, without an array of them.
  const end = /\r\n|[\n\r\v\f]/g;
  let line = 1;
  let lineStart = 0;
  let start = 0;
  while (start < text.length) {
    const match = end.exec(text);
    const stop = match === null ? text.length : match.index;
    const next = match === null ? text.length : end.lastIndex;
    const separator = match === null ? '' : match[0];
    const splitsInside = separator === '\v' || separator === '\f';
    const oddity = splitsInside
      ? 'a vertical tab or form feed splits the line, as pip reads it'
      : null;
    yield {
      text: text.slice(start, stop),
      line,
      column: start - lineStart + 1,
      isLast: next >= text.length,
      oddity,
    };
    start = next;
    if (splitsInside) continue;
    line += 1;
    lineStart = next;
  }
}
