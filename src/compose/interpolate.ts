/**
 * Variables in values of compose files, as Compose has them.
 *
 * Traps: `$$` is a dollar; defaults may hold variables themselves; what nobody sets is empty.
 */

/** Where values come from, and what is told of names that have none and no default. */
export interface ComposeVariables {
  readonly valueOf: (name: string) => string | undefined;
  readonly onUnset: (name: string) => void;
}

/** Defaults in defaults. */
const DEEPEST = 20;

/** Text with `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME?error}` and `${NAME:+other}` filled in. */
export function interpolate(text: string, variables: ComposeVariables, depth = 0): string {
  if (depth > DEEPEST) return text;
  let filled = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) break;
    filled += text.slice(at, dollar);
    const rest = text.slice(dollar);
    const bare = /^\$([A-Za-z_]\w*)/.exec(rest);
    const end = rest.startsWith('${') ? endOfBraces(rest) : -1;
    if (rest.startsWith('$$')) {
      filled += '$';
      at = dollar + 2;
    } else if (bare !== null) {
      filled += fill([bare[1] ?? '', ''], variables, depth);
      at = dollar + bare[0].length;
    } else if (end !== -1) {
      const [, name = '', operator = ''] = /^([A-Za-z_]\w*)(.*)$/s.exec(rest.slice(2, end)) ?? [];
      filled += fill([name, operator], variables, depth);
      at = dollar + end + 1;
    } else if (rest.startsWith('${')) {
      // What is never closed is no file that Compose takes: the rest is left as it is.
      return filled + rest;
    } else {
      filled += '$';
      at = dollar + 1;
    }
  }
  return filled + text.slice(at);
}

function endOfBraces(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function fill(
  [name, written]: readonly [string, string],
  variables: ComposeVariables,
  depth: number,
): string {
  const [, operator = '', other = ''] = /^(:?[-?+])(.*)$/s.exec(written) ?? [];
  const value = variables.valueOf(name);
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
  if (operator.endsWith('+')) return isSet ? interpolate(other, variables, depth + 1) : '';
  if (isSet) return value;
  if (operator.endsWith('-')) return interpolate(other, variables, depth + 1);
  variables.onUnset(name);
  return '';
}
