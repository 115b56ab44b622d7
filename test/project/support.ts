import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const PROJECT: string = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that hold nothing of the project itself. */
const MADE = new Set(['.git', 'node_modules', 'dist', 'coverage', '.depweight']);

/** Paths of all files below a folder of the project, relative to the project, with `/`, sorted. */
export function listFiles(folder: string): readonly string[] {
  const paths: string[] = [];
  for (const entry of readdirSync(join(PROJECT, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) paths.push(path);
    if (entry.isDirectory() && !MADE.has(entry.name)) paths.push(...listFiles(path));
  }
  return paths.toSorted();
}

/** The text of a file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT, path), 'utf8');
}
