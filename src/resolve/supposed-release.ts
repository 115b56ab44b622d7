/** Which release stands for a name that was not resolved, and which files tell its modules. */
import type { ProjectPage, Release } from '../package-index/package-index.ts';
import type { CompatibleTags } from '../pep/tags.ts';
import { comparePublicVersions, isPrerelease } from '../pep/version.ts';
import { parseWheelFilename } from '../pep/wheel-filename.ts';
import type { DistributionFile, Specifier, Version } from '../types.ts';
import type { Universe } from './candidates.ts';
import { hasRelease, pickVersion } from './candidates.ts';
import { everything, singleSet, subtractSets } from './version-set.ts';

/** Versions of a name whose files are looked at, newest first: behind so many unusable ones there is as a rule none. */
const mostTried = 200;

/**
 * The number of the newest usable release that the specifiers admit; where none is usable the newest that they admit;
 * where they admit none the one nearest to their pin, else the newest. null where there is no release.
 */
export function chooseSupposed(
  universe: Universe,
  specifiers: readonly Specifier[],
  preReleases: boolean,
): number | null {
  const admitted = universe.setFor(specifiers);
  let rest = admitted;
  for (let tried = 0; tried < mostTried; tried++) {
    const version = pickVersion(universe, rest, preReleases);
    if (version === null) break;
    if (universe.choose(version).usable) return version;
    rest = subtractSets(rest, singleSet(version));
  }
  if (hasRelease(universe, admitted)) return pickVersion(universe, admitted, preReleases);
  const pin =
    specifiers.find(({ operator }) => operator === '==' || operator === '===')?.version ?? null;
  return pin === null ? newest(universe, preReleases) : nearestTo(universe, pin, preReleases);
}

function newest(universe: Universe, preReleases: boolean): number | null {
  return pickVersion(universe, everything, preReleases);
}

/** The same public version (`2.1.0` for `2.1.0+cpu`), else the next newer one, else the newest there is. */
function nearestTo(universe: Universe, pin: Version, preReleases: boolean): number | null {
  const next = universe.versions.findIndex((version) => comparePublicVersions(version, pin) >= 0);
  return next >= 0 ? next : newest(universe, preReleases);
}

/** A wheel that may tell the modules of a release. */
export interface TellingWheel {
  readonly file: DistributionFile;
  readonly version: Version;
}

/**
 * Wheels in the order in which they speak for release number `at`: its own, the one for the target first; then one of
 * each other release, by distance, the newer one first.
 */
export function* wheelsNear(
  page: ProjectPage,
  at: number,
  tags: CompatibleTags,
): Generator<TellingWheel, void, undefined> {
  const { releases } = page;
  const own = releases[at];
  if (own === undefined) return;
  for (const file of sortedWheels(own, tags).slice(0, 2)) yield { file, version: own.version };
  for (let distance = 1; distance < releases.length; distance++) {
    for (const release of [releases[at + distance], releases[at - distance]]) {
      if (release === undefined) continue;
      if (isPrerelease(release.version) && !isPrerelease(own.version)) continue;
      const [file] = sortedWheels(release, tags);
      if (file !== undefined) yield { file, version: release.version };
    }
  }
}

function sortedWheels(release: Release, tags: CompatibleTags): readonly DistributionFile[] {
  const ranked: { readonly file: DistributionFile; readonly rank: number }[] = [];
  for (const file of release.files()) {
    const parsed = file.kind === 'wheel' ? parseWheelFilename(file.filename) : null;
    if (parsed === null) continue;
    const fits = tags.bestPriority(parsed);
    // One for another Python on the platform is nearer to it than one for another platform.
    const isNear = parsed.platforms.some((platform) => tags.platforms.includes(platform));
    ranked.push({ file, rank: fits ?? (isNear ? foreignPython : foreignPlatform) });
  }
  return ranked
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        Number(a.file.filename > b.file.filename) - Number(a.file.filename < b.file.filename),
    )
    .map(({ file }) => file);
}

const foreignPython = 1e8;
const foreignPlatform = 1e9;
