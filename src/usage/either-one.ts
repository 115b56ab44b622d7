/** Distributions of which a run of the program needs one alone: product code imports them in branches that exclude one another. */
import type { SourceAccess } from '../imports/source-access.ts';
import type { DistributionName, ImportScan, ImportUse, UsageEvidence } from '../types.ts';
import { importEvidence } from './evidence-notes.ts';
import { branchesAt, excludeOneAnother, type Branch } from './exclusive-branches.ts';
import type { ModuleIndex } from './module-owners.ts';

/** Two of them, or more. */
export interface EitherOne {
  readonly names: readonly DistributionName[];
  /** All imports of them, in the order of the files. */
  readonly places: readonly UsageEvidence[];
}

interface BranchedUse {
  readonly use: ImportUse;
  readonly branches: readonly Branch[];
}

/** Sets among the names, each sorted and as large as can be: no import of one can be run together with that of another. */
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
  const uses = new Map(branched);
  const excluding = (one: DistributionName, other: DistributionName): boolean =>
    (uses.get(one) ?? []).every((use) =>
      (uses.get(other) ?? []).every((against) => excludes(use, against)),
    );
  return largestSets([...uses.keys()].toSorted(), excluding).map((set) => ({
    names: set,
    places: set.flatMap((name) => (uses.get(name) ?? []).map(({ use }) => importEvidence(use))),
  }));
}

/** Sets of two or more in which each goes with each, and that are part of no larger one. */
function largestSets(
  names: readonly DistributionName[],
  goTogether: (one: DistributionName, other: DistributionName) => boolean,
): readonly (readonly DistributionName[])[] {
  const found: (readonly DistributionName[])[] = [];
  // Bron and Kerbosch 1973: what may still be added, and what was looked at with this set before.
  const grow = (
    set: readonly DistributionName[],
    open: readonly DistributionName[],
    done: readonly DistributionName[],
  ): void => {
    if (open.length === 0 && done.length === 0 && set.length > 1) found.push(set);
    for (const [at, name] of open.entries()) {
      const fits = (other: DistributionName): boolean => goTogether(name, other);
      const before = [...done, ...open.slice(0, at)];
      grow([...set, name], open.slice(at + 1).filter(fits), before.filter(fits));
    }
  };
  grow([], names, []);
  return found;
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
