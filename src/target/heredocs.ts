/** Heredocs: text that stands below a command and is given to it. */
import type { ShellPiece } from './shell-pieces.ts';

/** A body, with the 1-based line that it starts at. */
export interface Heredoc {
  readonly text: string;
  readonly line: number;
  /** Its word is quoted: variables stay as they are written. */
  readonly isLiteral?: boolean;
}

const opening = /<<(-?)(["']?)([A-Za-z_]\w*)\2/g;
/** A shell takes blanks before the word, and has `<<<` for another thing. */
const openingInScript = /(?<!<)<<(-?)[ \t]*(["']?)([A-Za-z_]\w*)\2/g;

/** The bodies that a line opens, read from the lines below it; `next`: the line behind them, counted from 0. */
export function readHeredocs(
  text: string,
  lines: readonly string[],
  from: number,
  inScript = false,
): { readonly bodies: readonly Heredoc[]; readonly next: number; readonly open: boolean } {
  const bodies: Heredoc[] = [];
  let next = from;
  for (const [, dash, quote, word = ''] of text.matchAll(inScript ? openingInScript : opening)) {
    const body: string[] = [];
    const line = next + 1;
    const closes = (candidate: string): boolean =>
      (dash === '-' ? candidate.replace(/^\t+/, '') : candidate) === word;
    while (next < lines.length && !closes(lines[next] ?? '')) body.push(lines[next++] ?? '');
    bodies.push({ text: body.join('\n'), line, ...(quote === '' ? {} : { isLiteral: true }) });
    if (next >= lines.length) return { bodies, next, open: true };
    next++;
  }
  return { bodies, next, open: false };
}

/** A script with the bodies in it left blank, so that every place stays what it is. One that never ends is none. */
export function takeHeredocs({ text, line }: Heredoc): {
  readonly text: string;
  readonly bodies: readonly Heredoc[];
} {
  if (!text.includes('<<')) return { text, bodies: [] };
  const lines = text.split('\n');
  const kept: string[] = [];
  const bodies: Heredoc[] = [];
  for (let at = 0; at < lines.length; at++) {
    const own = lines[at] ?? '';
    kept.push(own);
    const read = /^\s*#/.test(own) ? null : readHeredocs(own, lines, at + 1, true);
    if (read === null || read.open || read.bodies.length === 0) continue;
    for (let below = at + 1; below < read.next; below++) kept.push('');
    bodies.push(...read.bodies.map((body) => ({ ...body, line: body.line + line - 1 })));
    at = read.next - 1;
  }
  return { text: kept.join('\n'), bodies };
}

/** The commands that open the bodies get them, in order; of several the last is what a command reads. */
export function giveHeredocs(
  pieces: readonly ShellPiece[],
  bodies: readonly Heredoc[],
): readonly ShellPiece[] {
  if (bodies.length === 0) return pieces;
  let taken = 0;
  return pieces.map((piece) => {
    let input: Heredoc | undefined;
    for (const { text } of piece.words) {
      // Quoted text may hold what looks like one, and counted as one where the bodies were read.
      const count = text === '<<' || text === '<<-' ? 1 : [...text.matchAll(opening)].length;
      if (count === 0) continue;
      taken += count;
      if (text.startsWith('<<')) input = bodies[taken - 1];
    }
    return input === undefined ? piece : { ...piece, input };
  });
}
