/** What is asked for by `--price-storage` and its like. Money is never guessed: what has no price has no row. */
import { DepweightError } from '../errors.ts';
import { parseSize } from '../settings/size.ts';
import type { Prices } from '../types.ts';

/** Names of the flags, and of the keys of the configuration. */
export const PRICE_OPTIONS: readonly string[] = [
  'price-storage',
  'price-transfer',
  'pulls',
  'versions-kept',
  'bandwidth',
];

/** How values are got at; `refuse` throws for one that is wrong, naming flag or setting. */
export interface PriceReader {
  readonly raw: (name: string) => unknown;
  readonly refuse: (name: string, value: unknown, expected: string) => never;
}

/** The prices, null where there is none. A count without its price is an error: it would be silently ignored. */
export function readPrices(reader: PriceReader): Prices | null {
  const storage = readPrice('price-storage', reader);
  const transfer = readPrice('price-transfer', reader);
  const pulls = readCount('pulls', reader);
  const versions = readCount('versions-kept', reader);
  const bandwidth = readBandwidth(reader);
  if (pulls !== null && transfer === null && bandwidth === null)
    needs('pulls', 'price-transfer or --bandwidth');
  if (versions !== null && storage === null) needs('versions-kept', 'price-storage');
  if (storage === null && transfer === null && bandwidth === null) return null;
  const currency = [storage, transfer].find((price) => (price?.currency ?? '') !== '')?.currency;
  return {
    currency: currency ?? '',
    storage: storage?.amount ?? null,
    transfer: transfer?.amount ?? null,
    pulls,
    versionsKept: versions ?? 1,
    bandwidth,
  };
}

function needs(name: string, other: string): never {
  throw new DepweightError('wrong-call', {
    message: `--${name} counts only with --${other}`,
    hint: 'for instance `--price-storage 0.10 --versions-kept 5`',
  });
}

interface Price {
  readonly amount: number;
  readonly currency: string;
}

const PRICE =
  /^(?<currency>[$€£¥]|[A-Z]{3} ?)?(?<amount>\d{1,9}(?:\.\d{1,9})?)(?: ?\/ ?GB(?:[-/ ]month)?)?$/;

/** `0.10`, `$0.10`, `EUR 0.10`, `0.10/GB-month`. */
function readPrice(name: string, { raw, refuse }: PriceReader): Price | null {
  const value = raw(name);
  if (value === undefined) return null;
  const match = PRICE.exec(toText(value).trim());
  const unit = name === 'price-storage' ? 'GB and month' : 'GB';
  if (match?.groups === undefined)
    return refuse(name, value, `a price per ${unit} such as 0.10 or $0.10`);
  const { currency = '', amount = '' } = match.groups;
  return {
    amount: Number(amount),
    currency: /^[A-Z]/.test(currency) ? `${currency.trim()} ` : currency,
  };
}

function readCount(name: string, { raw, refuse }: PriceReader): number | null {
  const value = raw(name);
  if (value === undefined) return null;
  const text = toText(value)
    .trim()
    .replaceAll(/[,_](?=\d{3})/g, '');
  return /^\d{1,12}$/.test(text) ? Number(text) : refuse(name, value, 'a whole number');
}

/** Bytes in a second: of `100 Mbit/s`, `1Gbps` or `12.5 MB/s`. `Mb` alone may be bits or bytes. */
function readBandwidth({ raw, refuse }: PriceReader): number | null {
  const value = raw('bandwidth');
  if (value === undefined) return null;
  const expected = 'a rate such as 100 Mbit/s or 12.5 MB/s';
  const text = toText(value).trim();
  const bits = /^(\d{1,9}(?:\.\d{1,6})?) ?([kMG])(?:bit\/s|bps|bit)$/.exec(text);
  if (bits !== null) {
    const factor = { k: 1e3, M: 1e6, G: 1e9 }[bits[2] ?? ''] ?? 1;
    return positive((Number(bits[1]) * factor) / 8, value, expected, refuse);
  }
  const [, size = ''] = /^(.*[kKMG]i?B)\/s$/.exec(text) ?? [];
  return positive(parseSize(size) ?? 0, value, expected, refuse);
}

function positive(
  bytes: number,
  value: unknown,
  expected: string,
  refuse: PriceReader['refuse'],
): number {
  return bytes > 0 ? bytes : refuse('bandwidth', value, expected);
}

function toText(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
}
