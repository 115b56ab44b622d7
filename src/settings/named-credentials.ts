/**
 * Users that environment variables give to indexes by name: `UV_INDEX_CORP_USERNAME` and `UV_INDEX_CORP_PASSWORD` as in uv,
 * `POETRY_HTTP_BASIC_CORP_USERNAME` and `..._PASSWORD` as in Poetry. What is not a letter or digit in a name is `_`.
 */
import type { Variables } from './index-variables.ts';

/** An index with its user. */
export interface NamedCredentials {
  readonly name: string;
  /** With user and password. */
  readonly url: string;
  /** The variable, for `-v`. */
  readonly from: string;
}

const prefixes: readonly string[] = ['UV_INDEX', 'POETRY_HTTP_BASIC'];

/** The users of the indexes given (names by URL); an address that has a user of its own keeps it. */
export function namedCredentials(
  names: Readonly<Record<string, string>>,
  variables: Variables,
): readonly NamedCredentials[] {
  const found: NamedCredentials[] = [];
  for (const [address, name] of Object.entries(names)) {
    if (!URL.canParse(address)) continue;
    const url = new URL(address);
    if (url.username !== '' || url.password !== '') continue;
    const key = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
    for (const prefix of prefixes) {
      const from = `${prefix}_${key}_USERNAME`;
      const user = variables[from] ?? '';
      const password = variables[`${prefix}_${key}_PASSWORD`] ?? '';
      if (user === '' && password === '') continue;
      url.username = encodeURIComponent(user);
      url.password = encodeURIComponent(password);
      found.push({ name, url: url.href, from: user === '' ? `${prefix}_${key}_PASSWORD` : from });
      break;
    }
  }
  return found;
}
