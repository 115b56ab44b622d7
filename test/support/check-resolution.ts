/**
 * Resolutions of invented indexes judged: a checker of graphs, and a search that tries everything. Shares nothing with
 * `src/resolve`.
 */
import { evaluateMarker } from '../../src/pep/marker.ts';
import { specifierContains } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { MarkerEnvironment, Requirement, ResolvedGraph } from '../../src/types.ts';
import type { Releases } from './memory-index.ts';
import { parseReleases } from './memory-index.ts';
import { faultsOf } from './check-set.ts';

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
  const parsed = parseReleases(question.releases);
  const members = graph.distributions.map(({ name, version, extras }) => ({
    name,
    version,
    extras,
    requires: parsed.get(`${name} ${version}`) ?? [],
    isLeaf: question.releases[name] === undefined,
  }));
  return faultsOf({ ...question, members });
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
