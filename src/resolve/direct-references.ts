/** Requirements that name a place instead of a version: the wheel at a URL is read, of the rest only the name is known. */
import type { DeclaredRequirement, DistributionFile } from '../types.ts';
import { decodeComponent, withoutCredentials } from '../package-index/credentials.ts';
import { parseSdistFilename } from '../pep/sdist-filename.ts';
import { parseVersion } from '../pep/version.ts';
import { parseWheelFilename } from '../pep/wheel-filename.ts';
import type { CandidatePolicy, Leaf, Universe } from './candidates.ts';
import { createVersionScale } from './version-scale.ts';
import { singleSet } from './version-set.ts';

/** The leaf for a reference that cannot be weighed without a build, null for one that can. */
export function directLeaf(declared: DeclaredRequirement): Leaf | null {
  const { source, requirement, location } = declared;
  const place = `${location.path}:${location.line}`;
  if (source === 'vcs')
    return {
      version: 'unknown',
      reason: 'vcs',
      detail: `${place} takes it from version control; its size is unknown without a build`,
    };
  if (source === 'local')
    return {
      version: 'unknown',
      reason: 'local',
      detail: `${place} takes it from a local path; its size is unknown without a build`,
    };
  if (source === 'url' && fileOf(declared) === null) {
    return {
      version: 'unknown',
      reason: 'url',
      detail: `${place} takes ${requirement.name} from an address that names no wheel and no source archive of it`,
    };
  }
  return null;
}

/** The one version that a URL requirement names, null for other requirements. */
export function directUniverse(
  declared: DeclaredRequirement,
  policy: CandidatePolicy,
): Universe | null {
  const file = declared.source === 'url' ? fileOf(declared) : null;
  if (file === null) return null;
  const fits = file.kind === 'sdist' || tagsFit(file, policy);
  return {
    name: declared.requirement.name,
    versions: [file.version],
    missing: null,
    leaf: null,
    release: () => ({ version: file.version, files: () => [file] }),
    choose: () =>
      fits
        ? { usable: true, file }
        : {
            usable: false,
            why: `at ${declared.location.path}:${declared.location.line} is a wheel for another target`,
          },
    takenFrom: `${declared.location.path}:${declared.location.line}`,
    setFor: createVersionScale([file.version]).setFor,
    around: singleSet,
  };
}

function tagsFit(file: DistributionFile, policy: CandidatePolicy): boolean {
  const parsed = parseWheelFilename(file.filename);
  return parsed !== null && policy.tags.bestPriority(parsed) !== null;
}

function fileOf({ requirement }: DeclaredRequirement): DistributionFile | null {
  const { url, name } = requirement;
  if (url === null) return null;
  const filename = decodeComponent((url.split(/[?#]/, 1)[0] ?? '').split('/').at(-1) ?? '');
  const wheel = parseWheelFilename(filename);
  const text = wheel?.name === name ? wheel.version : parseSdistFilename(filename, name)?.version;
  const version = text === undefined ? null : parseVersion(text);
  if (version === null) return null;
  const sha256 = /[#&]sha256=([0-9a-f]{64})/i.exec(url)?.[1]?.toLowerCase() ?? null;
  const kind = wheel === null ? 'sdist' : 'wheel';
  const unknown = {
    size: null,
    requiresPython: null,
    yanked: null,
    uploadTime: null,
    metadataFile: false,
  };
  // Files end up in the cache; who asks for one knows the user by its origin.
  const address = withoutCredentials(url.replace(/#.*$/, ''));
  return { filename, url: address, kind, version, sha256, ...unknown };
}
