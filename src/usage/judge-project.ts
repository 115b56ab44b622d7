/** The code of one project, scanned and held against what its environments install. */
import type { AuditEnv } from '../audit-env.ts';
import type { DeclaredEntry, ProjectInputs, RepositoryInputs } from '../inputs/project.ts';
import { listNames } from '../inputs/quote.ts';
import { isDevelopmentFolder, isDevelopmentRole, roleOfFolder } from '../inputs/roles.ts';
import type { EnvironmentResult } from '../document.ts';
import type { Suppose } from '../resolve/project.ts';
import type { Supposition } from '../resolve/suppose.ts';
import type { UndeclaredImport } from '../advice/advice.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  ImportAtRisk,
  ImportScan,
  Overrule,
  Role,
  TargetEnvironment,
  Usage,
  Warning,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { settleBranches } from './branches.ts';
import { distributionOfProgram, toolKind } from './development-tools.ts';
import { gatherEvidence } from './source-evidence.ts';
import { hostedModules } from './hosted-modules.ts';
import { localFolderOf, modulesOfFolders } from './local-modules.ts';
import { findOptional, importsAtRisk } from './optional-use.ts';
import type { ProjectsBeside } from './overrules.ts';
import { collectOverrules, findStaleOverrules } from './overrules.ts';
import type { ProjectSources } from './project-sources.ts';
import { findUndeclaredImports } from './undeclared.ts';
import type { Signs, UsageInput } from './usage-facts.ts';
import { openCourt } from './usage-facts.ts';
import { judgeAll, questionsFor } from './judge-usage.ts';

/** What the code says of the declared distributions. */
export interface JudgedProject {
  /** One verdict for each declared name; empty where there is no Python source. */
  readonly usages: readonly Usage[];
  readonly undeclared: readonly UndeclaredImport[];
  /** Imports by product code of modules of others. */
  readonly productImports: readonly ImportAtRisk[];
  /** What the product can start without; empty unless it was asked for. */
  readonly optional: ReadonlySet<DistributionName>;
  readonly scannedFiles: number;
  /** What the verdicts rest on. */
  readonly scan: ImportScan;
  /** All that points at each distribution. */
  readonly signs: ReadonlyMap<DistributionName, Signs>;
  /** What all environments hold together. */
  readonly installed: WeighedGraph;
  readonly warnings: readonly Warning[];
  /** What verdicts rest on beside what was resolved; null where they need nothing else. */
  readonly supposition: Supposition | null;
}

/** Judges the distributions that one project of a repository declares. */
export async function judgeProject(
  {
    path,
    repository,
    sources,
    project,
    environments,
    target: { python, markers },
    overrules,
    suppose,
    asksOptional,
  }: {
    /** `.` for a folder, else the file that was named. */
    readonly path: string;
    readonly repository: RepositoryInputs;
    readonly sources: ProjectSources;
    readonly project: ProjectInputs;
    readonly environments: readonly EnvironmentResult[];
    readonly target: Pick<TargetEnvironment, 'python' | 'markers'>;
    /** Of the configuration. */
    readonly overrules: readonly Overrule[];
    readonly suppose: Suppose;
    /** Whether `optional` is wanted, for which more of the sources is read. */
    readonly asksOptional: boolean;
  },
  env: Pick<AuditEnv, 'sources'>,
): Promise<JudgedProject> {
  const scan = await sources(path, project);
  if (scan.files === 0)
    return {
      usages: [],
      undeclared: [],
      productImports: [],
      optional: new Set(),
      scannedFiles: 0,
      scan,
      signs: new Map(),
      installed: uniteGraphs(environments, []),
      warnings: [...scan.warnings, noSource(project)],
      supposition: null,
    };
  const isForTests = startsTests(scan, project);
  const declared = project.declared.map((entry) => ({
    declared: entry.declared,
    extra: entry.environment.startsWith('extra:') ? entry.group : null,
    ...(!isForTests && isInProductAnyway(entry, project)
      ? { role: 'prod' as const, isForDevelopment: true }
      : { role: roleWithin(project.project, entry.role) }),
  }));
  const supposition = await suppose(
    declared.filter(({ role }) => role !== 'build' && role !== 'constraints').map(toRequirement),
  );
  const input: UsageInput = {
    declared,
    graph: withLocalNeeds(
      uniteGraphs(environments, supposition?.distributions ?? []),
      declared.map(toRequirement),
      repository,
    ),
    scan,
    python,
    declaredAbove: namesAbove(repository, project),
    hosted: hostedModules(scan, env.sources),
    shared: sharedNames(repository, project),
    declaredBelow: namesByProject(repository),
    overrules: collectOverrules(declared, overrules),
    otherModules: new Map([
      ...(supposition?.modules ?? []),
      ...modulesOfFolders(declared.map(toRequirement), env.sources),
    ]),
  };
  const evidence = gatherEvidence(env.sources, scan, questionsFor(input, asksOptional));
  const judged: UsageInput = { ...input, evidence };
  const court = openCourt(judged);
  return {
    usages: judgeAll(court).map((usage) => withinProject(usage, project)),
    undeclared:
      input.graph.distributions.length === 0
        ? []
        : settleBranches(findUndeclaredImports(judged), env.sources, markers).map(toAdvice),
    productImports: importsAtRisk(scan, python),
    optional: asksOptional ? findOptional(judged) : new Set(),
    scannedFiles: scan.files,
    scan,
    signs: court.signs,
    installed: input.graph,
    warnings: [
      ...scan.warnings,
      ...noteScripts(scan),
      ...findStaleOverrules(judged, besides(repository, project)),
    ],
    supposition,
  };
}

/** requirements-dev.txt, `.[dev]` or a group for development that the image of the product installs. */
function isInProductAnyway(
  { declared: { location }, environment, role }: DeclaredEntry,
  { weighedImage, inputs }: ProjectInputs,
): boolean {
  if (environment !== 'prod' || weighedImage === null || !isDevelopmentRole(role)) return false;
  // What it includes of another file is what that one is for.
  const writtenIn = inputs.find(({ path }) => path === location.path);
  return writtenIn?.kind !== 'requirements-txt' || isDevelopmentRole(writtenIn.role);
}

/** An image that is started with a tool of development is there to run it, with all that this takes. */
function startsTests({ references }: ImportScan, { weighedImage }: ProjectInputs): boolean {
  return references.some(
    ({ path, name, starts }) =>
      starts === true &&
      path === weighedImage?.path &&
      ['test', 'lint', 'typing', 'docs'].includes(toolKind(distributionOfProgram(name)) ?? ''),
  );
}

/** Requirements of a folder of documentation or tests are for that, whatever their file is called. */
function roleWithin(folder: string, role: Role): Role {
  return role === 'prod' ? (roleOfFolder(folder) ?? role) : role;
}

/** What stands in the files of one project and is in the set of another too: the code of either may be the user. */
function sharedNames(
  { projects }: RepositoryInputs,
  { project, declared }: ProjectInputs,
): ReadonlySet<DistributionName> {
  const isIn = (folder: string, path: string): boolean =>
    folder !== '.' && path.startsWith(`${folder}/`);
  const others = projects.filter((other) => other.project !== project);
  const taken = others
    .flatMap((other) => other.declared)
    .filter((entry) => isIn(project, entry.declared.location.path));
  const lent = declared.filter((entry) =>
    others.some(
      (other) => !isIn(other.project, project) && isIn(other.project, entry.declared.location.path),
    ),
  );
  return new Set([...taken, ...lent].map((entry) => entry.declared.requirement.name));
}

/** What the projects above declare, and what the project itself does in a file that is not weighed. */
function namesAbove(
  { projects }: RepositoryInputs,
  { project, inputs }: ProjectInputs,
): ReadonlySet<DistributionName> {
  const above = projects.filter(
    (other) =>
      other.project !== project &&
      (other.project === '.' || project.startsWith(`${other.project}/`)),
  );
  const beside = inputs.flatMap(({ groups }) => groups.flatMap(({ requirements }) => requirements));
  return new Set([
    ...above.flatMap(({ declared }) => declared.map((one) => one.declared.requirement.name)),
    ...beside.map(({ requirement }) => requirement.name),
  ]);
}

/** In a folder of documentation or examples all is for development: nothing has to be moved out of it. */
function withinProject(usage: Usage, { project }: ProjectInputs): Usage {
  return usage.verdict === 'dev-only' && isDevelopmentFolder(project)
    ? { ...usage, verdict: 'used' }
    : usage;
}

/** Scripts with requirements of their own are no part of the project's sets: that must be said, or they seem to be weighed. */
function noteScripts({ inlineScripts = [] }: ImportScan): readonly Warning[] {
  const [first] = inlineScripts;
  if (first === undefined) return [];
  const subject =
    inlineScripts.length === 1
      ? `${first} carries its own requirements (PEP 723), which are`
      : `${inlineScripts.length} scripts carry their own requirements (PEP 723), which are`;
  const names = inlineScripts.length === 1 ? '' : `: ${listNames(inlineScripts)}`;
  const message = `${subject} no part of this project's${names}; audit each by name, \`depweight audit ${first}\``;
  return [{ code: 'inline-scripts', message }];
}

function namesByProject({
  projects,
}: RepositoryInputs): ReadonlyMap<string, ReadonlySet<DistributionName>> {
  return new Map(
    projects.map(({ project, declared }) => [
      project,
      new Set(declared.map((one) => one.declared.requirement.name)),
    ]),
  );
}

function besides(repository: RepositoryInputs, { project }: ProjectInputs): ProjectsBeside {
  const others = [...namesByProject(repository)].filter(([other]) => other !== project);
  return {
    project,
    isFirst: repository.projects[0]?.project === project,
    declared: new Set(others.flatMap(([, names]) => [...names])),
  };
}

function toRequirement({ declared }: UsageInput['declared'][number]): DeclaredRequirement {
  return declared;
}

function noSource(project: ProjectInputs): Warning {
  const place = project.project === '.' ? 'here' : `in ${project.project}`;
  return {
    code: 'no-source',
    message: `no Python source was found ${place}, so nothing is said on what is used`,
  };
}

/**
 * One graph with every distribution of every environment; of several versions the headline's, with what any of them requires. Where only the name of one
 * is known, what is supposed of it stands for it.
 */
function uniteGraphs(
  environments: readonly EnvironmentResult[],
  supposed: readonly WeighedDistribution[],
): WeighedGraph {
  const distributions = new Map<DistributionName, WeighedDistribution>();
  const roots = new Map<DistributionName, Set<string>>();
  for (const { graph } of environments) {
    for (const distribution of graph.distributions) {
      const known = distributions.get(distribution.name);
      distributions.set(
        distribution.name,
        known === undefined || known.version === distribution.version
          ? (known ?? distribution)
          : withDependencies(known, distribution),
      );
    }
    for (const { name, extras } of graph.roots)
      roots.set(name, new Set([...(roots.get(name) ?? []), ...extras]));
  }
  // Supposed are names that were not resolved, and leaves of which a resolution knows the name alone.
  for (const distribution of supposed) distributions.set(distribution.name, distribution);
  return {
    roots: [...roots].map(([name, extras]) => ({ name, extras: [...extras].toSorted() })),
    distributions: [...distributions.values()],
    warnings: [],
  };
}

/** What a project in another folder requires is needed where that project is: its own files say what it is. */
function withLocalNeeds(
  graph: WeighedGraph,
  declared: readonly DeclaredRequirement[],
  { projects }: RepositoryInputs,
): WeighedGraph {
  const needs = new Map<DistributionName, readonly DistributionName[]>();
  for (const one of declared) {
    const folder = localFolderOf(one);
    const project =
      folder === null ? undefined : projects.find((other) => other.project === folder);
    const names = project?.declared
      .filter(({ role }) => role === 'prod')
      .map((entry) => entry.declared.requirement.name);
    if (names !== undefined) needs.set(one.requirement.name, names);
  }
  if (needs.size === 0) return graph;
  const present = new Set(graph.distributions.map(({ name }) => name));
  // Where the set has no solution the project stands in no graph.
  const absent = [...needs.keys()].filter((name) => !present.has(name));
  return {
    ...graph,
    distributions: [...graph.distributions, ...absent.map(localLeaf)].map((one) => ({
      ...one,
      dependencies: [
        ...one.dependencies,
        ...(needs.get(one.name) ?? [])
          .filter((name) => present.has(name))
          .map((name) => ({ name, extras: [] })),
      ],
    })),
  };
}

function localLeaf(name: DistributionName): WeighedDistribution {
  return {
    name,
    version: '0',
    extras: [],
    file: null,
    unknownReason: 'local',
    requires: [],
    metadataFrom: null,
    dependencies: [],
    weight: { known: false, reason: 'local' },
  };
}

/** A pin of one set may be there for what another version requires. */
function withDependencies(
  known: WeighedDistribution,
  { dependencies }: WeighedDistribution,
): WeighedDistribution {
  const names = new Set(known.dependencies.map(({ name }) => name));
  const more = dependencies.filter(({ name }) => !names.has(name));
  return more.length === 0 ? known : { ...known, dependencies: [...known.dependencies, ...more] };
}

function toAdvice(found: ReturnType<typeof findUndeclaredImports>[number]): UndeclaredImport {
  const { module, distributions, uses, guarded, conditional } = found;
  const places = uses.map((use) => ({
    path: use.path,
    line: use.line,
    note: `import ${use.module}`,
  }));
  return {
    module,
    distribution: distributions[0] ?? null,
    candidates: [],
    places,
    guarded,
    ...(conditional === true ? { conditional } : {}),
  };
}
