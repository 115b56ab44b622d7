/**
 * Money and seconds, from the bytes of the compressed wheels: an image layer compresses much like them, but how exactly is
 * not known before it is built, and its base comes on top.
 *
 *     storage  = download GB × versions kept × price        a month
 *     transfer = download GB × pulls × price                for that many pulls
 *     seconds  = download bytes ÷ bandwidth                 a pull
 */
import type { AuditDocument, Bytes, Expense, Expenses, Finding, Prices, Totals } from '../types.ts';

const GB = 1e9;

/** Two sets whose difference is worth money. */
export interface Compared {
  readonly before: Pick<Totals, 'downloadBytes'>;
  /** Null where nothing changes. */
  readonly after: Pick<Totals, 'downloadBytes'> | null;
  /** Some of it is of unknown size. */
  readonly lowerBound: boolean;
}

/** What the headline environment costs, and what it would once what the product does not need has left. */
export function priceDocument(document: Priced, prices: Prices): Expenses {
  return priceSets(comparedIn(document), prices);
}

/** What two sets cost. */
export function priceSets({ before, after, lowerBound }: Compared, prices: Prices): Expenses {
  return {
    prices,
    before: expenseOf(before.downloadBytes, prices),
    after: after === null ? null : expenseOf(after.downloadBytes, prices),
    lowerBound,
  };
}

type Priced = Pick<AuditDocument, 'totals' | 'packages' | 'findings' | 'splits'>;

function comparedIn({ totals, packages, findings, splits }: Priced): Compared {
  const lowerBound =
    totals.lowerBound && packages.some(({ downloadBytes }) => downloadBytes === null);
  // The proposal was resolved as a whole; a sum of findings misses what two of them free only together.
  const proposal = splits.find(({ kind }) => kind === 'prod');
  if (proposal !== undefined) return { before: totals, after: proposal.totals, lowerBound };
  const saved = findings
    .filter(isSaving)
    .reduce((sum, { savedDownloadBytes }) => sum + (savedDownloadBytes ?? 0), 0);
  const after = saved > 0 ? { downloadBytes: Math.max(totals.downloadBytes - saved, 0) } : null;
  return { before: totals, after, lowerBound };
}

function isSaving({ rule, confidence }: Finding): boolean {
  return (rule === 'unused' || rule === 'dev-only') && confidence !== 'possible';
}

function expenseOf(downloadBytes: Bytes, prices: Prices): Expense {
  const { storage, transfer, pulls, versionsKept, bandwidth } = prices;
  const gigabytes = downloadBytes / GB;
  return {
    downloadBytes,
    storage: storage === null ? null : round(gigabytes * versionsKept * storage),
    transfer: transfer === null ? null : round(gigabytes * (pulls ?? 1) * transfer),
    seconds: bandwidth === null ? null : round(downloadBytes / bandwidth),
  };
}

/** Six decimals: the same figures on every machine, and nobody pays less. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
