/** Values of flags and settings alike. */
import { DepweightError } from '../errors.ts';
import { PRICE_OPTIONS } from '../expenses/read-prices.ts';
import { didYouMean, invalid, quoted } from './option-errors.ts';
import type { Configuration, Invocation } from './option-types.ts';

/** Keys of `[tool.depweight]`: the flags by their long names, and tables with readers of their own. */
const SETTINGS: readonly string[] = [
  ...['python', 'platform', 'extra', 'all-extras', 'group', 'env', 'constraint', 'override'],
  ...['index-url', 'extra-index-url', 'find-links', 'no-index', 'pre', 'no-binary', 'only-binary'],
  ...['exclude-newer', 'source', 'offline', 'refresh', 'cache-dir', 'format', 'output', 'all'],
  ...[
    'units',
    'bytecode',
    'color',
    'strict',
    'fail-on',
    'allow-outside',
    'cert',
    'style',
    'compat',
  ],
  ...['keep-original', 'verify', 'budget', 'keep', 'against'],
  ...PRICE_OPTIONS,
];

/** Values by the long name of the flag; each method throws for a value of the wrong kind. */
export interface Reader {
  flag(name: string): boolean;
  /** True for `--no-NAME`, and for `NAME = false` in the configuration. */
  negated(name: string): boolean;
  text(name: string): string | null;
  /** The value as it was given, undefined for none. */
  raw(name: string): unknown;
  /** Repeated flags make a list, and so do commas, which `files` takes for a part of the name. */
  list(name: string, kind?: 'names' | 'files'): readonly string[];
  /** The one value of an option that only `compare` takes several times. */
  single(name: string, command: string): string | null;
  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T;
  /** The error for a value that has the right kind and is still wrong, naming flag or setting. */
  refuse(name: string, value: unknown, expected: string): never;
}

/** Flags first, then the configuration. Throws for a setting that nobody knows. */
export function createReader(flags: Invocation['flags'], configuration?: Configuration): Reader {
  const settings = configuration?.table ?? {};
  refuseUnknownSettings(Object.keys(settings), configuration?.path ?? '');

  function refuse(name: string, value: unknown, expected: string, hint = ''): never {
    if (flags[name] !== undefined) return invalid(`--${name}`, String(value), expected, hint);
    const parameters = { key: name, value: quoted(value), expected, hint };
    const path = configuration?.path ?? '';
    throw new DepweightError('invalid-setting', parameters, {
      location: { path, line: 1, column: 1 },
    });
  }

  function list(name: string, kind: 'names' | 'files' = 'names'): readonly string[] {
    const value = flags[name] ?? settings[name];
    if (value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = items.filter((item) => typeof item === 'string');
    if (texts.length !== items.length) return refuse(name, value, 'a text or a list of texts');
    const words = kind === 'names' ? texts.flatMap((text) => text.split(',')) : texts;
    return words.map((word) => word.trim()).filter((word) => word !== '');
  }

  function text(name: string): string | null {
    const value = flags[name] ?? settings[name];
    if (value === undefined) return null;
    return typeof value === 'string' && value !== '' ? value : refuse(name, value, 'a text');
  }

  return {
    list,
    text,
    refuse,
    raw: (name) => flags[name] ?? settings[name],
    flag(name) {
      const value = flags[name] ?? settings[name] ?? false;
      return typeof value === 'boolean' ? value : refuse(name, value, 'true or false');
    },
    negated(name) {
      return (flags[`no-${name}`] ?? settings[`no-${name}`]) === true || settings[name] === false;
    },
    single(name, command) {
      const values = list(name);
      if (values.length < 2) return values[0] ?? null;
      const parameters = { option: `--${name}`, count: values.length, command };
      throw new DepweightError('repeated-option', parameters);
    },
    choice(name, choices, otherwise) {
      const value = text(name);
      if (value === null) return otherwise;
      const chosen = choices.find((choice) => choice === value);
      const expected = `one of ${choices.join(', ')}`;
      return chosen ?? refuse(name, value, expected, didYouMean(value, choices));
    },
  };
}

function refuseUnknownSettings(keys: readonly string[], path: string): void {
  for (const key of keys) {
    if (SETTINGS.includes(key)) continue;
    const hint = didYouMean(key, SETTINGS);
    const location = { path, line: 1, column: 1 };
    throw new DepweightError(
      'unknown-setting',
      { key: `[tool.depweight] ${key}`, hint },
      { location },
    );
  }
}
