/**
 * The files of a very long page of the simple API one after the other: parsing a page of 80 MB whole takes half a
 * gigabyte, one file at a time hardly more than the text.
 */

/** What of a page is at hand at once, and its files as they come. */
export interface LargePage {
  /** The text of the page with an empty list in the place of its files. */
  readonly rest: string;
  /** Each parsed. Throws SyntaxError. */
  readonly files: Iterable<unknown>;
}

/** Finds the list `files` of a JSON object; null when it has none. Throws SyntaxError. */
export function splitLargePage(text: string): LargePage | null {
  let at = skipBlanks(text, 0);
  if (text[at] !== '{') throw broken(at);
  at = skipBlanks(text, at + 1);
  while (text[at] === '"') {
    const keyEnd = skipString(text, at);
    const key = text.slice(at, keyEnd);
    const colon = skipBlanks(text, keyEnd);
    if (text[colon] !== ':') throw broken(colon);
    const start = skipBlanks(text, colon + 1);
    if (key === '"files"' && text[start] === '[') return split(text, start);
    at = skipBlanks(text, skipValue(text, start));
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return null;
}

function split(text: string, start: number): LargePage {
  const end = skipValue(text, start);
  return { rest: `${text.slice(0, start)}[]${text.slice(end)}`, files: items(text, start) };
}

/** The values of the list that starts at `start`. */
function* items(text: string, start: number): Generator {
  let at = skipBlanks(text, start + 1);
  while (text[at] !== ']') {
    const end = skipValue(text, at);
    yield JSON.parse(text.slice(at, end));
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== ']') throw broken(at);
  }
}

const structure = /["[\]{}]/g;
const plainEnd = /[,\]}\s]/g;

/** Where the value that starts at `start` ends. */
function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first !== '{' && first !== '[') return findFrom(plainEnd, text, start);
  let depth = 0;
  for (let at = start; ;) {
    at = findFrom(structure, text, at);
    const mark = text[at];
    if (mark === '"') {
      at = skipString(text, at);
      continue;
    }
    depth += mark === '{' || mark === '[' ? 1 : -1;
    at++;
    if (depth === 0) return at;
  }
}

function findFrom(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (match === null) throw broken(text.length);
  return match.index;
}

function skipString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  throw broken(text.length);
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function broken(at: number): SyntaxError {
  return new SyntaxError(`Unexpected text at character ${at + 1}`);
}
