/**
 * The files that carry the advice out (CONTRACT.md, Semantics: Splits): requirements-prod.txt, -dev.txt, -slim.txt and
 * -minimal.txt, from the text of the primary source. Nothing is lost on the way: comments, order, pins, markers,
 * hashes, options, continuations and line ends are those of the source.
 */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import type { Slim } from '../remedies/slim.ts';
import { createHeldResolver, type HeldResolution } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  SourceFile,
  TargetEnvironment,
  Totals,
  WeighedGraph,
} from '../types.ts';
import { developmentBody, developmentRoots } from './development-file.ts';
import { flattenFile, joinBlocks, withLineEnd } from './flatten.ts';
import type { ProgramNeeds } from '../entry-points/program-needs.ts';
import { lighterProposals } from './lighter-files.ts';
import { programProposals } from './program-files.ts';
import { lineEndOf } from './requirements-blocks.ts';
import { selectBlocks } from './select-blocks.ts';
import { toProposal } from './split-proposal.ts';
import { routeOf } from './split-routing.ts';
import { inliningOf, sourceOf } from './split-source.ts';
import { outputHeader } from './write-policy.ts';

/** What splits are made from. */
export interface SplitRequest {
  /** The primary source. When it is not a requirements file, its text is not used: lines are written from `lines`. */
  readonly primary: SourceFile;
  readonly style: 'requirements-file' | 'declared-strings';
  /** What the header names as the source, where the text will stand under another name. */
  readonly source?: string;
  /** Files that the primary includes by `-r`, directly or not. */
  readonly included: readonly SourceFile[];
  /** Those of them that an image installs beside the primary, which does not lead to them itself. */
  readonly beside?: readonly string[];
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
  /** Imported by product code in guarded or lazy places only, and needed by nothing else. */
  readonly optional?: ReadonlySet<DistributionName>;
  readonly graph: WeighedGraph;
  /** prod and dev resolved together, where there is such a set. */
  readonly developmentGraph: WeighedGraph | null;
  readonly target: TargetEnvironment;
  /** Remedies for requirements-slim.txt, with the graph that they resolve to; null where there are none. */
  readonly slim: Slim | null;
  /** What each program does without, where a file for each was asked for. */
  readonly programs?: readonly ProgramNeeds[];
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
  readonly kind: 'prod' | 'dev' | 'slim' | 'minimal' | 'program';
  /** Of a file for one program: that one. */
  readonly program?: ProgramNeeds;
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
 * The proposals: prod, dev when something moves, slim when a remedy applies, minimal when something is optional, one for each
 * program where these are asked for. None where the source is no requirements file and all of it stays: a copy of what it declares helps nobody.
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
  const named = request.source ?? request.primary.path;
  const header = withLineEnd(outputHeader(named, request.command), lineEnd) + lineEnd;
  const body = joinBlocks(staying, lineEnd);
  const removed = request.lines.flatMap((declared): RemovedLine[] => {
    const destination = routing.destinationOfName(declared.requirement.name);
    return destination === 'stays' ? [] : [{ declared, destination }];
  });
  const production = toProposal(request.graph, routing.production, {
    file: pathOf('requirements-prod.txt'),
    kind: 'prod',
    content: header + body,
    resolvable: body,
    removed,
  });
  const proposals = [production];
  // What moves and stands in a requirements-dev.txt already, which an image installs, stays there as it is.
  const developmentPath = pathOf('requirements-dev.txt');
  const isThere =
    request.beside?.includes(developmentPath) === true &&
    moving.every(({ file }) => file === developmentPath);
  if (!isThere && moving.some(({ kind }) => kind !== 'comment' && kind !== 'blank')) {
    const extra = developmentBody(request, joinBlocks(moving, lineEnd), lineEnd);
    const graph = request.developmentGraph ?? request.graph;
    const held = createHeldResolver(graph, request.target)(developmentRoots(request, graph));
    proposals.push(
      toProposal(graph, held, {
        file: pathOf('requirements-dev.txt'),
        kind: 'dev',
        content: `${header}-r requirements-prod.txt${lineEnd}${lineEnd}${extra}`,
        resolvable: body + extra,
        removed: [],
      }),
    );
  }
  const parts = { staying, lineEnd, header, removed, pathOf, routing };
  proposals.push(...lighterProposals(request, parts), ...programProposals(request, parts));
  const isCopy = request.style === 'declared-strings' && removed.length === 0;
  return isCopy && proposals.length === 1 ? [] : proposals;
}
