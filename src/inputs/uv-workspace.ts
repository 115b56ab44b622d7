/**
 * Members of a uv workspace: folders by glob, found by the name of their project.
 */
import { normalizeName } from '../pep/name.ts';
import { fileNameOf, folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { findProjectName, readManifestText } from './project-name.ts';

/** The folder of the member with a (normalised) name in the workspace around a folder, null where there is none. */
export function findWorkspaceMember(
  context: InputContext,
  from: string,
  name: string,
): string | null {
  for (let folder = from, below = ''; below !== folder; below = folder, folder = folderOf(folder)) {
    const folders = [folder, ...expandMembers(context, folder, membersIn(context, folder))];
    const named = folders.filter((member) => nameIn(context, member) === name);
    const [first] = named;
    // A folder that is called like its project is meant before one that merely has the name.
    if (first !== undefined)
      return named.find((member) => normalizeName(fileNameOf(member)) === name) ?? first;
    if (folder === '.') return null;
  }
  return null;
}

function nameIn(context: InputContext, folder: string): string | null {
  const name = findProjectName(context, folder);
  return name === null ? null : normalizeName(name);
}

function membersIn(context: InputContext, folder: string): readonly string[] {
  const text = readManifestText(context, folder);
  const table = text.indexOf('[tool.uv.workspace]');
  const list = table === -1 ? null : /^\s*members\s*=\s*\[([^\]]*)\]/m.exec(text.slice(table));
  return [...(list?.[1] ?? '').matchAll(/["']([^"'\n]*)["']/g)].map((quoted) => quoted[1] ?? '');
}

/** Folders of the members that a workspace root names; globs have `*` for one level, `**` for any. */
export function expandMembers(
  context: InputContext,
  root: string,
  patterns: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const path = joinPath(root, pattern);
    if (path.startsWith('/') || path.startsWith('..')) continue;
    for (const folder of expandGlob(context, path === '.' ? [] : path.split('/')))
      found.add(folder);
  }
  return [...found].sort();
}

const mostFolders = 2000;

function expandGlob(context: InputContext, parts: readonly string[]): readonly string[] {
  let folders = ['.'];
  for (const part of parts) {
    const next: string[] = [];
    for (const folder of folders) {
      if (!/[*?[]/.test(part)) next.push(joinPath(folder, part));
      else next.push(...foldersBelow(context, folder, part));
      if (next.length > mostFolders) return next.slice(0, mostFolders);
    }
    folders = next;
  }
  return folders;
}

function foldersBelow(context: InputContext, folder: string, part: string): readonly string[] {
  const listed = context.list(folder);
  if (!listed.ok) return [];
  const found: string[] = part === '**' ? [folder] : [];
  for (const entry of listed.entries) {
    if (
      entry.kind !== 'folder' ||
      entry.symlink ||
      entry.name.startsWith('.') ||
      entry.name === 'node_modules'
    )
      continue;
    const path = joinPath(folder, entry.name);
    if (part === '**') found.push(...foldersBelow(context, path, part));
    else if (matchesPart(part, entry.name)) found.push(path);
  }
  return found;
}

// Two pointers with one fallback: linear in practice, where an expression of many stars would not be.
function matchesPart(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let n = 0; n < name.length;) {
    if (
      p < pattern.length &&
      (pattern.charAt(p) === '?' || pattern.charAt(p) === name.charAt(n)) &&
      pattern.charAt(p) !== '*'
    ) {
      p++;
      n++;
    } else if (pattern.charAt(p) === '*') {
      star = p++;
      mark = n;
    } else if (star !== -1) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p++;
  return p === pattern.length;
}
