/**
 * Which wheels fit a target, and which fits best (PEP 425, 600, 656; order of PyPA's packaging and of uv).
 *
 * Traps:
 * - A stable-ABI wheel for an older CPython fits (`cp37-abi3` on 3.11), a plain one does not.
 * - The free-threaded build has an ABI of its own: `cp313t` does not fit `cp313`, nor does `abi3`; its stable one is `abi3t`
 *   (PEP 803).
 * - `manylinux2014` is `manylinux_2_17`, and ranks right after it; `linux_x86_64` comes last.
 * - Before macOS 11 the minor number counts, since then the major one; `universal2` may say 10.x.
 * - A pure wheel for the platform (`py3-none-win_amd64`) ranks above `py3-none-any`.
 */
import type { TargetEnvironment } from '../types.ts';
import type { WheelFilename } from './wheel-filename.ts';

/** Answers for one target. A priority is a rank from 0, lower is better; null does not fit. */
export interface CompatibleTags {
  readonly priority: (python: string, abi: string, platform: string) => number | null;
  /** The best priority among all tags of a wheel. Build tags break ties, by `compareBuilds`. */
  readonly bestPriority: (
    wheel: Pick<WheelFilename, 'pythons' | 'abis' | 'platforms'>,
  ) => number | null;
  /** The same for the tags of a file name as they stand there: `cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64`. */
  readonly priorityOfText: (tags: string) => number | null;
  /** The platform tags that fit, best first, `any` excluded. */
  readonly platforms: readonly string[];
}

/** The tags that fit a target. Ranks are computed from two small indexes: the thousands of tags are never listed. */
export function compatibleTags(target: TargetEnvironment): CompatibleTags {
  const platforms = platformTags(target);
  const { specific, anywhere } = interpreterTags(target);
  const platformRank = ranks(platforms);
  const specificRank = ranks(specific);
  const anywhereRank = ranks(anywhere);

  function priority(python: string, abi: string, platform: string): number | null {
    const pair = `${python}-${abi}`;
    if (platform === 'any') {
      const rank = anywhereRank.get(pair);
      return rank === undefined ? null : specific.length * platforms.length + rank;
    }
    const rank = specificRank.get(pair);
    const level = platformRank.get(platform);
    return rank === undefined || level === undefined ? null : rank * platforms.length + level;
  }

  function bestPriority(
    wheel: Pick<WheelFilename, 'pythons' | 'abis' | 'platforms'>,
  ): number | null {
    let best: number | null = null;
    for (const python of wheel.pythons) {
      for (const abi of wheel.abis) {
        for (const platform of wheel.platforms) {
          const rank = priority(python, abi, platform);
          if (rank !== null && (best === null || rank < best)) best = rank;
        }
      }
    }
    return best;
  }

  // Thousands of wheels share some hundred texts.
  const known = new Map<string, number | null>();
  function priorityOfText(text: string): number | null {
    const answer = known.get(text);
    if (answer !== undefined) return answer;
    const found = bestPriority(setsOf(text));
    known.set(text, found);
    return found;
  }

  return { priority, bestPriority, priorityOfText, platforms };
}

type TagSets = Pick<WheelFilename, 'pythons' | 'abis' | 'platforms'>;

/** They are the same texts for all targets of a run. */
const setsByText = new Map<string, TagSets>();
const mostTexts = 10_000;

function setsOf(text: string): TagSets {
  const known = setsByText.get(text);
  if (known !== undefined) return known;
  const [pythons = [], abis = [], platforms = []] = text
    .toLowerCase()
    .split('-')
    .map((set) => set.split('.'));
  const sets = { pythons, abis, platforms };
  if (setsByText.size < mostTexts) setsByText.set(text, sets);
  return sets;
}

function ranks(tags: readonly string[]): ReadonlyMap<string, number> {
  return new Map(tags.map((tag, rank) => [tag, rank]));
}

// ---------------------------------------------------------------------------------------------------------------------
// Interpreter

/** The oldest CPython with the stable ABI (PEP 384). */
const FIRST_STABLE_ABI = 2;

/** `python-abi` pairs, best first: those with a platform, and those with `any`. */
function interpreterTags(target: TargetEnvironment): {
  readonly specific: readonly string[];
  readonly anywhere: readonly string[];
} {
  const [major = 3, minor = 0] = target.python.split('.').map(Number);
  const pure = pureTags(major, minor);
  const own = `${target.implementation}${major}${minor}`;
  if (target.implementation === 'pp') {
    // PyPy has had one ABI number, 7.3, since Python 3.6.
    return {
      specific: [`${own}-pypy${major}${minor}_pp73`, `${own}-none`, ...pure],
      anywhere: [`pp${major}-none`, ...pure],
    };
  }
  const build = target.freeThreaded === true ? 't' : '';
  const stable: string[] = [];
  for (let older = minor - 1; older >= FIRST_STABLE_ABI; older -= 1)
    stable.push(`cp${major}${older}-abi3${build}`);
  // Before 3.8 the ABI said that CPython's own allocator is built in.
  const abi = major === 3 && minor < 8 ? `${own}m` : `${own}${build}`;
  return {
    specific: [`${own}-${abi}`, `${own}-abi3${build}`, `${own}-none`, ...stable, ...pure],
    anywhere: [`${own}-none`, ...pure],
  };
}

/** `py311`, `py3`, `py310`, … `py30`. */
function pureTags(major: number, minor: number): readonly string[] {
  const tags = [`py${major}${minor}-none`, `py${major}-none`];
  for (let older = minor - 1; older >= 0; older -= 1) tags.push(`py${major}${older}-none`);
  return tags;
}

// ---------------------------------------------------------------------------------------------------------------------
// Platform

function platformTags(target: TargetEnvironment): readonly string[] {
  const level = /^(?:manylinux|musllinux|macosx)_(\d+)_(\d+)_/.exec(target.platformTag);
  if (level === null) return [target.platformTag];
  const major = Number(level[1]);
  const minor = Number(level[2]);
  if (target.os === 'macos') return macTags(major, minor, target.arch);
  if (target.libc === 'musl') return musllinuxTags(major, minor, target.arch);
  return manylinuxTags(major, minor, target.arch);
}

function manylinuxTags(major: number, minor: number, arch: string): readonly string[] {
  const tags: string[] = [];
  for (let level = minor; level >= oldestGlibc(arch); level -= 1) {
    tags.push(`manylinux_${major}_${level}_${arch}`);
    const alias = legacyAlias(level);
    if (alias !== null) tags.push(`${alias}_${arch}`);
  }
  return [...tags, `linux_${arch}`];
}

/** manylinux1 and manylinux2010 were for x86 only. */
function oldestGlibc(arch: string): number {
  return arch === 'x86_64' || arch === 'i686' ? 5 : 17;
}

function legacyAlias(minor: number): string | null {
  if (minor === 17) return 'manylinux2014';
  if (minor === 12) return 'manylinux2010';
  return minor === 5 ? 'manylinux1' : null;
}

function musllinuxTags(major: number, minor: number, arch: string): readonly string[] {
  const tags: string[] = [];
  for (let level = minor; level >= 0; level -= 1) tags.push(`musllinux_${major}_${level}_${arch}`);
  return [...tags, `linux_${arch}`];
}

const LAST_MAC_10 = 16;
const FIRST_MAC_10 = 4;

function macTags(major: number, minor: number, arch: string): readonly string[] {
  const isArm = arch === 'arm64';
  const formats = isArm
    ? ['arm64', 'universal2']
    : ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'];
  const tags: string[] = [];
  for (let level = major; level >= 11; level -= 1) {
    for (const format of formats) tags.push(`macosx_${level}_0_${format}`);
  }
  const oldFormats = isArm ? ['universal2'] : formats;
  for (let level = major >= 11 ? LAST_MAC_10 : minor; level >= FIRST_MAC_10; level -= 1) {
    for (const format of oldFormats) tags.push(`macosx_10_${level}_${format}`);
  }
  return tags;
}
