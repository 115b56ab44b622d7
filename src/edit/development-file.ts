/** requirements-dev.txt: what moves there, and what a hand-written one says beside it. */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import type { Root } from '../resolve/held.ts';
import type { WeighedGraph } from '../types.ts';
import { flattenFile, withLineEnd } from './flatten.ts';
import type { SplitRequest } from './plan-splits.ts';
import { selectBlocks } from './select-blocks.ts';

/** What is asked for at the top of the set for development. */
export function developmentRoots(request: SplitRequest, graph: WeighedGraph): readonly Root[] {
  const { unused, compiledFor } = request;
  const isPin = new Set(
    compiledFor === null ? [] : request.lines.map((one) => one.requirement.name),
  );
  return graph.roots.filter(
    ({ name }) => !unused.has(name) && (!isPin.has(name) || compiledFor?.has(name) === true),
  );
}

/** Stands above what a hand-written requirements-dev.txt said, so that it is not lost when the file is made again. */
const KEPT_MARK = '# Kept from the requirements-dev.txt that stood here';

/** Of a requirements-dev.txt that depweight wrote: what a hand-written one said before, null where there was none. */
export function keptDevelopmentText(text: string): string | null {
  const lines = text.split(/(?<=\n)/);
  const start = lines.findIndex((line) => line.startsWith(KEPT_MARK));
  return start === -1 ? null : lines.slice(start + 1).join('');
}

/** What moves, then what a hand-written requirements-dev.txt says, without its include of the primary source. */
export function developmentBody(request: SplitRequest, moved: string, lineEnd: string): string {
  const own = ownDevelopmentText(request, moved, lineEnd);
  if (own.trim() === '') return moved;
  return `${moved}${moved === '' ? '' : lineEnd}${KEPT_MARK}${lineEnd}${own}`;
}

function ownDevelopmentText(request: SplitRequest, moved: string, lineEnd: string): string {
  const { development, primary, included } = request;
  if (development === null || included.some(({ path }) => path === development.path)) return '';
  const folder = folderOf(primary.path);
  const said = new Set(moved.split(/\r\n|\n|\r/).map((line) => line.trim()));
  // What it includes of these is in the new requirements-prod.txt: their lines go, nothing takes their place.
  const product = ['requirements.txt', 'requirements-prod.txt'].map((name) =>
    joinPath(folder, name),
  );
  const blocks = flattenFile({
    file: development,
    included: [...new Set([primary.path, ...product])].map((path) => ({ path, text: '' })),
    starts: new Set(),
    isInlined: () => true,
  });
  const { staying } = selectBlocks(blocks, (block) =>
    block.kind === 'item' && said.has(block.text.trim()) ? 'goes' : 'stays',
  );
  return staying
    .map(({ text }) => withLineEnd(text, lineEnd))
    .join('')
    .replace(/^(?:[ \t]*\r?\n)+/, '');
}
