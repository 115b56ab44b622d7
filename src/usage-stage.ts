/** The second half of the pipeline, for commands that read code: scan, judge, advise, split. */
import { advise } from './advice/index.ts';
import type { AdviceContext, MisplacedExtra } from './advice/advice.ts';
import { createAdviceContext, leavingNames } from './advice/advice.ts';
import type { AuditEnv, AuditRequest } from './audit-env.ts';
import type { DocumentParts, EnvironmentResult } from './document.ts';
import { findPrograms, type EntryPoint, type Programs } from './entry-points/entry-points.ts';
import {
  findMisplacedExtras,
  importsOfExtras,
  type MisplacedInput,
} from './entry-points/misplaced-extras.ts';
import { findNeeds } from './entry-points/program-needs.ts';
import { weighEntryPoints, type EntryPointInput } from './entry-points/weigh-entry-points.ts';
import type { ImageFacts } from './image/image-facts.ts';
import { decodeFile } from './inputs/decode.ts';
import type { MuslCost } from './image/musl-wheels.ts';
import type { JudgedProject } from './usage/judge-project.ts';
import { judgeProject } from './usage/judge-project.ts';
import type { ProjectSources } from './usage/project-sources.ts';
import { createProjectSources } from './usage/project-sources.ts';
import type { ProjectInputs, RepositoryInputs } from './inputs/project.ts';
import type { ResolvedProject } from './resolve/project.ts';
import { normalizeName } from './pep/name.ts';
import { indexModules, modulesOf, type ModuleIndex } from './usage/module-owners.ts';
import { findEitherOne } from './usage/either-one.ts';
import { countUsedNames } from './usage/used-names.ts';
import { findPlaces } from './places/index.ts';
import type { PlacedSet } from './places/weigh-places.ts';
import { weighPlaces } from './places/weigh-places.ts';
import type { WeighedCiJob } from './ci/weigh-jobs.ts';
import type { Remedies } from './remedies/find-remedies.ts';
import type {
  AcceleratorBuilds,
  DeclaredRequirement,
  DistributionName,
  Finding,
  Removal,
  RuleName,
  SourceLocation,
  Usage,
  WeighedDistribution,
  WeighedGraph,
} from './types.ts';
import { smallestRemovalSet } from './weigh/attribution.ts';

/** What this half adds to the document. */
export type UsageParts = Partial<
  Pick<
    DocumentParts,
    | 'environments'
    | 'usages'
    | 'findings'
    | 'splits'
    | 'entryPoints'
    | 'places'
    | 'imagePatch'
    | 'accelerators'
    | 'scannedFiles'
    | 'warnings'
  >
> & {
  /** What leaves with the subject of `why`, extras seen. */
  readonly removal?: Removal;
};

/** What the first half found of one project. */
export interface UsageStageInput {
  readonly request: AuditRequest;
  readonly project: ProjectInputs;
  readonly resolved: ResolvedProject;
}

/** The half for the projects of one repository, one after the other; the code is scanned once. */
export type UsageStage = (input: UsageStageInput) => Promise<UsageParts>;

/** Prepares the half; nothing is read before it is asked. */
export function createUsageStage(repository: RepositoryInputs, env: AuditEnv): UsageStage {
  const sources = createProjectSources(repository, env);
  return (input) => judgeAndAdvise(input, { repository, sources }, env);
}

/** Verdicts on everything declared, findings on the headline environment, and the proven splits if asked for. */
async function judgeAndAdvise(
  input: UsageStageInput,
  around: { readonly repository: RepositoryInputs; readonly sources: ProjectSources },
  env: AuditEnv,
): Promise<UsageParts> {
  const { request, project, resolved } = input;
  const { environments, headline, target, suppose } = resolved;
  const { path, overrules } = request;
  const place = {
    path,
    ...around,
    project,
    environments,
    target,
    overrules,
    suppose,
    asksOptional: request.makesSplits,
  };
  const judged = await judgeProject(place, env);
  const usages = byEnvironment(project, judged.usages);
  const common = { usages, scannedFiles: judged.scannedFiles, warnings: judged.warnings };
  const [production] = environments;
  if (production === undefined) return { ...common, findings: adviseUnresolved(input, judged) };
  const { distributions } = judged.installed;
  const others = judged.supposition?.modules;
  const index = indexModules(distributions.map((one) => modulesOf(one, others)));
  const programs = findPrograms(judged.scan);
  const shared = createAdviceContext({
    declared: declaredIn(project, headline),
    usages: judged.usages,
    graph: production.graph,
    target,
    undeclaredImports: judged.undeclared,
    drift: project.drift,
    usedNames: countUsedNames(judged.scan, index),
    constraints: production.environment.constraints,
    installed: new Set(distributions.map(({ name }) => name)),
    partial: production.environment.partial === true,
    image: await imageOf(input, env),
    musl: await muslOf(input, production),
    eitherOne: findEitherOne(new Set(production.graph.roots.map(({ name }) => name)), {
      scan: judged.scan,
      index,
      access: env.sources,
    }),
    ciJobs: await ciJobsOf(production, input, env),
  });
  const { remedies, slim } = await remediesOf(production, shared, { input, judged }, env);
  const beside = extrasBeside(production, input, { programs, index });
  const misplacedExtras = misplacedIn(beside);
  const projects = around.repository.projects.map((one) => one.project);
  const places = await weighPlaces(
    await findPlaces({ scan: judged.scan, project: project.project, projects }, env.sources),
    placedSet(production, shared, resolved),
  );
  const context = { ...shared, remedies, misplacedExtras, places };
  const accelerators = await buildsOf(production, input);
  const findings = advise(context);
  const patch = shared.image === null ? null : await patchOf(findings, shared.image, env);
  const attributed: EnvironmentResult = { ...production, attribution: context.attribution };
  const parts: UsageParts = {
    ...common,
    environments: [attributed, ...environments.slice(1)],
    findings,
    ...(patch === null ? {} : { imagePatch: patch }),
    places,
    ...(accelerators === null ? {} : { accelerators }),
  };
  if (request.subject !== null) return { ...parts, ...removalOf(request.subject, context) };
  const { usages: verdicts, scan, signs } = judged;
  const { python } = target;
  const needs = findNeeds({ programs, scan, index, usages: verdicts, signs, python });
  if (!request.makesSplits) {
    const { graph } = production;
    const extras = extrasOfPrograms(beside, environments);
    const weighed = { needs, usages: verdicts, graph, target, ...(extras && { extras }) };
    return { ...parts, entryPoints: weighEntryPoints(weighed) };
  }
  const { makeSplits } = await import('./edit/make-splits.ts');
  const splits = await makeSplits(
    {
      request,
      project,
      environments,
      headline,
      target,
      leaving: leavingNames(context),
      slim,
      productImports: judged.productImports,
      optional: judged.optional,
      guarded: guardedAmong(judged),
      programs: needs,
      resolveMore: resolved.resolveMore,
    },
    env,
  );
  return { ...parts, splits };
}

/** The builds of torch, asked for where the report is about all of the set or about torch. */
async function buildsOf(
  { environment, graph }: EnvironmentResult,
  { request, resolved }: UsageStageInput,
): Promise<AcceleratorBuilds | null> {
  const isAsked = request.subject === null || subjectName(request.subject) === torch;
  if (!isAsked || !graph.distributions.some(({ name }) => name === torch)) return null;
  const { findBuilds } = await import('./accelerators/find-builds.ts');
  const { measureBuilds } = await import('./accelerators/measure-builds.ts');
  const { indexUrl = '', extraIndexUrls = [] } = request.index;
  const { resolveMore, pageOf, target } = resolved;
  const addresses = [indexUrl, ...extraIndexUrls];
  const measured = await measureBuilds({ environment, graph, addresses, resolveMore, pageOf });
  return findBuilds({ graph, target, measured });
}

const torch = 'torch' as DistributionName;

function placedSet(
  { environment, graph }: EnvironmentResult,
  context: AdviceContext,
  { target, resolveAt }: ResolvedProject,
): PlacedSet {
  const { unused, developmentOnly } = leavingNames(context);
  const leaving = new Set([...unused, ...developmentOnly]);
  return { environment, graph, held: context.held, target, leaving, resolveAt };
}

interface Judged {
  readonly input: UsageStageInput;
  readonly judged: JudgedProject;
}

/** What only extras declare, with its lines; null for a set that has some already. */
function extrasBeside(
  { environment, graph }: EnvironmentResult,
  { project, resolved }: UsageStageInput,
  around: { readonly programs: Programs; readonly index: ModuleIndex },
): (MisplacedInput & { readonly locations: ReadonlyMap<string, SourceLocation[]> }) | null {
  if (environment.id !== 'prod') return null;
  const extras = new Map<DistributionName, string[]>();
  const locations = new Map<DistributionName, SourceLocation[]>();
  for (const { declared, environment: id, group } of project.declared) {
    if (!id.startsWith('extra:') || group === null) continue;
    const { name } = declared.requirement;
    extras.set(name, [...(extras.get(name) ?? []), group]);
    locations.set(name, [...(locations.get(name) ?? []), declared.location]);
  }
  return { ...around, graph, target: resolved.target, extras, locations };
}

/** Commands that fail without an extra. */
function misplacedIn(beside: ReturnType<typeof extrasBeside>): readonly MisplacedExtra[] {
  if (beside === null) return [];
  return findMisplacedExtras(beside).map((one) => ({
    ...one,
    locations: beside.locations.get(one.name) ?? [],
  }));
}

/** The sets with an extra more, and what each program takes of them at its start. */
function extrasOfPrograms(
  beside: ReturnType<typeof extrasBeside>,
  environments: readonly EnvironmentResult[],
): EntryPointInput['extras'] {
  if (beside === null) return undefined;
  const sets = environments.flatMap(({ environment: { id }, graph }) =>
    id.startsWith('extra:') ? [{ extra: id.slice('extra:'.length), graph }] : [],
  );
  const takenBy = (program: EntryPoint): ReadonlySet<DistributionName> =>
    new Set(importsOfExtras(program, beside).map(({ name }) => name));
  return { sets, takenBy };
}

/** Facts on the image, for reports of the whole set alone, and where its weights are known. */
async function imageOf(
  { request, project, resolved }: UsageStageInput,
  { files }: AuditEnv,
): Promise<ImageFacts | null> {
  if (!request.weights || request.subject !== null || request.makesSplits) return null;
  if ((project.weighedImage ?? project.image) === null) return null;
  const { gatherImageFacts } = await import('./image/gather-facts.ts');
  const { environments, besides, target, client } = resolved;
  return gatherImageFacts({ project, environments, besides, files, target, client });
}

/** What of the findings is a plain change of lines of the Dockerfile. */
async function patchOf(
  findings: readonly Finding[],
  { image: { path } }: ImageFacts,
  { files }: AuditEnv,
): Promise<string | null> {
  const decoded = decodeFile(path, files.read(path));
  if (!decoded.ok) return null;
  const { imagePatch } = await import('./image/image-patch.ts');
  return imagePatch(findings, { path, text: decoded.file.text });
}

/** What musl would cost, where no image answers that. */
async function muslOf(
  { request, project, resolved: { target, client } }: UsageStageInput,
  production: EnvironmentResult,
): Promise<MuslCost | null> {
  if (!request.weights || request.subject !== null || request.makesSplits) return null;
  if ((project.weighedImage ?? project.image) !== null || project.script !== null) return null;
  const { gatherMuslCost } = await import('./image/gather-facts.ts');
  return gatherMuslCost(production, { target, client });
}

async function ciJobsOf(
  { environment, graph }: EnvironmentResult,
  { request, project, resolved: { target, resolveAt } }: UsageStageInput,
  { files }: AuditEnv,
): Promise<readonly WeighedCiJob[]> {
  if (!request.weights || request.subject !== null || request.makesSplits) return [];
  const { gatherCiFacts } = await import('./ci/gather-facts.ts');
  const jobs = await gatherCiFacts(project, files);
  if (jobs.length === 0) return [];
  const { weighCiJobs } = await import('./ci/weigh-jobs.ts');
  return weighCiJobs(jobs, { environment, graph, target, resolveAt });
}

/** Asks the index for what else would do: for reports of the whole set alone, and where its weights are known. */
async function remediesOf(
  { environment, graph }: EnvironmentResult,
  context: AdviceContext,
  { input, judged }: Judged,
  env: AuditEnv,
): Promise<Remedies> {
  const { request, resolved } = input;
  if (!request.weights || judged.scannedFiles === 0) return { remedies: [], slim: null };
  const { findRemedies } = await import('./remedies/find-remedies.ts');
  const { createCodeEvidence } = await import('./remedies/code-evidence.ts');
  const { unused, developmentOnly } = leavingNames(context);
  const subject = request.subject === null ? null : subjectName(request.subject);
  const indirect = judged.usages.filter(({ verdict }) => verdict === 'indirect');
  const remedyInput = {
    environment,
    graph,
    target: resolved.target,
    attribution: context.attribution,
    // Who asks about one of these wants to know what to do when it has to stay.
    leaving:
      subject === null ? new Set([...unused, ...developmentOnly]) : new Set<DistributionName>(),
    indirect: new Set(indirect.map(({ name }) => name)),
    code: createCodeEvidence(env.sources, judged.scan),
  };
  const { resolveMore } = resolved;
  return findRemedies(remedyInput, { resolveMore, makesFiles: request.makesSplits, subject });
}

function guardedAmong({ optional, usages }: JudgedProject): ReadonlySet<DistributionName> {
  const guarded = usages.filter(({ verdict }) => verdict === 'optional').map(({ name }) => name);
  return new Set(guarded.filter((name) => optional.has(name)));
}

/** What can be said of a set without a solution: usage alone, nothing in bytes, and nothing for certain. */
function adviseUnresolved(
  { project, resolved: { headline, target } }: UsageStageInput,
  { usages, undeclared, supposition }: JudgedProject,
): readonly Finding[] {
  const declared = declaredIn(project, headline);
  const graph = graphAmong(declared, supposition?.distributions ?? []);
  const { drift } = project;
  const context = createAdviceContext({
    declared,
    usages,
    graph,
    target,
    undeclaredImports: undeclared,
    drift,
  });
  return advise(context)
    .filter(({ rule }) => usageRules.has(rule))
    .map((finding) => ({
      ...finding,
      leaves: [],
      confidence: finding.confidence === 'certain' ? 'likely' : finding.confidence,
      savedInstalledBytes: null,
      savedDownloadBytes: null,
    }));
}

/** Rules that need no resolved set. */
const usageRules: ReadonlySet<RuleName> = new Set([
  'unused',
  'dev-only',
  'indirect',
  'missing',
  'transitive-import',
  'drift',
]);

/** The declared and what they need of one another: the rest of what is supposed is nobody's to report. */
function graphAmong(
  declared: readonly DeclaredRequirement[],
  supposed: readonly WeighedDistribution[],
): WeighedGraph {
  const names = new Set(declared.map(({ requirement }) => requirement.name));
  const distributions = supposed
    .filter(({ name }) => names.has(name))
    .map((distribution) => ({
      ...distribution,
      dependencies: distribution.dependencies.filter(({ name }) => names.has(name)),
    }));
  const roots = distributions.map(({ name, extras }) => ({ name, extras }));
  return { roots, distributions, warnings: [] };
}

function removalOf(subject: string, { graph, held }: AdviceContext): Pick<UsageParts, 'removal'> {
  const name = subjectName(subject);
  if (!graph.distributions.some((distribution) => distribution.name === name)) return {};
  const { with: others, saving } = smallestRemovalSet(graph, held, name);
  const { leaves, installedBytes, downloadBytes } = saving;
  return {
    removal: {
      with: others,
      leaves,
      savedInstalledBytes: installedBytes,
      savedDownloadBytes: downloadBytes,
    },
  };
}

/** The distribution that `why` is asked about: extras say nothing here. */
function subjectName(written: string): DistributionName {
  return normalizeName(written.replace(/\[.*$/, ''));
}

/** One verdict on a name counts wherever the name is declared. */
function byEnvironment(
  project: ProjectInputs,
  usages: readonly Usage[],
): ReadonlyMap<string, readonly Usage[]> {
  const ids = new Set(project.declared.map(({ environment }) => environment));
  return new Map([...ids].map((id) => [id, usages]));
}

function declaredIn(project: ProjectInputs, headline: string): readonly DeclaredRequirement[] {
  return project.declared
    .filter(({ environment }) => environment === headline || environment === 'prod')
    .map(({ declared }) => declared);
}
