/** How many columns a terminal gives to text. Sequences of colour count nothing. */

/** What paint.ts makes. */
const SEQUENCE = /\u001b\[\d+m/g;
/** ASCII and the signs that reports themselves use: one column each. */
const NARROW = /^[\x20-\x7e·…→←✓✗≥≤−█░▏│├└─×±ü\u00a0]*$/;

/** Columns of one line of text: 2 for wide characters and emoji, 0 for combining marks. */
export function displayWidth(text: string): number {
  const plain = text.includes('\u001b') ? text.replace(SEQUENCE, '') : text;
  if (NARROW.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes().segment(plain)) {
    width += graphemeWidth(segment);
  }
  return width;
}

let segmenter: Intl.Segmenter | undefined;
/** Made on first use: it costs 1 ms, and most reports are plain ASCII but for the bars. */
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter;
}

const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

function graphemeWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return /^[\p{Mark}\p{Format}]/u.test(grapheme) ? 0 : 1;
}

/** Spaces after the text up to a width; longer text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - displayWidth(text), 0));
}

/** Spaces before the text up to a width. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(width - displayWidth(text), 0)) + text;
}

/** Plain text cut to a width, with `…` at its end where something was cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (NARROW.test(text)) return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes().segment(text)) {
    const next = used + graphemeWidth(segment);
    if (next > width - 1) break;
    cut += segment;
    used = next;
  }
  return width < 1 ? '' : `${cut}…`;
}

/** Plain text in lines of at most `width` columns, broken at spaces; a longer word is broken where the line ends. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): readonly string[] {
  if (width < 1 || displayWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const { segment } of graphemes().segment(word)) {
    const columns = graphemeWidth(segment);
    if (piece !== '' && used + columns > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += segment;
    used += columns;
  }
  return [...pieces, piece];
}
