/**
 * The rows of a comparison in the cache: they hold as long as all pages that they rest on are fresh and unchanged, so that the
 * same command again reads one file, however many targets it has.
 */
import type { Cache } from '../package-index/cache.ts';
import { cacheKey } from '../package-index/cache.ts';
import type { PageStamp } from '../package-index/client-context.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { Eventually } from '../package-index/package-index.ts';
import type { EnvironmentPorts, EnvironmentSettings } from '../resolve/environment.ts';
import { arePagesUnchanged, lockKey, resultKey } from '../resolve/environment.ts';
import type { PinnedSet } from '../resolve/lock-pins.ts';
import type { TargetEnvironment, Warning } from '../types.ts';
import type { BareRow } from './target-rows.ts';

/** What is made of all targets together. */
export interface Matrix {
  /** The number of the first target that has a solution, else 0. */
  readonly best: number;
  readonly rows: readonly BareRow[];
  readonly warnings: readonly Warning[];
}

interface Memo extends Matrix {
  readonly stamps: readonly PageStamp[];
}

/** Changes with everything that a memo holds, so that one of another form is never read. */
const memoForm = '3';

/** Names the matrix in the cache. */
export function matrixKey(
  environment: PinnedSet,
  asked: readonly {
    readonly target: TargetEnvironment;
    readonly settings: EnvironmentSettings;
  }[],
): string {
  const keys = asked.map(({ target, settings }) => resultKey(environment, target, settings));
  const lists = [environment.requirements, environment.constraints, environment.overrides];
  // Rows name places, of which the result of one target keeps none.
  const places = lists.map((list) => list.map(({ raw, location }) => [raw, location]));
  const lock = environment.locked === undefined ? '' : lockKey(environment.locked);
  return cacheKey('compare', memoForm, JSON.stringify(places), lock, ...keys);
}

/** The matrix of an earlier run, null where there is none that still holds. */
export function readMatrix(cache: Cache, key: string, offline: boolean): Matrix | null {
  const stored = cache.readResult(key);
  return isMemo(stored) && arePagesUnchanged(cache, stored.stamps, offline) ? stored : null;
}

/** Keeps a matrix with the pages that it rests on. */
export function writeMatrix(
  cache: Cache,
  key: string,
  matrix: Matrix,
  stamps: readonly PageStamp[],
): void {
  const memo: Memo = { ...matrix, stamps };
  cache.writeResult(key, memo);
}

// The key holds a hash of everything, so that a whole file of this name was written by this code.
function isMemo(value: unknown): value is Memo {
  return (
    typeof value === 'object' && value !== null && 'stamps' in value && Array.isArray(value.stamps)
  );
}

/** Ports that note what the answers rest on. */
export interface Basis {
  readonly ports: Pick<EnvironmentPorts, 'client' | 'onBasis'>;
  /** Null where some answer holds for this run alone. */
  stamps(): readonly PageStamp[] | null;
}

/** Notes pages that are asked for beside the resolutions, and what these rest on themselves. */
export function createBasis(client: IndexClient): Basis {
  const stamps = new Map<string, PageStamp>();
  const asked = new Set<() => readonly PageStamp[]>();
  let isLasting = true;
  const watch = <T>(answer: Eventually<T>, hasFailed: (value: T) => boolean): Eventually<T> => {
    const look = (value: T): T => {
      if (hasFailed(value)) isLasting = false;
      return value;
    };
    return answer instanceof Promise ? answer.then(look) : look(answer);
  };
  const watching: IndexClient = {
    ...client,
    page: (name, index = null) => {
      asked.add(() => client.stampsOf(name, index));
      return watch(client.page(name, index), ({ status }) => status === 'failed');
    },
    buildNeeds: (name, file) =>
      watch(
        client.buildNeeds(name, file),
        (needs) => !needs.known && needs.reason !== 'sdist-only',
      ),
  };
  return {
    ports: {
      client: watching,
      onBasis: (pages) => {
        if (pages === null) isLasting = false;
        for (const page of pages ?? []) stamps.set(page.key, page);
      },
    },
    stamps: () => {
      if (!isLasting) return null;
      for (const pages of asked) for (const page of pages()) stamps.set(page.key, page);
      return [...stamps.values()];
    },
  };
}
