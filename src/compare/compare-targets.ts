/**
 * One project on several targets: its headline environment resolved and weighed for each. All of them share one index
 * client, so that each page, each metadata file and each weight is read once. A target without a solution is a row that says
 * why, and loses none of the others.
 */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { buildDocument, targetRow } from '../document.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { inputRows, readInputs } from '../inputs/read-inputs.ts';
import { compareText } from '../report/order.ts';
import type { EnvironmentOutcome } from '../resolve/environment.ts';
import { resolveEnvironment } from '../resolve/environment.ts';
import { findPlatform, findPythons, stepDown } from '../resolve/find-target.ts';
import { createOpenEnvironment } from '../resolve/open-environment.ts';
import { findHeadline, headlineWarnings, placed, toError } from '../resolve/project.ts';
import type { OpenEnvironment } from '../resolve/project.ts';
import { admitsMinor } from '../target/python.ts';
import { TOOL } from '../tool.ts';
import type {
  CompareDocument,
  Environment,
  MissingFile,
  TargetComparison,
  TargetEnvironment,
  TargetPackage,
  TargetVerdict,
  UnknownReason,
  Warning,
  WeighedDistribution,
} from '../types.ts';
import { downloadBytesOf, totalsOf } from '../weigh/totals.ts';
import { chooseTargets } from './choose-targets.ts';
import type { AskedSet } from './missing-files.ts';
import { findBlockers, findMissing } from './missing-files.ts';

/** A project opened for one of its environments. */
interface Opened {
  readonly project: ProjectInputs;
  readonly headline: Environment;
  readonly world: ReturnType<OpenEnvironment>;
}

/** What came of one target. */
interface Attempt {
  readonly target: TargetEnvironment;
  readonly outcome: EnvironmentOutcome;
}

/** The document of `compare`. Throws DepweightError. */
export async function compareTargets(
  request: AuditRequest,
  env: AuditEnv,
): Promise<CompareDocument> {
  const { repository, project } = await readInputs(request, env);
  const headline = findHeadline(request, project);
  const openEnvironment = await createOpenEnvironment(request, project.project, env);
  const opened = { project, headline, world: openEnvironment(headline) };
  const { attempts, chosen } = await resolveTargets(request, opened, env);
  const targets = await Promise.all(attempts.map((attempt) => toRow(attempt, opened)));
  const best = attempts.find(({ outcome }) => outcome.solved) ?? attempts[0];
  if (best === undefined) throw new Error('Nothing was compared');
  const { outcome, target } = best;
  const document = buildDocument({
    toolVersion: TOOL.version,
    command: request.command,
    project: project.name,
    target,
    inputs: inputRows(project),
    environments: outcome.solved ? [{ environment: headline, graph: outcome.graph }] : [],
    headline: headline.id,
    declared: project.declared,
    warnings: [
      ...repository.warnings,
      ...project.warnings,
      ...headlineWarnings(request, project, headline),
      ...warningsOf(attempts, headline),
    ],
    error: outcome.solved ? null : toError(outcome.conflict),
  });
  return { ...document, targets, chosen };
}

async function resolveTargets(
  request: AuditRequest,
  { project, world }: Opened,
  env: AuditEnv,
): Promise<{ readonly attempts: readonly Attempt[]; readonly chosen: string | null }> {
  const { environment, settings, ports } = world;
  const { platforms = [], pythons = [] } = request.targets ?? {};
  const rows = platforms.map((name) => findPlatform(name, project));
  // With both named in full the project is not asked: its own platform and Python may not even resolve.
  const isOwnAsked = pythons.length * platforms.length < 2;
  const ownPlatform = findPlatform(isOwnAsked ? null : (platforms[0] ?? null), project);
  const ownPythons = findPythons(isOwnAsked ? null : (pythons[0] ?? null), project, env.files);
  const own = await stepDown(
    environment,
    { platform: ownPlatform, pythons: ownPythons },
    settings,
    ports,
  );
  const { targets, chosen } = chooseTargets({
    own: own.target,
    ownPlatform: ownPlatform.row,
    platforms: rows.map(({ row }) => row),
    pythons,
  });
  const attempts = await Promise.all(
    targets.map(async (target): Promise<Attempt> => {
      const outcome = await resolveEnvironment(environment, target, settings, ports);
      return { target, outcome };
    }),
  );
  return { attempts, chosen };
}

async function toRow(
  { target, outcome }: Attempt,
  { project, headline, world }: Opened,
): Promise<TargetComparison> {
  const { settings, ports, environment } = world;
  const asked = { environment, target, options: settings.options, client: ports.client };
  const row = { target: targetRow(target), outside: outsideOf(project, target) };
  if (!outcome.solved) {
    const missing = await findWholeLack(asked, world);
    return {
      ...row,
      verdict: 'not-installable',
      totals: { ...totalsOf([]), lowerBound: true },
      packages: [],
      missing,
      refused: [],
      error: toError(outcome.conflict),
    };
  }
  const { graph } = outcome;
  const missing = await findMissing(asked, graph);
  const totals = totalsOf(graph.distributions);
  const roots = new Set(graph.roots.map(({ name }) => name));
  return {
    ...row,
    verdict: verdictOf(graph.distributions, missing),
    totals: headline.partial === true ? { ...totals, lowerBound: true } : totals,
    packages: graph.distributions.map((one) => toPackage(one, roots.has(one.name))),
    missing,
    refused: graph.distributions.flatMap((one) => refusedBy(one, target)),
    error: null,
  };
}

/** Blocked requirements, and what the rest would lack without them: who mends the first wants to know of the others. */
async function findWholeLack(
  asked: AskedSet,
  { settings, ports }: Opened['world'],
): Promise<readonly MissingFile[]> {
  const blockers = await findBlockers(asked);
  if (blockers.length === 0) return [];
  const blocked = new Set(blockers.map(({ name }) => name));
  const { environment, target } = asked;
  const requirements = environment.requirements.filter(
    ({ requirement }) => !blocked.has(requirement.name),
  );
  const rest = { ...environment, requirements };
  const outcome = await resolveEnvironment(rest, target, { ...settings, weights: false }, ports);
  if (!outcome.solved) return blockers;
  const others = await findMissing({ ...asked, environment: rest }, outcome.graph);
  return [...blockers, ...others.filter(({ name }) => !blocked.has(name))].toSorted((a, b) =>
    compareText(a.name, b.name),
  );
}

function outsideOf(
  { requiresPython }: ProjectInputs,
  target: TargetEnvironment,
): TargetComparison['outside'] {
  if (requiresPython === null) return null;
  const { text, location } = requiresPython;
  return admitsMinor(text, target.python) ? null : { requiresPython: text, location };
}

function refusedBy(
  { name, version, file }: WeighedDistribution,
  { python }: TargetEnvironment,
): TargetComparison['refused'] {
  const requiresPython = file?.requiresPython ?? null;
  if (requiresPython === null || admitsMinor(requiresPython, python)) return [];
  return [{ name, version, requiresPython }];
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
function warningsOf(attempts: readonly Attempt[], headline: Environment): readonly Warning[] {
  const solved = attempts.flatMap(({ target, outcome }) =>
    outcome.solved ? [{ target, graph: outcome.graph }] : [],
  );
  const found = new Map<string, { readonly warning: Warning; readonly targets: string[] }>();
  for (const { target, graph } of solved) {
    for (const raw of graph.warnings) {
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

function interpreter({ implementation, python }: TargetEnvironment): string {
  return `${implementation === 'pp' ? 'PyPy' : 'Python'} ${python}`;
}

function named(targets: readonly string[]): string {
  const [first = '', ...others] = targets;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
