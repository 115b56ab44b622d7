/** Names that several indexes have: only the first of them is asked for files. */
import type { DistributionName } from '../types.ts';
import type { Context } from './client-context.ts';
import { sourceUrl } from './client-context.ts';
import { failureText } from './failure.ts';
import type { IndexSource } from './index-source.ts';
import { addressWithoutUser, pageKey, simpleAccept } from './index-source.ts';
import type { Namesake } from './namesakes.ts';
import type { PageAnswer } from './package-index.ts';
import { absentPage, emptyPage, isAbsent } from './page-record.ts';

/** Whether an index that comes after the one which answered has the name too; null where none is known to. */
export async function findNamesake(
  context: Context,
  name: DistributionName,
  answer: PageAnswer | undefined,
): Promise<Namesake | null> {
  if (answer?.status !== 'found' || answer.page.index === undefined) return null;
  const { index } = answer.page;
  const { sources } = context.options;
  const addresses = sources.map((source) => addressWithoutUser(source));
  const at = addresses.indexOf(index);
  if (at < 0) return null;
  const later = sources.slice(at + 1);
  const has = await Promise.all(later.map((source) => hasName(context, source, name)));
  const others = addresses.slice(at + 1).filter((_, order) => has[order] === true);
  return others.length === 0 ? null : { name, index, others };
}

/** Null where that is not known, which is no reason for a run to wait or to fail. */
async function hasName(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<boolean | null> {
  const { cache, offline } = context.options;
  const key = pageKey(source, 'presence', name);
  const kept = cache.readPage(key, offline);
  if (kept !== null) return !isAbsent(kept.record);
  if (offline || !context.answering.has(source)) return null;
  try {
    const url = `${sourceUrl(context, source)}${name}/`;
    const http = await context.options.http();
    // Its answer has no body, where a page may be long.
    const { status } = await http.get(url, { method: 'HEAD', accept: simpleAccept });
    if (status !== 200 && status !== 404 && status !== 410) return null;
    const validators = { etag: null, lastModified: null, maxAge: null };
    cache.writePage(key, status === 200 ? emptyPage : absentPage, validators);
    return status === 200;
  } catch (error) {
    // What is no failed answer goes on from here.
    failureText(error, name);
    return null;
  }
}
