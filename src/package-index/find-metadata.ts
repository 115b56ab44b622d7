/**
 * The metadata of a release. Order of sources, cheapest sure one first: the metadata file that the index advertises
 * (PEP 658) · the wheel's own METADATA from its tail, which gives its weight too · another wheel of the release · the
 * static parts of the source archive. Nothing is built.
 */
import { createHash } from 'node:crypto';
import type {
  CoreMetadata,
  DistributionFile,
  DistributionName,
  Evidence,
  Known,
  Version,
  WheelSummary,
} from '../types.ts';
import { parseMetadata } from '../pep/metadata.ts';
import { compareVersions, parseVersion, withoutLocal } from '../pep/version.ts';
import type { Context } from './client-context.ts';
import { withoutCredentials } from './credentials.ts';
import { decodeMetadata, encodeMetadata } from './facts.ts';
import { failure } from './failure.ts';
import { factKey, keepFact, readFact } from './file-facts.ts';
import { WheelUnavailableError } from './file-window.ts';
import type { Eventually, MetadataAnswer, Release } from './package-index.ts';
import { readSdist } from './sdist-reader.ts';
import { readWheelFacts } from './wheel-reader.ts';

interface MetadataRequest {
  readonly name: DistributionName;
  readonly file: DistributionFile;
  readonly release: Release;
  readonly wheels: Map<string, Eventually<Known<WheelSummary>>>;
}

/** What the cache knows, else what the index answers. */
export function findMetadata(
  context: Context,
  request: MetadataRequest,
): Eventually<MetadataAnswer> {
  const stored = decodeShared(context, request.release, readFact(context, 'm', request.file));
  if (stored !== null) return stored;
  if (context.options.offline) {
    return {
      known: false,
      reason: 'offline',
      detail: `the metadata of ${request.file.filename} is not in the cache`,
    };
  }
  return askForMetadata(context, request);
}

/** The wheels of a release say the same as a rule: what one of them says is read once for all targets of a run. */
function decodeShared(context: Context, release: Release, stored: unknown): MetadataAnswer | null {
  if (stored === null) return null;
  const text = JSON.stringify(stored);
  const known = context.decoded.get(release);
  if (known?.text === text) return known.answer;
  const answer = decodeMetadata(stored);
  if (answer !== null) context.decoded.set(release, { text, answer });
  return answer;
}

async function askForMetadata(context: Context, request: MetadataRequest): Promise<MetadataAnswer> {
  const { file, name } = request;
  try {
    const answer = withoutUsers(
      file.kind === 'wheel'
        ? await wheelMetadata(context, request, file)
        : await sdistMetadata(context, request),
    );
    const isOutcome = answer.known || (answer.reason !== 'network' && file.sha256 !== null);
    if (isOutcome) keepFact(context, 'm', file, encodeMetadata(answer));
    return answer;
  } catch (error) {
    return failure(error, `the metadata of ${name} ${file.version.text}`);
  }
}

/** Requirements that name an address may carry a password into the cache. */
function withoutUsers(answer: MetadataAnswer): MetadataAnswer {
  if (!answer.known || answer.value.requiresDist.every(({ url }) => url === null)) return answer;
  const requiresDist = answer.value.requiresDist.map((requirement) =>
    requirement.url === null
      ? requirement
      : { ...requirement, url: withoutCredentials(requirement.url) },
  );
  return { ...answer, value: { ...answer.value, requiresDist } };
}

async function wheelMetadata(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  const advertised = file.metadataFile === true ? await metadataFile(context, file) : null;
  if (typeof advertised === 'string') return toMetadata(advertised, 'metadata-file', request);
  try {
    const answer = await metadataInWheel(context, request, file);
    return advertised === null ? answer : withRepair(answer, wrongHashRepair);
  } catch (error) {
    // Where the index says nothing of metadata files there may be one. It is asked for last: of the mirrors that say
    // nothing most have none, and the end of a wheel takes no more time.
    const text =
      file.metadataFile === null && error instanceof WheelUnavailableError
        ? await metadataFile(context, file)
        : null;
    if (typeof text !== 'string') throw error;
    return toMetadata(text, 'metadata-file', request);
  }
}

const wrongHashRepair =
  'the metadata file on the index does not have the hash that the index gives; the wheel was read instead';

function withRepair(answer: MetadataAnswer, repair: string): MetadataAnswer {
  if (!answer.known) return answer;
  return { ...answer, value: { ...answer.value, repairs: [...answer.value.repairs, repair] } };
}

async function metadataInWheel(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  const http = await context.options.http();
  // The same bytes give the weight, so that nobody asks for them a second time.
  const facts = readWheelFacts(http, file, true);
  const summary = facts.then(
    (known): Known<WheelSummary> => ({
      known: true,
      value: known.summary,
      from: 'central-directory',
    }),
    (error: unknown) => failure(error, `the directory of ${file.filename}`),
  );
  // Interrupted before anyone asked for the weight: the failure of `facts` below says so.
  void summary.catch(() => undefined);
  if (!request.wheels.has(factKey(file))) request.wheels.set(factKey(file), summary);
  const { metadataText, summary: value } = await facts;
  keepFact(context, 'w', file, value);
  return toMetadata(metadataText ?? '', 'wheel-metadata', request);
}

/** The text of the metadata file beside a wheel (PEP 658), null where the index has none. */
async function metadataFile(
  context: Context,
  file: DistributionFile,
): Promise<string | { readonly wrongHash: true } | null> {
  const http = await context.options.http();
  const { status, body } = await http.get(metadataAddress(file.url), {
    maxBytes: 16 * 1024 * 1024,
  });
  if (status !== 200 || body === null) return null;
  const hash = createHash('sha256').update(body).digest('hex');
  if (!hash.startsWith(file.metadataHash ?? '')) return { wrongHash: true };
  const text = body.toString('utf8');
  // Some servers answer an unknown path with a page.
  return /^metadata-version\s*:/im.test(text.slice(0, 4096)) ? text : null;
}

function metadataAddress(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? `${url}.metadata` : `${url.slice(0, query)}.metadata${url.slice(query)}`;
}

function toMetadata(text: string, from: Evidence, request: MetadataRequest): MetadataAnswer {
  const { name, file } = request;
  const parsed = parseMetadata(text);
  if (parsed.name !== name) {
    return {
      known: false,
      reason: 'broken-metadata',
      detail: `${file.filename} says that it is ${parsed.name}`,
    };
  }
  if (!isSameRelease(parsed.version, file.version)) {
    return {
      known: false,
      reason: 'broken-metadata',
      detail: `${file.filename} says that it is version ${parsed.version.slice(0, 40)}`,
    };
  }
  const { version, requiresPython, requiresDist, providesExtras, repairs, unreadable } = parsed;
  const value: CoreMetadata = {
    name,
    version,
    requiresPython,
    requiresDist,
    providesExtras,
    repairs,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
  return { known: true, value, from };
}

// Builds for an accelerator may carry their local version in one place only, as uv lets them.
function isSameRelease(stated: string, version: Version): boolean {
  const parsed = parseVersion(stated);
  return parsed !== null && compareVersions(withoutLocal(parsed), withoutLocal(version)) === 0;
}

/** Unknown where that wheel is broken or away; the archive itself is asked then. */
async function otherWheelMetadata(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  try {
    return await wheelMetadata(context, request, file);
  } catch (error) {
    return failure(error, `the metadata of ${file.filename}`);
  }
}

async function sdistMetadata(context: Context, request: MetadataRequest): Promise<MetadataAnswer> {
  for (const file of request.release.files()) {
    if (file.kind !== 'wheel') continue;
    const answer = await otherWheelMetadata(context, request, file);
    if (answer.known) return { ...answer, from: 'other-wheel' };
    break;
  }
  const http = await context.options.http();
  return readSdist(http, request.name, request.file);
}
