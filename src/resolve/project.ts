/**
 * All environments of a project on the target that was asked for or found: the headline environment first, since the
 * target itself may depend on what resolves (CONTRACT.md, Python).
 */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { EnvironmentResult } from '../document.ts';
import { DepweightError } from '../errors.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type {
  AuditDocument,
  DeclaredRequirement,
  DistributionName,
  Environment,
  TargetEnvironment,
  Version,
  Warning,
  WeighedGraph,
} from '../types.ts';
import type { EnvironmentOutcome, EnvironmentPorts, EnvironmentSettings } from './environment.ts';
import { resolveEnvironment } from './environment.ts';
import type { PageAnswer } from '../package-index/package-index.ts';
import { findPlatform, findPythons, pythonWarnings, stepDown } from './find-target.ts';
import type { Conflict } from './conflict.ts';
import { warnOfImage } from '../target/image-warnings.ts';
import { settleCommands, withOverrides } from './settle-commands.ts';
import { warnOfStaleLocks } from './stale-locks.ts';
import { findGaps } from './gaps.ts';
import type { ImageBesides } from '../image/besides.ts';
import { placeRequirements } from './placed-requirements.ts';
import type { Supposition } from './suppose.ts';

/** What came of the environments of a project. */
export interface ResolvedProject {
  readonly target: TargetEnvironment;
  /** The headline environment first; empty when that has no solution. */
  readonly environments: readonly EnvironmentResult[];
  readonly headline: string;
  readonly warnings: readonly Warning[];
  readonly error: AuditDocument['error'];
  /** Resolves other requirements for the same target with the same settings. */
  readonly resolveMore: ResolveMore;
  readonly resolveAt: ResolveAt;
  readonly suppose: Suppose;
  /** The page of a name on an index of that address, which need not be one of the settings. */
  readonly pageOf: (name: DistributionName, index: string) => Promise<PageAnswer>;
  /** Asks the indexes of the headline environment. */
  readonly client: IndexClient;
  /** What the image holds besides; null where nobody asks, or no image says what is weighed. */
  readonly besides: ImageBesides | null;
}

/**
 * What may be supposed, for verdicts on usage alone, of declared distributions whose modules nothing resolved tells;
 * null where there are none.
 */
export type Suppose = (declared: readonly DeclaredRequirement[]) => Promise<Supposition | null>;

/** Resolves a set of requirements beside those of the project. Versions given are kept wherever it allows them. */
export type ResolveMore = (
  environment: Environment,
  versions?: ReadonlyMap<DistributionName, Version>,
) => Promise<EnvironmentOutcome>;

/** Resolves a set of requirements for another target than that of the project; with its settings but for those given. */
export type ResolveAt = (
  target: TargetEnvironment,
  environment: Environment,
  given?: Partial<Pick<EnvironmentSettings, 'weights'>>,
) => Promise<EnvironmentOutcome>;

/** Resolves the headline environment, stepping down Pythons where none was asked for, then the others. */
export async function resolveProject(
  request: AuditRequest,
  project: ProjectInputs,
  env: AuditEnv,
  openEnvironment: OpenEnvironment,
): Promise<ResolvedProject> {
  const declared = findHeadline(request, project);
  const { environment: located, settings, ports } = openEnvironment(declared);
  const platform = findPlatform(request.platform, project);
  const pythons = findPythons(request.python, project, env.files);
  const attempt = await stepDown(located, { platform, pythons }, settings, ports);
  const { target } = attempt;
  // Its files may name indexes of their own.
  const resolveMore: ResolveMore = (environment, versions) => {
    const own = openEnvironment(environment);
    const { options } = own.settings;
    const asked =
      versions === undefined
        ? own.settings
        : { ...own.settings, options: { ...options, preferences: versions } };
    return resolveEnvironment(own.environment, target, asked, own.ports);
  };
  const resolveAt: ResolveAt = (other, environment, given = {}) => {
    const own = openEnvironment(environment);
    return resolveEnvironment(own.environment, other, { ...own.settings, ...given }, own.ports);
  };
  const joint = { environment: declared, outcome: attempt.outcome };
  const { environment: headline, outcome } = await settleCommands(project, joint, resolveMore);
  const pageOf: ResolvedProject['pageOf'] = async (name, index) => ports.client.page(name, index);
  const supposeBeside =
    (environments: readonly EnvironmentResult[]): Suppose =>
    (declared) =>
      supposeMissing(declared, { environments, target }, settings, ports);
  const warnings = [
    ...headlineWarnings(request, project, declared),
    ...pythonWarnings(project, target, pythons),
  ];
  if (!outcome.solved) {
    return {
      target,
      environments: [],
      headline: headline.id,
      warnings,
      error: toError(outcome.conflict),
      resolveMore,
      resolveAt,
      client: ports.client,
      suppose: supposeBeside([]),
      pageOf,
      besides: null,
    };
  }
  const first = { environment: headline, graph: outcome.graph };
  const added = headline.overrides.filter((one) => !declared.overrides.includes(one));
  const others = request.readsSources
    ? project.environments
        .filter(({ id }) => id !== headline.id)
        .map((other) => (added.length === 0 ? other : withOverrides(other, added)))
    : [];
  const rest = await resolveOthers(others, headline, resolveMore);
  const besides = await besidesOf(request, project, first, resolveMore);
  const environments = withBesides([first, ...rest.environments], besides);
  return {
    target,
    environments,
    headline: headline.id,
    warnings: [
      ...warnings,
      ...warnOfNothing(headline, outcome.graph, target),
      ...warnOfStaleLocks(environments, target),
      ...(project.weighedImage === null ? warnOfImage(project.image, outcome.graph) : []),
      ...outcome.graph.warnings.map((warning) => placed(warning, headline, outcome.graph)),
      ...rest.warnings,
      ...(besides?.warnings ?? []),
    ],
    error: null,
    besides,
    resolveMore,
    resolveAt,
    client: ports.client,
    suppose: supposeBeside(environments),
    pageOf,
  };
}

/** Asked for where weights are told of what is there: `split` and `cost` tell of what shall be. */
async function besidesOf(
  { weights, makesSplits, addition }: AuditRequest,
  project: ProjectInputs,
  headline: EnvironmentResult,
  resolveMore: ResolveMore,
): Promise<ImageBesides | null> {
  const isAsked = weights && !makesSplits && addition === null;
  if (!isAsked || project.weighedImage === null || headline.environment.id !== project.headline)
    return null;
  const { findBesides } = await import('../image/besides.ts');
  return findBesides(project, headline, resolveMore);
}

/** Every set of the project is installed the same way; what is a part of one is not besides it. */
function withBesides(
  environments: readonly EnvironmentResult[],
  found: ImageBesides | null,
): readonly EnvironmentResult[] {
  if (found === null) return environments;
  return environments.map((one) => {
    const { environment } = one;
    const result = found.isPartial
      ? { ...one, environment: { ...environment, partial: true as const } }
      : one;
    const own = new Set(result.graph.distributions.map(({ name }) => name));
    const besides = found.sets
      .map((set) => ({
        ...set,
        distributions: set.distributions.filter(({ name }) => set.isApart || !own.has(name)),
      }))
      .filter(({ distributions }) => distributions.length > 0);
    return besides.length === 0 ? result : { ...result, besides };
  });
}

async function supposeMissing(
  declared: readonly DeclaredRequirement[],
  resolved: Pick<ResolvedProject, 'environments' | 'target'>,
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<Supposition | null> {
  const graphs = resolved.environments.map(({ graph }) => graph);
  const placed = placeRequirements(declared, resolved.target);
  const gaps = findGaps(placed, graphs, resolved.target);
  if (gaps.length === 0) return null;
  const { suppose } = await import('./suppose.ts');
  const open = new Set(gaps.map((gap) => gap.declared.requirement.name));
  const names = graphs.flatMap(({ distributions }) => distributions.map(({ name }) => name));
  const known = new Set(names.filter((name) => !open.has(name)));
  return suppose({ gaps, resolved: known, target: resolved.target }, settings, ports);
}

/** An environment with its settings and ports; its files may name indexes of their own. */
export type OpenEnvironment = (environment: Environment) => {
  /** With paths as places on this machine: what is resolved. */
  readonly environment: Environment;
  readonly settings: EnvironmentSettings;
  readonly ports: EnvironmentPorts;
};

/** The environment that the report speaks of. Throws DepweightError for one that is not there. */
export function findHeadline(request: AuditRequest, project: ProjectInputs): Environment {
  const wanted = request.environment ?? project.headline;
  const found = project.environments.find(({ id }) => id === wanted);
  if (found !== undefined) {
    // "0 packages" helps nobody: a project without a set for production is shown by the largest set that it has.
    return request.environment === null && found.requirements.length === 0
      ? largestSet(found, project)
      : found;
  }
  const known = project.environments.map(({ id }) => id);
  throw new DepweightError('unknown-environment', {
    kind: 'environment',
    name: wanted,
    hint:
      known.length === 0
        ? 'no file declares a set that could be installed'
        : `there are ${known.join(', ')}`,
  });
}

function largestSet(headline: Environment, project: ProjectInputs): Environment {
  let largest = headline;
  for (const environment of project.environments) {
    if (environment.requirements.length > largest.requirements.length) largest = environment;
  }
  return largest;
}

/** What is to be said of that choice. */
export function headlineWarnings(
  request: AuditRequest,
  project: ProjectInputs,
  headline: Environment,
): readonly Warning[] {
  if (request.environment !== null || headline.id === project.headline) return [];
  const message = `nothing is declared for production; what is shown is the set ${headline.id}`;
  return [{ code: 'no-production-set', message }];
}

/** A lock made for macOS alone says nothing of Linux: that is not the same as needing nothing. */
export function warnOfNothing(
  { requirements }: Environment,
  graph: WeighedGraph,
  target: TargetEnvironment,
): readonly Warning[] {
  const [first] = requirements;
  if (first === undefined || graph.distributions.length > 0) return [];
  const place = `Python ${target.python} on ${target.platformTag}`;
  const message = `nothing that ${first.location.path} asks for is for ${place}; --platform and --python name another target`;
  return [{ code: 'nothing-for-target', message, ...first.location }];
}

// ---- the other environments -----------------------------------------------------------------------------------------

async function resolveOthers(
  environments: readonly Environment[],
  headline: Environment,
  resolveMore: ResolveMore,
): Promise<{
  readonly environments: readonly EnvironmentResult[];
  readonly warnings: readonly Warning[];
}> {
  const solved: EnvironmentResult[] = [];
  const warnings: Warning[] = [];
  for (const environment of environments) {
    const outcome = await resolveMore(environment);
    if (outcome.solved) {
      solved.push({ environment, graph: outcome.graph });
      warnings.push(
        ...outcome.graph.warnings.map((warning) => placed(warning, environment, outcome.graph)),
      );
      continue;
    }
    const parts = environment.id === 'dev' ? developmentParts(environment, headline) : [];
    const [first] = outcome.conflict.requirements;
    const place = first === undefined ? {} : first.location;
    const instead = parts.length > 0 ? 'each of its files is resolved alone' : 'it is left out';
    const message = `the set ${environment.id} has no solution, so ${instead}: ${outcome.conflict.message}`;
    warnings.push({ code: 'environment-conflict', message, ...place });
    const alone = await resolveOthers(parts, headline, resolveMore);
    solved.push(...alone.environments);
    warnings.push(...alone.warnings);
  }
  return { environments: solved, warnings };
}

/** Development sets that exclude one another are resolved alone, one for each file that declares some (CONTRACT.md). */
function developmentParts(development: Environment, headline: Environment): readonly Environment[] {
  const inProduction = new Set(headline.requirements);
  const byPath = new Map<string, DeclaredRequirement[]>();
  for (const declared of development.requirements) {
    if (inProduction.has(declared)) continue;
    const { path } = declared.location;
    byPath.set(path, [...(byPath.get(path) ?? []), declared]);
  }
  return [...byPath].map(([path, requirements]) => ({
    ...development,
    id: `dev:${path}`,
    inputs: [path],
    requirements,
  }));
}

/** A warning on a distribution that the user declared gets the place of the declaration. */
export function placed(warning: Warning, environment: Environment, graph: WeighedGraph): Warning {
  if (warning.path !== undefined) return warning;
  const subject = /^(?:the size of |what )?([^\s:]+)/.exec(warning.message)?.[1];
  const named = graph.roots.find(({ name }) => name === subject);
  const declared = environment.requirements.find(
    ({ requirement }) => requirement.name === named?.name,
  );
  return declared === undefined ? warning : { ...warning, ...declared.location };
}

/** A conflict as the document tells it. */
export function toError(conflict: Conflict): NonNullable<AuditDocument['error']> {
  const rows = conflict.requirements.map(({ raw, location }: DeclaredRequirement) => ({
    raw,
    ...location,
  }));
  const hint = conflict.hint === null ? {} : { hint: conflict.hint };
  return { message: conflict.message, ...hint, requirements: rows };
}
