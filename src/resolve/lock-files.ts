/**
 * The file of each locked package for a target, of those that the lock names. Where the lock has addresses nothing is asked;
 * where it has names or hashes alone, the page of the index tells the address, and only a file with a hash of the lock is it.
 */
import type {
  Eventually,
  PackageIndex,
  PageAnswer,
  Release,
} from '../package-index/package-index.ts';
import { parseSdistFilename } from '../pep/sdist-filename.ts';
import { compareVersions } from '../pep/version.ts';
import { parseWheelFilename } from '../pep/wheel-filename.ts';
import type {
  DeclaredRequirement,
  DistributionFile,
  LockPin,
  LockedFile,
  UnknownReason,
  Version,
  Warning,
} from '../types.ts';
import type { CandidatePolicy, Choice } from './candidates.ts';
import { chooseFile } from './candidates.ts';
import { directLeaf, directUniverse } from './direct-references.ts';
import { pinnedPlace } from './lock-pins.ts';

/** What is installed of a pin. */
export interface LockedChoice {
  /** null where there is none, or it is not known. */
  readonly file: DistributionFile | null;
  /** All files that the lock has of it, for reading what it needs. */
  readonly release: Release | null;
  /** Why `file` gives no weight, else null. */
  readonly unknownReason: UnknownReason | null;
  readonly warnings: readonly Warning[];
}

/**
 * Whether a release that is for other Pythons has a file: a lock is weighed as it is, unless it is asked what can be installed.
 * `locked`: as far as the lock says it. `asked`: where it does not, the index tells.
 */
export type LockedPythons = 'ignored' | 'locked' | 'asked';

/** What the choice rests on. */
export interface LockedFilePorts {
  readonly policy: CandidatePolicy;
  readonly index: PackageIndex;
  /** False where the address of a file makes no difference: the name that the lock has is enough then. */
  readonly needsAddress: boolean;
  /** What the file needs is read from it too. */
  readonly needsUntold: boolean;
  readonly pythons: LockedPythons;
  /** What the project itself declares of a name, with a place of its own. */
  readonly placeOf: (pin: LockPin) => DeclaredRequirement | undefined;
}

/** Finds the file of a pin. */
export function findLockedFile(pin: LockPin, ports: LockedFilePorts): Eventually<LockedChoice> {
  if (pin.source !== 'index') return choosePlaced(pin, ports);
  const { version } = pin;
  if (version === null)
    return unknown('not-on-index', [at(pin, 'not-on-index', `${pin.name} has no version there`)]);
  if (pin.files === undefined) return askIndex(pin, version, ports);
  const isUntold = ports.pythons === 'asked' && pin.requiresPython === null;
  return isUntold
    ? askPythons(pin, version, ports).then((pythons) =>
        chooseLocked(pin, pin.files ?? [], { version, pythons, ports }),
      )
    : chooseLocked(pin, pin.files, { version, pythons: new Map(), ports });
}

interface LockedQuestion {
  readonly version: Version;
  /** By file name. */
  readonly pythons: ReadonlyMap<string, string | null>;
  readonly ports: LockedFilePorts;
}

function chooseLocked(
  pin: LockPin,
  locked: readonly LockedFile[],
  { version, pythons, ports }: LockedQuestion,
): Eventually<LockedChoice> {
  const own = ports.pythons === 'ignored' ? null : pin.requiresPython;
  const files = locked
    .flatMap((file) => toFile(pin, file, version) ?? [])
    .map((file) => ({ ...file, requiresPython: own ?? pythons.get(file.filename) ?? null }));
  // One warning speaks of all of them.
  if (files.length === 0) return unknown('no-usable-file', []);
  const choice = chooseFile(pin.name, releaseOf(version, files), ports.policy);
  if (!choice.usable || choice.file.url !== '' || !needsAddress(choice.file, ports))
    return toChoice(pin, choice, files);
  return askIndex(pin, version, ports, choice.file.filename);
}

function needsAddress(
  file: DistributionFile,
  { needsAddress: isAsked, needsUntold, index }: LockedFilePorts,
): boolean {
  return isAsked && (needsUntold || index.isWeighed?.(file) !== true);
}

/** The release of a pin with the files that the lock names; null where it has hashes alone, or no version. */
export function lockedRelease(pin: LockPin): Release | null {
  const { version, files } = pin;
  if (version === null || files === undefined) return null;
  return releaseOf(
    version,
    files.flatMap((file) => toFile(pin, file, version) ?? []),
  );
}

/** The files of a lock as those of an index: an address that is not told is ''. */
function toFile(pin: LockPin, file: LockedFile, version: Version): DistributionFile | null {
  const { filename, sha256, size } = file;
  const wheel = parseWheelFilename(filename);
  const kind = wheel === null ? 'sdist' : 'wheel';
  if (wheel === null && parseSdistFilename(filename, pin.name) === null) return null;
  const untold = { requiresPython: null, yanked: null, uploadTime: null, metadataFile: null };
  return { filename, url: file.url ?? '', kind, version, sha256, size, ...untold };
}

function releaseOf(version: Version, files: readonly DistributionFile[]): Release {
  return { version, files: () => files };
}

function toChoice(pin: LockPin, choice: Choice, files: readonly DistributionFile[]): LockedChoice {
  const release = releaseOf(pin.version ?? noVersion(pin), files);
  if (!choice.usable) {
    const message = `${nameOf(pin)} ${choice.why}; the lock has no file of it for this target`;
    const reason = choice.obstacle?.kind === 'python' ? 'no-usable-file' : 'no-wheel-for-target';
    return { ...unknown(reason, [at(pin, 'no-file-for-target', message)]), release };
  }
  const { file } = choice;
  const isRefused = choice.wheelsRefused === true;
  const reason = isRefused
    ? 'no-binary'
    : files.some(({ kind }) => kind === 'wheel')
      ? 'no-wheel-for-target'
      : 'sdist-only';
  return { file, release, unknownReason: file.kind === 'wheel' ? null : reason, warnings: [] };
}

function noVersion({ name }: LockPin): never {
  throw new Error(`${name} is locked without a version`);
}

function nameOf({ name, version }: LockPin): string {
  return version === null ? name : `${name} ${version.text}`;
}

function unknown(reason: UnknownReason, warnings: readonly Warning[]): LockedChoice {
  return { file: null, release: null, unknownReason: reason, warnings };
}

function at(
  pin: LockPin,
  code: string,
  message: string,
  severity: Warning['severity'] = 'warning',
): Warning {
  return { code, message, severity, ...pin.location };
}

// ---------------------------------------------------------------------------------------------------------------------
// What only the index knows

/** What the files of a locked release say of Python; nothing where the index cannot be asked. */
async function askPythons(
  pin: LockPin,
  version: Version,
  { index }: LockedFilePorts,
): Promise<LockedQuestion['pythons']> {
  const release = releaseOn(await index.page(pin.name, addressOf(pin)), version);
  return new Map(
    release?.files().map(({ filename, requiresPython }) => [filename, requiresPython]),
  );
}

function addressOf({ origin }: LockPin): string | null {
  return /^https?:/i.test(origin ?? '') ? origin : null;
}

function releaseOn(answer: PageAnswer, version: Version): Release | undefined {
  if (answer.status !== 'found') return undefined;
  return answer.page.releases.find((one) => compareVersions(one.version, version) === 0);
}

async function askIndex(
  pin: LockPin,
  version: Version,
  ports: LockedFilePorts,
  filename: string | null = null,
): Promise<LockedChoice> {
  const answer = await ports.index.page(pin.name, addressOf(pin));
  if (answer.status === 'failed') {
    const message = `the files of ${nameOf(pin)} are unknown: ${answer.detail}`;
    return unknown(answer.reason, [at(pin, answer.reason, message, 'incomplete')]);
  }
  const files = releaseOn(answer, version)?.files() ?? [];
  const named = filename === null ? files : files.filter((file) => file.filename === filename);
  if (named.length === 0) {
    const what = filename === null ? nameOf(pin) : `${filename}, which is locked,`;
    const message = `${what} is not on the index, so that its size is unknown`;
    return unknown('not-on-index', [at(pin, 'not-on-index', message, 'incomplete')]);
  }
  const allowed = named.filter((file) => hasLockedHash(pin, file));
  if (allowed.length === 0) return mismatch(pin, filename);
  // A lock holds what was there when it was made: a yank since then changes nothing of it.
  const asLocked = allowed.map((file) => ({
    ...file,
    yanked: null,
    requiresPython: ports.pythons === 'ignored' ? null : file.requiresPython,
  }));
  return toChoice(pin, chooseFile(pin.name, releaseOf(version, asLocked), ports.policy), asLocked);
}

function mismatch(pin: LockPin, filename: string | null): LockedChoice {
  const what = filename === null ? `no file of ${nameOf(pin)}` : `${filename}, but not`;
  const message = `the index has ${what} with a hash that the lock has for it`;
  return unknown('hash-excluded', [at(pin, 'hash-mismatch', message, 'error')]);
}

// Only SHA-256 can be held against an index; a file whose hash it does not tell may be the one that is meant.
function hasLockedHash({ hashes }: LockPin, { sha256 }: DistributionFile): boolean {
  const known = hashes.filter((hash) => /^sha256:[0-9a-f]{64}$/i.test(hash));
  if (sha256 === null || known.length === 0 || known.length < hashes.length) return true;
  return known.some((hash) => hash.toLowerCase() === `sha256:${sha256}`);
}

// ---------------------------------------------------------------------------------------------------------------------
// What is not on an index

function choosePlaced(pin: LockPin, { policy, placeOf }: LockedFilePorts): LockedChoice {
  const own = placeOf(pin);
  const written = own ?? pinnedPlace(pin);
  const [file] = pin.files ?? [];
  const hash = file?.sha256 ?? /^sha256:([0-9a-f]{64})$/i.exec(pin.hashes[0] ?? '')?.[1];
  const declared = hash === undefined || own !== undefined ? written : withHash(written, hash);
  const leaf = directLeaf(declared);
  const universe = leaf === null ? directUniverse(declared, policy) : null;
  if (universe === null) {
    const { reason, detail } = leaf ?? { reason: pin.source, detail: 'it has no address' };
    const known: UnknownReason = reason === 'index' ? 'not-on-index' : reason;
    return unknown(known, [at(pin, known, `${pin.name}: ${detail}`)]);
  }
  const choice = universe.choose(0);
  return toChoice({ ...pin, version: universe.versions[0] ?? pin.version }, choice, [
    ...universe.release(0).files(),
  ]);
}

function withHash(declared: DeclaredRequirement, hash: string): DeclaredRequirement {
  const { requirement } = declared;
  if (requirement.url === null || requirement.url.includes('#')) return declared;
  return { ...declared, requirement: { ...requirement, url: `${requirement.url}#sha256=${hash}` } };
}
