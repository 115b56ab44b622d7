/** From the record of a page, out of the cache or just fetched, to the answer of the port. */
import type { DistributionName } from '../types.ts';
import type { CachedPage } from './cache.ts';
import type { Context } from './client-context.ts';
import { stampKey } from './client-context.ts';
import type { IndexSource } from './index-source.ts';
import { addressWithoutUser, pageKey } from './index-source.ts';
import type { PageAnswer } from './package-index.ts';
import type { PageRecord } from './page-record.ts';
import { isAbsent } from './page-record.ts';
import { createProjectPage } from './project-page.ts';

/** The answer of the cache, null where that has none that may be used. */
export function cachedPage(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): PageAnswer | null {
  const { cache, offline, pageSource } = context.options;
  const cached = cache.readPage(pageKey(source, pageSource, name), offline);
  if (cached === null || (lacksTimes(context, cached.record) && !offline)) return null;
  return toAnswer(context, source, name, cached);
}

/** The answer that a record gives, which is noted as one that the run rests on. */
export function toAnswer(
  context: Context,
  source: IndexSource,
  name: DistributionName,
  { record, hash }: CachedPage,
): PageAnswer {
  const { excludeNewer, pageSource } = context.options;
  const asked = stampKey(name, isListed(context, source) ? null : source.url);
  const stamp = { key: pageKey(source, pageSource, name), hash };
  context.stamps.set(asked, [...(context.stamps.get(asked) ?? []), stamp]);
  // A page that is kept to say that there is none.
  if (isAbsent(record)) return { status: 'not-found' };
  const index = addressWithoutUser(source);
  return { status: 'found', page: createProjectPage(name, record, index, { excludeNewer }) };
}

/** A page that was kept before anybody asked for a date may have no times. */
export function lacksTimes(context: Context, record: PageRecord): boolean {
  return context.options.excludeNewer !== null && !record.hasTimes;
}

function isListed(context: Context, source: IndexSource): boolean {
  return context.options.sources.includes(source);
}
