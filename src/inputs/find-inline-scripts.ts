import { findInlineMetadata } from '../pep/inline-metadata.ts';
import { decodeFile } from './decode.ts';
import { discoverFiles } from './discover.ts';
import type { FileAccess } from './file-access.ts';

/** Read at most: who has so many Python files and no dependency file is not helped by more names. */
const mostFiles = 2000;

/** Scripts with a block of requirements (PEP 723) below the root, sorted. Reads every Python file: for where nothing else was found. */
export function findInlineScripts(access: FileAccess): readonly string[] {
  const { python } = discoverFiles(access);
  return python.slice(0, mostFiles).filter((path) => holdsScriptBlock(path, access));
}

/** Whether a file has a block `# /// script`. */
export function holdsScriptBlock(path: string, access: FileAccess): boolean {
  const decoded = decodeFile(path, access.read(path));
  if (!decoded.ok) return false;
  return findInlineMetadata(decoded.file.text).blocks.some(({ type }) => type === 'script');
}
