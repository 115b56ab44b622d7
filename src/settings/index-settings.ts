/**
 * Which indexes are asked, and with what restrictions: the command line over environment variables over the project's own
 * files over user configuration over the default (CONTRACT.md, Settings).
 *
 * Traps: the first index that has a name wins, as in uv, and extra indexes come before the default one; pip's truth values are
 * words; lists of several levels are joined, single values are not; `--isolated` drops the environment and the user's files.
 */
import { defaultIndexMark } from '../package-index/default-index.ts';
import type { IndexOptions } from '../types.ts';
import { environmentLevels, type Variables } from './index-variables.ts';
import { namedCredentials } from './named-credentials.ts';
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
  /** File with certificates to trust. */
  readonly certificate?: string;
}

/** Everything that may say something, in plain text; nothing is read from disk or the environment here. */
export interface SettingsSources {
  /** Options of the command line. */
  readonly flags: IndexOptions;
  readonly variables: Variables;
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
  /** Of the project's files and the user's; null: all files exist. */
  readonly excludeNewer: string | null;
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  readonly requireHashes: boolean;
  /** File with certificates to trust (PIP_CERT, SSL_CERT_FILE, pip.conf), null where none is set. */
  readonly certificate: string | null;
  /** Addresses of named indexes with the users that variables give them; they count for no request of another index. */
  readonly credentials: readonly string[];
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
  const noIndex = any(({ noIndex: set }) => set === true);
  const named = namedCredentials(indexNames(levels), variables);
  const settings = {
    indexes: noIndex ? [] : joinIndexes(levels),
    findLinks: joinLists(levels, ({ findLinks }) => findLinks),
    noIndex,
    pre: any(({ pre }) => pre === true),
    excludeNewer:
      levels.map(({ options }) => options.excludeNewer).find((moment) => moment !== undefined) ??
      null,
    // `:none:` takes back what weaker levels say, so these come first.
    noBinary: joinLists(levels.toReversed(), ({ noBinary }) => noBinary),
    onlyBinary: joinLists(levels.toReversed(), ({ onlyBinary }) => onlyBinary),
    requireHashes: any(({ requireHashes }) => requireHashes === true),
    certificate: certificateOf(levels)?.certificate ?? null,
    credentials: named.map(({ url }) => url),
  };
  const notes = [
    ...describe(settings, levels),
    ...named.map(({ name, from }) => `the user of the index ${name} (${from})`),
  ];
  return { ...settings, notes };
}

function joinIndexes(levels: readonly SettingsLevel[]): readonly IndexSource[] {
  const found = new Map<string, IndexSource>();
  const names = indexNames(levels);
  const add = (written: string, from: string): void => {
    const url = written.trim().replace(/\/+$/, '');
    if (url === '' || found.has(url)) return;
    const isDefault = url === defaultIndexMark;
    found.set(url, { url: isDefault ? null : url, name: names[written] ?? null, from });
  };
  for (const { options, from } of levels)
    for (const url of options.extraIndexUrls ?? []) add(url, from);
  const main = levels.find(
    ({ options }) => options.indexUrl !== undefined && options.indexUrl.trim() !== '',
  );
  add(main?.options.indexUrl ?? defaultIndexMark, main?.from ?? 'default');
  for (const { options, from } of levels)
    for (const url of options.laterIndexUrls ?? []) add(url, from);
  return [...found.values()];
}

/** Of two names for one index that of the stronger level. */
function indexNames(levels: readonly SettingsLevel[]): Readonly<Record<string, string>> {
  const named = levels.toReversed().map(({ options }) => options.indexNames ?? {});
  return Object.assign({}, ...named);
}

function certificateOf(levels: readonly SettingsLevel[]): SettingsLevel | undefined {
  return levels.find(({ certificate }) => certificate !== undefined && certificate !== '');
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
  say(
    `no file is taken that is of ${settings.excludeNewer ?? ''} or later`,
    ({ excludeNewer }) => excludeNewer !== undefined,
  );
  say('hashes are required', ({ requireHashes }) => requireHashes === true);
  say('source archives only for some', ({ noBinary }) => (noBinary ?? []).length > 0);
  say('wheels only for some', ({ onlyBinary }) => (onlyBinary ?? []).length > 0);
  for (const link of settings.findLinks)
    say(`links of ${redactUrl(link)}`, ({ findLinks }) => (findLinks ?? []).includes(link));
  const certificate = certificateOf(levels);
  if (certificate !== undefined)
    notes.push(`certificates of ${certificate.certificate ?? ''} (${certificate.from})`);
  return notes;
}
