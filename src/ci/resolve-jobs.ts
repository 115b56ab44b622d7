/** Each job of a CI file on the machine that it runs on; of several in a matrix, on the one where it weighs most. */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { totalsOfResult, type EnvironmentResult } from '../document.ts';
import { onlyHeadline } from '../inputs/headline-of.ts';
import type { CiJobInputs, CiRowInputs, ProjectInputs } from '../inputs/project.ts';
import { parsePlatformName } from '../pep/platform-name.ts';
import {
  findHeadline,
  resolveProject,
  type OpenEnvironment,
  type ResolvedProject,
} from '../resolve/project.ts';
import { inferPlatform } from '../target/platform.ts';
import type { Totals, Warning } from '../types.ts';
import type { CiJob } from './ci-system.ts';
import { installsKey, jobsWarning, sayJobs } from './join-jobs.ts';

/** What a job came to on one of its machines. */
interface WeighedRow {
  readonly row: CiRowInputs;
  readonly resolved: ResolvedProject;
  /** Null where it has no solution. */
  readonly totals: Totals | null;
}

/** All jobs, that of the headline first, as environments with targets of their own. */
export interface ResolvedJobs {
  readonly resolved: ResolvedProject;
  /** What is declared where the headline is weighed. */
  readonly project: ProjectInputs;
  /** Its job there. */
  readonly job: CiJob;
}

/** Resolves a row as `resolveProject` does a project. */
type ResolveRow = (row: CiRowInputs) => Promise<ResolvedProject>;

/** Throws DepweightError for a set that is not there. */
export async function resolveJobs(
  request: AuditRequest,
  project: ProjectInputs & { readonly ciJobs: readonly CiJobInputs[] },
  env: AuditEnv,
  openEnvironment: OpenEnvironment,
): Promise<ResolvedJobs> {
  const { id } = findHeadline(request, project);
  const alone = { ...request, environment: null, readsSources: false };
  const resolveRow: ResolveRow = (row) =>
    resolveProject(alone, onlyHeadline(row.project), env, openEnvironment);
  const jobs = project.ciJobs.map((job) => ({ ...job, rows: distinctRows(job.rows, request) }));
  const wanted = jobs.filter((job) => job.id === id);
  const others = request.readsSources ? jobs.filter((job) => job.id !== id) : [];
  const weighed: { readonly job: CiJobInputs; readonly rows: readonly WeighedRow[] }[] = [];
  for (const job of [...wanted, ...others])
    weighed.push({ job, rows: await weighRows(job, resolveRow) });
  const [first, ...rest] = weighed;
  const heaviest = first?.rows[0];
  if (first === undefined || heaviest === undefined) throw new Error(`${id} is no job of the file`);
  const { resolved } = heaviest;
  const environments = [first, ...rest].flatMap(({ job, rows }) => environmentOf(job, rows));
  const warnings = [
    ...resolved.warnings,
    ...weighed.flatMap(({ job, rows }) => sayUnsolved(job, rows)),
  ];
  return {
    resolved: {
      ...resolved,
      environments: resolved.error === null ? environments : [],
      headline: id,
      warnings,
    },
    project: declaredIn(heaviest.row, project, id),
    job: heaviest.row.job,
  };
}

/** The project with the files and lines of one row of a job. */
function declaredIn(
  { project: own }: CiRowInputs,
  whole: ProjectInputs & { readonly ciJobs: readonly CiJobInputs[] },
  id: string,
): ProjectInputs {
  const { inputs, primaries, declared } = own;
  const [most] = whole.ciJobs;
  const said = whole.ciJobs
    .filter((job) => job.id === id)
    .map((job) =>
      sayJobs(
        job,
        whole.ciJobs.filter((other) => other !== job),
        job === most,
      ),
    );
  const warnings = [...own.warnings.filter(({ code }) => code !== jobsWarning), ...said];
  return { ...whole, inputs, primaries, declared, warnings };
}

/** Where a platform is asked for, the rows that are for such a system, if any; those that install the same there are one. */
function distinctRows(
  rows: readonly CiRowInputs[],
  { platform }: AuditRequest,
): readonly CiRowInputs[] {
  if (platform === null) return rows;
  const system = parsePlatformName(platform)?.os;
  const alike = rows.filter(({ project: { image } }) => {
    const own = parsePlatformName(inferPlatform({ image }).platform);
    return own?.os === system;
  });
  const found = new Map<string, CiRowInputs>();
  for (const row of alike.length === 0 ? rows : alike) {
    const { image } = row.project;
    const key = image === null ? '' : installsKey(image);
    if (!found.has(key)) found.set(key, row);
  }
  return [...found.values()];
}

/** Heaviest first, those without a solution last. */
async function weighRows(
  { rows }: CiJobInputs,
  resolveRow: ResolveRow,
): Promise<readonly WeighedRow[]> {
  const weighed: WeighedRow[] = [];
  for (const row of rows) {
    const resolved = await resolveRow(row);
    const [result] = resolved.environments;
    const totals = result === undefined ? null : totalsOfResult(result);
    weighed.push({ row, resolved, totals });
  }
  return weighed.toSorted(
    (a, b) =>
      (b.totals?.installedBytes ?? -1) - (a.totals?.installedBytes ?? -1) ||
      (b.totals?.packages ?? -1) - (a.totals?.packages ?? -1),
  );
}

function environmentOf(
  { id, path, name, line }: CiJobInputs,
  [heaviest, ...others]: readonly WeighedRow[],
): readonly EnvironmentResult[] {
  const [result] = heaviest?.resolved.environments ?? [];
  if (heaviest === undefined || result === undefined) return [];
  return [
    {
      ...result,
      environment: { ...result.environment, id },
      job: {
        name,
        path,
        line,
        machine: heaviest.row.label,
        target: heaviest.resolved.target,
        others: others.map(({ row, resolved, totals }) => ({
          machine: row.label,
          target: resolved.target,
          totals,
        })),
      },
    },
  ];
}

/** That of a headline without any solution is the error of the document. */
function sayUnsolved(
  { id, path, name, line }: CiJobInputs,
  rows: readonly WeighedRow[],
): readonly Warning[] {
  const isSolved = rows.some(({ totals }) => totals !== null);
  return rows.flatMap(({ row, resolved: { error } }) => {
    if (error === null || (!isSolved && !id.startsWith('job:'))) return [];
    const where = rows.length === 1 ? '' : ` on ${row.label}`;
    const message = `the job ${name} has no solution${where}, so it is left out: ${error.message}`;
    return [{ code: 'environment-conflict', message, path, line }];
  });
}
