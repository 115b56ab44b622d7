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

/** Text with `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME?error}` and `${NAME:+other}` filled in. */
export function interpolate(text: string, variables: ComposeVariables): string {
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
      filled += fill(bare[1] ?? '', '', variables);
      at = dollar + bare[0].length;
    } else if (end !== -1) {
      const [, name = '', operator = ''] = /^([A-Za-z_]\w*)(.*)$/s.exec(rest.slice(2, end)) ?? [];
      filled += fill(name, operator, variables);
      at = dollar + end + 1;
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

function fill(name: string, written: string, variables: ComposeVariables): string {
  const [, operator = '', other = ''] = /^(:?[-?+])(.*)$/s.exec(written) ?? [];
  const value = variables.valueOf(name);
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
  if (operator.endsWith('+')) return isSet ? interpolate(other, variables) : '';
  if (isSet) return value;
  if (operator.endsWith('-')) return interpolate(other, variables);
  variables.onUnset(name);
  return '';
}
