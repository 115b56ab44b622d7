/** What `[tool.uv]` may say and depweight does not apply: each such key is told, with its line. */
import { parseMoment } from '../settings/moment.ts';
import { toWarning } from './declare.ts';
import { quoteText } from './quote.ts';
import type { TomlReading } from './toml-requirements.ts';
import { field, isTable } from './toml.ts';

/** A key that is not applied, what that means, and the values which change nothing. */
interface Limit {
  readonly key: string;
  readonly meaning: string;
  readonly isUsual?: (value: unknown) => boolean;
}

const limits: readonly Limit[] = [
  {
    key: 'resolution',
    meaning: 'the highest versions are taken',
    isUsual: (value) => value === 'highest',
  },
  {
    key: 'prerelease',
    meaning: 'a pre-release is taken where no final release fits',
    isUsual: (value) => value === 'allow' || value === 'if-necessary-or-explicit',
  },
  {
    key: 'index-strategy',
    meaning: 'the first index that has a name is the one asked for it',
    isUsual: (value) => value === 'first-index' || value === 'first-match',
  },
  {
    key: 'exclude-newer',
    meaning: 'it is no date, and what is newer is not left out; --exclude-newer takes a date',
    isUsual: (value) => typeof value === 'string' && parseMoment(value) !== null,
  },
  {
    key: 'exclude-newer-package',
    meaning: 'what is newer is not left out for single packages',
  },
  {
    key: 'dependency-metadata',
    meaning: 'what packages need is read from the index',
  },
  {
    key: 'pip',
    meaning: 'only `uv pip` reads it; the command line can say the same',
    isUsual: (value) => !isTable(value) || Object.keys(value).length === 0,
  },
];

/** Keys that are about a build, a lock for several targets or sets that are resolved apart here anyway. */
const withoutEffect: readonly string[] = [
  'build-constraint-dependencies',
  'config-settings',
  'config-settings-package',
  'conflicts',
  'environments',
  'extra-build-dependencies',
  'extra-build-variables',
  'fork-strategy',
  'no-build-isolation',
  'no-build-isolation-package',
  'required-environments',
];

/** Keys that uv reads at the root of a workspace alone. */
const ofRoot: readonly string[] = [
  'constraint-dependencies',
  'exclude-dependencies',
  'override-dependencies',
];

/** Tells the keys of `[tool.uv]` that are not applied; `isRoot` is false for a member of a workspace. */
export function warnOfUvLimits({ document, warnings }: TomlReading, isRoot: boolean): void {
  const warn = (code: string, key: string, meaning: string): void => {
    const place = document.atKey(['tool', 'uv', key]);
    warnings.push(toWarning(code, place, `${quoteText(`tool.uv.${key}`)} ${meaning}`));
  };
  const valueOf = (key: string): unknown => field(document.root, 'tool', 'uv', key);
  for (const { key, meaning, isUsual = () => false } of limits) {
    const value = valueOf(key);
    if (value !== undefined && !isUsual(value))
      warn('not-honoured', key, `is not applied: ${meaning}`);
  }
  for (const key of withoutEffect)
    if (valueOf(key) !== undefined) warn('no-effect', key, 'changes nothing of what is weighed');
  if (isRoot) return;
  for (const key of ofRoot)
    if (valueOf(key) !== undefined)
      warn('not-honoured', key, 'is not applied: uv reads it at the root of the workspace alone');
}
