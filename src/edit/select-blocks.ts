/** Takes blocks out of a requirements file and closes the gaps, leaving every byte of the rest as it is. */
import { commentScopes, paragraphsOf, type Block } from './requirements-blocks.ts';

/** Where the requirement or option of a block goes. */
export type Destination = 'stays' | 'moves' | 'goes';

/** A file in two. */
export interface Selection<B> {
  readonly staying: readonly B[];
  readonly moving: readonly B[];
}

/**
 * Divides blocks by where they go. A comment follows what it speaks of only when nothing of that stays; it then goes along
 * with what moves, else it goes. Blank lines around a paragraph that left go too.
 */
export function selectBlocks<B extends Pick<Block, 'kind' | 'text'>>(
  blocks: readonly B[],
  destinationOf: (block: B) => Destination,
): Selection<B> {
  const scopes = commentScopes(blocks);
  const destinations = blocks.map((block): Destination =>
    block.kind === 'comment' || block.kind === 'blank' ? 'stays' : destinationOf(block),
  );
  for (const [index, scope] of scopes) {
    if (scope.length === 0 || scope.some((item) => destinations[item] === 'stays')) continue;
    destinations[index] = scope.some((item) => destinations[item] === 'moves') ? 'moves' : 'goes';
  }
  const pick = (wanted: Destination): readonly B[] =>
    closeGaps(blocks, (index) => destinations[index] === wanted);
  return { staying: pick('stays'), moving: pick('moves') };
}

/** The kept blocks; of the blank lines, those after a paragraph of which something is kept, and none at the new end. */
function closeGaps<B extends Pick<Block, 'kind'>>(
  blocks: readonly B[],
  isKept: (index: number) => boolean,
): readonly B[] {
  const paragraphs = paragraphsOf(blocks);
  const remaining = paragraphs.filter((paragraph) => paragraph.some(isKept));
  if (remaining.length === paragraphs.length) {
    return blocks.filter((block, index) => block.kind === 'blank' || isKept(index));
  }
  const kept: B[] = [];
  remaining.forEach((paragraph, position) => {
    if (position > 0 && kept.length > 0) kept.push(...blanksBefore(blocks, paragraph[0] ?? 0));
    if (position === 0 && paragraph === paragraphs[0]) {
      kept.push(...blocks.slice(0, paragraph[0]));
    }
    for (const index of paragraph) {
      const block = blocks[index];
      if (block !== undefined && isKept(index)) kept.push(block);
    }
  });
  // What closed the file closes it still, unless its last paragraph left.
  const last = remaining.at(-1);
  if (last !== undefined && last === paragraphs.at(-1))
    kept.push(...blocks.slice((last.at(-1) ?? 0) + 1));
  return kept;
}

function blanksBefore<B extends Pick<Block, 'kind'>>(
  blocks: readonly B[],
  index: number,
): readonly B[] {
  let start = index;
  while (start > 0 && blocks[start - 1]?.kind === 'blank') start--;
  return blocks.slice(start, index);
}
