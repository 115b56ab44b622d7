/** pip.conf and pip.ini. */
import type { IndexOptions } from '../types.ts';
import type { SettingsLevel } from './index-settings.ts';
import { isTrue, words } from './index-variables.ts';
import { parseIni } from './ini.ts';

/** The level of a pip.conf (pip.ini): `[install]` over `[global]`; other commands of pip do not install. */
export function readPipConfiguration(text: string, path: string): SettingsLevel {
  let options: IndexOptions = {};
  let certificate: string | undefined;
  for (const section of ['global', 'install']) {
    for (const entry of parseIni(text)) {
      if (entry.section !== section) continue;
      options = { ...options, ...toOptions(entry.key, entry.values) };
      if (entry.key === 'cert') certificate = entry.values[0] ?? certificate;
    }
  }
  return { options, from: path, ...(certificate === undefined ? {} : { certificate }) };
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
