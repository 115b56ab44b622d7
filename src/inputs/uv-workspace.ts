/**
 * A uv workspace: the projects that are locked together, and the one at their root, whose `[tool.uv]` counts for all.
 *
 * Traps: members are folders by glob, and so is what is excluded; the root is a member too; a folder below a root that no glob
 * names is a project of its own.
 */
import { normalizeName } from '../pep/name.ts';
import { decodeFile } from './decode.ts';
import { fileNameOf, folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { findProjectName } from './project-name.ts';
import { arrayOf, field, isTable, parseToml, type TomlDocument } from './toml.ts';

/** The workspace that a project belongs to. */
export interface UvWorkspace {
  /** The pyproject.toml of its root: that of the project itself, where it is the root or there is no workspace. */
  readonly root: TomlDocument;
  /** Folders of its projects, the root's first. */
  readonly members: readonly string[];
}

/** Finds the workspace around a pyproject.toml. Loads the TOML parser. */
export async function findUvWorkspace(
  document: TomlDocument,
  context: InputContext,
): Promise<UvWorkspace> {
  const own = folderOf(document.path);
  if (isRoot(document)) return { root: document, members: membersOf(document, context) };
  for (
    let below = own, folder = folderOf(own);
    folder !== below;
    below = folder, folder = folderOf(folder)
  ) {
    const root = await readRoot(folder, context);
    if (root === null) continue;
    const members = membersOf(root, context);
    if (members.includes(own)) return { root, members };
    break;
  }
  return { root: document, members: [own] };
}

function isRoot({ root }: TomlDocument): boolean {
  return isTable(field(root, 'tool', 'uv', 'workspace'));
}

async function readRoot(folder: string, context: InputContext): Promise<TomlDocument | null> {
  const path = joinPath(folder, 'pyproject.toml');
  const read = context.read(path);
  const decoded = read.ok ? decodeFile(path, read) : null;
  // Parsing is not free: most folders above hold no root.
  if (decoded?.ok !== true || !/\bworkspace\b/.test(decoded.file.text)) return null;
  const document = await parseToml(decoded.file);
  return !('message' in document) && isRoot(document) ? document : null;
}

function membersOf(document: TomlDocument, context: InputContext): readonly string[] {
  const folder = folderOf(document.path);
  const expand = (key: string): readonly string[] => {
    const patterns = arrayOf(field(document.root, 'tool', 'uv', 'workspace', key));
    const texts = patterns.filter((pattern) => typeof pattern === 'string');
    return expandMembers(context, folder, texts);
  };
  const excluded = new Set(expand('exclude'));
  return [
    folder,
    ...expand('members').filter((member) => member !== folder && !excluded.has(member)),
  ];
}

/** The folder of the member with a (normalised) name, null where there is none. */
export function findWorkspaceMember(
  context: InputContext,
  { members }: UvWorkspace,
  name: string,
): string | null {
  const named = members.filter((member) => nameIn(context, member) === name);
  // A folder that is called like its project is meant before one that merely has the name.
  return named.find((member) => normalizeName(fileNameOf(member)) === name) ?? named[0] ?? null;
}

function nameIn(context: InputContext, folder: string): string | null {
  const name = findProjectName(context, folder);
  return name === null ? null : normalizeName(name);
}

/** Folders of the members that a workspace root names; globs have `*` for one level, `**` for any. */
function expandMembers(
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
