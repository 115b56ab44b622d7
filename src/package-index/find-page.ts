/** The page of a name from the first index that has it, with the files of `--find-links`. */
import type { DistributionName } from '../types.ts';
import type { Context } from './client-context.ts';
import type { IndexSource } from './index-source.ts';
import type { Eventually, PageAnswer, ProjectPage } from './package-index.ts';
import { cachedPage } from './page-answer.ts';
import type { PageEntry } from './page-record.ts';
import { createProjectPage, joinPages, recordOfName } from './project-page.ts';
import { askForPage } from './request-page.ts';

/** A page, and whether an index that comes before it gave no answer: then it may be another one the next time. */
export interface AnyPage {
  readonly answer: PageAnswer;
  readonly isPassedOver: boolean;
}

/** The page from the first index that has the name, or from the one given. */
export function findPage(
  context: Context,
  name: DistributionName,
  index: string | null,
): Eventually<PageAnswer> {
  const { sources, links } = context.options;
  const asked = index === null ? sources : [{ url: index }];
  const found = links();
  // The usual case without waiting: one index, no links, a fresh page in the cache.
  const [only, ...others] = asked;
  const cached =
    found === null && only !== undefined && others.length === 0
      ? cachedPage(context, only, name)
      : null;
  return cached ?? findPageInOrder(context, asked, name, found);
}

async function findPageInOrder(
  context: Context,
  sources: readonly IndexSource[],
  name: DistributionName,
  links: Eventually<readonly PageEntry[] | null>,
): Promise<PageAnswer> {
  const linked = linkedPage(name, await links);
  for (const [at, source] of sources.entries()) {
    const answer = cachedPage(context, source, name) ?? (await askForPage(context, source, name));
    // An index that gave no answer is never passed over: the next one may have a namesake.
    if (answer.status === 'failed') return answer;
    if (answer.status === 'not-found') continue;
    const page = linked === null ? answer.page : joinPages(linked, answer.page);
    return {
      status: 'found',
      page: at + 1 < sources.length ? { ...page, hidesLater: true } : page,
    };
  }
  return linked === null ? { status: 'not-found' } : { status: 'found', page: linked };
}

/** As `findPage`, but an index that cannot be reached is passed over where another one has the name. */
export async function findAnyPage(context: Context, name: DistributionName): Promise<AnyPage> {
  const linked = linkedPage(name, await context.options.links());
  let failed: PageAnswer | null = null;
  for (const source of context.options.sources) {
    const answer = cachedPage(context, source, name) ?? (await askOnce(context, source, name));
    if (answer.status === 'failed') failed ??= answer;
    if (answer.status !== 'found') continue;
    const page = linked === null ? answer.page : joinPages(linked, answer.page);
    return { answer: { status: 'found', page }, isPassedOver: failed !== null };
  }
  if (linked !== null)
    return { answer: { status: 'found', page: linked }, isPassedOver: failed !== null };
  return { answer: failed ?? { status: 'not-found' }, isPassedOver: failed !== null };
}

/** An index that did not answer is not asked for one name after the other, each time with all retries. */
async function askOnce(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<PageAnswer> {
  if (context.unreachable.has(source))
    return { status: 'failed', reason: 'network', detail: 'the index cannot be reached' };
  return askForPage(context, source, name);
}

function linkedPage(
  name: DistributionName,
  links: readonly PageEntry[] | null,
): ProjectPage | null {
  if (links === null) return null;
  // As in uv: these files are meant, whatever the date, and hardly ever tell when they were uploaded.
  const page = createProjectPage(name, recordOfName(links, name), null, { excludeNewer: null });
  if (page.releases.length === 0) return null;
  // No index gave it.
  const { index: _none, ...linked } = page;
  return linked;
}
