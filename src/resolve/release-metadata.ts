/** The metadata of a release in a run: what is broken about it, and what the reader must be told of it. */
import type { CoreMetadata, DistributionFile, DistributionName, Warning } from '../types.ts';
import type { MetadataAnswer } from '../package-index/package-index.ts';
import type { Obstacle, Universe } from './candidates.ts';
import { decidedVersion } from './partial-solution.ts';
import type { Run } from './run.ts';

/** Why a version is out, and whether a broken answer is the reason. */
export interface Unusable {
  readonly why: string;
  readonly obstacle?: Obstacle;
  readonly broken?: true;
}

/** The metadata, null where it cannot be known (the version then counts as one without dependencies), or why not. */
export async function metadataOf(
  run: Run,
  universe: Universe,
  version: number,
  file: DistributionFile,
): Promise<CoreMetadata | Unusable | null> {
  const answered = run.env.index.metadata(universe.name, file, universe.release(version));
  const answer = answered instanceof Promise ? await answered : answered;
  // Broken metadata is a fault of that version: another one may do. What merely could not be had is not.
  const fault = faultOf(answer);
  if (fault !== null && !run.tolerated.has(`${universe.name} ${file.version.text}`)) {
    const why = `has metadata that cannot be used (${fault})`;
    const message = `${universe.name} ${file.version.text} ${why}; it was passed over`;
    warn(run, { code: 'broken-metadata', message }, null);
    return { why, broken: true };
  }
  run.metadata.set(`${universe.name} ${version}`, answer);
  if (!answer.known) return null;
  warnOfRepairs(run, universe.name, file, answer.value);
  return answer.value;
}

/** What is broken about the metadata of a version, null where nothing is. */
function faultOf(answer: MetadataAnswer): string | null {
  if (answer.known)
    return answer.value.unreadable === undefined ? null : 'a requirement of it cannot be read';
  const isBroken = answer.reason === 'broken-metadata' || answer.reason === 'broken-wheel';
  return isBroken ? (answer.detail ?? answer.reason) : null;
}

function warnOfRepairs(
  run: Run,
  name: DistributionName,
  file: DistributionFile,
  { repairs, unreadable }: CoreMetadata,
): void {
  const release = `${name} ${file.version.text}`;
  for (const repair of repairs)
    warn(run, { code: 'repaired-metadata', message: `${release}: ${repair}` }, release);
  if (unreadable === undefined) return;
  const message = `${release} has requirements that cannot be read; what they would bring is not counted`;
  warn(run, { code: 'unreadable-requirement', message, severity: 'incomplete' }, release);
}

/** Says that a release lacks an extra that was asked for. */
export function warnOfExtra(run: Run, universe: Universe, version: string, extra: string): void {
  const release = `${universe.name} ${version}`;
  const message = `${release} has no extra "${extra}"; nothing is installed for it`;
  warn(run, { code: 'unknown-extra', message }, release);
}

/** `release`: the warning counts only if that release is chosen in the end. */
function warn(run: Run, warning: Warning, release: string | null): void {
  run.warnings.set(warning.message, { warning, release });
}

/** The warnings on what was chosen, and those on what was passed over. */
export function lastingWarnings(run: Run): readonly Warning[] {
  const chosen = new Set<string>();
  run.packages.list.forEach(({ kind, name }, packageId) => {
    const version = kind === 'base' ? decidedVersion(run.solver.solution, packageId) : undefined;
    const universe = version === undefined ? undefined : run.universes.get(name);
    if (version === undefined || universe === undefined || universe instanceof Promise) return;
    chosen.add(`${name} ${universe.versions[version]?.text ?? ''}`);
  });
  return [...run.warnings.values()].flatMap(({ warning, release }) =>
    release === null || chosen.has(release) ? [warning] : [],
  );
}
