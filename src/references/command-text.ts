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

/** Lines of a script with `\` continuations joined and heredocs of Python left to their own reader. */
export function splitScript(lines: readonly string[], firstLine: number): readonly CommandText[] {
  const commands: CommandText[] = [];
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let text = lines[index] ?? '';
    while (/\\\s*$/.test(text) && index + 1 < lines.length)
      text = `${text.replace(/\\\s*$/, '')} ${lines[++index] ?? ''}`;
    // A quote that is open at the end of the line goes on, as in `python -c "`.
    while (hasOpenQuote(text) && index + 1 < lines.length && index - start < 200)
      text = `${text}\n${lines[++index] ?? ''}`;
    commands.push({ line: firstLine + start, text });
  }
  return commands;
}

function hasOpenQuote(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") index++;
    else if (quote === '') {
      if (character === '"' || (character === "'" && !/\w/.test(text[index - 1] ?? '')))
        quote = character;
      else if (character === '#' && /\s/.test(text[index - 1] ?? ' ')) return false;
    } else if (character === quote) quote = '';
  }
  return quote !== '';
}
