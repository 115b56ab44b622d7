/** Distributions of which a run of the program needs one alone: product code imports them in branches that exclude one another. */
import type { SourceAccess } from '../imports/source-access.ts';
import type { DistributionName, ImportScan, ImportUse, UsageEvidence } from '../types.ts';
import { importEvidence } from './evidence-notes.ts';
import { branchesAt, excludeOneAnother, type Branch } from './exclusive-branches.ts';
import type { ModuleIndex } from './module-owners.ts';

/** Two of them. */
export interface EitherOne {
  readonly names: readonly [DistributionName, DistributionName];
  /** All imports of the two, in the order of the files. */
  readonly places: readonly UsageEvidence[];
}

interface BranchedUse {
  readonly use: ImportUse;
  readonly branches: readonly Branch[];
}

/** Pairs among the names, each sorted: no import of the one can be run together with an import of the other. */
export function findEitherOne(
  names: ReadonlySet<DistributionName>,
  {
    scan,
    index,
    access,
  }: {
    readonly scan: ImportScan;
    readonly index: ModuleIndex;
    readonly access: SourceAccess;
  },
): readonly EitherOne[] {
  const byName = usesByName(names, scan, index);
  // Most are imported at the top somewhere, and then no file need be read.
  const candidates = [...byName].filter(([, uses]) => uses.every(mayBranch));
  if (candidates.length < 2) return [];
  const texts = new Map<string, readonly string[]>();
  const branched = candidates.flatMap(([name, uses]) => {
    const found = uses.map((use) => ({ use, branches: branchesOf(use, texts, access) }));
    return found.every(({ branches }) => branches.length > 0) ? [[name, found] as const] : [];
  });
  return branched.flatMap(([name, uses], at) =>
    branched
      .slice(at + 1)
      .filter(([, others]) => uses.every((one) => others.every((other) => excludes(one, other))))
      .map(([other, others]): EitherOne => ({
        names: name < other ? [name, other] : [other, name],
        places: [...uses, ...others].map(({ use }) => importEvidence(use)),
      })),
  );
}

function usesByName(
  names: ReadonlySet<DistributionName>,
  scan: ImportScan,
  index: ModuleIndex,
): ReadonlyMap<DistributionName, readonly ImportUse[]> {
  const found = new Map<DistributionName, ImportUse[]>();
  for (const use of scan.imports) {
    if (use.level > 0 || use.area !== undefined || use.firstParty === true) continue;
    if (use.context.includes('type-checking')) continue;
    const owners = index.owners(use).filter((owner) => names.has(owner));
    for (const owner of owners) found.set(owner, [...(found.get(owner) ?? []), use]);
  }
  return found;
}

function mayBranch({ path, context, fallback }: ImportUse): boolean {
  return (
    /\.pyw?$/.test(path) && (fallback === true || context.includes('if') || context.includes('try'))
  );
}

function excludes(one: BranchedUse, other: BranchedUse): boolean {
  return excludeOneAnother(one.branches, other.branches);
}

function branchesOf(
  { path, line }: ImportUse,
  texts: Map<string, readonly string[]>,
  access: SourceAccess,
): readonly Branch[] {
  const lines = texts.get(path) ?? readLines(access, path);
  texts.set(path, lines);
  return branchesAt(path, lines, line);
}

function readLines(access: SourceAccess, path: string): readonly string[] {
  const content = access.read(path);
  if (!content.ok) return [];
  return new TextDecoder().decode(content.bytes.subarray(0, content.length)).split(/\r\n?|\n/);
}
