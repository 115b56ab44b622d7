/** From what came of a target to its row, and to what has to be said of all targets together. */
import { compareText } from '../report/order.ts';
import { resolveEnvironment } from '../resolve/environment.ts';
import type { Attempt } from '../resolve/find-target.ts';
import type { OpenEnvironment } from '../resolve/project.ts';
import { placed, toError, warnOfNothing } from '../resolve/project.ts';
import { admitsMinor } from '../target/python.ts';
import type {
  Environment,
  MissingFile,
  TargetComparison,
  TargetEnvironment,
  TargetPackage,
  TargetVerdict,
  UnknownReason,
  Warning,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { downloadBytesOf, totalsOf } from '../weigh/totals.ts';
import type { AskedSet } from './missing-files.ts';
import { findBlockers, findInnerBlockers, findMissing } from './missing-files.ts';

/** A row without what is known of the target itself. */
export type BareRow = Omit<TargetComparison, 'target' | 'outside'>;

/** The environment that is compared, and the ports. */
export interface RowWorld {
  readonly headline: Environment;
  readonly world: ReturnType<OpenEnvironment>;
  /** What the set is on the first target that has a solution; null where none has. */
  readonly reference: WeighedGraph | null;
}

/** The row of a target. */
export async function makeRow(
  { target, outcome }: Attempt,
  { headline, world, reference }: RowWorld,
): Promise<BareRow> {
  const { settings, ports, environment } = world;
  const asked = { environment, target, options: settings.options, client: ports.client };
  if (!outcome.solved) {
    return {
      verdict: 'not-installable',
      totals: { ...totalsOf([]), lowerBound: true },
      packages: [],
      missing: await findWholeLack({ ...asked, reference }, world),
      refused: [],
      error: toError(outcome.conflict),
    };
  }
  const { graph } = outcome;
  const missing = await findMissing(asked, graph);
  const totals = totalsOf(graph.distributions);
  const roots = new Set(graph.roots.map(({ name }) => name));
  return {
    verdict: verdictOf(graph.distributions, missing),
    totals: headline.partial === true ? { ...totals, lowerBound: true } : totals,
    packages: graph.distributions.map((one) => toPackage(one, roots.has(one.name))),
    missing,
    refused: refusedOf(graph.distributions, target),
    error: null,
  };
}

/** Blocked requirements, and what the rest would lack without them: who mends the first wants to know of the others. */
async function findWholeLack(
  asked: AskedSet & Pick<RowWorld, 'reference'>,
  { settings, ports }: RowWorld['world'],
): Promise<readonly MissingFile[]> {
  const declared = await findBlockers(asked);
  const names = new Set(declared.map(({ name }) => name));
  const inside = await findInnerBlockers(asked, asked.reference, names);
  const blockers = [...declared, ...inside].toSorted((a, b) => compareText(a.name, b.name));
  if (declared.length === 0) return blockers;
  const blocked = new Set<string>(blockers.map(({ name }) => name));
  const { environment, target } = asked;
  const requirements = environment.requirements.filter(
    ({ requirement }) => !blocked.has(requirement.name),
  );
  const rest = { ...environment, requirements };
  const quick = { ...settings, weights: false, remembers: false as const };
  const outcome = await resolveEnvironment(rest, target, quick, ports);
  if (!outcome.solved) return blockers;
  const others = await findMissing({ ...asked, environment: rest }, outcome.graph);
  return [...blockers, ...others.filter(({ name }) => !blocked.has(name))].toSorted((a, b) =>
    compareText(a.name, b.name),
  );
}

/** Hundreds of packages say the same few things of Python. */
function refusedOf(
  distributions: readonly WeighedDistribution[],
  { python }: TargetEnvironment,
): TargetComparison['refused'] {
  const known = new Map<string, boolean>();
  return distributions.flatMap(({ name, version, file }) => {
    const requiresPython = file?.requiresPython ?? null;
    if (requiresPython === null) return [];
    const admits = known.get(requiresPython) ?? admitsMinor(requiresPython, python);
    known.set(requiresPython, admits);
    return admits ? [] : [{ name, version, requiresPython }];
  });
}

/** Answers that failed, which may be others the next time. */
const FAULTS: ReadonlySet<UnknownReason> = new Set([
  'network',
  'offline',
  'broken-wheel',
  'broken-metadata',
]);

function verdictOf(
  distributions: readonly WeighedDistribution[],
  missing: readonly MissingFile[],
): TargetVerdict {
  if (missing.some(({ kind }) => kind === 'none')) return 'not-installable';
  const isFaulty = ({ weight }: WeighedDistribution): boolean =>
    !weight.known && FAULTS.has(weight.reason);
  if (distributions.some(isFaulty)) return 'incomplete';
  return missing.length > 0 ? 'build' : 'ready';
}

function toPackage(distribution: WeighedDistribution, direct: boolean): TargetPackage {
  const { name, version, file, weight } = distribution;
  return {
    name,
    version,
    direct,
    file: file && { kind: file.kind, filename: file.filename, sha256: file.sha256 },
    downloadBytes: downloadBytesOf(distribution),
    installedBytes: weight.known ? weight.value.installedBytes : null,
    known: weight.known,
    unknownReason: weight.known ? null : weight.reason,
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Warnings

/** What the rows say themselves. */
const TOLD: ReadonlySet<string> = new Set([
  'sdist-only',
  'no-wheel-for-target',
  'no-binary',
  'no-file-for-target',
]);

/** Each once, with the targets that it is about where it is not about all that have a solution. */
export function warningsOf(
  attempts: readonly Attempt[],
  headline: Environment,
): readonly Warning[] {
  const solved = attempts.flatMap(({ target, outcome }) =>
    outcome.solved ? [{ target, graph: outcome.graph }] : [],
  );
  const found = new Map<string, { readonly warning: Warning; readonly targets: string[] }>();
  for (const { target, graph } of solved) {
    for (const raw of [...warnOfNothing(headline, graph, target), ...graph.warnings]) {
      if (TOLD.has(raw.code)) continue;
      const warning = placed(raw, headline, graph);
      const key = JSON.stringify(warning);
      const known = found.get(key) ?? { warning, targets: [] };
      known.targets.push(`${interpreter(target)} on ${target.platformTag}`);
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ warning, targets }) =>
    targets.length === solved.length
      ? warning
      : { ...warning, message: `${warning.message} (${named(targets)})` },
  );
}

function interpreter({ implementation, python, freeThreaded }: TargetEnvironment): string {
  const build = freeThreaded === true ? 't' : '';
  return `${implementation === 'pp' ? 'PyPy' : 'Python'} ${python}${build}`;
}

function named(targets: readonly string[]): string {
  const [first = '', ...others] = targets;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
