import type { AdviceRule } from './advice.ts';
import { ciFinding, sumOfSet } from './ci-finding.ts';

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
      (job) => job.isHosted && !job.hasCache && job.linters === null,
    );
    const bytes = sumOfSet(context, 'downloadBytes');
    const [first] = jobs;
    if (first === undefined || bytes < WORTH_CACHING) return [];
    const [one, many] = [`the job ${first.name} downloads`, `${jobs.length} jobs download`];
    const keep = CACHES[first.tool] ?? 'keep the downloads with actions/cache';
    return [
      ciFinding(ciCache, jobs, {
        message: `${jobs.length === 1 ? one : many} all that the product needs with every run, as nothing keeps it`,
        savedDownloadBytes: bytes,
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
