/**
 * A requirements file as blocks whose texts joined are the file again, byte for byte, and what of it belongs together.
 *
 * Traps: a `\` at the end of a line continues it, a comment line never continues and ends a continuation; pip-compile puts
 * its indented `# via` below the requirement it speaks of, people put comments above; a comment may head a section.
 */

/** What a block is. `item` is a requirement, editable or not. */
export type BlockKind = 'blank' | 'comment' | 'item' | 'include' | 'option';

/** One logical line with its line ends. */
export interface Block {
  readonly kind: BlockKind;
  readonly text: string;
  /** 1-based line of the file at which it starts. */
  readonly line: number;
  /** Line after its last. */
  readonly end: number;
  /** Path as written after `-r` or `-c`, else null. */
  readonly path: string | null;
}

const physicalLine = /[^\r\n]*(?:\r\n|\n|\r|$)/y;
const includeOption =
  /^\s*(?:-r|--requirement)(?:\s*=\s*|\s+|(?=[^\s-]))(?<path>"[^"]*"|'[^']*'|\S+)/;
const constraintOption =
  /^\s*(?:-c|--constraint)(?:\s*=\s*|\s+|(?=[^\s-]))(?<path>"[^"]*"|'[^']*'|\S+)/;

/**
 * Splits a text. `starts` are lines at which a requirement is known to start: there a block starts whatever a backslash
 * in a comment above says.
 */
export function splitBlocks(
  text: string,
  starts: ReadonlySet<number> = new Set(),
): readonly Block[] {
  const blocks: Block[] = [];
  let pending = '';
  let first = 1;
  let line = 1;
  const flush = (): void => {
    if (pending !== '') blocks.push(toBlock(pending, first, line));
    pending = '';
    first = line;
  };
  physicalLine.lastIndex = 0;
  while (physicalLine.lastIndex < text.length) {
    const raw = physicalLine.exec(text)?.[0] ?? '';
    const isComment = /^\s*#/.test(raw);
    if (starts.has(line)) flush();
    pending += raw;
    line++;
    if (isComment || !/\\(?:\r\n|\n|\r)?$/.test(raw)) flush();
  }
  flush();
  return blocks;
}

function toBlock(text: string, line: number, end: number): Block {
  const include = includeOption.exec(text)?.groups?.['path'];
  const constraint = constraintOption.exec(text)?.groups?.['path'];
  const path = (include ?? constraint)?.replace(/^(["'])(.*)\1$/, '$2') ?? null;
  const kind = kindOf(text, include !== undefined);
  return { kind, text, line, end, path };
}

function kindOf(text: string, isInclude: boolean): BlockKind {
  if (text.trim() === '') return 'blank';
  if (/^\s*#/.test(text)) return 'comment';
  if (isInclude) return 'include';
  if (/^\s*(?:-e|--editable)\b/.test(text)) return 'item';
  return /^\s*-/.test(text) ? 'option' : 'item';
}

/** The line end that a text uses first, `\n` when it has none. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/**
 * By index of a comment: the indexes of the blocks that it speaks of, empty where it stands alone. A comment below its
 * requirement is indented; others speak of what follows up to the next comment or blank line; a paragraph of comments
 * alone heads the section up to the next such paragraph.
 */
export function commentScopes(
  blocks: readonly Pick<Block, 'kind' | 'text'>[],
): ReadonlyMap<number, readonly number[]> {
  const scopes = new Map<number, readonly number[]>();
  const headings: { readonly comments: readonly number[]; readonly scope: number[] }[] = [];
  for (const paragraph of paragraphsOf(blocks)) {
    const items = paragraph.filter((index) => blocks[index]?.kind !== 'comment');
    if (items.length === 0) {
      headings.push({ comments: paragraph, scope: [] });
      continue;
    }
    headings.at(-1)?.scope.push(...items);
    scopeParagraph(blocks, paragraph, scopes);
  }
  for (const { comments, scope } of headings)
    for (const index of comments) scopes.set(index, scope);
  return scopes;
}

function scopeParagraph(
  blocks: readonly Pick<Block, 'kind' | 'text'>[],
  paragraph: readonly number[],
  scopes: Map<number, readonly number[]>,
): void {
  let scope: number[] = [];
  let inComments = false;
  let previous: number | null = null;
  for (const index of paragraph) {
    const block = blocks[index];
    if (block === undefined) continue;
    if (block.kind !== 'comment') {
      scope.push(index);
      previous = index;
      inComments = false;
    } else if (previous !== null && !inComments && /^[ \t]/.test(block.text)) {
      scopes.set(index, [previous]);
    } else {
      if (!inComments) scope = [];
      inComments = true;
      scopes.set(index, scope);
    }
  }
}

/** Runs of blocks between blank lines, as indexes. */
export function paragraphsOf(
  blocks: readonly Pick<Block, 'kind'>[],
): readonly (readonly number[])[] {
  const paragraphs: number[][] = [];
  let open = false;
  blocks.forEach(({ kind }, index) => {
    if (kind === 'blank') {
      open = false;
    } else if (open) {
      paragraphs.at(-1)?.push(index);
    } else {
      paragraphs.push([index]);
      open = true;
    }
  });
  return paragraphs;
}
