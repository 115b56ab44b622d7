/** Jobs of which nothing is known but that they call what others wrote. */
import { listNames } from '../inputs/quote.ts';
import type { ReadText } from '../target/image-scripts.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Warning } from '../types.ts';
import type { CiJob } from './ci-system.ts';
import { commandsOf, imageOfJob } from './job-image.ts';
import { programOf } from './linters.ts';

/** Whose actions set a machine up, keep or send files, and install no distributions. */
const SET_UP =
  /^(?:actions|astral-sh|aws-actions|azure|codecov|coverallsapp|docker|github|google-github-actions|hashicorp|peaceiris|softprops)\//;

/** Of jobs and of what each calls: enough to see what is meant. */
const MOST = 3;

/** One warning for all of them; none where each job installs something by its own commands, or calls nothing that might. */
export function sayUnknownCalls(
  path: string,
  jobs: readonly CiJob[],
  readText: ReadText,
): readonly Warning[] {
  const found = new Map<string, OfJob>();
  for (const job of jobs) {
    // Of other systems the names of tasks tell nothing of where they are from.
    const calls = job.calls.filter((call) => call.includes('@') && call.includes('/'));
    const foreign = calls.filter((call) => !SET_UP.test(call) || /\.ya?ml@/.test(call));
    if (foreign.length > 0 && imageOfJob(path, job, readText) === null)
      found.set(job.name, { line: job.line, calls: new Set(foreign) });
  }
  const lead = 'what these jobs install is not known, as they call what lies in other repositories';
  return sayOfJobs(lead, found, { code: 'ci-unknown', path });
}

/** Programs that make environments of their own and install into them by files of their own. */
const INNER = /^(?:tox|nox|pre-commit|prek)$/;

/** One warning for all jobs that run such a program: what these install is in no figure. */
export function sayInnerEnvironments(
  path: string,
  jobs: readonly CiJob[],
  readText: ReadText,
): readonly Warning[] {
  const found = new Map<string, OfJob>();
  for (const job of jobs) {
    const programs = job.scripts
      .flatMap((script) => commandsOf(script, readText))
      .map(({ words }) => programOf(textsOf(words)) ?? '')
      .filter((program) => INNER.test(program));
    if (programs.length > 0) found.set(job.name, { line: job.line, calls: new Set(programs) });
  }
  const lead =
    'what these jobs install into environments that a program of theirs makes is not followed and in no figure';
  return sayOfJobs(lead, found, { code: 'ci-inner', path });
}

interface OfJob {
  /** 1-based. */
  readonly line: number;
  readonly calls: ReadonlySet<string>;
}

function sayOfJobs(
  lead: string,
  found: ReadonlyMap<string, OfJob>,
  { code, path }: Pick<Warning, 'code' | 'path'>,
): readonly Warning[] {
  const [first] = found.values();
  if (first === undefined || path === undefined) return [];
  const names = [...found].map(
    ([name, { calls }]) => `${name} (${listNames([...calls].slice(0, MOST))})`,
  );
  const left = names.length - MOST;
  const shown = left > 0 ? `${names.slice(0, MOST).join(', ')} and ${left} more` : listNames(names);
  return [{ code, message: `${lead}: ${shown}`, path, line: first.line }];
}
