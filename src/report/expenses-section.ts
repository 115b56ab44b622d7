import type { Expense, Expenses } from '../types.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { INDENT } from './section-parts.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

/** One kind of expense: how it was computed, and what it comes to. */
interface Line {
  readonly name: string;
  readonly factors: string;
  readonly amounts: string;
}

/** `COST`: money and seconds before and after, each with its factors. Empty where no price was given. */
export function renderExpenses(expenses: Expenses | undefined, view: View): readonly string[] {
  if (expenses === undefined) return [];
  const { options, painter } = view;
  const lines = linesOf(expenses, view);
  const name = Math.max(...lines.map((line) => displayWidth(line.name)));
  const factors = Math.max(...lines.map((line) => displayWidth(line.factors)));
  const amounts = Math.max(...lines.map((line) => displayWidth(line.amounts)));
  const word = painter.bold(painter.cyan(padEnd('COST', INDENT)));
  const title = 'of the wheels as they are compressed; code and base image come on top';
  const [first = '', ...more] = wrap(title, options.width - INDENT);
  const isWide = 2 + name + 2 + factors + 2 + amounts <= options.width;
  return [
    `${word}${first}`,
    ...more.map((line) => `${' '.repeat(INDENT)}${line}`),
    ...lines.flatMap((line) => {
      const head = `  ${padEnd(line.name, name)}  `;
      return isWide
        ? [`${head}${padEnd(line.factors, factors)}  ${padStart(line.amounts, amounts)}`]
        : [`${head}${line.amounts}`, painter.dim(`      ${line.factors}`)];
    }),
  ];
}

function linesOf(expenses: Expenses, { options }: View): readonly Line[] {
  const { prices, before, lowerBound } = expenses;
  const { currency, versionsKept } = prices;
  const bound = lowerBound ? '≥ ' : '';
  const size = `${bound}${formatBytes(before.downloadBytes, options.units)}`;
  const price = (amount: number | null): string => `${formatMoney(amount ?? 0, currency)}/GB`;
  const versions = versionsKept === 1 ? '' : ` × ${formatCount(versionsKept, 'version')}`;
  const pulls = formatCount(prices.pulls ?? 1, 'pull');
  const kinds: readonly (Line & { readonly key: Kind })[] = [
    {
      key: 'storage',
      name: 'storage',
      factors: `${size}${versions} × ${price(prices.storage)}`,
      amounts: ' a month',
    },
    {
      key: 'transfer',
      name: 'transfer',
      factors: `${size} × ${pulls} × ${price(prices.transfer)}`,
      amounts: '',
    },
    {
      key: 'seconds',
      name: 'time',
      factors: `${size} at ${formatRate(prices.bandwidth ?? 0)}`,
      amounts: ' a pull',
    },
  ];
  return kinds
    .filter(({ key }) => before[key] !== null)
    .map(({ key, name, factors, amounts }) => {
      const change = describeChange(expenses, (expense) => {
        const value = expense[key] ?? 0;
        return key === 'seconds' ? formatSeconds(value) : formatMoney(value, currency);
      });
      return { name, factors, amounts: `${bound}${change}${amounts}` };
    });
}

type Kind = 'storage' | 'transfer' | 'seconds';

/** Networks are sold by bits: `100 Mbit/s`. */
function formatRate(bytes: number): string {
  const megabits = (bytes * 8) / 1e6;
  return megabits >= 1000
    ? `${Number((megabits / 1000).toFixed(1))} Gbit/s`
    : `${Number(megabits.toFixed(1))} Mbit/s`;
}

function describeChange({ before, after }: Expenses, format: (expense: Expense) => string): string {
  return after === null ? format(before) : `${format(before)} → ${format(after)}`;
}

/** `$255.60`; below ten cents as many digits as it takes to say anything. */
function formatMoney(amount: number, currency: string): string {
  if (amount === 0 || amount >= 0.0995 || Number(amount.toFixed(2)) === amount) {
    const digits = amount.toFixed(2).replace(/\B(?=(\d{3})+(?=\.))/g, ',');
    return `${currency}${digits}`;
  }
  return `${currency}${Number(amount.toPrecision(2))}`;
}

/** `11 s`, `3 min 47 s`, `2 h 5 min`. */
function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
