/** Plans the files of `split` and proves each by resolving it again. */
import type { leavingNames } from '../advice/advice.ts';
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { EnvironmentResult } from '../document.ts';
import { decodeFile } from '../inputs/decode.ts';
import { folderOf, joinPath, normalizePath } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { readNamedFile } from '../inputs/read-project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type {
  DeclaredRequirement,
  ResolvedGraph,
  SourceFile,
  SplitRow,
  TargetEnvironment,
  Warning,
} from '../types.ts';
import type { Slim } from '../remedies/slim.ts';
import { planSplits, type SplitProposal } from './plan-splits.ts';
import { proveSplit } from './prove-split.ts';
import { hasOutputHeader } from './write-policy.ts';
import type { FileAccess } from '../inputs/file-access.ts';

/** What the splits of a project are made from. */
export interface SplitInput {
  /** What was asked on the command line holds for the proposed files as well. */
  readonly request: Pick<AuditRequest, 'constraintFiles' | 'overrideFiles'>;
  readonly project: ProjectInputs;
  readonly environments: readonly EnvironmentResult[];
  readonly headline: string;
  readonly target: TargetEnvironment;
  readonly leaving: ReturnType<typeof leavingNames>;
  /** What is lighter, proven; null where nothing is. */
  readonly slim: Slim | null;
  readonly productModules: readonly string[];
  readonly resolveMore: ResolveMore;
}

/** What of the world splits are made from. */
export type SplitEnv = Pick<AuditEnv, 'files' | 'variables'>;

/** The proven proposals; empty where the headline has no solution or no file. */
export async function makeSplits(input: SplitInput, env: SplitEnv): Promise<readonly SplitRow[]> {
  const { project, environments, headline, target, leaving, productModules } = input;
  const production = environments.find(({ environment }) => environment.id === headline);
  const primary = project.primary === null ? null : readText(env.files, project.primary);
  if (production === undefined || primary === null) return [];
  // A requirements file can hold no conda package: what it would leave out is what the set stands on.
  if (production.environment.requirements.some(({ source }) => source === 'conda')) return [];
  const isRequirements = project.inputs.some(
    ({ path, kind }) => path === primary.path && kind === 'requirements-txt',
  );
  const proposals = planSplits({
    primary,
    style: isRequirements ? 'requirements-file' : 'declared-strings',
    included: includedTexts(project, env.files),
    lines: linesOf(project, production, isRequirements),
    compiledFor: compiledFor(project),
    development: developmentFile(project, env.files),
    unused: leaving.unused,
    developmentOnly: leaving.developmentOnly,
    graph: production.graph,
    developmentGraph:
      environments.find(({ environment }) => environment.id === 'dev')?.graph ?? null,
    target,
    slim: input.slim,
    command: 'depweight split --write',
  });
  const rows: SplitRow[] = [];
  for (const proposal of proposals) {
    const resolveFree = (text: string): Promise<ResolvedGraph | null> =>
      resolveText({ text, path: proposal.file, proposals }, input, env);
    const row = await proveSplit(proposal, productModules, resolveFree);
    const isPartial = production.environment.partial === true;
    rows.push(isPartial ? { ...row, totals: { ...row.totals, lowerBound: true } } : row);
  }
  return rows;
}

function readText(files: FileAccess, path: string): SourceFile | null {
  const decoded = decodeFile(path, files.read(path));
  return decoded.ok ? { path, text: decoded.file.text } : null;
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
  if (isRequirements) return production.environment.requirements;
  return project.declared
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
  return file === null || hasOutputHeader(file.text) ? null : file;
}

interface ProposedText {
  readonly text: string;
  /** Where it would stand. */
  readonly path: string;
  readonly proposals: readonly SplitProposal[];
}

/** Reads the text as the file that it would be, and resolves it as anybody who installs it will; null where that fails. */
async function resolveText(
  proposed: ProposedText,
  { request, project, resolveMore }: SplitInput,
  { files, variables }: SplitEnv,
): Promise<ResolvedGraph | null> {
  const { constraintFiles, overrideFiles } = request;
  const options = { variables, constraintFiles, overrideFiles };
  const { projects } = await readNamedFile(withProposed(files, proposed), proposed.path, options);
  const environment = projects[0]?.environments.find(({ id }) => id === 'prod');
  if (environment === undefined) return null;
  // What could not be read would be missing from the resolution without a word.
  const known = new Set(errorsOf(project.warnings));
  if (errorsOf(projects[0]?.warnings ?? []).some((error) => !known.has(error))) return null;
  const outcome = await resolveMore(environment);
  return outcome.solved ? outcome.graph : null;
}

/** The files as they are once all is written: what a proposal includes is read from the disk or from another proposal. */
function withProposed(files: FileAccess, { text, path, proposals }: ProposedText): FileAccess {
  const texts = new Map(proposals.map(({ file, content }) => [file, content]));
  texts.set(path, text);
  const encoder = new TextEncoder();
  return {
    list: (folder) => files.list(folder),
    read: (asked) => {
      const realPath = normalizePath(asked);
      const content = texts.get(realPath);
      if (content === undefined) return files.read(asked);
      return { ok: true, bytes: encoder.encode(content), realPath };
    },
  };
}

/** What makes two errors the same although the line stands elsewhere in another file. */
function errorsOf(warnings: readonly Warning[]): readonly string[] {
  return warnings
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, message, path = '' }) =>
        `${code} ${message.replaceAll(path, '').replace(/^:\d+: /, '')}`,
    );
}
