/** Where the members of a JSON document stand: the parser gives values without places. */
import type { Place } from './requirements-lines.ts';

/** Place of the key at a path of at most three keys, null where there is none. */
export type JsonPlaces = (...path: readonly string[]) => Place | null;

const deepest = 3;
const separator = '\u0000';

/** Scans a document once, without recursion; on text that is no JSON it stops where that ends to make sense. */
export function findJsonPlaces(text: string): JsonPlaces {
  const found = scan(text);
  return (...path) => found.get(path.join(separator)) ?? null;
}

/** Line and column (1-based) of a 0-based offset. */
export function placeOfOffset(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

// By code: locks have a megabyte of hashes. Keys are the strings that a colon follows, in the objects around them.
function scan(text: string): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const keys: string[] = [];
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line++;
      lineStart = at + 1;
    } else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
    else if (code === 34) {
      const end = endOfString(text, at);
      if (depth > 0 && depth <= deepest && text.charCodeAt(skipBlank(text, end)) === 58) {
        keys.length = depth - 1;
        keys.push(unquote(text.slice(at, end)));
        const key = keys.join(separator);
        if (!found.has(key)) found.set(key, { line, column: at - lineStart + 1 });
      }
      at = end - 1;
    }
  }
  return found;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
  }
  return text.length;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    // Only seen in text that is no JSON; the parser says what is wrong with it.
    return text;
  }
}
