/** What jobs of CI download of the product's set, each on its own machine. */
import { createTarget, parsePlatformName } from '../pep/platform-name.ts';
import type { ResolveAt } from '../resolve/project.ts';
import { inferPlatform } from '../target/platform.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Bytes, Environment, TargetEnvironment, WeighedGraph } from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { CiJobFacts } from './gather-facts.ts';

/** The set as it is resolved for the report. */
export interface JobSet {
  readonly environment: Environment;
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
  readonly resolveAt: ResolveAt;
}

/** What the set comes to on the machine of a job. */
export interface JobWeight {
  /** Null where it is the target of the report. */
  readonly target: TargetEnvironment | null;
  readonly installedBytes: Bytes;
  readonly downloadBytes: Bytes;
}

/** A job with its weight; null where the set has no solution there. */
export type WeighedCiJob = CiJobFacts & { readonly weight: JobWeight | null };

/**
 * Each job that something may be said of, on the machine of its matrix that is most like the target of the report: what its
 * files weigh unpacked is asked for only where the job need not install them.
 */
export async function weighCiJobs(
  jobs: readonly CiJobFacts[],
  set: JobSet,
): Promise<readonly WeighedCiJob[]> {
  const known = new Map<string, JobWeight | null>();
  const weighed: WeighedCiJob[] = [];
  for (const job of jobs) {
    const isIdle = job.linters !== null;
    if (!isIdle && (job.hasCache || !job.isHosted)) continue;
    const target = nearestOf(job.images, set.target);
    const key = `${target?.python} ${target?.implementation} ${target?.platformTag} ${isIdle}`;
    const weight = known.has(key) ? (known.get(key) ?? null) : await weigh(target, isIdle, set);
    known.set(key, weight);
    weighed.push({ ...job, weight });
  }
  return weighed;
}

async function weigh(
  target: TargetEnvironment | null,
  weights: boolean,
  { environment, graph, resolveAt }: JobSet,
): Promise<JobWeight | null> {
  const own = target === null ? null : await resolveAt(target, environment, { weights });
  if (own?.solved === false) return null;
  const { installedBytes, downloadBytes } = totalsOf((own?.graph ?? graph).distributions);
  return { target, installedBytes, downloadBytes };
}

/** Null for the target of the report itself. */
function nearestOf(
  images: readonly ProductImage[],
  own: TargetEnvironment,
): TargetEnvironment | null {
  const all = images.flatMap((image): readonly TargetEnvironment[] => {
    const { platform: name, from } = inferPlatform({ image });
    const platform = parsePlatformName(name);
    if (platform === null) return [];
    // Of a machine of which nothing is known that the report is for is as good.
    if (from === 'default' && image.base.python === null) return [own];
    const python = image.base.python ?? own.python;
    return [createTarget({ python, platform, from })];
  });
  const isAlike = (one: TargetEnvironment): boolean =>
    one.os === own.os && one.arch === own.arch && one.libc === own.libc;
  const found = all.find((one) => isSame(one, own)) ?? all.find(isAlike) ?? all[0];
  return found === undefined || isSame(found, own) ? null : found;
}

function isSame(one: TargetEnvironment, own: TargetEnvironment): boolean {
  return (
    one.python === own.python &&
    one.implementation === own.implementation &&
    one.freeThreaded === own.freeThreaded &&
    one.platformTag === own.platformTag
  );
}
