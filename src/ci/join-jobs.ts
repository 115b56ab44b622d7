/** The jobs of a CI file as one project. */
import type { CiJobInputs, CiRowInputs, ProjectInputs } from '../inputs/project.ts';
import { headlineOf, requirementsOf } from '../inputs/headline-of.ts';
import { listNames } from '../inputs/quote.ts';
import { inferPlatform } from '../target/platform.ts';
import type { ReadText } from '../target/image-scripts.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Environment, Warning } from '../types.ts';
import type { CiJob } from './ci-system.ts';
import { imagesOfJob, type JobImage } from './job-image.ts';
import { newestOf, type MatrixRow } from './matrix.ts';

/** The code of what is said of the jobs. */
export const jobsWarning = 'ci-jobs';

/** More rows of one job that install different things are told, not weighed. */
const MOST_ROWS = 24;

/** What a set of commands installs; null where it could not be followed. */
export type ReadInstalled = (image: ProductImage) => Promise<ProjectInputs | null>;

interface RowPorts {
  readonly readInstalled: ReadInstalled;
  readonly readText: ReadText;
}

/** Each job with what it installs on each kind of machine, in the order of the file; jobs that install nothing are left out. */
export async function readRows(
  path: string,
  jobs: readonly CiJob[],
  { readInstalled, readText }: RowPorts,
): Promise<readonly CiJobInputs[]> {
  const read = remember(readInstalled);
  const found: CiJobInputs[] = [];
  for (const [name, images] of byName(jobs.flatMap((job) => imagesOfJob(path, job, readText)))) {
    const kinds = [...kindsOf(images).values()];
    const inputs: CiRowInputs[] = [];
    for (const { job, image } of kinds.slice(0, MOST_ROWS)) {
      const project = await read(image);
      if (project === null) continue;
      // What the commands name is the same on every machine, but the machine is not.
      inputs.push({ job, label: '', project: { ...project, image, weighedImage: image } });
    }
    const [first] = inputs;
    if (first === undefined) continue;
    const left = Math.max(0, kinds.length - MOST_ROWS);
    const { line } = first.job;
    found.push({
      id: '',
      path,
      name,
      line,
      rows: inputs.map((row) => withLabel(row, inputs)),
      left,
    });
  }
  return found;
}

function byName(images: readonly JobImage[]): ReadonlyMap<string, readonly JobImage[]> {
  const found = new Map<string, JobImage[]>();
  for (const one of images) found.set(one.job.name, [...(found.get(one.job.name) ?? []), one]);
  return found;
}

/** Rows by machine and by what they install, of alike ones that with the newest Python. */
function kindsOf(images: readonly JobImage[]): ReadonlyMap<string, JobImage> {
  const kinds = new Map<string, JobImage>();
  for (const one of images) {
    const { image, job } = one;
    const key = `${inferPlatform({ image }).platform} ${installsKey(image)}`;
    const other = kinds.get(key);
    if (other === undefined || newestOf(job.pythons) > newestOf(other.job.pythons))
      kinds.set(key, one);
  }
  return kinds;
}

/** Names what the commands install, wherever that is. */
export function installsKey({ installs }: ProductImage): string {
  return JSON.stringify(installs);
}

function remember(read: ReadInstalled): ReadInstalled {
  const known = new Map<string, Promise<ProjectInputs | null>>();
  return (image) => {
    const key = installsKey(image);
    const answer = known.get(key) ?? read(image);
    known.set(key, answer);
    return answer;
  };
}

/** What tells a row from the others of its job: its machine where that does, else the values in which they differ. */
function withLabel(row: CiRowInputs, rows: readonly CiRowInputs[]): CiRowInputs {
  const { machine } = row.job;
  const isAlone = rows.every((one) => one === row || one.job.machine.name !== machine.name);
  if (isAlone && machine.name !== '') return { ...row, label: machine.name };
  const names = [...new Set(rows.flatMap((one) => [...one.job.row.keys()]))];
  const valueOf = (of: MatrixRow, name: string): string => of.get(name) ?? '';
  const telling = names.filter((name) =>
    rows.some((one) => valueOf(one.job.row, name) !== valueOf(row.job.row, name)),
  );
  const values = telling.map((name) => valueOf(row.job.row, name)).filter((text) => text !== '');
  const isNamed = values.includes(machine.name) || machine.name === '';
  const all = isNamed ? values : [machine.name, ...values];
  return { ...row, label: [...new Set(all)].join(', ') || machine.name };
}

/** The job that asks for most is the headline, each of the others an environment `job:NAME`; null for no job. */
export function joinJobs(all: readonly CiJobInputs[]): ProjectInputs | null {
  const [most, ...rest] = all.toSorted((a, b) => askedBy(b) - askedBy(a));
  const project = most?.rows[0]?.project;
  if (most === undefined || project === undefined) return null;
  const headline = headlineOf(project);
  const ciJobs = [
    { ...most, id: headline?.id ?? project.headline },
    ...rest.map((one) => ({ ...one, id: `job:${one.name}` })),
  ];
  const others = ciJobs.slice(1).flatMap(({ id, rows }): readonly Environment[] => {
    const own = rows[0] === undefined ? undefined : headlineOf(rows[0].project);
    return own === undefined ? [] : [{ ...own, id, project: project.project }];
  });
  return {
    ...project,
    environments: headline === undefined ? [] : [headline, ...others],
    ciJobs,
    warnings: [...project.warnings, sayJobs(most, rest, true)],
  };
}

function askedBy({ rows }: CiJobInputs): number {
  return Math.max(...rows.map(({ project }) => requirementsOf(project)));
}

/** Which job is weighed; `isMost`: for want of another that somebody asked for. */
export function sayJobs(
  { path, name, line, left }: CiJobInputs,
  rest: readonly CiJobInputs[],
  isMost: boolean,
): Warning {
  const beside = `beside it ${listNames(rest.map((one) => `${one.name} (line ${one.line})`))}`;
  const others =
    rest.length === 0 ? '' : isMost ? `, which asks for most; ${beside}` : `; ${beside}`;
  const unread = left === 0 ? '' : `; ${left} more rows of its matrix are not weighed`;
  const message = `what is weighed is what the job ${name} installs${others}${unread}`;
  return { code: jobsWarning, message, path, line };
}
