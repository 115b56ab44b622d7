/**
 * Why there is no solution, in sentences that name the requirements of the user with file and line. The derivation of
 * PubGrub is a tree of learned facts; its leaves are what somebody wrote or what an index lacks, and those are told.
 */
import type { DeclaredRequirement, DistributionName, Requirement } from '../types.ts';
import { formatSpecifiers } from '../pep/specifier.ts';
import type { Leaf, MissingName } from './candidates.ts';
import type { Incompatibility } from './incompatibility.ts';

/** What an incompatibility says to a reader. */
export type Note =
  | {
      readonly kind: 'requires';
      /** null: the input of the user asks for it. */
      readonly parent: {
        readonly name: DistributionName;
        readonly version: string;
        readonly extra: string | null;
      } | null;
      readonly requirement: Requirement;
      readonly declared: DeclaredRequirement | null;
      /** Set when the user limits or replaces what others ask for. */
      readonly origin?: 'constraint' | 'override';
      /** Set when no index has the name. */
      readonly missing?: MissingName;
      /** Set when no version satisfies the requirement: the newest there is. */
      readonly newest?: string;
    }
  | {
      readonly kind: 'unavailable';
      readonly name: DistributionName;
      readonly version: string;
      readonly why: string;
      /** Set when a broken answer is the reason, not what the release says of itself. */
      readonly broken?: true;
    }
  | ({ readonly kind: 'missing'; readonly name: DistributionName } & MissingName)
  | { readonly kind: 'proxy' };

/** A conflict as it is reported. */
export interface Conflict {
  /** One sentence, then one line for each further fact. */
  readonly message: string;
  /** What the user wrote that takes part in it, in order of file and line. */
  readonly requirements: readonly DeclaredRequirement[];
}

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
export function explainConflict(root: Incompatibility<Note>): Conflict {
  const notes = notesOf(root);
  const demands = notes.filter((note) => note.kind === 'requires');
  const disputed = disputedName(notes);
  const about = demands.filter((note) => note.requirement.name === disputed);
  const others = demands.filter((note) => note.requirement.name !== disputed);
  const facts = [...about, ...others].map(describeDemand);
  const obstacles = describeObstacles(notes);
  const head =
    about.length > 0 ? `no version of ${disputed} fits` : 'the requirements exclude one another';
  const [first, second, ...rest] = facts;
  const opening = second === undefined ? (first ?? '') : `${first}, but ${second}`;
  const further = limit([...rest, ...obstacles]);
  return {
    message: [`${head}: ${opening}`, ...further].join('\n'),
    requirements: declaredIn(demands),
  };
}

const mostFacts = 8;

function limit(facts: readonly string[]): readonly string[] {
  if (facts.length <= mostFacts) return facts.map((fact) => `  ${fact}`);
  const shown = facts.slice(0, mostFacts).map((fact) => `  ${fact}`);
  return [...shown, `  … and ${facts.length - mostFacts} more facts of this kind`];
}

/** Leaves of the derivation, oldest first, without doubles. */
function notesOf(root: Incompatibility<Note>): readonly Note[] {
  const seen = new Set<Incompatibility<Note>>();
  const leaves: Incompatibility<Note>[] = [];
  const stack = [root];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.cause.kind === 'derived') stack.push(next.cause.left, next.cause.right);
    else leaves.push(next);
  }
  leaves.sort((left, right) => left.id - right.id);
  const notes: Note[] = [];
  for (const { cause } of leaves)
    if ('note' in cause && cause.note.kind !== 'proxy') notes.push(cause.note);
  return notes;
}

/** The name that most demands are about; ties go to the one that was asked for last, nearest to the failure. */
function disputedName(notes: readonly Note[]): DistributionName | null {
  const counts = new Map<DistributionName, number>();
  for (const note of notes) {
    if (note.kind !== 'requires') continue;
    const weight = note.newest === undefined && note.missing === undefined ? 2 : 3;
    counts.set(note.requirement.name, (counts.get(note.requirement.name) ?? 0) + weight);
  }
  let best: DistributionName | null = null;
  for (const [name, count] of counts)
    if (best === null || count >= (counts.get(best) ?? 0)) best = name;
  return best;
}

type Demand = Extract<Note, { readonly kind: 'requires' }>;

function describeDemand(note: Demand): string {
  const wanted = describeRequirement(note.requirement);
  const subject = describeSubject(note);
  const tail = describeTail(note);
  return `${subject} ${wanted}${tail}`;
}

function describeSubject({ parent, declared, requirement, origin }: Demand): string {
  if (parent !== null) {
    const extra = parent.extra === null ? '' : `[${parent.extra}]`;
    return `${parent.name}${extra} ${parent.version} needs`;
  }
  const place =
    declared === null ? 'the input' : `${declared.location.path}:${declared.location.line}`;
  if (origin === 'constraint') return `${place} allows only`;
  const pins = requirement.specifiers.length === 1 && requirement.specifiers[0]?.operator === '==';
  return `${place} ${pins ? 'pins' : 'asks for'}`;
}

function describeRequirement({ name, extras, specifiers }: Requirement): string {
  const extraText = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  const text = formatSpecifiers(specifiers);
  return `${name}${extraText}${text === '' ? '' : text.startsWith('==') && !text.includes(',') ? text : ` ${text}`}`;
}

function describeTail({ missing, newest }: Demand): string {
  if (missing !== undefined) return ` (${missing.detail})`;
  return newest === undefined ? '' : ` (no such version; the newest is ${newest})`;
}

/** Versions that cannot be used, one line for each name and reason. */
function describeObstacles(notes: readonly Note[]): readonly string[] {
  const versions = new Map<
    string,
    { readonly name: string; readonly why: string; readonly list: string[] }
  >();
  for (const note of notes) {
    if (note.kind !== 'unavailable') continue;
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

function declaredIn(demands: readonly Demand[]): readonly DeclaredRequirement[] {
  const found = new Set<DeclaredRequirement>();
  for (const { declared } of demands) if (declared !== null) found.add(declared);
  return [...found].toSorted(
    ({ location: a }, { location: b }) =>
      Number(a.path > b.path) - Number(a.path < b.path) || a.line - b.line,
  );
}
