/** What environment variables of uv and pip say of indexes. */
import type { IndexOptions } from '../types.ts';
import type { SettingsLevel } from './index-settings.ts';

/** The environment, or what is seen of it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Each variable is a level of its own, so that a note can name it; uv's are stronger, being the newer and narrower ones. */
export function environmentLevels(variables: Variables): readonly SettingsLevel[] {
  const levels: SettingsLevel[] = [];
  const add = (name: string, toOptions: (value: string) => IndexOptions): void => {
    const value = variables[name]?.trim();
    if (value !== undefined && value !== '') levels.push({ options: toOptions(value), from: name });
  };
  add('UV_DEFAULT_INDEX', (value) => {
    const { url, names } = splitNames([value]);
    return { indexUrl: url[0] ?? '', ...names };
  });
  add('UV_INDEX_URL', (value) => ({ indexUrl: value }));
  add('PIP_INDEX_URL', (value) => ({ indexUrl: value }));
  add('UV_INDEX', (value) => {
    const { url, names } = splitNames(words(value));
    return { extraIndexUrls: url, ...names };
  });
  add('UV_EXTRA_INDEX_URL', (value) => ({ extraIndexUrls: words(value) }));
  add('PIP_EXTRA_INDEX_URL', (value) => ({ extraIndexUrls: words(value) }));
  add('UV_FIND_LINKS', (value) => ({ findLinks: value.split(/[,\s]+/) }));
  add('PIP_FIND_LINKS', (value) => ({ findLinks: words(value) }));
  add('PIP_NO_INDEX', (value) => ({ noIndex: isTrue(value) }));
  add('UV_NO_INDEX', (value) => ({ noIndex: isTrue(value) }));
  add('PIP_PRE', (value) => ({ pre: isTrue(value) }));
  add('UV_PRERELEASE', (value) => ({ pre: value === 'allow' }));
  add('PIP_NO_BINARY', (value) => ({ noBinary: value.split(',') }));
  add('PIP_ONLY_BINARY', (value) => ({ onlyBinary: value.split(',') }));
  add('PIP_REQUIRE_HASHES', (value) => ({ requireHashes: isTrue(value) }));
  for (const from of ['PIP_CERT', 'SSL_CERT_FILE']) {
    const certificate = variables[from] ?? '';
    if (certificate !== '') levels.push({ options: {}, from, certificate });
  }
  return levels;
}

/** The words of a list as pip and uv write it. */
export function words(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

/** uv writes `name=https://...`. */
function splitNames(values: readonly string[]): {
  readonly url: readonly string[];
  readonly names: Pick<IndexOptions, 'indexNames'>;
} {
  const split = values.map((value) => {
    const match = /^([A-Za-z0-9_.-]+)=([a-z][a-z0-9+.-]*:.*)$/s.exec(value);
    return { name: match?.[1] ?? null, url: match?.[2] ?? value };
  });
  const named = split.flatMap(({ name, url }) => (name === null ? [] : [[url, name] as const]));
  return {
    url: split.map(({ url }) => url),
    names: named.length === 0 ? {} : { indexNames: Object.fromEntries(named) },
  };
}

/** pip's words for true. */
export function isTrue(value: string): boolean {
  return /^(?:1|true|yes|on|y|t)$/i.test(value);
}
