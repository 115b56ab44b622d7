/** Plans the files of `split` and proves each by resolving it again. */
import type { leavingNames } from '../advice/advice.ts';
import type { AuditEnv } from '../audit-env.ts';
import type { EnvironmentResult } from '../document.ts';
import { decodeFile } from '../inputs/decode.ts';
import { fileNameOf, folderOf, joinPath } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { readNamedFile } from '../inputs/read-project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type {
  DeclaredRequirement,
  ResolvedGraph,
  SourceFile,
  SplitRow,
  TargetEnvironment,
} from '../types.ts';
import { planSplits } from './plan-splits.ts';
import { proveSplit } from './prove-split.ts';
import { hasOutputHeader } from './write-policy.ts';
import type { FileAccess } from '../inputs/file-access.ts';

/** What the splits of a project are made from. */
export interface SplitInput {
  readonly project: ProjectInputs;
  readonly environments: readonly EnvironmentResult[];
  readonly headline: string;
  readonly target: TargetEnvironment;
  readonly leaving: ReturnType<typeof leavingNames>;
  readonly productModules: readonly string[];
  readonly resolveMore: ResolveMore;
}

/** The proven proposals; empty where the headline has no solution or no file. */
export async function makeSplits(
  input: SplitInput,
  env: Pick<AuditEnv, 'files'>,
): Promise<readonly SplitRow[]> {
  const { project, environments, headline, target, leaving, productModules } = input;
  const production = environments.find(({ environment }) => environment.id === headline);
  const primary = project.primary === null ? null : readText(env.files, project.primary);
  if (production === undefined || primary === null) return [];
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
    slim: null,
    command: 'depweight split --write',
  });
  const rows: SplitRow[] = [];
  for (const proposal of proposals) {
    const resolveFree = (text: string): Promise<ResolvedGraph | null> =>
      resolveText(text, proposal.file, input);
    rows.push(await proveSplit(proposal, productModules, resolveFree));
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
    .map(({ declared }) => declared);
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
  if (path === project.primary || fileNameOf(path) === project.primary) return null;
  const file = readText(files, path);
  return file === null || hasOutputHeader(file.text) ? null : file;
}

/** Reads the text as the file that it would be, and resolves it as anybody who installs it will. */
async function resolveText(
  text: string,
  path: string,
  input: SplitInput,
): Promise<ResolvedGraph | null> {
  const bytes = new TextEncoder().encode(text);
  const files: FileAccess = {
    list: () => ({ ok: true, entries: [] }),
    read: (asked) =>
      asked === path
        ? { ok: true, bytes, realPath: path }
        : { ok: false, problem: 'missing', detail: 'is not part of the proposal' },
  };
  const { projects } = await readNamedFile(files, path, {});
  const environment = projects[0]?.environments.find(({ id }) => id === 'prod');
  if (environment === undefined) return null;
  const outcome = await input.resolveMore(environment);
  return outcome.solved ? outcome.graph : null;
}
