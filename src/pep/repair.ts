/**
 * Repairs of malformed requirements and specifiers, the ones that uv makes and in its order, so that old metadata on an
 * index means here what it means there. They are tried only after a strict parse has failed, and every one is reported.
 */

interface Repair {
  readonly apply: (text: string) => string;
  /** What was done, for a sentence "repaired by …". */
  readonly what: string;
}

/** Longer texts are not repaired: some of the patterns need quadratic time on hostile input. */
const LONGEST_REPAIRABLE = 4096;

/** The value of the first text that parses, and what was repaired for it, in order; empty when the text was well-formed. */
export interface Repaired<T> {
  readonly value: T;
  readonly repaired: readonly string[];
}

/** Parses strictly, then with one more repair at a time; throws what the strict parse threw where none helps. */
export function parseWithRepairs<T>(text: string, parse: (text: string) => T): Repaired<T> {
  try {
    return { value: parse(text), repaired: [] };
  } catch (error) {
    const repaired = text.length <= LONGEST_REPAIRABLE ? tryRepairs(text, parse) : null;
    if (repaired === null) throw error;
    return repaired;
  }
}

function tryRepairs<T>(text: string, parse: (text: string) => T): Repaired<T> | null {
  const done: string[] = [];
  let current = text;
  for (const repair of repairs()) {
    const next = repair.apply(current);
    if (next === current) continue;
    current = next;
    done.push(repair.what);
    const value = parseOrNull(current, parse);
    if (value !== null) return { value: value.value, repaired: done };
  }
  return null;
}

// Failure is the expected answer here: the caller rethrows the error of the text as it was written.
function parseOrNull<T>(text: string, parse: (text: string) => T): { readonly value: T } | null {
  try {
    return { value: parse(text) };
  } catch {
    return null;
  }
}

function repairs(): readonly Repair[] {
  return [
    {
      what: 'inserting a missing comma',
      apply: (text) => text.replace(/(\d)([<>=~^!])/g, '$1,$2'),
    },
    {
      what: 'replacing an invalid tilde by a wildcard',
      apply: (text) => text.replace(/!=~((?:\d\.)*\d)/g, '!=$1.*'),
    },
    {
      what: 'removing a star after a comparison other than == and !=',
      apply: (text) => text.replace(/(<=|>=|<|>)\s*(\d+(?:\.\d+)*)\.\*/g, '$1$2'),
    },
    { what: 'inserting a missing dot', apply: (text) => text.replace(/(\d\.\d)\*/g, '$1.*') },
    { what: 'removing a trailing comma', apply: (text) => text.trimEnd().replace(/,$/, '') },
    { what: 'reading `dev` as `0.0.0dev`', apply: (text) => text.replace(/>dev/g, '>0.0.0dev') },
    {
      what: 'removing a trailing zero',
      apply: (text) => text.replace(/(\d+(?:\.\d)*(?:a|b|rc|post|dev)\d+)\.0/g, '$1'),
    },
    { what: 'removing stray quotes', apply: removeStrayQuotes },
  ];
}

/** `'>= 2.7'` becomes `>= 2.7`; the quotes of a marker stay. */
function removeStrayQuotes(text: string): string {
  const semicolon = text.indexOf(';');
  const end = semicolon === -1 ? text.length : semicolon;
  return text.slice(0, end).replace(/['"]/g, '') + text.slice(end);
}
