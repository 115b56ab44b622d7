/** What would help in a conflict. Only what is known without asking for more is told; there may be further conflicts. */
import type { DistributionName } from '../types.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { formatRange } from '../pep/specifier.ts';
import type { Universe } from './candidates.ts';
import { pickVersion } from './candidates.ts';
import type { ConflictWorld, MadeDemand, ObstacleNote } from './conflict.ts';
import type { VersionSet } from './version-set.ts';
import { emptySet, intersectSets, singleSet, subtractSets, uniteSets } from './version-set.ts';

/** A conflict, as far as hints look at it. */
export interface HintedConflict {
  readonly disputed: DistributionName | null;
  /** The demands on that name. */
  readonly about: readonly MadeDemand[];
  readonly obstacles: readonly ObstacleNote[];
  readonly world: ConflictWorld;
}

/** The first hint that applies, null where none does. */
export function hintFor(conflict: HintedConflict): string | null {
  const own = conflict.obstacles.filter(({ name }) => name === conflict.disputed);
  return (
    hintOfIndex(conflict) ??
    hintOfVersion(conflict) ??
    hintOfPython(own, conflict.world) ??
    hintOfYanked(own)
  );
}

/** A later index may have the version that the first one lacks. */
function hintOfIndex({ disputed, about }: HintedConflict): string | null {
  const lacking = about.find(({ note }) => note.firstIndex !== undefined);
  if (lacking === undefined) return null;
  return `the first index that has ${disputed} gives it, as in uv, and the others are not asked; pip would look on all of them`;
}

/** Versions that all others agree on, where one line of the user is what excludes them. */
function hintOfVersion({ disputed, about, world }: HintedConflict): string | null {
  const universe = disputed === null ? undefined : world.universeOf(disputed);
  if (universe === undefined || universe.missing !== null || universe.leaf !== null) return null;
  const changeable = about.filter(
    ({ note }) => note.parent === null && note.declared?.source === 'index',
  );
  const [only, ...more] = changeable;
  const others = about.filter((demand) => demand !== only);
  if (only === undefined || more.length > 0 || others.length === 0) return null;
  const set = others.reduce<VersionSet>(
    (left, demand) => intersectSets(left, versionsFor(universe, demand)),
    universe.setFor([]),
  );
  const version = newestUsable(universe, set);
  if (version === null) return null;
  const { path, line } = only.note.declared?.location ?? { path: '', line: 0 };
  if (others.some(({ requirements }) => requirements.length > 1))
    return `${path}:${line} could ask for ${disputed}==${version}, which goes with the others`;
  const range = formatRange(others.flatMap(({ note }) => note.requirement.specifiers));
  return `${path}:${line} could ask for ${disputed} ${range}, as the others do; the newest such is ${version}`;
}

/** What one of the versions that make the demand would take. */
function versionsFor(universe: Universe, { requirements }: MadeDemand): VersionSet {
  return requirements.reduce<VersionSet>(
    (left, { specifiers }) => uniteSets(left, universe.setFor(specifiers)),
    emptySet,
  );
}

function newestUsable(universe: Universe, set: VersionSet): string | null {
  let left = set;
  for (let next = pickVersion(universe, left, false); next !== null;) {
    if (universe.choose(next).usable) return universe.versions[next]?.text ?? null;
    left = subtractSets(left, singleSet(next));
    next = pickVersion(universe, left, false);
  }
  return null;
}

const newestMinor = 20;

/** The next Python that one of the versions is for. */
function hintOfPython(obstacles: readonly ObstacleNote[], world: ConflictWorld): string | null {
  const bounds = obstacles.flatMap(({ obstacle }) =>
    obstacle?.kind === 'python' ? [obstacle.requiresPython] : [],
  );
  const [major = 3, minor = 0] = world.python.split('.').map(Number);
  for (let later = minor + 1; bounds.length > 0 && later <= newestMinor; later++) {
    const admits = createRequiresPythonCheck(`${major}.${later}.0`);
    const fitting = obstacles.find(
      ({ obstacle }) => obstacle?.kind === 'python' && admits(obstacle.requiresPython).admits,
    );
    if (fitting !== undefined)
      return `${fitting.name} ${fitting.version} is for Python ${major}.${later}: --python ${major}.${later}`;
  }
  return null;
}

/** A yanked version is taken where the input pins it. */
function hintOfYanked(obstacles: readonly ObstacleNote[]): string | null {
  const [first] = obstacles;
  if (first === undefined || obstacles.some(({ obstacle }) => obstacle?.kind !== 'yanked'))
    return null;
  return `a yanked version is taken where a file pins it: ${first.name}==${first.version}`;
}
