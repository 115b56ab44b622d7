/**
 * One environment on one target, resolved and weighed. Whole results are remembered: they hold as long as the pages of
 * the index that they rest on are fresh and unchanged, so that the same command again reads one file of the cache.
 */
import type {
  DeclaredRequirement,
  DistributionName,
  LockedPart,
  ResolvedGraph,
  TargetEnvironment,
  UnknownReason,
  WeighedGraph,
} from '../types.ts';
import type { Cache } from '../package-index/cache.ts';
import { cacheKey } from '../package-index/cache.ts';
import type { PageStamp } from '../package-index/client-context.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import { warnOfNamesakes } from '../package-index/namesakes.ts';
import type { Eventually, PackageIndex } from '../package-index/package-index.ts';
import { formatRequirement } from '../pep/requirement.ts';
import { weighGraph } from '../weigh/weigh-graph.ts';
import type { Conflict } from './conflict.ts';
import { warnOfUnlisted } from './hash-mode.ts';
import type { LockedPythons } from './lock-files.ts';
import type { PinnedSet } from './lock-pins.ts';
import { applyPins } from './lock-pins.ts';
import type { Precedents } from './precedents.ts';
import { placeRequirements } from './placed-requirements.ts';
import type { ResolveOptions } from './resolve-request.ts';
import { resolve } from './resolver.ts';

/** What came of an environment. */
export type EnvironmentOutcome =
  | { readonly solved: true; readonly graph: WeighedGraph }
  | { readonly solved: false; readonly conflict: Conflict };

/** What is asked of the indexes, beside the requirements themselves. */
export interface EnvironmentSettings {
  readonly options: ResolveOptions;
  /** False: only versions; every weight is then unknown. */
  readonly weights: boolean;
  readonly offline: boolean;
  /** False where an answer rests on something that the cache cannot watch. */
  readonly isLasting: boolean;
  /** False where somebody keeps what is made of the result, so that the result itself is only read. */
  readonly remembers?: false;
  /** For what is locked: whether it has to be for the Python of the target. Ignored unless it is said. */
  readonly lockedPythons?: LockedPythons;
  /** Whatever else an answer depends on: indexes, dates, version of depweight. No credentials. */
  readonly stamp: string;
}

/** The ports. */
export interface EnvironmentPorts {
  readonly client: IndexClient;
  readonly cache: Cache;
  readonly signal?: AbortSignal;
  readonly onResolve: (name: string, version: string) => void;
  readonly onWeigh: (done: number, total: number, label: string) => void;
  /** Told the pages that a result rests on; null for one that holds for this run alone. */
  /** For several targets of one environment: what was found for those before. */
  readonly precedents?: Precedents;
  readonly onBasis?: (stamps: readonly PageStamp[] | null) => void;
}

/** What is asked of the indexes once the pins of a lock are applied, and the name of its result in the cache. */
interface Prepared {
  readonly environment: PinnedSet;
  readonly settings: EnvironmentSettings;
  readonly declared: readonly (readonly DeclaredRequirement[])[];
  readonly key: string;
}

function prepare(
  placed: PinnedSet,
  target: TargetEnvironment,
  openSettings: EnvironmentSettings,
): Prepared {
  const { environment, preferences } = applyPins(placed, target);
  const settings =
    preferences.size === 0
      ? openSettings
      : { ...openSettings, options: { ...openSettings.options, preferences } };
  const declared = [environment.requirements, environment.constraints, environment.overrides];
  return { environment, settings, declared, key: memoKey(declared, target, settings) };
}

function placeSet(asWritten: PinnedSet, target: TargetEnvironment): PinnedSet {
  return { ...asWritten, requirements: placeRequirements(asWritten.requirements, target) };
}

/** Names the result: whatever gives another result has another name, but for what a lock says, which `lockKey` names. */
export function resultKey(
  asWritten: PinnedSet,
  target: TargetEnvironment,
  settings: EnvironmentSettings,
): string {
  return prepare(placeSet(asWritten, target), target, settings).key;
}

/** Names all that a lock says, of whatever target: too much to be written down for each of them. */
export function lockKey({ facts, path, sets, folder }: LockedPart): string {
  const plain = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
  return cacheKey('lock', path, folder ?? '', ...sets, JSON.stringify(facts, plain));
}

/** Resolves and weighs, or takes the result of an earlier run. */
export async function resolveEnvironment(
  asWritten: PinnedSet,
  target: TargetEnvironment,
  openSettings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<EnvironmentOutcome> {
  const placed = placeSet(asWritten, target);
  if (placed.locked !== undefined) {
    return fromLock({ ...placed, locked: placed.locked }, target, openSettings, ports);
  }
  const { environment, settings, declared, key } = prepare(placed, target, openSettings);
  addCredentials(environment.requirements, ports.client);
  const remembered = settings.isLasting
    ? readMemo(ports.cache, key, declared.flat(), settings.offline)
    : null;
  if (remembered !== null) {
    ports.onBasis?.(remembered.stamps);
    return remembered.outcome;
  }
  const { client } = ports;
  const asked = new Map<string, readonly [DistributionName, string | null]>();
  // Whatever failed may have changed what was chosen: such a result must not outlive the failure.
  let hasFailed = false;
  const index: PackageIndex = {
    ...client,
    page: (name, explicit = null) => {
      asked.set(`${explicit ?? ''} ${name}`, [name, explicit]);
      return observe(client.page(name, explicit), ({ status }) => {
        hasFailed ||= status === 'failed';
      });
    },
    metadata: (name, file, release) =>
      observe(client.metadata(name, file, release), (answer) => {
        hasFailed ||= !answer.known && failures.has(answer.reason);
      }),
  };
  const { requirements, constraints, overrides } = environment;
  const request = { requirements, constraints, overrides, target, options: settings.options };
  const { signal, precedents } = ports;
  const answer = await resolve(request, {
    index,
    onDecision: ports.onResolve,
    ...(signal === undefined ? {} : { signal }),
    ...(precedents === undefined ? {} : { precedents }),
  });
  const outcome: EnvironmentOutcome = answer.solved
    ? { solved: true, graph: await finish(answer.graph, request, settings, ports) }
    : answer;
  const stamps = [...asked.values()].flatMap(([name, explicit]) => client.stampsOf(name, explicit));
  const isKept = settings.isLasting && !hasFailed && isLasting(outcome);
  ports.onBasis?.(isKept ? stamps : null);
  if (isKept && settings.remembers !== false)
    writeMemo(ports.cache, key, declared.flat(), { outcome, stamps });
  return outcome;
}

// Alone it is not remembered: what a lock says is read faster than the memo of it.
async function fromLock(
  { requirements, locked }: PinnedSet & { readonly locked: LockedPart },
  target: TargetEnvironment,
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<EnvironmentOutcome> {
  const { options, weights, lockedPythons: pythons = 'ignored' } = settings;
  addCredentials(requirements, ports.client);
  const { resolveLocked } = await import('./locked-environment.ts');
  const request = { locked, requirements, target, options, weights, pythons };
  const found = await resolveLocked(request, ports.client, ports.onResolve);
  const graph = await weighOrNot(found, target, settings, ports);
  const outcome: EnvironmentOutcome = { solved: true, graph };
  // The pages that were asked for are noted where they were.
  ports.onBasis?.(settings.isLasting && isLasting(outcome) ? [] : null);
  return outcome;
}

const failures: ReadonlySet<UnknownReason> = new Set([
  'network',
  'offline',
  'broken-metadata',
  'broken-wheel',
]);

function observe<T>(answer: Eventually<T>, look: (value: T) => void): Eventually<T> {
  if (answer instanceof Promise) {
    return answer.then((value) => {
      look(value);
      return value;
    });
  }
  look(answer);
  return answer;
}

/** Files are known without user and password; those that requirements give are told to who asks for the files. */
function addCredentials(declared: readonly DeclaredRequirement[], client: IndexClient): void {
  for (const { source, requirement } of declared)
    if (source === 'url' && requirement.url !== null) client.addCredentials(requirement.url);
}

async function finish(
  graph: ResolvedGraph,
  {
    requirements,
    target,
  }: {
    readonly requirements: readonly DeclaredRequirement[];
    readonly target: TargetEnvironment;
  },
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<WeighedGraph> {
  const names = graph.distributions.map(({ name }) => name);
  const [weighed, namesakes] = await Promise.all([
    weighOrNot(graph, target, settings, ports),
    ports.client.namesakes(names),
  ]);
  const further = [...warnOfNamesakes(namesakes), ...warnOfUnlisted(requirements, graph)];
  return { ...weighed, warnings: [...weighed.warnings, ...further] };
}

async function weighOrNot(
  graph: ResolvedGraph,
  { python }: TargetEnvironment,
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<WeighedGraph> {
  if (settings.weights)
    return weighGraph(graph, { index: ports.client, python, listener: ports.onWeigh });
  const distributions = graph.distributions.map((distribution) => ({
    ...distribution,
    weight: { known: false, reason: distribution.unknownReason ?? 'not-weighed' } as const,
  }));
  return { ...graph, distributions };
}

/** A result that rests on an answer that failed must not outlive the failure. */
function isLasting(outcome: EnvironmentOutcome): boolean {
  if (!outcome.solved) return true;
  return outcome.graph.warnings.every(({ severity }) => severity !== 'incomplete');
}

function memoKey(
  declared: readonly (readonly DeclaredRequirement[])[],
  target: TargetEnvironment,
  settings: EnvironmentSettings,
): string {
  const { options, weights, stamp, lockedPythons = null } = settings;
  const requirements = declared.map((list) =>
    list.map(({ requirement, source, location, hashes, index, editable, conda }) => [
      formatRequirement(requirement),
      requirement.url,
      source,
      editable,
      hashes,
      index,
      location.path,
      location.line,
      conda ?? null,
    ]),
  );
  const preferences = [...options.preferences].map(([name, version]) => `${name}==${version.text}`);
  const { markers, platformTag, implementation, freeThreaded } = target;
  const choices = { ...options, preferences, weights, lockedPythons };
  return cacheKey(
    'environment',
    memoForm,
    stamp,
    JSON.stringify([
      requirements,
      markers,
      platformTag,
      implementation,
      freeThreaded === true,
      choices,
    ]),
  );
}

/** Changes with everything that a memo holds, so that one of another form is never read. */
const memoForm = '5';

interface Memo {
  readonly stamps: readonly PageStamp[];
  /** Plain data, stored as it is: reading requirements from text again would cost more than the larger file. */
  readonly graph?: WeighedGraph;
  /** Numbers are places in the list of all declared requirements. */
  readonly conflict?: {
    readonly message: string;
    readonly hint: string | null;
    readonly requirements: readonly number[];
  };
}

function writeMemo(
  cache: Cache,
  key: string,
  declared: readonly DeclaredRequirement[],
  {
    outcome,
    stamps,
  }: { readonly outcome: EnvironmentOutcome; readonly stamps: readonly PageStamp[] },
): void {
  const memo: Memo = outcome.solved
    ? { stamps, graph: outcome.graph }
    : {
        stamps,
        conflict: {
          message: outcome.conflict.message,
          hint: outcome.conflict.hint,
          requirements: outcome.conflict.requirements.map((requirement) =>
            declared.indexOf(requirement),
          ),
        },
      };
  cache.writeResult(key, memo);
}

function readMemo(
  cache: Cache,
  key: string,
  declared: readonly DeclaredRequirement[],
  offline: boolean,
): { readonly outcome: EnvironmentOutcome; readonly stamps: readonly PageStamp[] } | null {
  const stored = cache.readResult(key);
  if (!isMemo(stored) || !arePagesUnchanged(cache, stored.stamps, offline)) return null;
  const { stamps, graph } = stored;
  if (graph !== undefined) return { stamps, outcome: { solved: true, graph } };
  if (stored.conflict === undefined) return null;
  const requirements = stored.conflict.requirements.flatMap((at) => declared[at] ?? []);
  const { message, hint } = stored.conflict;
  return { stamps, outcome: { solved: false, conflict: { message, hint, requirements } } };
}

/** Whether what rests on these pages still holds without asking the index. */
export function arePagesUnchanged(
  cache: Cache,
  stamps: readonly PageStamp[],
  offline: boolean,
): boolean {
  return stamps.every(({ key, hash }) => {
    const state = cache.pageState(key);
    return state !== null && state.hash === hash && (state.fresh || offline);
  });
}

// The key holds a hash of everything, so that a whole file of this name was written by this code.
function isMemo(value: unknown): value is Memo {
  return (
    typeof value === 'object' && value !== null && 'stamps' in value && Array.isArray(value.stamps)
  );
}
