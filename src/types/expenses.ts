/** Money and time. */
import type { Bytes } from './foundations.ts';

/** Prices and rates, as the user gave them: none is guessed. */
export interface Prices {
  /** Before an amount: `$`, `EUR `, '' where none was said. */
  readonly currency: string;
  /** Money for a GB (10⁹ bytes) and month; null where it was not given. */
  readonly storage: number | null;
  /** Money for a GB. */
  readonly transfer: number | null;
  /** How often it is pulled; null: once. */
  readonly pulls: number | null;
  readonly versionsKept: number;
  /** Bytes in a second. */
  readonly bandwidth: number | null;
}

/** What one set costs; null where its price was not given. Rounded to six decimals. */
export interface Expense {
  /** What it is computed from: an estimate of what a registry stores and a host pulls. */
  readonly downloadBytes: Bytes;
  /** Money in a month. */
  readonly storage: number | null;
  /** Money for all pulls. */
  readonly transfer: number | null;
  /** Of one pull. */
  readonly seconds: number | null;
}

/** What a set costs, and would cost after the change that the document speaks of; null where there is none. */
export interface Expenses {
  readonly prices: Prices;
  readonly before: Expense;
  readonly after: Expense | null;
  /** Something is of unknown size. */
  readonly lowerBound: boolean;
}
