/** A requirements file for each program, on request: the production file without what only the others need. */
import type { ProgramNeeds } from '../entry-points/program-needs.ts';
import { joinBlocks } from './flatten.ts';
import { leaveOut, productionBase, type ProductionParts } from './lighter-files.ts';
import type { SplitProposal, SplitRequest } from './plan-splits.ts';
import { toProposal } from './split-proposal.ts';

/** Names of files that mean something else. */
const RESERVED: ReadonlySet<string> = new Set(['prod', 'dev', 'slim', 'minimal', 'original']);

/** One for each program that does without something; a program that needs all of it has the production file. */
export function programProposals(
  request: SplitRequest,
  parts: ProductionParts,
): readonly SplitProposal[] {
  const base = productionBase(request, parts);
  const taken = new Set(RESERVED);
  return (request.programs ?? []).flatMap((needs): readonly SplitProposal[] => {
    const own = leaveOut(base, needs.without, {
      target: request.target,
      nameOf: parts.routing.nameOf,
    });
    if (own === null) return [];
    const word = wordFor(needs, taken);
    taken.add(word);
    const text = joinBlocks(own.blocks, parts.lineEnd);
    const proposal = toProposal(own.graph, own.held, {
      file: parts.pathOf(`requirements-${word}.txt`),
      kind: 'program',
      content: parts.header + text,
      resolvable: text,
      removed: parts.removed,
    });
    return [{ ...proposal, program: needs }];
  });
}

/** `app-main` of `app.main`, `notebooks-explore` of a notebook. */
function wordFor({ program }: ProgramNeeds, taken: ReadonlySet<string>): string {
  const word = program.name
    .replace(/\.ipynb$/, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const wanted = word === '' || taken.has(word) ? `program-${word}` : word;
  for (let count = 2, free = wanted; ; count++) {
    if (!taken.has(free)) return free;
    free = `${wanted}-${count}`;
  }
}
