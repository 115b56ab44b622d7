/** Text of a shell cut into commands, each with what ends it. Quotes, comments and lines are known; nothing is run. */
import { splitWords } from '../inputs/requirements-options.ts';
import type { Heredoc } from './heredocs.ts';

/** A word of a command. */
export interface ShellWord {
  readonly text: string;
  /** 1-based, in the Dockerfile. */
  readonly line: number;
  /** Path of the script of the repository that holds it, of which the line is then. */
  readonly script?: string;
}

/** A command as written, and the sign behind it: `&&`, `||`, `;`, `;;`, `|`, `&`, `(`, `)`, a newline, '' at the end. */
export interface ShellPiece {
  readonly words: readonly ShellWord[];
  readonly end: string;
  /** What a heredoc gives to it. */
  readonly input?: Heredoc;
}

/** The texts of words. */
export function textsOf(words: readonly ShellWord[]): readonly string[] {
  return words.map(({ text }) => text);
}

/**
 * The pieces in order; those without words only where `;;` or a bracket ends one, or a bracket stands before it. Of a script
 * the end of a line ends a command as well, while the lines of an instruction are one.
 */
export function splitPieces(
  written: string,
  firstLine: number,
  isScript: boolean,
): readonly ShellPiece[] {
  const text = blankComments(written, isScript);
  const pieces: ShellPiece[] = [];
  let line = firstLine;
  let start = 0;
  let quote = '';
  let commandLine = firstLine;
  for (let index = 0; index <= text.length; index++) {
    const character = text.charAt(index);
    if (character === '\n') line++;
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote && character !== '') quote = '';
    const end = index === text.length ? '' : quote === '' ? signAt(text, index, isScript) : null;
    if (end === null) continue;
    const words = placeWords(text.slice(start, index), commandLine);
    const isBracketed = /^[()]$/.test(end) || (pieces.at(-1)?.end === ')' && end !== '');
    if (words.length > 0 || end === ';;' || isBracketed) pieces.push({ words, end });
    index += Math.max(end.length - 1, 0);
    start = index + 1;
    commandLine = line;
  }
  return pieces;
}

function signAt(text: string, index: number, isScript: boolean): string | null {
  const character = text.charAt(index);
  const [before, after] = [text.charAt(index - 1), text.charAt(index + 1)];
  if (before === '\\') return null;
  if (character === '\n') return isScript ? character : null;
  if (!/[;&|()]/.test(character)) return null;
  if (character === after && /[;&|]/.test(character)) return character + after;
  // `2>&1` and `&> FILE` are redirections.
  return character === '&' && (/[<>]/.test(before) || after === '>') ? null : character;
}

/** Comments as blanks, so that every place stays what it is; what a quote holds is no comment. */
function blankComments(text: string, isScript: boolean): string {
  if (!text.includes('#')) return text;
  let quote = '';
  let blanked = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote === '' && character === '#' && /^[\s;&|()]?$/.test(text.charAt(index - 1))) {
      const end = isScript ? text.indexOf('\n', index) : -1;
      const rest = end === -1 ? text.length : end;
      blanked += text.slice(index, rest).replace(/[^\n]/g, ' ');
      index = rest - 1;
      continue;
    }
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    blanked += character;
  }
  return blanked;
}

function placeWords(piece: string, firstLine: number): readonly ShellWord[] {
  let line = firstLine;
  let from = 0;
  return splitWords(piece.replaceAll('\\\n', ' \n')).map(({ text, offset }) => {
    for (; from < offset; from++) if (piece.charAt(from) === '\n') line++;
    return { text, line };
  });
}
