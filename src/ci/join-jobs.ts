/** The jobs of a CI file as one project. */
import type { ProjectInputs } from '../inputs/project.ts';
import { listNames } from '../inputs/quote.ts';
import type { Environment, Warning } from '../types.ts';
import type { CiJob } from './ci-system.ts';

/** A job with the project that it installs, of which the headline environment is what it gets. */
export interface JobProject {
  readonly job: CiJob;
  readonly project: ProjectInputs;
}

/** The job that asks for most is the headline, each of the others an environment `job:NAME`; null for no job. */
export function joinJobs(path: string, all: readonly JobProject[]): ProjectInputs | null {
  const [most, ...rest] = all.toSorted((a, b) => askedBy(b) - askedBy(a));
  if (most === undefined) return null;
  const { job, project } = most;
  const headline = headlineOf(project);
  const others = rest.flatMap((one): readonly Environment[] => {
    const own = headlineOf(one.project);
    return own === undefined
      ? []
      : [{ ...own, id: `job:${one.job.name}`, project: project.project }];
  });
  return {
    ...project,
    environments: headline === undefined ? [] : [headline, ...others],
    ciJob: job,
    warnings: [...project.warnings, sayJobs(path, most, rest)],
  };
}

function headlineOf({ environments, headline }: ProjectInputs): Environment | undefined {
  return environments.find(({ id }) => id === headline) ?? environments[0];
}

/** Of a lock all that it holds counts, and so it is more than any list by hand. */
function askedBy({ project }: JobProject): number {
  const environment = headlineOf(project);
  const { requirements = [], locked } = environment ?? {};
  return requirements.length + (locked?.facts.pins.length ?? 0);
}

function sayJobs(path: string, { job }: JobProject, rest: readonly JobProject[]): Warning {
  const others =
    rest.length === 0
      ? ''
      : `, which asks for most; beside it ${listNames(rest.map((one) => `${one.job.name} (line ${one.job.line})`))}`;
  const message = `what is weighed is what the job ${job.name} installs${others}`;
  return { code: 'ci-jobs', message, path, line: job.line };
}
