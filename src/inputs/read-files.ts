/** Reads dependency files, each by its format. */
import type { ParsedInput } from '../types.ts';
import { decodeFile } from './decode.ts';
import type { DiscoveredFile } from './discover.ts';
import { emptyInput } from './empty-input.ts';
import type { FileAccess } from './file-access.ts';
import type { InputContext, InputFormat } from './input.ts';
import type { ReadProjectOptions } from './project.ts';

/** What members may ask for, under the options of a run. */
export function createContext(access: FileAccess, options: ReadProjectOptions): InputContext {
  return {
    read: (path) => access.read(path),
    list: (folder) => access.list(folder),
    variables: options.variables ?? {},
  };
}

/** The files as their formats read them, in order. */
export async function readAll(
  files: readonly DiscoveredFile[],
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const read: ParsedInput[] = [];
  for (const { path, format } of files) read.push(await readInput(path, format, context));
  return read;
}

async function readInput(
  path: string,
  format: InputFormat,
  context: InputContext,
): Promise<ParsedInput> {
  const decoded = decodeFile(path, context.read(path));
  if (decoded.ok) {
    const input = await format.load();
    return input.parse(decoded.file, context);
  }
  return emptyInput(path, format.name, [decoded.warning]);
}
