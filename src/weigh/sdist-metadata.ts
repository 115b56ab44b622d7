/**
 * Metadata of a source archive without building it: only what is stated statically, in this order of trust:
 * 1. PKG-INFO of Metadata-Version 2.2 or later that does not list Requires-Dist as Dynamic (PEP 643);
 * 2. the `[project]` table of pyproject.toml where dependencies are not dynamic (PEP 621);
 * 3. an older PKG-INFO by a build backend that never computes dependencies (poetry, flit, ...; not setuptools);
 * 4. setup.py with setup.cfg, where all that a clean build takes from them is literal, and 5 or 6 say something else;
 * 5. `requires.txt` of the egg-info folder, by setuptools on the machine of the one who released it;
 * 6. an egg-info folder without `requires.txt`: no dependencies;
 * 7. static `install_requires` of setup.cfg, as an estimate: setup.py may say otherwise.
 * Reading stops as soon as 1 or 2 is settled, so that most of a large archive is never fetched.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { parseMetadata } from '../pep/metadata.ts';
import type { ParsedMetadata } from '../pep/metadata.ts';
import { normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import type { CoreMetadata, DistributionName, Evidence, Known } from '../types.ts';
import { joinSections, parseRequiresText, parseSetupConfiguration } from './egg-requires.ts';
import type { RequirementSection, StaticRequirements } from './egg-requires.ts';
import type { ScriptAnswer } from './sdist-setup-script.ts';
import { readTar, TarError } from './tar-reader.ts';
import {
  findEndOfCentralDirectory,
  parseCentralDirectory,
  readEntry,
  ZipError,
} from './zip-directory.ts';

/** A source archive as it comes: its name says how it is packed. */
export interface SdistArchive {
  readonly filename: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What a source archive says about itself. */
export interface SdistFacts {
  readonly metadata: Known<CoreMetadata>;
  /** Lines of `top_level.txt`; null when it is absent or was not reached. */
  readonly modules: readonly string[] | null;
  /** False when none was reached. */
  readonly hasSetupScript: boolean;
}

/** Bytes of the unpacked archive that are looked at, at most. */
export const sdistInflatedLimit: number = 64 * 1024 * 1024;
const largestMember = 4 * 1024 * 1024;

/** The metadata alone; see `readSdist`. */
export async function readSdistMetadata(
  archive: SdistArchive,
  name: DistributionName,
  version: string,
): Promise<Known<CoreMetadata>> {
  return (await readSdist(archive, name, version)).metadata;
}

/**
 * Reads what is static in a source archive (.tar.gz, .tgz, .tar, .zip). A broken archive, or one that states nothing,
 * is unknown with a detail; errors of the source of chunks (network) are thrown on.
 */
export async function readSdist(
  archive: SdistArchive,
  name: DistributionName,
  version: string,
): Promise<SdistFacts> {
  const members = openArchive(archive);
  if (members === null) {
    return {
      metadata: unknown('sdist-only', `${archive.filename} is packed in a way that is not read`),
      modules: null,
      hasSetupScript: false,
    };
  }
  const found = new Map<string, string>();
  const paths = new Set<string>();
  try {
    for await (const member of members) {
      paths.add(pathBelowTop(member.name));
      if (member.content === null) continue;
      found.set(pathBelowTop(member.name), new TextDecoder().decode(member.content));
      if (isDecisive(member.name)) {
        const settled = await settleEarly(found, name, version);
        if (settled !== null) return describe(settled, found, name);
      }
    }
  } catch (error) {
    if (!isBrokenArchive(error)) throw error;
    // A large archive is not a broken one: another version would be no better.
    const reason = error instanceof ArchiveError ? 'sdist-only' : 'broken-metadata';
    return describe(
      unknown(reason, `${archive.filename} cannot be read: ${error.message}`),
      found,
      name,
    );
  }
  const settled =
    (await settleEarly(found, name, version)) ?? (await settleLate(found, paths, name, version));
  return describe(
    settled ??
      unknown('sdist-only', `${archive.filename} states no dependencies without being built`),
    found,
    name,
  );
}

function describe(
  metadata: Known<CoreMetadata>,
  found: ReadonlyMap<string, string>,
  name: DistributionName,
): SdistFacts {
  const eggInfo = findEggInfo(found, name);
  const text = eggInfo === null ? undefined : found.get(`${eggInfo}top_level.txt`);
  return {
    metadata,
    modules: text === undefined ? null : lines(text),
    hasSetupScript: found.has('setup.py'),
  };
}

function unknown(reason: 'sdist-only' | 'broken-metadata', detail: string): Known<CoreMetadata> {
  return { known: false, reason, detail };
}

function lines(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

// ---------------------------------------------------------------------------------------------------------------------
// Archives

interface Member {
  readonly name: string;
  readonly content: Uint8Array | null;
}

class ArchiveError extends Error {}

function openArchive(archive: SdistArchive): AsyncIterable<Member> | null {
  const filename = archive.filename.toLowerCase();
  if (/\.(?:tar\.gz|tgz)$/.test(filename)) return readTar(limit(gunzip(archive.chunks)), isWanted);
  if (filename.endsWith('.tar')) return readTar(limit(archive.chunks), isWanted);
  return filename.endsWith('.zip') ? readZip(archive.chunks) : null;
}

async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = Readable.from(chunks);
  const inflated = createGunzip();
  source.on('error', (error) => inflated.destroy(error));
  source.pipe(inflated);
  try {
    yield* inflated;
  } finally {
    source.destroy();
    inflated.destroy();
  }
}

async function* limit(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > sdistInflatedLimit) {
      throw new ArchiveError(
        `its metadata is not within its first ${sdistInflatedLimit / 1024 / 1024} MiB`,
      );
    }
    yield chunk;
  }
}

/** A zip file has its directory at the end: it is read whole. */
async function* readZip(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Member, void, undefined> {
  const parts: Uint8Array[] = [];
  for await (const chunk of limit(chunks)) parts.push(chunk);
  const bytes = Buffer.concat(parts);
  const end = findEndOfCentralDirectory(bytes, 0, bytes.length);
  if ('need' in end) throw new ZipError('It is cut off.');
  const directory = bytes.subarray(end.directoryOffset, end.directoryOffset + end.directorySize);
  for (const entry of parseCentralDirectory(directory, end.entryCount, end)) {
    if (entry.isDirectory) continue;
    if (!isWanted(entry.name, entry.uncompressedSize)) {
      yield { name: entry.name, content: null };
      continue;
    }
    const content = readEntry(bytes, 0, entry);
    if ('need' in content) throw new ZipError(`Its member ${entry.name} is cut off.`);
    yield { name: entry.name, content };
  }
}

function isBrokenArchive(error: unknown): error is Error {
  if (error instanceof TarError || error instanceof ZipError || error instanceof ArchiveError)
    return true;
  return error instanceof Error && 'code' in error && /^Z_[A-Z_]+$/.test(String(error.code));
}

const wantedAtTop = /^[^/]+\/(?:PKG-INFO|pyproject\.toml|setup\.cfg|setup\.py)$/;
const wantedEggInfo =
  /^(?:[^/]+\/){1,5}[^/]+\.egg-info\/(?:requires\.txt|SOURCES\.txt|top_level\.txt)$/;

/** What a setup.py reads: lists of requirements, and the texts at the top. */
const readableByScript =
  /^[^/]+\/(?:(?:requirements?|reqs?|deps)\/)?(?:[^/.]+|[^/]+\.(?:txt|in|pip|md|rst))$/i;
const largestReadable = 256 * 1024;

function isWanted(name: string, size: number): boolean {
  if (size <= largestReadable && readableByScript.test(name)) return true;
  return size <= largestMember && (wantedAtTop.test(name) || wantedEggInfo.test(name));
}

function isDecisive(name: string): boolean {
  return name.endsWith('/PKG-INFO') || name.endsWith('/pyproject.toml');
}

function pathBelowTop(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources, by trust

/** What PKG-INFO and pyproject.toml settle: the same at any point of the archive, once both texts needed are there. */
async function settleEarly(
  found: ReadonlyMap<string, string>,
  name: DistributionName,
  version: string,
): Promise<Known<CoreMetadata> | null> {
  const parsed = parsePackageInfo(found);
  if (parsed !== null && parsed.name !== name) {
    return unknown('broken-metadata', `its PKG-INFO is that of ${parsed.name}`);
  }
  if (parsed !== null && isStatic(parsed)) return known(toCoreMetadata(parsed), 'sdist-pkg-info');
  const pyproject = found.get('pyproject.toml');
  if (pyproject === undefined) return null;
  const project = await readPyproject(pyproject);
  if (project === null) return null;
  if (project.requirements !== null) {
    return known(
      {
        name,
        version,
        requiresPython: project.requiresPython ?? parsed?.requiresPython ?? null,
        ...project.requirements,
      },
      'sdist-pyproject',
    );
  }
  return parsed !== null && project.isStaticBackend
    ? known(toCoreMetadata(parsed), 'sdist-pkg-info')
    : null;
}

/** What setuptools gives, or gave once: the whole archive has been seen. */
async function settleLate(
  found: ReadonlyMap<string, string>,
  paths: ReadonlySet<string>,
  name: DistributionName,
  version: string,
): Promise<Known<CoreMetadata> | null> {
  const released = settleReleased(found, name, version);
  const script = await readScript(found, paths);
  if (script === null) return released;
  const { asksTheSame } = await import('./sdist-setup-script.ts');
  const isEstimate = released === null || !released.known || released.from === 'estimate';
  if (!isEstimate && asksTheSame(released.value, script)) return released;
  const { requiresDist, providesExtras, repairs } = script;
  const requiresPython = parsePackageInfo(found)?.requiresPython ?? script.requiresPython;
  return known(
    { name, version, requiresPython, requiresDist, providesExtras, repairs },
    'sdist-setup-py',
  );
}

/** null unless setuptools builds the archive, takes requirements from setup.py, and what they are is literal. */
async function readScript(
  found: ReadonlyMap<string, string>,
  paths: ReadonlySet<string>,
): Promise<ScriptAnswer | null> {
  if (!found.has('setup.py')) return null;
  const text = found.get('pyproject.toml');
  const pyproject = text === undefined ? null : await readPyproject(text);
  const isReadable = text === undefined || pyproject !== null;
  const isBySetuptools =
    pyproject === null || pyproject.backend === null || /^setuptools\b/.test(pyproject.backend);
  if (!isReadable || !isBySetuptools || pyproject?.hasProject === true) return null;
  const { readArchiveScript } = await import('./sdist-setup-script.ts');
  return readArchiveScript({ texts: found, paths, buildRequires: pyproject?.buildRequires ?? [] });
}

function settleReleased(
  found: ReadonlyMap<string, string>,
  name: DistributionName,
  version: string,
): Known<CoreMetadata> | null {
  const requiresPython = parsePackageInfo(found)?.requiresPython ?? null;
  const core = { name, version, requiresPython };
  const eggInfo = findEggInfo(found, name);
  const requires = eggInfo === null ? undefined : found.get(`${eggInfo}requires.txt`);
  if (requires !== undefined)
    return known({ ...core, ...parseRequiresText(requires) }, 'sdist-requires-txt');
  if (eggInfo !== null && found.has(`${eggInfo}SOURCES.txt`)) {
    return known(
      { ...core, requiresDist: [], providesExtras: [], repairs: [] },
      'sdist-no-requires',
    );
  }
  const setupText = found.get('setup.cfg');
  const setup = setupText === undefined ? null : parseSetupConfiguration(setupText);
  if (setup === null || !setup.hasRequirements) return null;
  const { requiresDist, providesExtras, repairs } = setup;
  return known(
    {
      ...core,
      requiresPython: requiresPython ?? setup.requiresPython,
      requiresDist,
      providesExtras,
      repairs,
    },
    'estimate',
  );
}

function known(value: CoreMetadata, from: Evidence): Known<CoreMetadata> {
  return { known: true, value, from };
}

/** null when there is none, or one without a name or version: then the other sources are asked. */
function parsePackageInfo(found: ReadonlyMap<string, string>): ParsedMetadata | null {
  const text = found.get('PKG-INFO');
  if (text === undefined) return null;
  try {
    return parseMetadata(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return null;
  }
}

function toCoreMetadata(parsed: ParsedMetadata): CoreMetadata {
  const { name, version, requiresPython, requiresDist, providesExtras, repairs } = parsed;
  return { name, version, requiresPython, requiresDist, providesExtras, repairs };
}

/** PEP 643: from 2.2 on, a field that is not Dynamic is the same in every wheel built from the archive. */
function isStatic(parsed: ParsedMetadata): boolean {
  const [major = 0, minor = 0] = (parsed.metadataVersion ?? '').split('.').map(Number);
  const isNew = major > 2 || (major === 2 && minor >= 2);
  return (
    isNew &&
    !parsed.dynamic.some((field) => /^(?:requires-dist|provides-extra)$/i.test(field.trim()))
  );
}

interface PyprojectFacts {
  /** null when `[project]` is absent or its dependencies are dynamic. */
  readonly requirements: StaticRequirements | null;
  readonly requiresPython: string | null;
  /** The build backend is known and takes dependencies from its own tables only. */
  readonly isStaticBackend: boolean;
  readonly hasProject: boolean;
  readonly backend: string | null;
  /** `build-system.requires`. */
  readonly buildRequires: readonly string[];
}

/** Backends that write all dependencies into PKG-INFO of every Metadata-Version, as they stand in pyproject.toml. */
const staticBackends = /^(?:poetry|flit|hatchling|pdm\.backend|pdm\.pep517|maturin|whey|uv_build)/;

/** null for a pyproject.toml that is not TOML: then it says nothing. */
async function readPyproject(text: string): Promise<PyprojectFacts | null> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    const document: unknown = parse(text);
    const backend = member(member(document, 'build-system'), 'build-backend');
    const project = member(document, 'project');
    const requiresPython = member(project, 'requires-python');
    return {
      requirements: isRecord(project) ? readProject(project) : null,
      requiresPython: typeof requiresPython === 'string' ? requiresPython : null,
      isStaticBackend: typeof backend === 'string' && staticBackends.test(backend),
      hasProject: isRecord(project),
      backend: typeof backend === 'string' ? backend : null,
      buildRequires: strings(member(member(document, 'build-system'), 'requires')) ?? [],
    };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return null;
  }
}

function readProject(project: Readonly<Record<string, unknown>>): StaticRequirements | null {
  const dynamic = strings(project['dynamic'] ?? []);
  if (typeof project['name'] !== 'string' || dynamic === null) return null;
  if (dynamic.includes('dependencies') || dynamic.includes('optional-dependencies')) return null;
  const dependencies = strings(project['dependencies'] ?? []);
  const optional = project['optional-dependencies'] ?? {};
  if (dependencies === null || !isRecord(optional)) return null;
  const sections: RequirementSection[] = [{ extra: null, marker: null, lines: dependencies }];
  for (const [extra, value] of Object.entries(optional)) {
    const extraLines = strings(value);
    if (extraLines === null) return null;
    sections.push({ extra, marker: null, lines: extraLines });
  }
  return joinSections(sections);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function strings(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((item): item is string => typeof item === 'string')
    ? value
    : null;
}

/** The egg-info folder of the distribution itself, nearest to the top; another one only where it is alone. */
function findEggInfo(found: ReadonlyMap<string, string>, name: DistributionName): string | null {
  const folders = new Set<string>();
  for (const path of found.keys()) {
    const end = path.indexOf('.egg-info/');
    if (end >= 0) folders.add(path.slice(0, end + '.egg-info/'.length));
  }
  const sorted = [...folders].toSorted(
    (first, second) => depth(first) - depth(second) || (first < second ? -1 : 1),
  );
  const own = sorted.find(
    (folder) =>
      normalizeName(folder.slice(0, -'.egg-info/'.length).split('/').at(-1) ?? '') === name,
  );
  return own ?? (sorted.length === 1 ? (sorted[0] ?? null) : null);
}

function depth(folder: string): number {
  return folder.split('/').length;
}
