/** What is kept of a file for ever: it never changes under its hash. */
import type { DistributionFile } from '../types.ts';
import { cacheKey } from './cache.ts';
import type { Context } from './client-context.ts';
import { stripCredentials } from './index-source.ts';

/** A file is what its hash says it is; without one, what its address says. */
export function factKey(file: DistributionFile): string {
  return file.sha256 ?? cacheKey(stripCredentials(file.url));
}

/** Metadata, weight, modules of a source archive, or what building it takes. */
type FactKind = 'm' | 'w' | 's' | 'b';

/** A fact of an earlier run, null where there is none. */
export function readFact(context: Context, kind: FactKind, file: DistributionFile): unknown {
  return isLastingFile(file) ? context.options.cache.readFact(`${kind}:${factKey(file)}`) : null;
}

/** Keeps a fact for later runs. */
export function keepFact(
  context: Context,
  kind: FactKind,
  file: DistributionFile,
  fact: unknown,
): void {
  if (isLastingFile(file)) context.options.cache.writeFact(`${kind}:${factKey(file)}`, fact);
}

/** A file of the disk is rebuilt under its name; only a hash tells one from the next, and reading it again is cheap. */
function isLastingFile({ sha256, url }: DistributionFile): boolean {
  return sha256 !== null || !/^file:/i.test(url);
}
