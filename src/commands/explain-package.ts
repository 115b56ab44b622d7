import { compareText } from '../report/order.ts';
import type { AuditDocument, PackageRow, Removal, UsageEvidence, WhyFacts } from '../types.ts';

/** More chains than this say no more about why it is there. */
const MOST_PATHS = 100;
/** Steps that the search for chains may take: dense graphs have more chains than atoms. */
const MOST_STEPS = 20_000;

/**
 * Why a package is there, who uses it and what leaves with it, from a document alone; null when it is not
 * there. The name may be written in any way that PEP 503 normalises. `removal` overrules the held
 * resolution that is read off the document, whose edges do not know which extra they come from.
 */
export function explainPackage(
  document: AuditDocument,
  written: string,
  removal?: Removal,
): WhyFacts | null {
  const name = written
    .replace(/\[.*$/, '')
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
  const environment = document.environments[0]?.id;
  const headline = document.packages.filter(
    (row) => environment === undefined || row.environments.includes(environment),
  );
  // A development tool is not in the headline environment, but asked about all the same.
  const all = headline.some((row) => row.name === name) ? headline : document.packages;
  const packages = all.filter((row) => row.besides === undefined);
  const row = packages.find((other) => other.name === name);
  const besides = all.find((other) => other.name === name);
  if (row === undefined) return besides === undefined ? null : explainBesides(document, besides);
  const graph = createGraph(packages);
  return {
    package: name,
    paths: findPaths(row.name, graph),
    usedBy: findUses(document, name),
    pulls: findPulls(row, graph),
    removal: removal ?? findRemoval(name, graph),
  };
}

/** Nothing brings it, and nothing goes with it. */
function explainBesides(document: AuditDocument, row: PackageRow): WhyFacts {
  const { name, installedBytes, downloadBytes } = row;
  const saved = { savedInstalledBytes: installedBytes, savedDownloadBytes: downloadBytes };
  const removal = { with: [], leaves: [name], ...saved };
  return { package: name, paths: [], usedBy: findUses(document, name), pulls: [], removal };
}

interface Graph {
  readonly rows: ReadonlyMap<string, PackageRow>;
  /** Names that each needs. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly roots: readonly string[];
}

function createGraph(packages: readonly PackageRow[]): Graph {
  const needs = new Map<string, string[]>(packages.map((row) => [row.name, []]));
  for (const row of packages) {
    for (const holder of row.requiredBy) needs.get(holder)?.push(row.name);
  }
  const roots = packages.filter((row) => row.direct).map((row) => row.name);
  return { rows: new Map(packages.map((row) => [row.name, row])), needs, roots };
}

function reach(roots: Iterable<string>, needs: Graph['needs']): ReadonlySet<string> {
  const reached = new Set(roots);
  // A set hands out what is added while it is walked.
  for (const name of reached) for (const needed of needs.get(name) ?? []) reached.add(needed);
  return reached;
}

/** Chains from a declared package to this one, shortest first, then by name. */
function findPaths(name: string, { rows }: Graph): readonly (readonly string[])[] {
  const paths: (readonly string[])[] = [];
  let level: (readonly string[])[] = [[name]];
  let steps = 0;
  while (level.length > 0 && paths.length < MOST_PATHS && steps < MOST_STEPS) {
    const ended = level.filter(([first = '']) => rows.get(first)?.direct === true);
    paths.push(...ended.toSorted((a, b) => compareText(a.join(' '), b.join(' '))));
    const longer: (readonly string[])[] = [];
    for (const path of level) {
      for (const holder of rows.get(path[0] ?? '')?.requiredBy ?? []) {
        steps += 1;
        if (rows.has(holder) && !path.includes(holder) && steps < MOST_STEPS)
          longer.push([holder, ...path]);
      }
    }
    level = longer;
  }
  return paths.slice(0, MOST_PATHS);
}

function findUses(document: AuditDocument, name: string): readonly UsageEvidence[] {
  const uses = new Map<string, UsageEvidence>();
  for (const declared of document.declared) {
    if (declared.name !== name) continue;
    for (const evidence of declared.evidence) uses.set(JSON.stringify(evidence), evidence);
  }
  for (const finding of document.findings) {
    // What the code imports without a declaration has its places in the finding, which tells to declare it.
    const told =
      finding.rule === 'transitive-import' &&
      (finding.packages.includes(name) || finding.remedy?.text === `declare ${name}`);
    for (const evidence of told ? finding.evidence : [])
      uses.set(JSON.stringify(evidence), evidence);
  }
  return [...uses.values()].toSorted((a, b) => compareText(a.path, b.path) || a.line - b.line);
}

function findPulls(row: PackageRow, { rows, needs }: Graph): WhyFacts['pulls'] {
  const reached = [...reach([row.name], needs)].filter((name) => name !== row.name);
  return reached
    .flatMap((name) => rows.get(name) ?? [])
    .map(({ name, version, installedBytes, requiredBy }) => ({
      name,
      version,
      installedBytes,
      alsoNeededBy: requiredBy.filter((holder) => holder !== row.name).toSorted(compareText),
    }))
    .toSorted(
      (a, b) => (b.installedBytes ?? -1) - (a.installedBytes ?? -1) || compareText(a.name, b.name),
    );
}

/** All declared packages that reach it have to go, as each of them holds it. */
function findRemoval(name: string, { rows, needs, roots }: Graph): Removal {
  const holders = roots.filter((root) => reach([root], needs).has(name));
  const before = reach(roots, needs);
  const after = reach(
    roots.filter((root) => !holders.includes(root)),
    needs,
  );
  const leaves = [...before].filter((other) => !after.has(other)).toSorted(compareText);
  const known = leaves.flatMap((other) => rows.get(other) ?? []);
  return {
    with: holders.filter((holder) => holder !== name).toSorted(compareText),
    leaves,
    savedInstalledBytes: addKnown(known.map((row) => row.installedBytes)),
    savedDownloadBytes: addKnown(known.map((row) => row.downloadBytes)),
  };
}

/** A lower bound where some are unknown, null where all are. */
function addKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 && values.length > 0) return null;
  let sum = 0;
  for (const value of known) sum += value;
  return sum;
}
