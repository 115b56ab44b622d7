import type { InputContext } from './input.ts';
import { joinPath } from './file-access.ts';

/** The text of the pyproject.toml of a folder, at most a megabyte of it; '' where it cannot be read. */
export function readManifestText(context: Pick<InputContext, 'read'>, folder: string): string {
  const read = context.read(joinPath(folder, 'pyproject.toml'));
  return read.ok ? new TextDecoder().decode(read.bytes.subarray(0, 1_000_000)) : '';
}

/**
 * The name that the pyproject.toml of a folder gives its project, null where it gives none. Read line by line: a name is
 * asked for where parsing the whole file, and loading the parser, would cost more than everything else.
 */
export function findProjectName(
  context: Pick<InputContext, 'read'>,
  folder: string,
): string | null {
  let isNaming = false;
  for (const line of readManifestText(context, folder).split(/\r\n|\r|\n/)) {
    const header = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line);
    if (header !== null) isNaming = header[1] === 'project' || header[1] === 'tool.poetry';
    const name = isNaming ? /^\s*name\s*=\s*(["'])([^"']+)\1/.exec(line)?.[2] : undefined;
    if (name !== undefined) return name;
  }
  return null;
}
