/**
 * Which files git ignores (gitignore(5)). Traps: the last rule that matches wins, a deeper file over a higher one; a rule
 * with a slash inside is bound to its folder, one without holds at any depth; `!` takes back, but nothing below an
 * ignored folder; `\` quotes; trailing blanks do not count; `**` crosses folders only as a whole segment.
 * Matching never goes back further than the last star, so no pattern is slower than pattern times path.
 */

/** The rules of one .gitignore file. */
export interface IgnoreRules {
  /** Folder of the file relative to the root, `.` for the root. */
  readonly folder: string;
  readonly rules: readonly IgnoreRule[];
}

interface IgnoreRule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Compared with the name alone; null for rules bound to a path. */
  readonly name: string | null;
  /** Segments below the folder of the rules, `**` among them. */
  readonly segments: readonly string[];
  /** No `*`, `?`, `[` or `\` in `name`: equality decides. */
  readonly isLiteral: boolean;
}

/** Reads the text of a .gitignore. */
export function parseIgnoreRules(text: string, folder: string): IgnoreRules {
  const rules: IgnoreRule[] = [];
  for (const line of text.split(/\r?\n/)) {
    const rule = parseRule(line);
    if (rule !== null) rules.push(rule);
  }
  return { folder, rules };
}

function parseRule(line: string): IgnoreRule | null {
  if (line.startsWith('#')) return null;
  let pattern = trimTrailingBlanks(line);
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  if (pattern === '' || pattern === '/') return null;
  const isBound = pattern.includes('/');
  const segments = pattern.replace(/^\//, '').split('/');
  const name = isBound ? null : pattern;
  return { negated, foldersOnly, name, segments, isLiteral: !/[*?[\\]/.test(pattern) };
}

function trimTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t') && line[end - 2] !== '\\')
    end--;
  return line.slice(0, end);
}

/** Whether a path is ignored. `stack` holds the rules from the root downwards; folders above are taken as not ignored. */
export function isIgnored(stack: readonly IgnoreRules[], path: string, isFolder: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let index = stack.length - 1; index >= 0; index--) {
    const level = stack[index];
    if (level === undefined) continue;
    const below = level.folder === '.' ? path : path.slice(level.folder.length + 1);
    for (let last = level.rules.length - 1; last >= 0; last--) {
      const rule = level.rules[last];
      if (rule === undefined || (rule.foldersOnly && !isFolder)) continue;
      if (ruleMatches(rule, name, below)) return !rule.negated;
    }
  }
  return false;
}

function ruleMatches(rule: IgnoreRule, name: string, below: string): boolean {
  if (rule.name !== null) return rule.isLiteral ? rule.name === name : globMatches(rule.name, name);
  if (rule.isLiteral) return below === rule.segments.join('/');
  return pathMatches(rule.segments, below.split('/'));
}

/** Segments against segments; `**` takes any number of them, at the end at least one. */
function pathMatches(pattern: readonly string[], path: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let starPath = 0;
  let index = 0;
  while (index < path.length) {
    const segment = pattern[at];
    if (segment === '**') {
      if (at === pattern.length - 1) return true;
      star = at++;
      starPath = index;
    } else if (segment !== undefined && globMatches(segment, path[index] ?? '')) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starPath;
    } else return false;
  }
  return at === pattern.length;
}

/** One segment against a glob of `*`, `?`, `[…]` and `\`. */
export function globMatches(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let starText = 0;
  let index = 0;
  while (index < text.length) {
    const width = at < glob.length ? matchOne(glob, at, text[index] ?? '') : 0;
    if (glob[at] === '*') {
      star = at++;
      starText = index;
    } else if (width > 0) {
      at += width;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starText;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/** Width of the glob's element at a place where it matches the character, else 0. */
function matchOne(glob: string, at: number, character: string): number {
  const element = glob[at];
  if (element === '?') return 1;
  if (element === '\\') return glob[at + 1] === character ? 2 : 0;
  if (element !== '[') return element === character && element !== '*' ? 1 : 0;
  const close = glob.indexOf(']', at + (glob[at + 1] === '!' || glob[at + 1] === '^' ? 3 : 2));
  if (close === -1) return character === '[' ? 1 : 0;
  const negated = glob[at + 1] === '!' || glob[at + 1] === '^';
  const members = glob.slice(at + (negated ? 2 : 1), close);
  return isMember(members, character) === negated ? 0 : close - at + 1;
}

function isMember(members: string, character: string): boolean {
  for (let index = 0; index < members.length; index++) {
    const low = members[index] ?? '';
    const isRange = members[index + 1] === '-' && index + 2 < members.length;
    const high = isRange ? (members[index + 2] ?? '') : low;
    if (character >= low && character <= high) return true;
    if (isRange) index += 2;
  }
  return false;
}
