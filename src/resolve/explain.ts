/**
 * Why there is no solution, in sentences that name the requirements of the user with file and line. The derivation of
 * PubGrub is a tree of learned facts; its leaves are what somebody wrote or what an index lacks, and those are told.
 */
import type { DeclaredRequirement, DistributionName, Requirement } from '../types.ts';
import { formatRange } from '../pep/specifier.ts';
import type { Leaf, MissingName } from './candidates.ts';
import type { Conflict, ConflictWorld, MadeDemand, Note, ObstacleNote } from './conflict.ts';
import { hintFor } from './conflict-hints.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { VersionSet } from './version-set.ts';
import { emptySet, indexesIn, uniteSets } from './version-set.ts';

/** The names that no index has and that take part in a conflict, with what is known of them. */
export function missingNamesOf(
  root: Incompatibility<Note>,
): readonly { readonly name: DistributionName; readonly leaf: Leaf }[] {
  const missing = new Map<DistributionName, MissingName>();
  for (const note of notesOf(root)) {
    if (note.kind === 'missing') missing.set(note.name, note);
    if (note.kind === 'requires' && note.missing !== undefined)
      missing.set(note.requirement.name, note.missing);
  }
  return [...missing].map(([name, { reason, detail }]) => ({
    name,
    leaf: { version: 'unknown', reason, detail },
  }));
}

/** `name version` of the releases that take part in a conflict because an answer about them was broken. */
export function brokenReleasesOf(root: Incompatibility<Note>): readonly string[] {
  return notesOf(root).flatMap((note) =>
    note.kind === 'unavailable' && note.broken === true ? [`${note.name} ${note.version}`] : [],
  );
}

/** The conflict in words. */
export function explainConflict(root: Incompatibility<Note>, world: ConflictWorld): Conflict {
  const obstacles = obstaclesOf(root, world);
  const demands = demandsOf(root);
  const disputed = disputedName(demands);
  const about = demands.filter(({ note }) => note.requirement.name === disputed);
  const ways = waysTo(about, demands, world);
  const others = demands.filter((demand) => !about.includes(demand) && !ways.told.has(demand));
  const [first = '', second, ...rest] = about.map((demand) => describeDemand(demand, world));
  const head =
    about.length > 0 ? `no version of ${disputed} fits: ` : 'the requirements exclude one another';
  const opening = second === undefined ? first : `${first}, but ${second}`;
  const further = [
    ...rest,
    ...ways.lines,
    ...others.map((demand) => describeDemand(demand, world)),
    ...describeObstacles(obstacles),
  ];
  return {
    message: [`${head}${opening}`, ...limit(further)].join('\n'),
    hint: hintFor({ disputed, about, obstacles, world }),
    requirements: declaredIn(demands),
  };
}

/** The versions that cannot be used, the newest first where one fact speaks of several. */
function obstaclesOf(root: Incompatibility<Note>, world: ConflictWorld): readonly ObstacleNote[] {
  return leavesOf(root).flatMap(({ cause, terms }): readonly ObstacleNote[] => {
    if (!('note' in cause) || cause.note.kind !== 'unavailable') return [];
    const { note } = cause;
    const versions = versionsIn(terms[0]?.set ?? emptySet, note.name, world).toReversed();
    return versions.length <= 1 ? [note] : versions.map((version) => ({ ...note, version }));
  });
}

const mostFacts = 8;

function limit(facts: readonly string[]): readonly string[] {
  if (facts.length <= mostFacts) return facts.map((fact) => `  ${fact}`);
  const shown = facts.slice(0, mostFacts).map((fact) => `  ${fact}`);
  return [...shown, `  … and ${facts.length - mostFacts} more facts of this kind`];
}

/** Leaves of the derivation, oldest first. */
function leavesOf(root: Incompatibility<Note>): readonly Incompatibility<Note>[] {
  const seen = new Set<Incompatibility<Note>>();
  const leaves: Incompatibility<Note>[] = [];
  const stack = [root];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.cause.kind === 'derived') stack.push(next.cause.left, next.cause.right);
    else leaves.push(next);
  }
  return leaves.toSorted((left, right) => left.id - right.id);
}

function notesOf(root: Incompatibility<Note>): readonly Note[] {
  return leavesOf(root).flatMap(({ cause }) =>
    'note' in cause && cause.note.kind !== 'proxy' ? [cause.note] : [],
  );
}

/** The demands; those of several versions of one distribution are one. */
function demandsOf(root: Incompatibility<Note>): readonly MadeDemand[] {
  const demands = new Map<string, MadeDemand>();
  for (const { cause, terms } of leavesOf(root)) {
    if (cause.kind !== 'dependency' || cause.note.kind !== 'requires') continue;
    const { note } = cause;
    const { parent, requirement } = note;
    const maker = parent === null ? placeOf(note) : `${parent.name}[${parent.extra}]`;
    const key = `${maker} ${note.origin ?? ''} ${requirement.name}[${requirement.extras.join(',')}]`;
    const known = demands.get(key);
    const own = parent === null ? emptySet : (terms[0]?.set ?? emptySet);
    const versions = known === undefined ? own : uniteSets(known.versions, own);
    const requirements = [...(known?.requirements ?? []), requirement];
    demands.set(key, { note: known?.note ?? note, versions, requirements });
  }
  return [...demands.values()].map((demand) => ({
    ...demand,
    requirements: uniqueRequirements(demand.requirements),
  }));
}

function uniqueRequirements(requirements: readonly Requirement[]): readonly Requirement[] {
  return [
    ...new Map(
      requirements.map((requirement) => [describeRequirement(requirement), requirement]),
    ).values(),
  ];
}

/** The name that most demands are about; ties go to the one that was asked for last, nearest to the failure. */
function disputedName(demands: readonly MadeDemand[]): DistributionName | null {
  const counts = new Map<DistributionName, number>();
  for (const { note } of demands) {
    const weight = note.newest === undefined && note.missing === undefined ? 2 : 3;
    counts.set(note.requirement.name, (counts.get(note.requirement.name) ?? 0) + weight);
  }
  let best: DistributionName | null = null;
  for (const [name, count] of counts)
    if (best === null || count >= (counts.get(best) ?? 0)) best = name;
  return best;
}

function describeDemand(demand: MadeDemand, world: ConflictWorld): string {
  const { note, versions } = demand;
  const wanted = describeWanted(demand);
  const { parent } = note;
  if (parent === null) return `${placeOf(note)} ${verbOf(note)} ${wanted}${describeTail(note)}`;
  const verb =
    versionsIn(versions, parent.name, world).length > 1 && !coversAll(versions, parent.name, world)
      ? 'need'
      : 'needs';
  return `${describeParent(note, versions, world)} ${verb} ${wanted}${describeTail(note)}`;
}

const mostRequirements = 3;

/** `numpy <2`, or `numpy <2 or numpy <3` where versions differ in what they ask for. */
function describeWanted({ requirements }: MadeDemand): string {
  const texts = requirements.map(describeRequirement);
  if (texts.length <= mostRequirements) return texts.join(' or ');
  const shown = texts.slice(0, mostRequirements - 1).join(', ');
  return `${shown} or one of ${texts.length - mostRequirements + 1} others`;
}

function placeOf({ declared }: MadeDemand['note']): string {
  return declared === null ? 'the input' : `${declared.location.path}:${declared.location.line}`;
}

function verbOf({ origin, requirement }: MadeDemand['note']): string {
  if (origin === 'constraint') return 'allows only';
  if (origin === 'override') return 'replaces it by';
  const pins = requirement.specifiers.length === 1 && requirement.specifiers[0]?.operator === '==';
  return pins ? 'pins' : 'asks for';
}

/** `numba 0.58.0`, `numba 0.57.0 … 0.58.0 (2 versions)`, `every version of numba`. */
function describeParent(
  { parent }: MadeDemand['note'],
  versions: VersionSet,
  world: ConflictWorld,
): string {
  if (parent === null) return '';
  const extra = parent.extra === null ? '' : `[${parent.extra}]`;
  const name = `${parent.name}${extra}`;
  const known = versionsIn(versions, parent.name, world);
  if (known.length <= 1) return `${name} ${parent.version}`;
  if (coversAll(versions, parent.name, world)) return `every version of ${name}`;
  return `${name} ${known[0]} … ${known.at(-1)} (${known.length} versions)`;
}

/** The texts of the released versions in a set, ascending; empty for a name that nobody asked for. */
function versionsIn(
  set: VersionSet,
  name: DistributionName,
  world: ConflictWorld,
): readonly string[] {
  const { versions = [] } = world.universeOf(name) ?? {};
  return indexesIn(set, versions.length).map((index) => versions[index]?.text ?? '');
}

function coversAll(versions: VersionSet, name: DistributionName, world: ConflictWorld): boolean {
  return versionsIn(versions, name, world).length === world.universeOf(name)?.versions.length;
}

/** A requirement as text. */
export function describeRequirement({ name, extras, specifiers }: Requirement): string {
  const extraText = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  const text = formatRange(specifiers);
  return `${name}${extraText}${text === '' ? '' : text.startsWith('==') && !text.includes(',') ? text : ` ${text}`}`;
}

function describeTail(note: MadeDemand['note']): string {
  const { missing, newest, leftOut, firstIndex, takenFrom } = note;
  if (missing !== undefined) return ` (${missing.detail})`;
  if (newest === undefined) return '';
  if (takenFrom !== undefined)
    return ` (${takenFrom} takes it from an address, in version ${newest})`;
  if (leftOut !== undefined)
    return ` (${leftOut} is out by --exclude-newer; before it the newest is ${newest})`;
  const place = firstIndex === undefined ? '' : ` on ${firstIndex}`;
  return ` (no such version${place}; the newest is ${newest})`;
}

interface Ways {
  readonly lines: readonly string[];
  /** The demands that these lines tell. */
  readonly told: ReadonlySet<MadeDemand>;
}

/** How those that make the demands came in: one line for each. */
function waysTo(
  about: readonly MadeDemand[],
  demands: readonly MadeDemand[],
  world: ConflictWorld,
): Ways {
  const told = new Set<MadeDemand>();
  const lines: string[] = [];
  for (const { note } of about) {
    const steps: string[] = [];
    let name = note.parent?.name;
    while (name !== undefined) {
      const wanted = name;
      const step = demands.find(
        (demand) =>
          demand.note.requirement.name === wanted && !told.has(demand) && !about.includes(demand),
      );
      if (step === undefined) break;
      told.add(step);
      steps.push(describeStep(step, world));
      name = step.note.parent?.name;
    }
    if (steps.length > 0)
      lines.push(`${note.parent?.name ?? ''} is wanted by ${steps.join(', by ')}`);
  }
  return { lines, told };
}

/** `web 1.0`, with what is asked of the version where anything is: `requirements.txt:2 (numba==0.57.0)`. */
function describeStep(demand: MadeDemand, world: ConflictWorld): string {
  const { note, versions } = demand;
  const maker = note.parent === null ? placeOf(note) : describeParent(note, versions, world);
  const isPlain = note.requirement.specifiers.length === 0 && note.origin === undefined;
  return isPlain ? maker : `${maker} (${describeWanted(demand)})`;
}

/** Versions that cannot be used, one line for each name and reason. */
function describeObstacles(notes: readonly ObstacleNote[]): readonly string[] {
  const versions = new Map<
    string,
    { readonly name: string; readonly why: string; readonly list: string[] }
  >();
  for (const note of notes) {
    const key = `${note.name} ${note.why}`;
    const group = versions.get(key) ?? { name: note.name, why: note.why, list: [] };
    group.list.push(note.version);
    versions.set(key, group);
  }
  return [...versions.values()].map(({ name, why, list }) => {
    if (list.length === 1) return `${name} ${list[0]} ${why}`;
    return `${name} ${list.at(-1)} … ${list[0]} (${list.length} versions): each ${why}`;
  });
}

function declaredIn(demands: readonly MadeDemand[]): readonly DeclaredRequirement[] {
  const found = new Set<DeclaredRequirement>();
  for (const { note } of demands) if (note.declared !== null) found.add(note.declared);
  return [...found].toSorted(
    ({ location: a }, { location: b }) =>
      Number(a.path > b.path) - Number(a.path < b.path) || a.line - b.line,
  );
}
