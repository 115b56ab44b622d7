/** Names for targets beside one another: what all of them share is said once. */
import type { TargetComparison } from '../types.ts';
import { formatPlatform, formatVersion } from './format.ts';

/** How the targets of one comparison are called. */
export interface TargetLabels {
  /** In the order of the rows, each once; the inputs, where two of them are compared on one platform. */
  readonly platforms: readonly string[];
  readonly pythons: readonly string[];
  /** What is the same for all of them; '' where nothing is. */
  readonly common: string;
  /** What the names of several platforms leave out: `glibc 2.41, musl 1.2, macOS 13.0`. */
  readonly levels: string;
  platformOf(one: TargetComparison): string;
  pythonOf(one: TargetComparison): string;
  /** `Python 3.12, 3.13`, `Linux aarch64`, `3.12, 3.13 on Windows amd64; 3.13 on macOS arm64`. */
  describe(some: readonly TargetComparison[]): string;
}

/** The names for these targets. */
export function labelTargets(targets: readonly TargetComparison[]): TargetLabels {
  const areInputs = targets.some(({ input }) => input !== undefined);
  const platformOf = areInputs
    ? ({ input = '' }: TargetComparison): string => input
    : shortNames(targets);
  const pythonOf = ({ target }: TargetComparison): string =>
    target.implementation === 'pp' ? `PyPy ${target.python}` : formatVersion(target);
  const platforms = [...new Set(targets.map(platformOf))];
  const pythons = [...new Set(targets.map(pythonOf))];
  const [first] = targets;
  const isOne = platforms.length === 1 || areInputs;
  const platform = isOne && first !== undefined ? formatPlatform(first.target) : '';
  const [python = ''] = pythons.length === 1 ? pythons : [];
  const common = [withName(python), platform].filter((text) => text !== '').join(' · ');
  return {
    platforms,
    pythons,
    common,
    levels: isOne ? '' : levelsOf(targets),
    platformOf,
    pythonOf,
    describe: (some) => {
      if (some.length === targets.length && targets.length > 1) return 'everywhere';
      if (pythons.length === 1)
        return platforms.length === 1 ? common : [...new Set(some.map(platformOf))].join(', ');
      if (platforms.length === 1) return withName(some.map(pythonOf).join(', '));
      const texts = [
        describeByFirst(some, targets, {
          firstOf: platformOf,
          secondOf: pythonOf,
          isSwapped: false,
        }),
        describeByFirst(some, targets, {
          firstOf: pythonOf,
          secondOf: platformOf,
          isSwapped: true,
        }),
      ];
      return texts.toSorted((a, b) => a.length - b.length)[0] ?? '';
    },
  };
}

interface Axes {
  readonly firstOf: TargetLabels['platformOf'];
  readonly secondOf: TargetLabels['platformOf'];
  /** Whether the first is the Python. */
  readonly isSwapped: boolean;
}

/** The firsts that have the same seconds together; one with all of its seconds stands alone. */
function describeByFirst(
  some: readonly TargetComparison[],
  targets: readonly TargetComparison[],
  { firstOf, secondOf, isSwapped }: Axes,
): string {
  const byFirst = new Map<string, string[]>();
  for (const one of some)
    byFirst.set(firstOf(one), [...(byFirst.get(firstOf(one)) ?? []), secondOf(one)]);
  const groups = new Map<string, string[]>();
  for (const [first, seconds] of byFirst) {
    const all = targets.filter((one) => firstOf(one) === first);
    const key = all.length === seconds.length ? '' : seconds.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), first]);
  }
  // What stands alone comes first: behind another it would be read as a part of that.
  return [...groups]
    .toSorted(([a], [b]) => Number(a !== '') - Number(b !== ''))
    .map(([seconds, firsts]) => {
      const list = firsts.join(', ');
      if (seconds === '') return list;
      return isSwapped ? `${list} on ${seconds}` : `${seconds} on ${list}`;
    })
    .join('; ');
}

/** `Linux aarch64`, `Linux x86_64 musl`; with the level of the C library only where two rows differ in nothing else. */
function shortNames(targets: readonly TargetComparison[]): TargetLabels['platformOf'] {
  const shortOf = ({ target }: TargetComparison): string => {
    const [system = ''] = formatPlatform({ ...target, libc: null }).split(' ');
    return `${system} ${target.arch}${target.libc === 'musl' ? ' musl' : ''}`;
  };
  const tags = new Map<string, Set<string>>();
  for (const one of targets) {
    const known = tags.get(shortOf(one)) ?? new Set();
    tags.set(shortOf(one), known.add(one.target.platformTag));
  }
  return (one) => {
    const short = shortOf(one);
    const isAlone = (tags.get(short)?.size ?? 0) < 2;
    return isAlone ? short : formatPlatform(one.target).replaceAll(' · ', ' ');
  };
}

/** The levels that the short names leave out: `glibc 2.41 · musl 1.2 · macOS 13.0`. */
function levelsOf(targets: readonly TargetComparison[]): string {
  const levels = targets.flatMap(({ target }) => {
    const [, level = ''] = /^[a-z]+_(\d+_\d+)_/.exec(target.platformTag) ?? [];
    const name = target.os === 'macos' ? 'macOS' : target.libc;
    return name === null || level === '' ? [] : [`${name} ${level.replace('_', '.')}`];
  });
  return [...new Set(levels)].join(', ');
}

function withName(pythons: string): string {
  return pythons === '' || pythons.startsWith('PyPy') ? pythons : `Python ${pythons}`;
}
