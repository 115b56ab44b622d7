/**
 * User names and passwords from a netrc file, as curl and pip read them.
 *
 * Traps: tokens may stand on any lines · a comment starts at `#` only where a token could · `macdef` runs to an empty
 * line · `default` serves every host and must come last · a password may hold `#`.
 */

/** What a netrc says of one host; null stands for `default`. */
export interface NetrcEntry {
  readonly machine: string | null;
  readonly login: string;
  readonly password: string;
}

/** The entries of a file in their order; what cannot be read is left out. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: NetrcEntry[] = [];
  let current: { machine: string | null; login: string; password: string } | null = null;
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === 'default') {
      current = { machine: null, login: '', password: '' };
      entries.push(current);
      continue;
    }
    const value = tokens[at + 1];
    if (value === undefined) break;
    if (token === 'machine') {
      current = { machine: value.toLowerCase(), login: '', password: '' };
      entries.push(current);
      at++;
    } else if (token === 'login' || token === 'user') {
      if (current !== null) current.login = value;
      at++;
    } else if (token === 'password') {
      if (current !== null) current.password = value;
      at++;
    } else if (token === 'account') {
      at++;
    }
  }
  return entries;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let inMacro = false;
  for (const line of text.split(/\r?\n/)) {
    if (inMacro) {
      inMacro = line.trim() !== '';
      continue;
    }
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    if (words[0] === 'macdef') {
      inMacro = true;
      continue;
    }
    for (const [at, word] of words.entries()) {
      const previous = words[at - 1];
      // The value of a key is a value, whatever it starts with.
      if (word.startsWith('#') && previous !== 'password' && previous !== 'login') break;
      tokens.push(word.replace(/^"(.*)"$/, '$1'));
    }
  }
  return tokens;
}

/** The `Authorization` of an address from entries, null where no entry is for its host. */
export function authorizationFrom(entries: readonly NetrcEntry[], url: string): string | null {
  const host = new URL(url).hostname.toLowerCase();
  const entry =
    entries.find(({ machine }) => machine === host) ??
    entries.find(({ machine }) => machine === null);
  if (entry === undefined || (entry.login === '' && entry.password === '')) return null;
  return `Basic ${Buffer.from(`${entry.login}:${entry.password}`).toString('base64')}`;
}
