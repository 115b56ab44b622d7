/**
 * requirements-slim.txt, the production file with every proven weight remedy applied, and requirements-minimal.txt, that
 * one without what product code imports in guarded or lazy places only.
 */
import { createHeldResolver, type HeldResolution, type Root } from '../resolve/held.ts';
import type { DistributionName, TargetEnvironment, WeighedGraph } from '../types.ts';
import { joinBlocks, type PlacedBlock } from './flatten.ts';
import type { RemovedLine, SplitProposal, SplitRequest } from './plan-splits.ts';
import { selectBlocks } from './select-blocks.ts';
import { toProposal } from './split-proposal.ts';
import type { Routing } from './split-routing.ts';

/** What the production file is made of. */
export interface ProductionParts {
  readonly staying: readonly PlacedBlock[];
  readonly lineEnd: string;
  readonly header: string;
  readonly removed: readonly RemovedLine[];
  readonly pathOf: (name: string) => string;
  readonly routing: Routing;
}

/** Blocks with the set that they ask for. */
export interface Base {
  readonly blocks: readonly PlacedBlock[];
  /** Lines before the blocks. */
  readonly options: string;
  readonly graph: WeighedGraph;
  readonly roots: readonly Root[];
  readonly held: HeldResolution;
}

/** Slim where a remedy changes the production file, minimal where something of that may be left out. */
export function lighterProposals(
  request: SplitRequest,
  parts: ProductionParts,
): readonly SplitProposal[] {
  const { lineEnd, header, removed, pathOf, routing } = parts;
  const production = productionBase(request, parts);
  const textOf = ({ options, blocks }: Base): string => options + joinBlocks(blocks, lineEnd);
  const propose = (kind: 'slim' | 'minimal', base: Base): SplitProposal =>
    toProposal(base.graph, base.held, {
      file: pathOf(`requirements-${kind}.txt`),
      kind,
      content: header + textOf(base),
      resolvable: textOf(base),
      removed,
    });
  const remedied = applyRemedies(request, parts);
  const slim = remedied !== null && textOf(remedied) !== textOf(production) ? remedied : null;
  const { optional = new Set(), target } = request;
  const minimal = leaveOut(slim ?? production, optional, { target, nameOf: routing.nameOf });
  return [
    ...(slim === null ? [] : [propose('slim', slim)]),
    ...(minimal === null ? [] : [propose('minimal', minimal)]),
  ];
}

/** The production file as it is proposed. */
export function productionBase(
  { graph }: SplitRequest,
  { staying, routing: { production: held, roots } }: ProductionParts,
): Base {
  return { blocks: staying, options: '', graph, roots, held };
}

function applyRemedies(
  { slim, target }: SplitRequest,
  { staying, lineEnd, routing }: ProductionParts,
): Base | null {
  if (slim === null || slim.replacements.length === 0) return null;
  const replacements = new Map(slim.replacements.map(({ name, text }) => [name, text]));
  const replacementOf = (block: PlacedBlock): string | null | undefined => {
    const name = routing.nameOf(block);
    return name === null ? undefined : replacements.get(name);
  };
  const replaced = staying.map((block) => {
    const text = replacementOf(block) ?? null;
    return text === null ? block : { ...block, text: text + tailOf(block.text) + lineEnd };
  });
  const blocks = selectBlocks(replaced, (block) =>
    replacementOf(block) === null ? 'goes' : 'stays',
  ).staying;
  const { graph } = slim;
  const held = createHeldResolver(graph, target)(graph.roots);
  const options = slim.options.map((option) => option + lineEnd).join('');
  return { blocks, options, graph, roots: graph.roots, held };
}

/** The marker and the comment of a line, which stay when the requirement before them changes. */
function tailOf(line: string): string {
  return /(?:\s*;|\s+#)[^\r\n]*/.exec(line)?.[0].trimEnd() ?? '';
}

/**
 * Without those of some names that leave when they are not asked for; null where none does. What no line of the file asks
 * for, as a command of the image does, no file can leave out.
 */
export function leaveOut(
  base: Base,
  names: ReadonlySet<DistributionName>,
  { target, nameOf }: Pick<SplitRequest, 'target'> & Pick<Routing, 'nameOf'>,
): Base | null {
  const asked = new Set(base.blocks.map(nameOf));
  const leaving = new Set([...names].filter((name) => asked.has(name)));
  if (leaving.size === 0) return null;
  const roots = rootsWithout(base, leaving, target);
  if (roots.length === base.roots.length) return null;
  const held = createHeldResolver(base.graph, target)(roots);
  const { staying } = selectBlocks(base.blocks, (block) => {
    const name = nameOf(block);
    const leaves = name !== null && base.held.names.has(name) && !held.names.has(name);
    return leaves ? 'goes' : 'stays';
  });
  return { ...base, blocks: staying, roots, held };
}

/** What others need stays installed: to leave out its line would only let its version go. */
function rootsWithout(
  { graph, roots }: Base,
  optional: ReadonlySet<DistributionName>,
  target: TargetEnvironment,
): readonly Root[] {
  const resolve = createHeldResolver(graph, target);
  let kept = roots.filter(({ name }) => !optional.has(name));
  for (;;) {
    const { names } = resolve(kept);
    const more = roots.filter(({ name }) => names.has(name));
    if (more.length === kept.length) return kept;
    kept = more;
  }
}
