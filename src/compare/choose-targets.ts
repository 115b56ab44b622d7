/** Which targets are compared: those asked for, else the project's own with the usual others beside it. */
import targets from '../../data/targets.json' with { type: 'json' };
import pythons from '../../data/pythons.json' with { type: 'json' };
import type { WantedTargets } from '../audit-env.ts';
import { createTarget, levelAlike, parsePlatformName } from '../pep/platform-name.ts';
import type { PlatformRow } from '../pep/platform-name.ts';
import { formatPythonName } from '../pep/python-name.ts';
import type { TargetEnvironment } from '../types.ts';

/** Targets in the order in which they are shown, each once. */
export interface TargetChoice {
  readonly targets: readonly TargetEnvironment[];
  /** A clause on those that nobody asked for; null where all were. */
  readonly chosen: string | null;
}

/** The platform and Python of the project itself, and what was asked for, platforms understood. */
export interface TargetWishes {
  /** Null where two or more targets are named in full. */
  readonly own: { readonly target: TargetEnvironment; readonly platform: PlatformRow } | null;
  readonly platforms: readonly PlatformRow[];
  readonly pythons: WantedTargets['pythons'];
}

/**
 * Every Python asked for on every platform asked for. Where only one of the two was named, the other is the project's. A
 * single target has nothing to be compared with: the project's own stands before it, or else the usual ones behind it.
 */
export function chooseTargets({ own, platforms, pythons: versions }: TargetWishes): TargetChoice {
  const named = platforms.flatMap((platform) =>
    versions.map((python) => createTarget({ python, platform, from: '--python, --platform' })),
  );
  if (own === null) return { targets: distinctTargets(named), chosen: null };
  const { target, platform } = own;
  const from = target.from === 'default' ? '--python' : `--python; platform: ${target.from}`;
  const asked =
    platforms.length === 0
      ? versions.map((python) => createTarget({ python, platform, from }))
      : versions.length === 0
        ? platforms.map((other) => onPlatform(target, other, '--platform'))
        : named;
  const distinct = distinctTargets(asked);
  if (distinct.length > 1) return { targets: distinct, chosen: null };
  const withOwn = distinctTargets([target, ...asked]);
  if (withOwn.length > 1) return { targets: withOwn, chosen: 'beside the target of the project' };
  const beside = [...newerPythons(target, platform), ...otherPlatforms(target, platform)];
  return {
    targets: distinctTargets([target, ...beside]),
    chosen: 'the target of the project, newer Pythons, other platforms',
  };
}

/** The interpreter of one target on another platform. */
function onPlatform(
  own: TargetEnvironment,
  platform: PlatformRow,
  from: string,
): TargetEnvironment {
  return createTarget({ python: interpreterOf(own), platform, from });
}

function interpreterOf({ python, pythonFull, ...build }: TargetEnvironment): string {
  return formatPythonName({
    ...build,
    version: pythonFull === `${python}.0` ? python : pythonFull,
  });
}

/** The later Pythons up to the newest that is stable. */
function newerPythons(own: TargetEnvironment, platform: PlatformRow): readonly TargetEnvironment[] {
  if (own.implementation !== 'cp' || own.freeThreaded === true) return [];
  const minorOf = (python: string): number => Number(python.split('.')[1] ?? 0);
  const first = minorOf(own.python) + 1;
  const count = Math.max(minorOf(pythons.newestStable) - first + 1, 0);
  return Array.from({ length: count }, (_, step) =>
    createTarget({ python: `3.${first + step}`, platform, from: 'compare' }),
  );
}

/** One platform of each other kind that people install on. */
function otherPlatforms(
  own: TargetEnvironment,
  ownPlatform: PlatformRow,
): readonly TargetEnvironment[] {
  return targets.usual.flatMap((name) => {
    const platform = parsePlatformName(name);
    if (platform === null) throw new Error(`data/targets.json: ${name} is no platform`);
    const isOwn =
      platform.os === own.os && platform.arch === own.arch && platform.libc === own.libc;
    if (isOwn) return [];
    return [onPlatform(own, levelAlike(platform, ownPlatform), 'compare')];
  });
}

function distinctTargets(list: readonly TargetEnvironment[]): readonly TargetEnvironment[] {
  const byKey = new Map<string, TargetEnvironment>();
  for (const target of list) {
    const key = `${interpreterOf(target)} ${target.platformTag}`;
    if (!byKey.has(key)) byKey.set(key, target);
  }
  return [...byKey.values()];
}
