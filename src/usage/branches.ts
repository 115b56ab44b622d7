/**
 * Which branch of an `if` the target takes, where the condition asks for nothing but the version of Python or the
 * platform: an import in a branch that is never run lacks nothing.
 *
 * Traps: `sys.version_info >= (3, 9)` compares tuples, so `> (3, 8)` holds for 3.8.1; an `elif` or `else` runs only where
 * no branch before it did; `if __name__ == "__main__"` is no condition of the target but of how the file is started.
 */

import type { SourceAccess } from '../imports/source-access.ts';
import { evaluateMarker, parseMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import type { ImportUse, MarkerEnvironment } from '../types.ts';
import { isGuarded } from './guards.ts';
import { mayBelong } from './undeclared.ts';
import type { UndeclaredImport } from './undeclared.ts';

/** Whether the target runs a line: `open` where a condition asks for something else, `asked` where for what is installed. */
export type BranchState = 'always' | 'never' | 'open' | 'asked';

/** The same list without what the target never runs, and with `conditional` where every import hangs on a condition. */
export function settleBranches(
  found: readonly UndeclaredImport[],
  access: SourceAccess,
  markers: MarkerEnvironment,
): readonly UndeclaredImport[] {
  const texts = new Map<string, readonly string[]>();
  const stateOf = ({ path, line, context, module }: ImportUse): BranchState => {
    if (path.endsWith('.ipynb')) {
      const lines = texts.get(path) ?? readLines(access, path);
      texts.set(path, lines);
      return stateInNotebook(lines, module.split('.', 1)[0] ?? module);
    }
    const mayBeAsked = context.includes('if') || context.includes('function');
    if (!mayBeAsked || !/\.pyw?$/.test(path)) return 'always';
    const lines = texts.get(path) ?? readLines(access, path);
    texts.set(path, lines);
    if (context.includes('function') && isNamedAbove(lines, line, module)) return 'asked';
    return context.includes('if') ? branchState(lines, line, markers) : 'always';
  };
  return found.flatMap((one) => {
    const states = one.uses.map((use) => [use, stateOf(use)] as const);
    const run = states.filter(([, state]) => state !== 'never');
    if (run.length === 0) return [];
    const uses = run.map(([use]) => use);
    const plain = run.filter(([use]) => !isGuarded(use)).map(([, state]) => state);
    const guarded = one.guarded || (plain.length > 0 && plain.every((state) => state === 'asked'));
    const conditional = !guarded && plain.length > 0 && plain.every((state) => state !== 'always');
    return [{ ...one, uses, guarded, conditional }];
  });
}

function readLines(access: SourceAccess, path: string): readonly string[] {
  const content = access.read(path);
  if (!content.ok) return [];
  const text = new TextDecoder().decode(content.bytes.subarray(0, content.length));
  return text.split(/\r\n?|\n/);
}

/** `check_requirements("mss")` right above the import: the code asks for it, or installs it, by its name. */
function isNamedAbove(lines: readonly string[], line: number, module: string): boolean {
  const name = new RegExp(`\\(.*["']${module.split('.', 1)[0] ?? module}\\b[^"']*["']`);
  return lines.slice(Math.max(0, line - 4), line - 1).some((text) => name.test(text));
}

const INSTALLATION = /[!%]\s*(?:uv\s+)?(?:pip3?|conda|mamba)\s+install\s+([^"\\]*)/;

/** What a notebook installs itself is not missing in it; where it installs others, these may bring it. */
function stateInNotebook(lines: readonly string[], top: string): BranchState {
  const words = lines.flatMap((text) => INSTALLATION.exec(text)?.[1]?.split(/\s+/) ?? []);
  const names = words.flatMap((word) => /^['"]?([A-Za-z0-9][\w.-]*)/.exec(word)?.[1] ?? []);
  if (names.some((name) => mayBelong(top, normalizeName(name)))) return 'never';
  return words.length > 0 ? 'open' : 'always';
}

const HEADER = /^(\s*)(if|elif|else)\b\s*(.*)$/;

/** The state of a line (from 1) by the headers of the blocks around it. */
export function branchState(
  lines: readonly string[],
  line: number,
  markers: MarkerEnvironment,
): BranchState {
  let state: BranchState = 'always';
  const own = lines[line - 1] ?? '';
  // `if CONDITION: import x` is header and block in one.
  let depth = HEADER.test(own) ? indentOf(own) + 1 : indentOf(own);
  for (let index = HEADER.test(own) ? line - 1 : line - 2; index >= 0 && depth > 0; index--) {
    const text = lines[index] ?? '';
    if (isIdle(text) || indentOf(text) >= depth) continue;
    depth = indentOf(text);
    const header = HEADER.exec(text);
    if (header === null) continue;
    const branch = stateOfHeader(lines, index, header, markers);
    if (branch === 'never') return 'never';
    if (branch === 'asked' || (branch === 'open' && state === 'always')) state = branch;
  }
  return state;
}

/** `if find_spec("x"):`, `if is_x_available():`, `if HAS_X:`. */
const INSTALLED =
  /\bfind_spec\(|\bis_\w*(?:available|installed)\b|_(?:AVAILABLE|INSTALLED)\b|\bHAS_|\bhas_\w+\(/;

/** A branch runs where its own condition holds and none of those before it did. */
function stateOfHeader(
  lines: readonly string[],
  index: number,
  header: RegExpExecArray,
  markers: MarkerEnvironment,
): BranchState {
  const [, indent = '', word = '', rest = ''] = header;
  let state: BranchState = word === 'else' ? 'always' : stateOfCondition(rest, markers);
  if (word === 'if' || state === 'never') return state;
  for (let above = index - 1; above >= 0; above--) {
    const text = lines[above] ?? '';
    if (isIdle(text) || indentOf(text) > indent.length) continue;
    const sibling = indentOf(text) === indent.length ? HEADER.exec(text) : null;
    // The `else` of a `for` or a `try`: nothing to ask.
    if (sibling === null || sibling[2] === 'else') return state;
    const before = stateOfCondition(sibling[3] ?? '', markers);
    if (before === 'always') return 'never';
    if (before !== 'never') state = 'open';
    if (sibling[2] === 'if') return state;
  }
  return state;
}

function stateOfCondition(rest: string, markers: MarkerEnvironment): BranchState {
  const condition = conditionOf(rest);
  if (/^\(?\s*__name__\s*==\s*["']__main__["']\s*\)?$/.test(condition)) return 'always';
  try {
    return evaluateMarker(parseMarker(toMarker(condition)), markers, new Set())
      ? 'always'
      : 'never';
  } catch {
    return INSTALLED.test(condition) && !/\bnot\b/.test(condition) ? 'asked' : 'open';
  }
}

/** Up to the colon that ends it, which is in no bracket and no string. */
function conditionOf(rest: string): string {
  let depth = 0;
  for (const { 0: mark, index } of rest.matchAll(/"[^"]*"|'[^']*'|[()[\]{}:#]/g)) {
    if ('([{'.includes(mark)) depth++;
    else if (')]}'.includes(mark)) depth--;
    else if (mark === '#' || (mark === ':' && depth === 0)) return rest.slice(0, index).trim();
  }
  return rest.trim();
}

/** A Python condition in the words of PEP 508; what has none stays as it is and is then no marker. */
function toMarker(condition: string): string {
  return condition
    .replaceAll(
      /\b(?:sys\.)?version_info(?:\[:\d\])?\s*(>=|<=|==|!=|<|>)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?((?:,[^()]*)?)\)/g,
      (whole, ...groups: readonly (string | undefined)[]) => {
        const [operator = '', major = '', minor, more = ''] = groups;
        // A tuple of one item: what starts with it is greater.
        if (minor === undefined)
          return wholeMajor(operator, Number(major) - (operator === '>' ? 1 : 0));
        const isMinor = /^[\s,]*(?:0\s*,?\s*)?$/.test(more);
        return isMinor ? compareMinor(operator, `${major}.${minor}`, whole) : whole;
      },
    )
    .replaceAll(
      /\b(?:sys\.)?version_info(?:\[0\]|\.major)\s*(>=|<=|==|!=|<|>)\s*(\d)/g,
      (_, operator: string, major: string) => wholeMajor(operator, Number(major)),
    )
    .replaceAll(/\b(?:six\.)?PY2\b/g, 'python_version < "3"')
    .replaceAll(/\b(?:six\.)?PY3\b/g, 'python_version >= "3"')
    .replaceAll(
      /\b(?:sys\.)?platform\.startswith\(\s*["'](linux|darwin|win)(?:32)?["']\s*\)/g,
      (_, name: string) => `sys_platform == "${name === 'win' ? 'win32' : name}"`,
    )
    .replaceAll(/\bsys\.platform\b/g, 'sys_platform')
    .replaceAll(/\bos\.name\b/g, 'os_name')
    .replaceAll(/\bplatform\.system\(\)/g, 'platform_system');
}

/** The tuple of the interpreter has five items: it is greater than any shorter one that it starts with. */
function compareMinor(operator: string, version: string, whole: string): string {
  const isSliced = whole.includes('[:2]');
  if (isSliced || operator === '>=' || operator === '<')
    return `python_version ${operator} "${version}"`;
  if (operator === '>') return `python_version >= "${version}"`;
  if (operator === '<=') return `python_version < "${version}"`;
  return operator === '==' ? 'python_version < "0"' : 'python_version > "0"';
}

function wholeMajor(operator: string, major: number): string {
  switch (operator) {
    case '>=':
      return `python_version >= "${major}"`;
    case '<':
      return `python_version < "${major}"`;
    case '>':
      return `python_version >= "${major + 1}"`;
    case '<=':
      return `python_version < "${major + 1}"`;
    default: {
      const inside = `python_version >= "${major}" and python_version < "${major + 1}"`;
      return operator === '==' ? `(${inside})` : `(python_version < "${major}")`;
    }
  }
}

/** Blank, a comment, or the end of what began in brackets above. */
function isIdle(text: string): boolean {
  return /^\s*(?:#.*|[)\]}].*)?$/.test(text);
}

function indentOf(text: string): number {
  const blanks = /^[ \t\f]*/.exec(text)?.[0] ?? '';
  return blanks.replaceAll('\t', '        ').length;
}
