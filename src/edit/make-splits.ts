/** Plans the files of `split` and proves each by resolving it again. */
import type { leavingNames } from '../advice/advice.ts';
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { EnvironmentResult } from '../document.ts';
import type { ProgramNeeds } from '../entry-points/program-needs.ts';
import { DepweightError } from '../errors.ts';
import { decodeFile } from '../inputs/decode.ts';
import { readIgnore } from '../image/build-context.ts';
import { isOfImage, isTakenOut } from '../inputs/dockerfile.ts';
import { folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { Slim } from '../remedies/slim.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  ImportAtRisk,
  SourceFile,
  SourceLocation,
  SplitRow,
  TargetEnvironment,
  WeighedGraph,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import { compatRows, planCompat, type CompatRequest, type SplitWishes } from './compat-files.ts';
import { keptDevelopmentText } from './development-file.ts';
import { relativePath } from './flatten.ts';
import { dockerfileDiff } from './image-edits.ts';
import { findManifest, makeManifest } from './make-manifest.ts';
import { planSplits, type SplitProposal, type SplitRequest } from './plan-splits.ts';
import { packagesOf, proveSplit } from './prove-split.ts';
import { lineEndOf } from './requirements-blocks.ts';
import { resolveProposed, type ProposedWorld } from './resolve-proposed.ts';
import { hasOutputHeader, withoutOutputHeader } from './write-policy.ts';

/** What the splits of a project are made from. */
export interface SplitInput {
  readonly request: AuditRequest;
  readonly project: ProjectInputs;
  readonly environments: readonly EnvironmentResult[];
  readonly headline: string;
  readonly target: TargetEnvironment;
  readonly leaving: ReturnType<typeof leavingNames>;
  /** What is lighter, proven; null where nothing is. */
  readonly slim: Slim | null;
  readonly productImports: readonly ImportAtRisk[];
  /** What the product can start without. */
  readonly optional: ReadonlySet<DistributionName>;
  /** What of that is imported under `try` alone. */
  readonly guarded: ReadonlySet<DistributionName>;
  /** What each program does without. */
  readonly programs: readonly ProgramNeeds[];
  readonly resolveMore: ResolveMore;
}

/** What of the world splits are made from. */
export type SplitEnv = Pick<AuditEnv, 'files' | 'variables' | 'rootName'>;

const plainWishes: SplitWishes = {
  style: null,
  compat: 'none',
  keepOriginal: false,
  perEntryPoint: false,
};

/** The proven proposals; empty where the headline has no solution or no file. Throws DepweightError for a style that cannot be. */
export async function makeSplits(input: SplitInput, env: SplitEnv): Promise<readonly SplitRow[]> {
  const { project, environments, headline } = input;
  const { style } = input.request.split ?? plainWishes;
  const production = environments.find(({ environment }) => environment.id === headline);
  const primary = project.primary === null ? null : readText(env.files, project.primary);
  if (production === undefined || primary === null) return [];
  // A requirements file can hold no conda package: what it would leave out is what the set stands on.
  if (production.environment.requirements.some(({ source }) => source === 'conda')) return [];
  const isRequirements = project.inputs.some(
    ({ path, kind }) => path === primary.path && kind === 'requirements-txt',
  );
  const manifest = style === 'requirements' ? null : findManifest(project);
  const inPlace = style === null || style === 'requirements' ? null : style;
  if (inPlace !== null && manifest === null) refuseStyle(inPlace, primary.path);
  const files =
    isRequirements || manifest === null
      ? await makeFiles({ production, primary, isRequirements }, input, env)
      : [];
  if (manifest === null) return files;
  if (inPlace !== null || !isRequirements) refuseForManifest(input.request.split ?? plainWishes);
  const beside = installedBeside(files, primary.path);
  const edited = await makeManifest(input, { manifest, style: inPlace, beside }, env);
  const shown = inPlace === null ? files : [];
  return edited === null ? shown : [...shown, edited];
}

/** Where an image installs both, the requirements file is to hold what the new one does. */
function installedBeside(files: readonly SplitRow[], primary: string): ReadonlyMap<string, string> {
  const production = files.find(({ kind }) => kind === 'prod');
  return new Map(
    production === undefined ? [] : [[primary, withoutOutputHeader(production.content)]],
  );
}

function refuseStyle(style: string, primary: string): never {
  throw new DepweightError('wrong-call', {
    message: `--style ${style} edits a pyproject.toml, and ${primary} says what this project needs`,
    hint: '--style requirements proposes files',
  });
}

/** Git has what the file was. */
function refuseForManifest({ compat, keepOriginal, perEntryPoint }: SplitWishes): void {
  if (compat === 'none' && !keepOriginal && !perEntryPoint) return;
  throw new DepweightError('wrong-call', {
    message:
      '--compat, --keep-original and --per-entry-point are for requirements files; pyproject.toml is edited in place',
    hint: '--style requirements proposes files',
  });
}

async function makeFiles(
  { production, primary, isRequirements }: Source,
  input: SplitInput,
  env: SplitEnv,
): Promise<readonly SplitRow[]> {
  const compat: CompatRequest = {
    wishes: input.request.split ?? plainWishes,
    primary,
    isRequirements,
    existing: readText(env.files, joinPath(folderOf(primary.path), 'requirements.txt')),
  };
  const plan = planCompat(compat);
  // What the image takes out again is in the file all the same.
  const replacing = production.environment.overrides.filter(
    (one) => isOfProductImage(input.project, one.location) && !isTakenOut(one),
  );
  const beside = stayingInImage(input, production);
  const world: ProposedWorld = { ...input, env, beside, replacing };
  const proposals = await planWithDevelopment(
    { ...toRequest(input, { production, primary, isRequirements }, env), source: plan.source },
    world,
  );
  const proven = await proveAll(proposals, input, world);
  const isPartial = production.environment.partial === true;
  const bounded = isPartial ? proven.map(toLowerBound) : proven;
  const rows = bounded.map((row) => withImageDiff(row, primary.path, { input, env }));
  const original = {
    totals: totalsOf(production.graph.distributions),
    packages: packagesOf(production.graph),
  };
  return [...rows, ...compatRows(compat, plan, rows, original)];
}

/** With what the Dockerfile has to say to install it, where that installs the one file whose place it takes. */
function withImageDiff(
  row: SplitRow,
  primary: string,
  {
    input: { project, request },
    env: { files },
  }: { readonly input: SplitInput; readonly env: SplitEnv },
): SplitRow {
  const { weighedImage: image, steps } = project;
  const isReplacing = row.kind === 'prod' && (request.split ?? plainWishes).compat === 'none';
  if (image === null || !isReplacing || installedWith(project, primary, files).length > 0)
    return row;
  const dockerfile = readText(files, image.path);
  if (dockerfile === null) return row;
  const isIgnored = (context: string, path: string): boolean =>
    readIgnore(image, context, files).ignore.ignores(path);
  const isReadByBuild = project.inputs.some(
    ({ kind, mainSetElsewhere }) => kind === 'setup-py' || mainSetElsewhere === true,
  );
  const names = { from: primary, to: row.file };
  const { text } = dockerfile;
  const imageDiff = dockerfileDiff({ image, steps, ...names, text, isReadByBuild, isIgnored });
  return imageDiff === null ? row : { ...row, imageDiff };
}

/** What the image installs by commands of its own stays there: no file is to hold it, and every file is proven with it. */
function stayingInImage(
  { project, leaving }: SplitInput,
  { environment }: EnvironmentResult,
): readonly DeclaredRequirement[] {
  return environment.requirements.filter(
    (declared) => isBesideFile(project, declared) && !leaving.unused.has(declared.requirement.name),
  );
}

/** Written in a Dockerfile, or a script that it runs, beside the file that is split. */
function isBesideFile(project: ProjectInputs, { location }: DeclaredRequirement): boolean {
  return isOfProductImage(project, location) && project.primary !== project.weighedImage?.path;
}

function isOfProductImage({ weighedImage }: ProjectInputs, location: SourceLocation): boolean {
  return weighedImage !== null && isOfImage(location, weighedImage);
}

interface Source {
  readonly production: EnvironmentResult;
  readonly primary: SourceFile;
  readonly isRequirements: boolean;
}

function toRequest(
  { request, project, environments, target, leaving, optional, slim, programs }: SplitInput,
  { production, primary, isRequirements }: Source,
  { files }: SplitEnv,
): SplitRequest {
  const { perEntryPoint } = request.split ?? plainWishes;
  const others = isRequirements ? installedWith(project, primary.path, files) : [];
  return {
    primary: withIncludes(primary, others),
    style: isRequirements ? 'requirements-file' : 'declared-strings',
    included: [...includedTexts(project, files), ...others],
    beside: others.map(({ path }) => path),
    lines: linesOf(project, production, isRequirements),
    compiledFor: compiledFor(project),
    development: developmentFile(project, files),
    unused: leaving.unused,
    developmentOnly: leaving.developmentOnly,
    optional,
    graph: production.graph,
    developmentGraph:
      environments.find(({ environment }) => environment.id === 'dev')?.graph ?? null,
    target,
    slim,
    ...(perEntryPoint ? { programs } : {}),
    command: `depweight split --write${perEntryPoint ? ' --per-entry-point' : ''}`,
  };
}

/** What a requirements-dev.txt of ours kept of a hand-written one is in no set of the project: it is resolved here. */
async function planWithDevelopment(
  request: SplitRequest,
  world: ProposedWorld,
): Promise<readonly SplitProposal[]> {
  const proposals = planSplits(request);
  const development = proposals.find(({ kind }) => kind === 'dev');
  if (
    development === undefined ||
    request.development === null ||
    request.developmentGraph !== null
  )
    return proposals;
  const developmentGraph = await resolveOne(development, proposals, world);
  return developmentGraph === null ? proposals : planSplits({ ...request, developmentGraph });
}

async function proveAll(
  proposals: readonly SplitProposal[],
  { productImports }: SplitInput,
  world: ProposedWorld,
): Promise<readonly SplitRow[]> {
  const rows: SplitRow[] = [];
  for (const proposal of proposals) {
    const { program } = proposal;
    const imports =
      program === undefined
        ? productImports
        : productImports.filter(({ path }) => program.files.has(path));
    rows.push(
      await proveSplit(proposal, imports, (text) =>
        resolveOne({ ...proposal, resolvable: text }, proposals, world),
      ),
    );
  }
  return rows;
}

function resolveOne(
  { file, resolvable }: SplitProposal,
  proposals: readonly SplitProposal[],
  world: ProposedWorld,
): Promise<WeighedGraph | null> {
  const beside = new Map(proposals.map((other) => [other.file, other.content]));
  return resolveProposed({ path: file, text: resolvable, beside }, world);
}

function toLowerBound(row: SplitRow): SplitRow {
  return { ...row, totals: { ...row.totals, lowerBound: true } };
}

function readText(files: FileAccess, path: string): SourceFile | null {
  const decoded = decodeFile(path, files.read(path));
  return decoded.ok ? { path, text: decoded.file.text } : null;
}

/** Other requirements files that an image installs with it, and that it does not lead to. */
function installedWith(
  { inputs, primaries }: ProjectInputs,
  primary: string,
  files: FileAccess,
): readonly SourceFile[] {
  const own = inputs.filter(
    ({ path, kind }) => kind === 'requirements-txt' && primaries.includes(path),
  );
  const reached = new Set([primary, ...own.flatMap(({ includes }) => includes)]);
  return own.flatMap(({ path }) => (reached.has(path) ? [] : (readText(files, path) ?? [])));
}

/** As if the file led to the others: what has to stay of them stays so, and is proven with it. */
function withIncludes(file: SourceFile, others: readonly SourceFile[]): SourceFile {
  if (others.length === 0) return file;
  const end = /(?:^|[\r\n])$/.test(file.text) ? '' : lineEndOf(file.text);
  const lines = others.map(
    ({ path }) => `-r ${relativePath(folderOf(file.path), path)}${lineEndOf(file.text)}`,
  );
  return { ...file, text: `${file.text}${end}${lines.join('')}` };
}

function includedTexts(project: ProjectInputs, files: FileAccess): readonly SourceFile[] {
  const paths = new Set(
    project.inputs
      .filter(({ path }) => project.primaries.includes(path))
      .flatMap(({ includes }) => includes),
  );
  return [...paths].flatMap((path) => readText(files, path) ?? []);
}

/** A requirements file keeps its own lines, pins of a compiled one included; else what is declared is written. */
function linesOf(
  project: ProjectInputs,
  production: EnvironmentResult,
  isRequirements: boolean,
): readonly DeclaredRequirement[] {
  if (isRequirements) {
    return production.environment.requirements.filter((one) => !isBesideFile(project, one));
  }
  return project.declared
    .filter(({ declared }) => !isBesideFile(project, declared))
    .filter(({ environment }) => environment === production.environment.id)
    .map(({ declared }) => declared)
    .filter(({ source }) => source !== 'conda');
}

function compiledFor(
  project: ProjectInputs,
): ReadonlySet<DeclaredRequirement['requirement']['name']> | null {
  if (project.manifest === null || project.manifest === project.primary) return null;
  const names = project.declared
    .filter(({ inputPath }) => inputPath === project.manifest)
    .map(({ declared }) => declared.requirement.name);
  return names.length === 0 ? null : new Set(names);
}

function developmentFile(project: ProjectInputs, files: FileAccess): SourceFile | null {
  const folder = project.primary === null ? project.project : folderOf(project.primary);
  const path = joinPath(folder, 'requirements-dev.txt');
  if (path === project.primary) return null;
  const file = readText(files, path);
  if (file === null || !hasOutputHeader(file.text)) return file;
  const kept = keptDevelopmentText(file.text);
  return kept === null ? null : { path, text: kept };
}
