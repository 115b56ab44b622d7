/** The limits of `check`: flags, and `[tool.depweight.budget]` below them. A key is the flag without `max-`. */
import { DepweightError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { parseSize } from '../settings/size.ts';
import type { BudgetMeasure } from '../types.ts';
import { BUDGET_PRESETS, findPreset } from './presets.ts';

/** One limit that a set is held against. */
export interface BudgetLimit {
  /** `installed`, `download`, `packages`, `unused`, `growth`, or the name of a preset. */
  readonly key: string;
  readonly measure: BudgetMeasure;
  /** Bytes, or a count of packages; 0 where `percent` says it. */
  readonly limit: number;
  /** Of `growth`: a part of what was there before. */
  readonly percent?: number;
}

/** Where the limits are written. */
export interface LimitSources {
  /** Flags by their long names. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** `budget` of the configuration, as written. */
  readonly setting: unknown;
  /** The file of the configuration, '' for none. */
  readonly path: string;
}

const MEASURES: readonly BudgetMeasure[] = [
  'installed',
  'download',
  'packages',
  'unused',
  'growth',
];
const SIZE = 'a size such as 500 MB (B, kB, MB, GB, KiB, MiB or GiB; a bare number is bytes)';

/** The limits in the order of the report: by measure, then presets as named. Throws DepweightError for a wrong value. */
export function readLimits({ flags, setting, path }: LimitSources): readonly BudgetLimit[] {
  const table = isTable(setting) ? setting : {};
  const limits = MEASURES.flatMap((measure): readonly BudgetLimit[] => {
    const option = `max-${measure}`;
    const asked = flags[option];
    if (asked !== undefined) return [readLimit(measure, asked, refuseFlag(`--${option}`))];
    const set = table[measure];
    return set === undefined
      ? []
      : [readLimit(measure, set, refuseSetting(`budget.${measure}`, path))];
  });
  const named = flags['budget'];
  const presets =
    named === undefined
      ? toTexts(setting).map((name) => readPreset(name, refuseSetting('budget', path)))
      : toTexts(named).map((name) => readPreset(name, refuseFlag('--budget')));
  return [...new Map([...limits, ...presets].map((limit) => [limit.key, limit])).values()];
}

/** Throws the error for a value that is not what was expected. */
type Refuse = (value: unknown, expected: string, hint?: string) => never;

function readLimit(measure: BudgetMeasure, value: unknown, refuse: Refuse): BudgetLimit {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return refuse(value, SIZE);
  if (measure === 'packages') {
    if (!/^\d{1,9}$/.test(text.trim())) refuse(value, 'a whole number of packages');
    return { key: measure, measure, limit: Number(text) };
  }
  if (measure === 'growth') return readGrowth(text, refuse);
  const bytes = parseSize(text);
  if (bytes !== null) return { key: measure, measure, limit: bytes };
  // `installed = "aws-lambda-zip"`: the name tells more than the number.
  const preset = findPreset(text);
  if (preset?.measure === measure) return readPreset(text, refuse);
  return refuse(value, SIZE, bareHint(text));
}

/** `M` alone is no unit, as nobody knows which one it is. */
function bareHint(text: string): string {
  const bare = /^\+?\d+(?:\.\d+)? ?[kmgt]$/i.test(text.trim());
  return bare ? `${text}B or ${text}iB?` : '';
}

/** `10 MB`, `+10 MB` or `5 %`. */
function readGrowth(text: string, refuse: Refuse): BudgetLimit {
  const amount = text.trim().replace(/^\+ ?/, '');
  const percent = /^(\d{1,6}(?:\.\d{1,6})?) ?%$/.exec(amount)?.[1];
  const common = { key: 'growth', measure: 'growth' } as const;
  if (percent !== undefined) return { ...common, limit: 0, percent: Number(percent) };
  const bytes = parseSize(amount);
  if (bytes === null) return refuse(text, `${SIZE}, or a part such as 5 %`, bareHint(text));
  return { ...common, limit: bytes };
}

function readPreset(name: string, refuse: Refuse): BudgetLimit {
  const preset = findPreset(name);
  if (preset !== null) return { key: name, measure: preset.measure, limit: preset.limit };
  const names = BUDGET_PRESETS.map((one) => one.name);
  const nearest = nearestName(name, names);
  const hint =
    nearest === null ? `the presets are ${names.join(', ')}` : `did you mean ${nearest}?`;
  return refuse(name, 'the name of a preset', hint);
}

function refuseFlag(option: string): Refuse {
  return (value, expected, hint = '') => {
    throw new DepweightError('invalid-option', { option, value: quote(value), expected, hint });
  };
}

function refuseSetting(key: string, path: string): Refuse {
  return (value, expected, hint = '') => {
    const parameters = { key, value: quote(value), expected, hint };
    const location = { path, line: 1, column: 1 };
    throw new DepweightError('invalid-setting', parameters, { location });
  };
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

/** Of a text with commas, or of several. */
function toTexts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items
    .flatMap((item) => (typeof item === 'string' ? item.split(',') : []))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
