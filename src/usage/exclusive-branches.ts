/**
 * Which branches a line stands in, and whether two lines can be run by one and the same run of the program.
 *
 * Traps: an `else` may be that of a loop or a `try`; two `if`s exclude one another where both compare one setting with different
 * texts; what a `try` falls back to runs only where the other is not there.
 */

/** A branch around a line. */
export interface Branch {
  /** What tells its siblings from those of others: where the chain of `if`, `match` or `try` begins. */
  readonly chain: string;
  /** Which of them it is. */
  readonly branch: number;
  /** Settings that it compares with a text: both have to hold. */
  readonly tests: ReadonlyMap<string, string>;
}

/** The branches around a line of a file, the innermost first. Lines are 1-based. */
export function branchesAt(
  path: string,
  lines: readonly string[],
  line: number,
): readonly Branch[] {
  const found: Branch[] = [];
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 2; at >= 0 && indent > 0; at--) {
    const text = lines[at] ?? '';
    if (isIdle(text) || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    const start = startOfChain(lines, at);
    if (start === -1) continue;
    found.push({ chain: `${path}:${start}`, branch: at, tests: testsIn(text) });
  }
  return found;
}

/** Whether no run of the program comes to both. */
export function excludeOneAnother(some: readonly Branch[], others: readonly Branch[]): boolean {
  return some.some((one) =>
    others.some(
      (other) =>
        (one.chain === other.chain && one.branch !== other.branch) ||
        [...one.tests].some(([name, value]) => (other.tests.get(name) ?? value) !== value),
    ),
  );
}

const HEADER = /^\s*(if|elif|else|case|except|try|match)\b/;
/** Siblings that stand before each, up to the one that begins. */
const BEFORE: Readonly<Record<string, RegExp>> = {
  elif: /^\s*(?:if|elif)\b/,
  else: /^\s*(?:if|elif)\b/,
  except: /^\s*(?:try|except)\b/,
};

/** The line that begins the chain of the header at a line, 0-based; -1 for what is none. */
function startOfChain(lines: readonly string[], at: number): number {
  const text = lines[at] ?? '';
  const word = HEADER.exec(text)?.[1];
  if (word === 'if' || word === 'try') return at;
  if (word === 'case') return ownerOf(lines, at);
  const before = word === undefined ? undefined : BEFORE[word];
  // Any other failure says nothing of what is installed.
  const isOther =
    word === 'except' && !/^\s*except\s*(?::|.*(?:Import|ModuleNotFound)Error)/.test(text);
  if (before === undefined || isOther) return -1;
  for (let above = at - 1; above >= 0; above--) {
    const sibling = lines[above] ?? '';
    if (isIdle(sibling) || indentOf(sibling) > indentOf(text)) continue;
    if (indentOf(sibling) < indentOf(text) || !before.test(sibling)) return -1;
    if (/^\s*(?:if|try)\b/.test(sibling)) return above;
  }
  return -1;
}

/** The `match` that a `case` stands in. */
function ownerOf(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? '');
  for (let above = at - 1; above >= 0; above--) {
    const text = lines[above] ?? '';
    if (isIdle(text) || indentOf(text) >= indent) continue;
    return /^\s*match\b/.test(text) ? above : -1;
  }
  return -1;
}

/** `settings.BACKEND == "a" and …`: names in capitals are settings, which do not change while the program runs. */
const TEST = /^\(?\s*((?:\w+\.)*[A-Z][A-Z\d_]{2,})\s*==\s*["']([^"']*)["']\s*\)?$/;

function testsIn(text: string): ReadonlyMap<string, string> {
  const condition = /^\s*(?:el)?if\s+(.*):\s*(?:#.*)?$/.exec(text)?.[1];
  if (condition === undefined || /\bor\b|\bnot\b/.test(condition)) return new Map();
  return new Map(
    condition.split(/\s+and\s+/).flatMap((part) => {
      const [, name, value] = TEST.exec(part.trim()) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function isIdle(text: string): boolean {
  return /^\s*(?:#.*|[)\]}].*)?$/.test(text);
}

function indentOf(text: string): number {
  return (/^[ \t\f]*/.exec(text)?.[0] ?? '').replaceAll('\t', '        ').length;
}
