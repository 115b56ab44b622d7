/** Pieces of text that are commands: lists of words, quoted scalars, lines of a script. */

import type { CommandText } from './named.ts';

/** `["a", "b"]`, also with single quotes as YAML writes it; null for anything else. */
export function readStringList(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null;
  const words: string[] = [];
  for (const item of trimmed
    .slice(1, -1)
    .matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,"'][^,]*)/g))
    words.push((item[1]?.replaceAll(/\\(.)/g, '$1') ?? item[2] ?? item[3] ?? '').trim());
  return words;
}

/** A scalar or flow list as shell text. */
export function toCommand(value: string): string {
  const list = readStringList(value);
  if (list !== null)
    return quoteWords(list[0] === 'CMD' || list[0] === 'CMD-SHELL' ? list.slice(1) : list);
  const quoted = /^"((?:[^"\\]|\\.)*)"$|^'((?:[^']|'')*)'$/.exec(value);
  return quoted?.[1]?.replaceAll(/\\(.)/g, '$1') ?? quoted?.[2]?.replaceAll("''", "'") ?? value;
}

/** Words as one line of shell; one that holds blanks is a script of its own (`CMD-SHELL`, `sh -c`). */
export function quoteWords(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? '';
  return words
    .map((word) => (/[\s;&|]/.test(word) ? `'${word.replaceAll("'", '"')}'` : word))
    .join(' ');
}

/** More lines than this are not taken into one quote: it was never closed. */
const LONGEST_QUOTE = 200;
const CONTINUED = /\\\s*$/;

/** Lines of a script with `\` continuations joined and heredocs of Python left to their own reader. */
export function splitScript(lines: readonly string[], firstLine: number): readonly CommandText[] {
  const commands: CommandText[] = [];
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    const parts = [lines[index] ?? ''];
    for (let last = parts[0] ?? ''; index + 1 < lines.length && CONTINUED.test(last);) {
      parts[parts.length - 1] = `${last.replace(CONTINUED, '')} `;
      last = lines[++index] ?? '';
      parts.push(last);
    }
    // A quote that is open at the end of the line goes on, as in `python -c "`.
    const quotes = new QuoteReader();
    for (const part of parts) quotes.read(part);
    while (quotes.isOpen && index + 1 < lines.length && index - start < LONGEST_QUOTE) {
      const part = `\n${lines[++index] ?? ''}`;
      quotes.read(part);
      parts.push(part);
    }
    commands.push({ line: firstLine + start, text: parts.join('') });
  }
  return commands;
}

/** Follows the quotes of shell text that is handed over piece by piece, so that no piece is looked at twice. */
class QuoteReader {
  #quote = '';
  #before = ' ';
  #isEscaped = false;
  #isComment = false;

  get isOpen(): boolean {
    return !this.#isComment && this.#quote !== '';
  }

  read(text: string): void {
    if (this.#isComment) return;
    MAY_CHANGE_QUOTES.lastIndex = this.#isEscaped ? 1 : 0;
    this.#isEscaped = false;
    for (let match = nextMark(text); match !== null; match = nextMark(text)) {
      const [character] = match;
      const before = match.index === 0 ? this.#before : text.charAt(match.index - 1);
      if (character === '\\' && this.#quote !== "'") {
        this.#isEscaped = MAY_CHANGE_QUOTES.lastIndex === text.length;
        MAY_CHANGE_QUOTES.lastIndex++;
      } else if (this.#quote === '') {
        if (character === '"' || (character === "'" && !/\w/.test(before))) this.#quote = character;
        else if (character === '#' && /\s/.test(before)) this.#isComment = true;
      } else if (character === this.#quote) this.#quote = '';
    }
    if (text !== '') this.#before = text.slice(-1);
  }
}

const MAY_CHANGE_QUOTES = /[\\"'#]/g;

function nextMark(text: string): RegExpExecArray | null {
  return MAY_CHANGE_QUOTES.exec(text);
}
