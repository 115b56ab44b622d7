/**
 * A requirements file with its includes as one list of blocks. An include stays a line where nothing in it changes;
 * otherwise its blocks take the place of the line.
 *
 * Traps: paths after `-r` and `-c` are relative to the file that holds them; a file that is reached twice counts once;
 * cycles; files without an end of line at their end; other line ends than those of the including file.
 */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import type { SourceFile } from '../types.ts';
import { commentScopes, lineEndOf, splitBlocks, type Block } from './requirements-blocks.ts';
import { hasOutputHeader } from './write-policy.ts';

/** A block and the file that it stands in. */
export interface PlacedBlock extends Block {
  readonly file: string;
}

/** What is to be flattened. */
export interface FlattenRequest {
  readonly file: SourceFile;
  /** Texts of included files; an include that is not among them stays as it is. */
  readonly included: readonly SourceFile[];
  /** `path:line` of every requirement known. */
  readonly starts: ReadonlySet<string>;
  /** Whether the lines of an included file take the place of its `-r`. */
  readonly isInlined: (path: string) => boolean;
}

/** The blocks of a file, with those of the included files that are to be inlined. */
export function flattenFile(request: FlattenRequest): readonly PlacedBlock[] {
  const lineEnd = lineEndOf(request.file.text);
  const texts = new Map(request.included.map(({ path, text }) => [path, text]));
  const visited = new Set<string>([request.file.path]);
  const folder = folderOf(request.file.path);

  const expand = (file: SourceFile): readonly PlacedBlock[] => {
    const blocks = blocksOf(file, request.starts);
    const targets = blocks.map(({ kind, path }) => {
      if (kind !== 'include' || path === null) return null;
      const target = joinPath(folderOf(file.path), path);
      // Back to where it began: all of that is there.
      if (target === request.file.path) return target;
      return texts.has(target) && request.isInlined(target) ? target : null;
    });
    const scopes = commentScopes(blocks);
    return blocks.flatMap((block, index) => {
      const target = targets[index] ?? null;
      if (target !== null) {
        if (visited.has(target)) return [];
        visited.add(target);
        return normalised(expand({ path: target, text: texts.get(target) ?? '' }), lineEnd);
      }
      const scope = scopes.get(index) ?? [];
      // "Include production dependencies" says nothing once the line that it speaks of is gone.
      if (scope.length > 0 && scope.every((item) => (targets[item] ?? null) !== null)) return [];
      return [{ ...rebased(block, folderOf(file.path), folder), file: file.path }];
    });
  };
  return expand(request.file);
}

/** Files that a file includes by `-r`, directly or not, of those given. The file itself is not among them. */
export function reachedFiles(
  file: SourceFile,
  included: readonly SourceFile[],
): ReadonlySet<string> {
  const texts = new Map(included.map(({ path, text }) => [path, text]));
  const reached = new Set<string>();
  const pending = [file];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    for (const { kind, path } of splitBlocks(one.text)) {
      if (kind !== 'include' || path === null) continue;
      const target = joinPath(folderOf(one.path), path);
      const text = texts.get(target);
      if (text === undefined || reached.has(target) || target === file.path) continue;
      reached.add(target);
      pending.push({ path: target, text });
    }
  }
  return reached;
}

function blocksOf(file: SourceFile, starts: ReadonlySet<string>): readonly Block[] {
  const text = file.text.replace(/^\uFEFF/, '');
  const lines = new Set<number>();
  for (const start of starts) {
    const colon = start.lastIndexOf(':');
    if (start.slice(0, colon) === file.path) lines.add(Number(start.slice(colon + 1)));
  }
  const blocks = splitBlocks(text, lines).filter((block) => !isEncodingCookie(block));
  return hasOutputHeader(text) ? withoutHeader(blocks) : blocks;
}

/** Without the first line and the blank ones after it. */
function withoutHeader(blocks: readonly Block[]): readonly Block[] {
  const start = blocks.findIndex(({ kind }, index) => index > 0 && kind !== 'blank');
  return start === -1 ? [] : blocks.slice(start);
}

// Outputs are UTF-8: a line that declares another encoding would make pip misread them (PEP 263).
function isEncodingCookie({ kind, line, text }: Block): boolean {
  if (kind !== 'comment' || line > 2) return false;
  const encoding = /coding[:=]\s*([-\w.]+)/.exec(text)?.[1]?.toLowerCase();
  return encoding !== undefined && !/^utf[-_]?8/.test(encoding);
}

function normalised(blocks: readonly PlacedBlock[], lineEnd: string): readonly PlacedBlock[] {
  return blocks.map((block) => ({ ...block, text: withLineEnd(block.text, lineEnd) }));
}

/** The text with all line ends of one kind, and one at its end. */
export function withLineEnd(text: string, lineEnd: string): string {
  const same = text.replace(/\r\n|\n|\r/g, lineEnd);
  return same === '' || same.endsWith(lineEnd) ? same : same + lineEnd;
}

/** The path of a `-r` or `-c` as seen from another folder. */
function rebased(block: Block, from: string, to: string): Block {
  if (block.path === null || from === to || /^(?:[a-z]+:|\/)/i.test(block.path)) return block;
  const path = relativePath(to, joinPath(from, block.path));
  return { ...block, path, text: block.text.replace(block.path, () => path) };
}

/** The way from a folder to a file, both relative to the root. */
export function relativePath(folder: string, path: string): string {
  const from = folder === '.' ? [] : folder.split('/');
  const to = path.split('/');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

/** The blocks as text. A last line without an end gets one where lines follow or stood before. */
export function joinBlocks(blocks: readonly PlacedBlock[], lineEnd: string): string {
  const text = blocks
    .map((block, index) =>
      index < blocks.length - 1 && !/[\r\n]$/.test(block.text) ? block.text + lineEnd : block.text,
    )
    .join('');
  return text === '' || /[\r\n]$/.test(text) ? text : text + lineEnd;
}
