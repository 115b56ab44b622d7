/**
 * What is supposed, for verdicts on usage alone, of declared distributions that were not resolved or whose wheel cannot be
 * read: modules from another wheel of the release, from the nearest release that has one, or from a small source
 * archive; and, where a set has no solution, the newest release that each requirement admits by itself, with what that
 * requires. Nothing of this is ever installed, weighed or shown as resolved.
 */
import type { OtherModuleList, OtherModules } from '../usage/module-owners.ts';
import type { Cache } from '../package-index/cache.ts';
import { cacheKey } from '../package-index/cache.ts';
import type { PageStamp } from '../package-index/client-context.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { MetadataAnswer, PageAnswer, ProjectPage } from '../package-index/package-index.ts';
import { formatRequirement } from '../pep/requirement.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { compatibleTags } from '../pep/tags.ts';
import type {
  DistributionName,
  Requirement,
  Specifier,
  TargetEnvironment,
  UnknownReason,
  WeighedDistribution,
} from '../types.ts';
import { buildPolicy } from './candidate-policy.ts';
import type { CandidatePolicy, Universe } from './candidates.ts';
import { createUniverse } from './candidates.ts';
import type { EnvironmentPorts, EnvironmentSettings } from './environment.ts';
import { arePagesUnchanged } from './environment.ts';
import type { Gap } from './gaps.ts';
import { isUnresolved } from './gaps.ts';
import type { GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import { chooseSupposed, wheelsNear } from './supposed-release.ts';

/** What verdicts may rest on beside what was resolved. */
export interface Supposition {
  /** Releases taken for names that were not resolved, and for what those require, sorted. Their weight is never known. */
  readonly distributions: readonly WeighedDistribution[];
  readonly modules: OtherModules;
}

/** What is asked for. */
export interface SuppositionRequest {
  readonly gaps: readonly Gap[];
  /** What was resolved: not looked up again where something requires it. */
  readonly resolved: ReadonlySet<DistributionName>;
  readonly target: TargetEnvironment;
}

/** Names that are looked up in all, those that are only required included. */
const mostNames = 600;
/** Wheels of a name that are tried before its source archive. */
const mostWheels = 4;

/** Fills the gaps as far as the indexes tell, or takes what an earlier run found. */
export async function suppose(
  request: SuppositionRequest,
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<Supposition> {
  const key = memoKey(request, settings);
  const remembered = settings.isLasting ? readMemo(ports.cache, key, settings.offline) : null;
  if (remembered !== null) return remembered;
  const search = createSearch(request, settings, ports.client);
  const nodes = await followRequirements(search);
  const supposition = await describe(search, nodes, ports);
  if (settings.isLasting && search.state.isWhole) {
    const stamps = [...search.asked].flatMap(([name, index]) => ports.client.stampsOf(name, index));
    writeMemo(ports.cache, key, supposition, stamps);
  }
  return supposition;
}

interface Search {
  readonly request: SuppositionRequest;
  readonly client: IndexClient;
  readonly policy: CandidatePolicy;
  readonly preReleases: boolean;
  readonly global: GlobalRequirements;
  /** Names with the explicit index of their declaration. */
  readonly asked: Map<DistributionName, string | null>;
  /** False once an answer failed for a reason that may go away: then nothing is remembered. */
  readonly state: { isWhole: boolean };
}

function createSearch(
  request: SuppositionRequest,
  { options }: EnvironmentSettings,
  client: IndexClient,
): Search {
  const { target, gaps } = request;
  const requirements = gaps.map(({ declared }) => declared);
  const set = { requirements, constraints: [], overrides: [], target, options };
  return {
    request,
    client,
    policy: buildPolicy(set, compatibleTags(target), createRequiresPythonCheck(target.pythonFull)),
    preReleases: options.preReleases,
    global: { markers: target.markers, constraints: new Map(), overrides: new Map() },
    asked: new Map(),
    state: { isWhole: true },
  };
}

// ---- names and releases ---------------------------------------------------------------------------------------------

/** A name that is looked up, and what was found. */
interface Node {
  readonly name: DistributionName;
  /** null for what is only required. */
  readonly gap: Gap | null;
  readonly specifiers: readonly Specifier[];
  readonly extras: Set<string>;
  /** null until it was looked up, and where no index has it. */
  found: Found | null;
}

interface Found {
  readonly page: ProjectPage;
  readonly universe: Universe;
  /** Number of the release. */
  readonly at: number;
  /** null where the resolution knows it. */
  readonly metadata: MetadataAnswer | null;
}

/** Looks up the gaps, then, wave by wave, what the unresolved ones require and nobody resolved. */
async function followRequirements(search: Search): Promise<ReadonlyMap<DistributionName, Node>> {
  const nodes = new Map<DistributionName, Node>();
  for (const gap of search.request.gaps) {
    const { name, specifiers } = gap.declared.requirement;
    nodes.set(name, { name, gap, specifiers, extras: new Set(gap.extras), found: null });
  }
  const seen = new Set<Node>();
  for (let wave: readonly Node[] = [...nodes.values()]; wave.length > 0;) {
    const unseen = wave.filter((node) => !seen.has(node));
    for (const node of unseen) seen.add(node);
    const found = await Promise.all(unseen.map((node) => lookUp(search, node)));
    unseen.forEach((node, at) => (node.found = found[at] ?? null));
    wave = nextWave(search, nodes, wave);
  }
  return nodes;
}

/** Names that are new, and known ones of which more extras are wanted now. */
function nextWave(
  { request, global }: Search,
  nodes: Map<DistributionName, Node>,
  wave: readonly Node[],
): readonly Node[] {
  const next = new Set<Node>();
  for (const { name, specifiers, extras } of wave.flatMap((node) => requirementsOf(node, global))) {
    const known = nodes.get(name);
    if (known === undefined && (request.resolved.has(name) || nodes.size >= mostNames)) continue;
    const node = known ?? { name, gap: null, specifiers, extras: new Set(), found: null };
    nodes.set(name, node);
    if (known === undefined || extras.some((extra) => !node.extras.has(extra))) next.add(node);
    for (const extra of extras) node.extras.add(extra);
  }
  return [...next];
}

/** What the release requires on the target, its wanted extras included. */
function requirementsOf(
  { name, found, extras }: Pick<Node, 'name' | 'found' | 'extras'>,
  global: GlobalRequirements,
): readonly Requirement[] {
  if (found === null || found.metadata?.known !== true) return [];
  const { requiresDist } = found.metadata.value;
  return [null, ...[...extras].toSorted()]
    .flatMap((extra) => activeRequirements(name, requiresDist, extra, global))
    .map(({ requirement }) => requirement)
    .filter((requirement) => requirement.name !== name);
}

async function lookUp(search: Search, node: Node): Promise<Found | null> {
  const { name, gap, specifiers } = node;
  const answer = await askForPage(search, name, gap?.declared.index ?? null);
  if (answer.status === 'failed') fail(search, answer.reason);
  if (answer.status !== 'found') return null;
  const { page } = answer;
  const universe = createUniverse(page, search.policy);
  const resolved = gap !== null && !isUnresolved(gap) ? gap.resolved : null;
  const version = resolved?.version ?? '';
  const held = universe.versions.findIndex(({ text }) => text === version);
  const at = held >= 0 ? held : chooseSupposed(universe, specifiers, search.preReleases);
  if (at === null) return null;
  const metadata = resolved === null ? await askForMetadata(search, name, universe, at) : null;
  return { page, universe, at, metadata };
}

/** The page as the resolution sees it; where an index does not answer, that of the next one that has the name. */
async function askForPage(
  search: Search,
  name: DistributionName,
  index: string | null,
): Promise<PageAnswer> {
  const { client, asked } = search;
  asked.set(name, index);
  if (index !== null) return client.page(name, index);
  const { answer, isPassedOver } = await client.anyPage(name);
  if (isPassedOver) fail(search, 'network');
  return answer;
}

async function askForMetadata(
  search: Search,
  name: DistributionName,
  universe: Universe,
  at: number,
): Promise<MetadataAnswer | null> {
  const release = universe.release(at);
  const choice = universe.choose(at);
  const files = release.files();
  const file = choice.usable
    ? choice.file
    : (files.find(({ kind }) => kind === 'wheel') ?? files[0]);
  if (file === undefined) return null;
  const answer = await search.client.metadata(name, file, release);
  if (!answer.known) fail(search, answer.reason);
  return answer;
}

function fail({ state }: Search, reason: UnknownReason): void {
  if (reason === 'network' || reason === 'offline') state.isWhole = false;
}

// ---- modules --------------------------------------------------------------------------------------------------------

async function describe(
  search: Search,
  nodes: ReadonlyMap<DistributionName, Node>,
  { onWeigh }: EnvironmentPorts,
): Promise<Supposition> {
  const sorted = [...nodes.values()].toSorted(
    (a, b) => Number(a.name > b.name) - Number(a.name < b.name),
  );
  let done = 0;
  const lists = await Promise.all(
    sorted.map(async (node) => {
      const list = node.found === null ? null : await findModules(search, node, node.found);
      onWeigh(++done, sorted.length, node.name);
      return [node.name, list] as const;
    }),
  );
  const modules = new Map<DistributionName, OtherModuleList>();
  for (const [name, list] of lists) if (list !== null) modules.set(name, list);
  return { distributions: sorted.flatMap((node) => toDistribution(search, node)), modules };
}

/** The first source that can be read: wheels, the nearest first; then the source archive of the release itself. */
async function findModules(
  search: Search,
  { name, gap }: Node,
  { page, universe, at }: Found,
): Promise<OtherModuleList | null> {
  const { client, policy } = search;
  // A name that stands for something from elsewhere (version control, an address) may be that of another project.
  const accuses = gap === null || gap.declared.source === 'index';
  const own = universe.release(at);
  let left = mostWheels;
  for (const { file, version } of wheelsNear(page, at, policy.tags)) {
    // What is only required is no reason to ask for more than its own wheel.
    if (left-- === 0 || (gap === null && version !== own.version)) break;
    const summary = await client.wheel(name, file);
    if (summary.known) {
      const { modules, scripts, entryPoints } = summary.value;
      return {
        modules,
        scripts,
        entryPoints,
        source: `the wheel of ${name} ${version.text}`,
        accuses,
      };
    }
    fail(search, summary.reason);
  }
  const archive = own.files().find(({ kind }) => kind === 'sdist');
  if (archive === undefined || gap === null) return null;
  const modules = await client.sdistModules(name, archive);
  if (!modules.known) {
    fail(search, modules.reason);
    return null;
  }
  const source = `the source archive of ${name} ${own.version.text}`;
  return { modules: modules.value, scripts: [], entryPoints: {}, source, accuses };
}

/** One for each name that was not resolved and is known; none for others. */
function toDistribution({ global }: Search, node: Node): readonly WeighedDistribution[] {
  const { name, gap, found } = node;
  if (found === null || (gap !== null && !isUnresolved(gap))) return [];
  const edges = new Map<DistributionName, Set<string>>();
  for (const { name: wanted, extras } of requirementsOf(node, global))
    edges.set(wanted, new Set([...(edges.get(wanted) ?? []), ...extras]));
  const metadata = found.metadata?.known === true ? found.metadata : null;
  return [
    {
      name,
      version: found.universe.release(found.at).version.text,
      extras: [...node.extras].toSorted(),
      file: null,
      unknownReason: 'not-weighed',
      requires: metadata?.value.requiresDist ?? [],
      metadataFrom: metadata?.from ?? null,
      dependencies: [...edges].map(([wanted, extras]) => ({
        name: wanted,
        extras: [...extras].toSorted(),
      })),
      weight: { known: false, reason: 'not-weighed' },
    },
  ];
}

// ---- memory ---------------------------------------------------------------------------------------------------------

/** Changes with everything that a memo holds, so that one of another form is never read. */
const memoForm = '1';

interface Memo {
  readonly stamps: readonly PageStamp[];
  readonly distributions: readonly WeighedDistribution[];
  readonly modules: readonly (readonly [DistributionName, OtherModuleList])[];
}

function memoKey(
  { gaps, resolved, target }: SuppositionRequest,
  settings: EnvironmentSettings,
): string {
  const { options, stamp } = settings;
  const asked = gaps.map(({ declared, extras, resolved: found }) => [
    formatRequirement(declared.requirement),
    declared.source,
    declared.index,
    declared.hashes,
    extras,
    found?.version ?? null,
    found?.unknownReason ?? null,
  ]);
  const { markers, platformTag, implementation, freeThreaded = false } = target;
  const on = [markers, platformTag, implementation, freeThreaded];
  const parts = [asked, [...resolved].toSorted(), ...on, options];
  return cacheKey('supposition', memoForm, stamp, JSON.stringify(parts));
}

function writeMemo(
  cache: Cache,
  key: string,
  { distributions, modules }: Supposition,
  stamps: readonly PageStamp[],
): void {
  const memo: Memo = { stamps, distributions, modules: [...modules] };
  cache.writeResult(key, memo);
}

function readMemo(cache: Cache, key: string, offline: boolean): Supposition | null {
  const stored = cache.readResult(key);
  if (!isMemo(stored) || !arePagesUnchanged(cache, stored.stamps, offline)) return null;
  return { distributions: stored.distributions, modules: new Map(stored.modules) };
}

// The key holds a hash of everything, so that a whole file of this name was written by this code.
function isMemo(value: unknown): value is Memo {
  return typeof value === 'object' && value !== null && 'stamps' in value && 'modules' in value;
}
