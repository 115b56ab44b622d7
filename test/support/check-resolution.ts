/**
 * What a right resolution is, said a second time and as plainly as possible: a checker of graphs, and a search that
 * tries everything. Shares nothing with `src/resolve`.
 */
import { evaluateMarker } from '../../src/pep/marker.ts';
import { specifierContains } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { MarkerEnvironment, Requirement, ResolvedGraph } from '../../src/types.ts';
import type { Releases } from './memory-index.ts';
import { parseReleases } from './memory-index.ts';

/** What is asked of an invented index. */
export interface Question {
  readonly releases: Releases;
  readonly roots: readonly Requirement[];
  readonly constraints?: readonly Requirement[];
  readonly markers: MarkerEnvironment;
}

function isActive(
  { marker }: Requirement,
  extras: readonly string[],
  markers: MarkerEnvironment,
): boolean {
  return marker === null || evaluateMarker(marker, markers, extras);
}

function satisfies(version: string, { specifiers }: Requirement): boolean {
  const parsed = parseVersion(version);
  return parsed !== null && specifierContains(specifiers, parsed);
}

/** The version that a requirement on an unknown leaf insists on. */
function pinOf({ specifiers }: Requirement): string | null {
  return specifiers.find(({ operator, wildcard }) => operator === '==' && !wildcard)?.text ?? null;
}

/** What is wrong with a graph, in sentences; names that nobody released are leaves that satisfy everything. */
export function findFaults(question: Question, graph: ResolvedGraph): readonly string[] {
  const { markers, roots, constraints = [] } = question;
  const parsed = parseReleases(question.releases);
  const isLeaf = (name: string): boolean => question.releases[name] === undefined;
  const chosen = new Map(
    graph.distributions.map((distribution) => [String(distribution.name), distribution]),
  );
  const faults: string[] = [];
  const wanted = new Map<string, Set<string>>();
  // Extras that a distribution asks of itself are unfolded, not listed.
  const wantedByOthers = new Set<string>();
  const demand = (requirement: Requirement, by: string): void => {
    const found = chosen.get(requirement.name);
    if (found === undefined) faults.push(`${by} needs ${requirement.name}, which is not there`);
    else if (!isLeaf(requirement.name) && !satisfies(found.version, requirement)) {
      faults.push(`${by} is not satisfied by ${requirement.name} ${found.version}`);
    }
    const extras = wanted.get(requirement.name) ?? new Set();
    wanted.set(requirement.name, extras);
    for (const extra of requirement.extras) extras.add(extra);
    if (by.startsWith(`${requirement.name} `)) return;
    for (const extra of requirement.extras) wantedByOthers.add(`${requirement.name}[${extra}]`);
  };
  for (const root of roots) if (isActive(root, [], markers)) demand(root, 'the input');
  // Until nothing new is wanted: an extra that turns up late brings requirements of its own.
  for (let before = -1, count = 0; before !== count;) {
    before = count;
    for (const [name, extras] of [...wanted]) {
      const found = chosen.get(name);
      for (const requirement of parsed.get(`${name} ${found?.version ?? ''}`) ?? []) {
        if (isActive(requirement, [...extras], markers))
          demand(requirement, `${name} ${found?.version ?? ''}`);
      }
    }
    count = [...wanted.values()].reduce((sum, extras) => sum + 1 + extras.size, 0);
  }
  for (const [name, { extras, version }] of chosen) {
    if (!wanted.has(name)) faults.push(`${name} ${version} is there, and nothing needs it`);
    for (const extra of extras)
      if (!wanted.get(name)?.has(extra)) faults.push(`nothing needs ${name}[${extra}]`);
    for (const extra of wanted.get(name) ?? []) {
      if (isLeaf(name) || !wantedByOthers.has(`${name}[${extra}]`)) continue;
      if (!extras.includes(extra)) faults.push(`${name}[${extra}] is not in force`);
    }
    for (const constraint of constraints) {
      if (constraint.name === name && !isLeaf(name) && !satisfies(version, constraint)) {
        faults.push(`${name} ${version} breaks a constraint`);
      }
    }
  }
  return [...new Set(faults)];
}

/** Whether there is a solution at all, found by trying everything. Names in `leaves` satisfy all but two different pins. */
export function hasSolution(question: Question, leaves: ReadonlySet<string> = new Set()): boolean {
  const { markers, roots, constraints = [], releases } = question;
  const parsed = parseReleases(releases);
  const versionsOf = (name: string): readonly string[] =>
    Object.keys(releases[name] ?? {}).filter((version) =>
      constraints.every((constraint) => constraint.name !== name || satisfies(version, constraint)),
    );
  const search = (
    pending: readonly Requirement[],
    versions: ReadonlyMap<string, string>,
    extras: ReadonlyMap<string, readonly string[]>,
  ): boolean => {
    const [first, ...rest] = pending;
    if (first === undefined) return true;
    if (leaves.has(first.name)) {
      const pin = pinOf(first);
      const other = versions.get(first.name);
      if (pin === null) return search(rest, versions, extras);
      return (other ?? pin) === pin && search(rest, new Map(versions).set(first.name, pin), extras);
    }
    const before = extras.get(first.name) ?? [];
    const known = versions.get(first.name);
    const after = [...new Set([...before, ...first.extras])];
    const candidates = known === undefined ? versionsOf(first.name) : [known];
    for (const version of candidates) {
      if (!satisfies(version, first)) continue;
      const isNews = known === undefined || after.length > before.length;
      const added = isNews
        ? (parsed.get(`${first.name} ${version}`) ?? []).filter((one) =>
            isActive(one, after, markers),
          )
        : [];
      const next = new Map(versions).set(first.name, version);
      if (search([...added, ...rest], next, new Map(extras).set(first.name, after))) return true;
    }
    return false;
  };
  return search(
    roots.filter((root) => isActive(root, [], markers)),
    new Map(),
    new Map(),
  );
}
