/**
 * The files that carry the advice out (CONTRACT.md, Semantics: Splits): requirements-prod.txt, requirements-dev.txt and
 * requirements-slim.txt, from the text of the primary source. Nothing is lost on the way: comments, order, pins, markers,
 * hashes, options, continuations and line ends are those of the source.
 */
import { fileNameOf, folderOf, joinPath } from '../inputs/file-access.ts';
import { formatRequirement, parseRequirement } from '../pep/requirement.ts';
import type { Slim } from '../remedies/slim.ts';
import { createHeldResolver, type HeldResolution, type Root } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  SourceFile,
  TargetEnvironment,
  Totals,
  WeighedGraph,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import { flattenFile, reachedFiles, withLineEnd, type PlacedBlock } from './flatten.ts';
import { lineEndOf } from './requirements-blocks.ts';
import { selectBlocks, type Destination } from './select-blocks.ts';
import { outputHeader } from './write-policy.ts';

/** What splits are made from. */
export interface SplitRequest {
  /** The primary source. When it is not a requirements file, its text is not used: lines are written from `lines`. */
  readonly primary: SourceFile;
  readonly style: 'requirements-file' | 'declared-strings';
  /** Files that the primary includes by `-r`, directly or not. */
  readonly included: readonly SourceFile[];
  /** Every requirement that stands in these files, by place. */
  readonly lines: readonly DeclaredRequirement[];
  /** For a compiled file: the names of its `.in`. Its other pins stay only while something needs them. */
  readonly compiledFor: ReadonlySet<DistributionName> | null;
  /** A requirements-dev.txt written by hand, which the new one would take the place of. */
  readonly development: SourceFile | null;
  /** Unused for certain or likely and held by nothing: they go. */
  readonly unused: ReadonlySet<DistributionName>;
  /** Needed for development only: they move. */
  readonly developmentOnly: ReadonlySet<DistributionName>;
  readonly graph: WeighedGraph;
  /** prod and dev resolved together, where there is such a set. */
  readonly developmentGraph: WeighedGraph | null;
  readonly target: TargetEnvironment;
  /** Remedies for requirements-slim.txt, with the graph that they resolve to; null where there are none. */
  readonly slim: Slim | null;
  /** How to make the files again. */
  readonly command: string;
}

/** A requirement line that is not in the production file any more. */
export interface RemovedLine {
  readonly declared: DeclaredRequirement;
  readonly destination: 'moves' | 'goes';
}

/** One file that would be written, with the resolution that it stands for. */
export interface SplitProposal {
  /** Relative to the root. */
  readonly file: string;
  readonly kind: 'prod' | 'dev' | 'slim';
  readonly content: string;
  /** The same requirements as one text without includes of other proposals: what is resolved for the proof. */
  readonly resolvable: string;
  readonly graph: WeighedGraph;
  readonly held: HeldResolution;
  readonly totals: Totals;
  /** Lines of the source that this file does not have. Empty for the development file. */
  readonly removed: readonly RemovedLine[];
}

/**
 * The proposals: prod, dev when something moves, slim when a remedy applies. None where the source is no requirements file
 * and all of it stays: a copy of what it declares helps nobody.
 */
export function planSplits(request: SplitRequest): readonly SplitProposal[] {
  const source = sourceOf(request);
  const folder = folderOf(request.primary.path);
  const pathOf = (name: string): string => joinPath(folder, name);
  const routing = routeOf(request, source.lines);
  const blocks = flattenFile({
    file: source.file,
    included: request.included,
    starts: new Set(source.lines.map(({ location }) => `${location.path}:${location.line}`)),
    isInlined: inliningOf(request, source, routing),
  });
  const { staying, moving } = selectBlocks(blocks, (block) => routing.destinationOf(block));
  const lineEnd = lineEndOf(source.file.text);
  const header =
    withLineEnd(outputHeader(request.primary.path, request.command), lineEnd) + lineEnd;
  const body = joinBlocks(staying, lineEnd);
  const removed = request.lines.flatMap((declared): RemovedLine[] => {
    const destination = routing.destinationOfName(declared.requirement.name);
    return destination === 'stays' ? [] : [{ declared, destination }];
  });
  const production = proposal(request.graph, routing.production, {
    file: pathOf('requirements-prod.txt'),
    kind: 'prod',
    content: header + body,
    resolvable: body,
    removed,
  });
  const proposals = [production];
  if (moving.some(({ kind }) => kind !== 'comment' && kind !== 'blank')) {
    const extra = developmentBody(request, joinBlocks(moving, lineEnd), lineEnd);
    const graph = request.developmentGraph ?? request.graph;
    proposals.push(
      proposal(graph, createHeldResolver(graph, request.target)(developmentRoots(request, graph)), {
        file: pathOf('requirements-dev.txt'),
        kind: 'dev',
        content: `${header}-r requirements-prod.txt${lineEnd}${lineEnd}${extra}`,
        resolvable: body + extra,
        removed: [],
      }),
    );
  }
  const slim = slimProposal(request, {
    staying,
    lineEnd,
    header,
    removed,
    pathOf,
    nameOf: routing.nameOf,
  });
  if (slim !== null && slim.resolvable !== body) return [...proposals, slim];
  const isCopy = request.style === 'declared-strings' && removed.length === 0;
  return isCopy && proposals.length === 1 ? [] : proposals;
}

function proposal(
  graph: WeighedGraph,
  held: HeldResolution,
  parts: Pick<SplitProposal, 'file' | 'kind' | 'content' | 'resolvable' | 'removed'>,
): SplitProposal {
  const totals = totalsOf(graph.distributions.filter(({ name }) => held.names.has(name)));
  return { ...parts, graph, held, totals };
}

// ---------------------------------------------------------------------------------------------------------------------
// The source

interface Source {
  readonly file: SourceFile;
  readonly lines: readonly DeclaredRequirement[];
}

/** The requirements file itself, or one made of the declared strings, a line each, in their order. */
function sourceOf({ primary, style, lines }: SplitRequest): Source {
  if (style === 'requirements-file') return { file: primary, lines };
  const texts = lines.map(requirementText);
  return {
    file: { path: primary.path, text: texts.map((text) => `${text}\n`).join('') },
    lines: lines.map((declared, index) => ({
      ...declared,
      location: { path: primary.path, line: index + 1, column: 1 },
    })),
  };
}

/** As written where that is a requirement (PEP 508); poetry's `^1.2` and the like as what they mean. */
function requirementText({ raw, requirement }: DeclaredRequirement): string {
  const plain = formatRequirement(requirement);
  if (/[\r\n]/.test(raw)) return plain;
  try {
    return parseRequirement(raw).name === requirement.name ? raw : plain;
  } catch {
    return plain;
  }
}

/** An include is inlined when a line of it goes or moves, or when it would be overwritten by a proposal. */
function inliningOf(
  request: SplitRequest,
  { file, lines }: Source,
  { destinationOfName }: Routing,
): (path: string) => boolean {
  const changed = new Set(
    lines
      .filter(({ requirement }) => destinationOfName(requirement.name) !== 'stays')
      .map(({ location }) => location.path),
  );
  const folder = folderOf(file.path);
  const isOutput = (path: string): boolean =>
    folderOf(path) === folder && /^requirements-(?:prod|dev|slim)\.txt$/.test(fileNameOf(path));
  return (path) => {
    const own = request.included.find((one) => one.path === path);
    if (own === undefined) return false;
    const below = [path, ...reachedFiles(own, request.included)];
    return below.some((one) => changed.has(one) || isOutput(one));
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Where each line goes

interface Routing {
  readonly production: HeldResolution;
  readonly destinationOfName: (name: DistributionName) => Destination;
  readonly destinationOf: (block: PlacedBlock) => Destination;
  /** The distribution that a block requires, null where it is none or could not be read. */
  readonly nameOf: (block: PlacedBlock) => DistributionName | null;
}

function routeOf(request: SplitRequest, lines: readonly DeclaredRequirement[]): Routing {
  const { graph, unused, developmentOnly, compiledFor } = request;
  const held = createHeldResolver(graph, request.target);
  const declared = graph.roots.filter(({ name }) => compiledFor === null || compiledFor.has(name));
  const without = (...dropped: readonly ReadonlySet<DistributionName>[]): readonly Root[] =>
    declared.filter(({ name }) => !dropped.some((names) => names.has(name)));
  const production = held(without(unused, developmentOnly));
  const development = held(without(unused));
  const isKnown = new Set(graph.distributions.map(({ name }) => name));

  const destinationOfName = (name: DistributionName): Destination => {
    // A pin of a compiled file that is not for this target cannot be judged here.
    const byPin = compiledFor !== null && !compiledFor.has(name) && isKnown.has(name);
    if (byPin) {
      if (production.names.has(name)) return 'stays';
      return development.names.has(name) ? 'moves' : 'goes';
    }
    if (unused.has(name)) return 'goes';
    return developmentOnly.has(name) ? 'moves' : 'stays';
  };
  const names = new Map(
    lines.map(({ location, requirement }) => [
      `${location.path}:${location.line}`,
      requirement.name,
    ]),
  );
  const namesByText = new Map(lines.map(({ raw, requirement }) => [raw, requirement.name]));
  const nameOf = (block: PlacedBlock): DistributionName | null => {
    if (block.kind !== 'item') return null;
    for (let line = block.line; line < block.end; line++) {
      const name = names.get(`${block.file}:${line}`);
      if (name !== undefined) return name;
    }
    // A line that says again what another one says was read once only.
    return namesByText.get(block.text.trim()) ?? null;
  };
  const destinationOf = (block: PlacedBlock): Destination => {
    const name = nameOf(block);
    return name === null ? 'stays' : destinationOfName(name);
  };
  return { production, destinationOfName, destinationOf, nameOf };
}

// ---------------------------------------------------------------------------------------------------------------------
// The other files

function developmentRoots(request: SplitRequest, graph: WeighedGraph): readonly Root[] {
  const { unused, compiledFor } = request;
  const isPin = new Set(
    compiledFor === null ? [] : request.lines.map((one) => one.requirement.name),
  );
  return graph.roots.filter(
    ({ name }) => !unused.has(name) && (!isPin.has(name) || compiledFor?.has(name) === true),
  );
}

/** What moves, then what a hand-written requirements-dev.txt says, without its include of the primary source. */
function developmentBody(request: SplitRequest, moved: string, lineEnd: string): string {
  const { development, primary, included } = request;
  if (development === null || included.some(({ path }) => path === development.path)) return moved;
  const folder = folderOf(primary.path);
  const production = joinPath(folder, 'requirements-prod.txt');
  const said = new Set(moved.split(/\r\n|\n|\r/).map((line) => line.trim()));
  // What it includes of these is in the new requirements-prod.txt: their lines go, nothing takes their place.
  const blocks = flattenFile({
    file: development,
    included: [primary.path, production].map((path) => ({ path, text: '' })),
    starts: new Set(),
    isInlined: () => true,
  });
  const { staying } = selectBlocks(blocks, (block) =>
    block.kind === 'item' && said.has(block.text.trim()) ? 'goes' : 'stays',
  );
  const own = staying
    .map(({ text }) => withLineEnd(text, lineEnd))
    .join('')
    .replace(/^\s*\n/, '');
  return own.trim() === '' ? moved : `${moved}${lineEnd}${own}`;
}

interface SlimParts {
  readonly staying: readonly PlacedBlock[];
  readonly lineEnd: string;
  readonly header: string;
  readonly removed: readonly RemovedLine[];
  readonly pathOf: (name: string) => string;
  readonly nameOf: Routing['nameOf'];
}

function slimProposal(request: SplitRequest, parts: SlimParts): SplitProposal | null {
  const { slim, target } = request;
  if (slim === null || slim.replacements.length === 0) return null;
  const { staying, lineEnd, header, nameOf } = parts;
  const replacements = new Map(slim.replacements.map(({ name, text }) => [name, text]));
  const replacementOf = (block: PlacedBlock): string | null | undefined => {
    const name = nameOf(block);
    return name === null ? undefined : replacements.get(name);
  };
  const replaced = staying.map((block) => {
    const text = replacementOf(block) ?? null;
    return text === null ? block : { ...block, text: text + tailOf(block.text) + lineEnd };
  });
  const kept = selectBlocks(replaced, (block) =>
    replacementOf(block) === null ? 'goes' : 'stays',
  ).staying;
  const options = slim.options.map((option) => option + lineEnd).join('');
  const body = options + joinBlocks(kept, lineEnd);
  const held = createHeldResolver(slim.graph, target)(slim.graph.roots);
  return proposal(slim.graph, held, {
    file: parts.pathOf('requirements-slim.txt'),
    kind: 'slim',
    content: header + body,
    resolvable: body,
    removed: parts.removed,
  });
}

/** The marker and the comment of a line, which stay when the requirement before them changes. */
function tailOf(line: string): string {
  return /(?:\s*;|\s+#)[^\r\n]*/.exec(line)?.[0].trimEnd() ?? '';
}

/** The blocks as text. A last line without an end gets one where lines follow or stood before. */
function joinBlocks(blocks: readonly PlacedBlock[], lineEnd: string): string {
  const text = blocks
    .map((block, index) =>
      index < blocks.length - 1 && !/[\r\n]$/.test(block.text) ? block.text + lineEnd : block.text,
    )
    .join('');
  return text === '' || /[\r\n]$/.test(text) ? text : text + lineEnd;
}
