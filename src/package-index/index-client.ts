/**
 * The `PackageIndex` over HTTP and the cache. Every answer is asked for once in a run, however many ask for it at the
 * same time.
 */
import type {
  BuildNeeds,
  DistributionFile,
  DistributionName,
  Known,
  WheelSummary,
} from '../types.ts';
import type { Context, IndexClientOptions, PageStamp } from './client-context.ts';
import { stampKey } from './client-context.ts';
import { createCredentials } from './credentials.ts';
import { factKey } from './file-facts.ts';
import { findArchiveModules, findBuildNeeds, findSummary, isWeighed } from './find-contents.ts';
import { findMetadata } from './find-metadata.ts';
import type { AnyPage } from './find-page.ts';
import { findAnyPage, findPage } from './find-page.ts';
import type { Http } from './http.ts';
import { findNamesake } from './find-namesake.ts';
import type { Namesake } from './namesakes.ts';
import type { Eventually, MetadataAnswer, PackageIndex, PageAnswer } from './package-index.ts';

/** What is asked only to tell which modules belong to a name: never for what is installed. */
export interface ModuleSource {
  /** As `page`, but an index that cannot be reached is passed over where another one has the name. */
  anyPage(name: DistributionName): Eventually<AnyPage>;
  /** Import modules of a source archive of at most 4 MiB; an unknown one has a detail. */
  sdistModules(
    name: DistributionName,
    file: DistributionFile,
  ): Eventually<Known<readonly string[]>>;
}

/** A `PackageIndex` that can say which pages its answers rest on. */
export interface IndexClient extends PackageIndex, ModuleSource {
  /** The pages that answered for a name, those of indexes that do not have it included; empty before the answer. */
  stampsOf(name: DistributionName, index?: string | null): readonly PageStamp[];
  /** What building a source archive of at most 4 MiB takes; an unknown one has a detail. */
  buildNeeds(name: DistributionName, file: DistributionFile): Eventually<Known<BuildNeeds>>;
  /** Remembers user and password in the address of a file, which is then asked for with them. */
  addCredentials(url: string): void;
  /** Which of the names, all of them answered for, a later index has too. An index that is asked nothing else is not asked. */
  namesakes(names: readonly DistributionName[]): Promise<readonly Namesake[]>;
}

/** A client for the sources given. */
export function createIndexClient(options: IndexClientOptions): IndexClient {
  const credentials = createCredentials();
  for (const { url } of options.sources) if (url !== null) credentials.add(url);
  for (const url of options.credentials ?? []) credentials.add(url);
  const http = async (): Promise<Http> => credentials.applyTo(await options.http());
  const context: Context = {
    options: { ...options, http },
    defaultUrl: null,
    stamps: new Map(),
    decoded: new WeakMap(),
    unreachable: new Set(),
    answering: new Set(),
    openIndexes: new Map(),
  };
  const pages = new Map<string, Eventually<PageAnswer>>();
  const metadata = new Map<string, Eventually<MetadataAnswer>>();
  const wheels = new Map<string, Eventually<Known<WheelSummary>>>();
  const lenient = new Map<string, Eventually<AnyPage>>();
  const builds = new Map<string, Eventually<Known<BuildNeeds>>>();
  const archives = new Map<string, Eventually<Known<readonly string[]>>>();
  return {
    page: (name, index = null) => {
      if (index !== null) credentials.add(index);
      return once(pages, stampKey(name, index), () => findPage(context, name, index));
    },
    stampsOf: (name, index = null) => context.stamps.get(stampKey(name, index)) ?? [],
    addCredentials: (url) => credentials.addFile(url),
    metadata: (name, file, release) =>
      once(metadata, factKey(file), () => findMetadata(context, { name, file, release, wheels })),
    wheel: (name, file) => once(wheels, factKey(file), () => findSummary(context, name, file)),
    isWeighed: (file) => isWeighed(context, file),
    anyPage: (name) => {
      const strict = pages.get(stampKey(name, null));
      if (strict !== undefined && !(strict instanceof Promise) && strict.status !== 'failed')
        return { answer: strict, isPassedOver: false };
      return once(lenient, name, () => findAnyPage(context, name));
    },
    sdistModules: (name, file) =>
      once(archives, factKey(file), () => findArchiveModules(context, name, file)),
    buildNeeds: (name, file) =>
      once(builds, factKey(file), () => findBuildNeeds(context, name, file)),
    namesakes: async (names) => {
      if (options.sources.length < 2) return [];
      const found = names.map(async (name) =>
        findNamesake(context, name, await pages.get(stampKey(name, null))),
      );
      return (await Promise.all(found)).flatMap((namesake) => namesake ?? []);
    },
  };
}

/** The answer at hand, or the one that is under way, or the one of `ask`. */
function once<T>(
  answers: Map<string, Eventually<T>>,
  key: string,
  ask: () => Eventually<T>,
): Eventually<T> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  answers.set(key, asked);
  // A failure is told to whoever waits for the answer; nobody waits for this copy of it.
  if (asked instanceof Promise)
    void asked.then(
      (answer) => answers.set(key, answer),
      () => undefined,
    );
  return asked;
}
