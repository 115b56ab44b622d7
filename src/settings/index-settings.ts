/**
 * Which indexes are asked, and with what restrictions: the command line over environment variables over the project's own
 * files over user configuration over the default (CONTRACT.md, Settings).
 *
 * Traps: the first index that has a name wins, as in uv, and extra indexes come before the default one; pip's truth values are
 * words; lists of several levels are joined, single values are not; `--isolated` drops the environment and the user's files.
 */
import type { IndexOptions } from '../types.ts';
import { parseIni } from './ini.ts';
import { isPlainHttp, redactUrl } from './redact-url.ts';

/** An index to ask. The first one that has a name is the only one asked for it. */
export interface IndexSource {
  /** With credentials, for requests alone; print `redactUrl` of it. Null: PyPI. */
  readonly url: string | null;
  /** As uv and Poetry name it, null where it has no name. */
  readonly name: string | null;
  /** `--index-url`, `PIP_INDEX_URL`, `requirements.txt`, `~/.config/pip/pip.conf`, `default`. */
  readonly from: string;
}

/** Options of one level, with where they come from. */
export interface SettingsLevel {
  readonly options: IndexOptions;
  readonly from: string;
  /** Names of indexes by their URL. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Everything that may say something, in plain text; nothing is read from disk or the environment here. */
export interface SettingsSources {
  /** Options of the command line. */
  readonly flags: IndexOptions;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Options of the dependency files, with their paths. */
  readonly inputs: readonly SettingsLevel[];
  /** User and site configuration, strongest first: from `readPipConfiguration` and uv.toml. */
  readonly configuration: readonly SettingsLevel[];
  readonly isolated: boolean;
}

/** The settings in force. */
export interface IndexSettings {
  /** In the order in which they are asked; empty under `--no-index`. */
  readonly indexes: readonly IndexSource[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly pre: boolean;
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  readonly requireHashes: boolean;
  /** File with certificates to trust (PIP_CERT, SSL_CERT_FILE), null where none is set. */
  readonly certificate: string | null;
  /** A sentence for each setting that is not the default, without secrets, for `-v`. */
  readonly notes: readonly string[];
}

/** Joins all levels. */
export function resolveIndexSettings(sources: SettingsSources): IndexSettings {
  const { flags, inputs, configuration, isolated } = sources;
  const variables = isolated ? {} : sources.variables;
  const levels: readonly SettingsLevel[] = [
    { options: flags, from: 'the command line' },
    ...environmentLevels(variables),
    ...inputs,
    ...(isolated ? [] : configuration),
  ];
  const any = (test: (options: IndexOptions) => boolean): boolean =>
    levels.some(({ options }) => test(options));
  const certificate = variables['PIP_CERT'] ?? variables['SSL_CERT_FILE'] ?? null;
  const noIndex = any(({ noIndex: set }) => set === true);
  const indexes = noIndex ? [] : joinIndexes(levels);
  const settings = {
    indexes,
    findLinks: joinLists(levels, ({ findLinks }) => findLinks),
    noIndex,
    pre: any(({ pre }) => pre === true),
    noBinary: joinLists(levels, ({ noBinary }) => noBinary),
    onlyBinary: joinLists(levels, ({ onlyBinary }) => onlyBinary),
    requireHashes: any(({ requireHashes }) => requireHashes === true),
    certificate: certificate === '' ? null : certificate,
  };
  return { ...settings, notes: describe(settings, levels) };
}

function joinIndexes(levels: readonly SettingsLevel[]): readonly IndexSource[] {
  const found = new Map<string, IndexSource>();
  const add = (url: string, { from, names }: SettingsLevel): void => {
    const clean = url.trim().replace(/\/+$/, '');
    if (clean === '' || found.has(clean)) return;
    found.set(clean, { url: clean, name: names?.[url] ?? null, from });
  };
  for (const level of levels) for (const url of level.options.extraIndexUrls ?? []) add(url, level);
  const main = levels.find(
    ({ options }) => options.indexUrl !== undefined && options.indexUrl.trim() !== '',
  );
  if (main?.options.indexUrl !== undefined) add(main.options.indexUrl, main);
  const indexes = [...found.values()];
  return main === undefined ? [...indexes, { url: null, name: null, from: 'default' }] : indexes;
}

function joinLists(
  levels: readonly SettingsLevel[],
  pick: (options: IndexOptions) => readonly string[] | undefined,
): readonly string[] {
  return [...new Set(levels.flatMap(({ options }) => pick(options) ?? []))];
}

function describe(
  settings: Omit<IndexSettings, 'notes'>,
  levels: readonly SettingsLevel[],
): readonly string[] {
  const notes = settings.indexes
    .filter(({ url }) => url !== null)
    .map(({ url, name, from }) => {
      const insecure = isPlainHttp(url ?? '') ? ', by plain http' : '';
      return `index ${name === null ? '' : `${name} `}${redactUrl(url ?? '')} (${from}${insecure})`;
    });
  const say = (what: string, test: (options: IndexOptions) => boolean): void => {
    const level = levels.find(({ options }) => test(options));
    if (level !== undefined) notes.push(`${what} (${level.from})`);
  };
  say('no index is asked', ({ noIndex }) => noIndex === true);
  say('pre-releases are allowed', ({ pre }) => pre === true);
  say('hashes are required', ({ requireHashes }) => requireHashes === true);
  say('source archives only for some', ({ noBinary }) => (noBinary ?? []).length > 0);
  say('wheels only for some', ({ onlyBinary }) => (onlyBinary ?? []).length > 0);
  for (const link of settings.findLinks) notes.push(`links of ${redactUrl(link)}`);
  if (settings.certificate !== null) notes.push('a certificate file of the environment is trusted');
  return notes;
}

// ---------------------------------------------------------------------------------------------------------------------
// Environment variables

// Each variable is a level of its own, so that a note can name it; uv's are stronger, being the newer and narrower ones.
function environmentLevels(variables: SettingsSources['variables']): readonly SettingsLevel[] {
  const levels: SettingsLevel[] = [];
  const add = (name: string, toOptions: (value: string) => IndexOptions): void => {
    const value = variables[name]?.trim();
    if (value !== undefined && value !== '') levels.push({ options: toOptions(value), from: name });
  };
  add('UV_DEFAULT_INDEX', (value) => ({ indexUrl: withoutName(value) }));
  add('UV_INDEX_URL', (value) => ({ indexUrl: value }));
  add('PIP_INDEX_URL', (value) => ({ indexUrl: value }));
  add('UV_INDEX', (value) => ({ extraIndexUrls: words(value).map(withoutName) }));
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
  return levels;
}

function words(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

// uv writes `name=https://...`.
function withoutName(value: string): string {
  return value.replace(/^[A-Za-z0-9_.-]+=(?=[a-z][a-z0-9+.-]*:)/, '');
}

function isTrue(value: string): boolean {
  return /^(?:1|true|yes|on|y|t)$/i.test(value);
}

// ---------------------------------------------------------------------------------------------------------------------
// pip.conf

/** The level of a pip.conf (pip.ini): `[install]` over `[global]`; other commands of pip do not install. */
export function readPipConfiguration(text: string, path: string): SettingsLevel {
  let options: IndexOptions = {};
  for (const section of ['global', 'install']) {
    for (const entry of parseIni(text)) {
      if (entry.section === section)
        options = { ...options, ...toOptions(entry.key, entry.values) };
    }
  }
  return { options, from: path };
}

function toOptions(key: string, values: readonly string[]): IndexOptions {
  const all = values.flatMap(words);
  const first = all[0];
  switch (key) {
    case 'index-url':
      return first === undefined ? {} : { indexUrl: first };
    case 'extra-index-url':
      return { extraIndexUrls: all };
    case 'find-links':
      return { findLinks: all };
    case 'no-index':
      return { noIndex: isTrue(first ?? '') };
    case 'pre':
      return { pre: isTrue(first ?? '') };
    case 'no-binary':
      return { noBinary: all.flatMap((value) => value.split(',')) };
    case 'only-binary':
      return { onlyBinary: all.flatMap((value) => value.split(',')) };
    case 'require-hashes':
      return { requireHashes: isTrue(first ?? '') };
    default:
      return {};
  }
}
