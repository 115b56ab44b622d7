/** Folders of a tree by their paths; `.` is its root. */

import { folderOf } from '../inputs/file-access.ts';

/** The folder some levels above one: never above the root. */
export function ascend(folder: string, levels: number): string {
  let above = folder;
  for (let count = 0; count < levels; count++) above = folderOf(above);
  return above;
}

/** A folder and all above it, the root last. */
export function outerFolders(folder: string): readonly string[] {
  const outer = [folder];
  for (let next = folder; next !== '.'; outer.push(next)) next = folderOf(next);
  return outer;
}
