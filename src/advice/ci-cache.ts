import type { WeighedCiJob } from '../ci/weigh-jobs.ts';
import type { AdviceRule } from './advice.ts';
import { ciFinding, sayMachine } from './ci-finding.ts';

/** Less is had from an index as fast as from a cache. */
const WORTH_CACHING = 50_000_000;

/** Jobs on new machines that download all that the product needs with every run. */
export const ciCache: AdviceRule = {
  code: 'DW134',
  rule: 'ci-cache',
  title: 'jobs of CI that download the same files with every run',
  severity: 'info',
  evaluate: (context) => {
    // What a job need not install at all it need not keep.
    const jobs = context.ciJobs.filter(
      ({ isHosted, hasCache, linters, weight }) =>
        isHosted && !hasCache && linters === null && weight !== null,
    );
    const bytesOf = ({ weight }: WeighedCiJob): number => weight?.downloadBytes ?? 0;
    const [most] = jobs.toSorted((a, b) => bytesOf(b) - bytesOf(a));
    if (most === undefined || bytesOf(most) < WORTH_CACHING) return [];
    const [one, many] = [`the job ${most.name} downloads`, `${jobs.length} jobs download`];
    const differ = jobs.some((job) => bytesOf(job) !== bytesOf(most));
    const upTo = differ ? `; most of all ${most.name}` : '';
    const machine = `${upTo}${sayMachine(most)}`;
    const keep = CACHES[most.tool] ?? 'keep the downloads with actions/cache';
    return [
      ciFinding(ciCache, jobs, {
        message: `${jobs.length === 1 ? one : many} all that the product needs with every run, as nothing keeps it${machine}`,
        savedDownloadBytes: bytesOf(most),
        savedInstalledBytes: 0,
        remedy: { kind: 'add', text: keep },
      }),
    ];
  },
};

/** How each installer is told to keep what it downloads, on a runner of GitHub. */
const CACHES: Readonly<Record<string, string>> = {
  pip: 'actions/setup-python with `cache: pip`',
  poetry: 'actions/setup-python with `cache: poetry`',
  pipenv: 'actions/setup-python with `cache: pipenv`',
  uv: 'astral-sh/setup-uv with `enable-cache: true`',
};
