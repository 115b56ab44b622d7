import { decodeFile } from '../inputs/decode.ts';
import { folderOf } from '../inputs/file-access.ts';
import { field, parseToml } from '../inputs/toml.ts';
import { readUvOptions } from '../inputs/uv-tables.ts';
import type { Warning } from '../types.ts';
import type { SettingsLevel } from './index-settings.ts';

/** The level of a uv.toml, which has the keys of `[tool.uv]` at its top. Loads the TOML parser. */
export async function readUvConfiguration(
  bytes: Uint8Array,
  path: string,
): Promise<{ readonly level: SettingsLevel; readonly warnings: readonly Warning[] }> {
  const decoded = decodeFile(path, { ok: true, bytes, realPath: path });
  if (!decoded.ok) return { level: { options: {}, from: path }, warnings: [decoded.warning] };
  const document = await parseToml(decoded.file);
  if ('message' in document) return { level: { options: {}, from: path }, warnings: [document] };
  const folder = folderOf(path.replaceAll('\\', '/'));
  const pip = readUvOptions(field(document.root, 'pip'), folder);
  return {
    level: { options: { ...readUvOptions(document.root, folder), ...pip }, from: path },
    warnings: [],
  };
}
