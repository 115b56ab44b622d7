/**
 * .dockerignore as Docker reads it.
 *
 * Traps: the last pattern that matches decides, `!` takes back; a pattern that matches a folder matches all below it; `*` stops
 * at `/`, and `**` is any number of folders, none included; a leading `/` says nothing; a pattern that cannot be read matches
 * nothing. Matching takes time in proportion to pattern and path, whatever is in them.
 */

/** One line of the file. */
interface IgnorePattern {
  readonly segments: readonly string[];
  readonly isNegated: boolean;
}

/** What the file leaves out of the build context. */
export interface Dockerignore {
  /** For a path relative to the context, with `/`. */
  readonly ignores: (path: string) => boolean;
  /** True where something below an ignored folder may be taken back. */
  readonly takesBack: boolean;
}

/** Reads the text of the file; '' for none. */
export function parseDockerignore(text: string): Dockerignore {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => parsePattern(line.trim()) ?? []);
  return {
    ignores: (path) => isIgnored(path.split('/'), patterns),
    takesBack: patterns.some(({ isNegated }) => isNegated),
  };
}

function parsePattern(line: string): IgnorePattern | null {
  const isNegated = line.startsWith('!');
  const segments: string[] = [];
  for (const segment of line
    .slice(isNegated ? 1 : 0)
    .trim()
    .split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    // Several in a row are as many folders as one.
    else if (segment !== '**' || segments.at(-1) !== '**') segments.push(segment);
  }
  return segments.length === 0 ? null : { segments, isNegated };
}

function isIgnored(path: readonly string[], patterns: readonly IgnorePattern[]): boolean {
  let ignored = false;
  for (const { segments, isNegated } of patterns) {
    if (ignored === isNegated && matchesPathOrFolder(segments, path)) ignored = !isNegated;
  }
  return ignored;
}

/** `states` holds, after each part of the path, how many segments of the pattern may be used up by then. */
function matchesPathOrFolder(segments: readonly string[], path: readonly string[]): boolean {
  let states = skipAny(new Set([0]), segments);
  for (const part of path) {
    const next = new Set<number>();
    for (const state of states) {
      const segment = segments[state];
      if (segment === undefined) continue;
      if (segment === '**') next.add(state);
      else if (matchesSegment(segment, part)) next.add(state + 1);
    }
    states = skipAny(next, segments);
    if (states.has(segments.length)) return true;
    if (states.size === 0) return false;
  }
  return false;
}

function skipAny(states: Set<number>, segments: readonly string[]): Set<number> {
  for (const state of states) if (segments[state] === '**') states.add(state + 1);
  return states;
}

/** `*`, `?`, `[a-z]` and `\x` within one name; goes back to the last `*` alone, so that no name takes long. */
function matchesSegment(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  let index = 0;
  while (index < name.length) {
    const step = at < pattern.length ? matchOne(pattern, at, name.charAt(index)) : null;
    if (pattern.charAt(at) === '*') {
      star = at++;
      starAt = index;
    } else if (step !== null) {
      at = step;
      index++;
    } else if (star === -1) return false;
    else {
      at = star + 1;
      index = ++starAt;
    }
  }
  while (pattern.charAt(at) === '*') at++;
  return at === pattern.length;
}

/** Where the pattern goes on after one character, null where that does not match. */
function matchOne(pattern: string, at: number, character: string): number | null {
  const own = pattern.charAt(at);
  if (own === '?') return at + 1;
  if (own === '\\' && at + 1 < pattern.length)
    return pattern.charAt(at + 1) === character ? at + 2 : null;
  if (own !== '[') return own === character ? at + 1 : null;
  const end = pattern.indexOf(']', at + 2);
  if (end === -1) return null;
  const isNegated = pattern.charAt(at + 1) === '^';
  return isInClass(pattern.slice(at + (isNegated ? 2 : 1), end), character) === isNegated
    ? null
    : end + 1;
}

function isInClass(text: string, character: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charAt(index + 1) === '-' && index + 2 < text.length) {
      if (character >= text.charAt(index) && character <= text.charAt(index + 2)) return true;
      index += 2;
    } else if (text.charAt(index) === character) return true;
  }
  return false;
}
