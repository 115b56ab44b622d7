/** The runs of a script put together: what all of them say, and with a marker what only some answers of the target give. */
import { formatCondition, type Condition } from './conditions.ts';
import type { ReadLine, ReadSet, ReadSetup } from './setup-call.ts';

/** A condition as it was answered in a run. */
export interface Answer {
  readonly condition: Condition;
  readonly answer: boolean;
}

/** One run that came to a call of `setup()`, or did not. */
export interface RunResult {
  /** By the text of the condition. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly setup: ReadSetup | null;
}

/** A requirement with the marker that its conditions make, besides its own. */
export interface CombinedLine extends ReadLine {
  readonly marker: string | null;
}

/** One set, from all runs. */
export interface CombinedSet {
  /** The key of `extras_require` as written, null for `install_requires`. */
  readonly extra: string | null;
  readonly lines: readonly CombinedLine[];
  readonly computedAt: number | null;
}

const mostConditions = 5;

/** What the target may answer, all conditions at once, and what the script then says. */
interface World {
  readonly answers: readonly Answer[];
  readonly setups: readonly ReadSetup[];
}

/** The sets of all runs, `install_requires` first; null where there are too many conditions to tell apart. */
export function combineSets(runs: readonly RunResult[]): readonly CombinedSet[] | null {
  const worlds = findWorlds(runs);
  if (worlds === null) return null;
  const keys = new Set<string>();
  for (const { setups } of worlds)
    for (const { extras } of setups) for (const key of extras.keys()) keys.add(key);
  return [null, ...keys].map((extra) => combineSet(extra, worlds));
}

function findWorlds(runs: readonly RunResult[]): readonly World[] | null {
  const conditions = new Map<string, Condition>();
  for (const { answers } of runs)
    for (const [key, { condition }] of answers) conditions.set(key, condition);
  if (conditions.size > mostConditions) return null;
  const worlds: World[] = [];
  for (let bits = 0; bits < 2 ** conditions.size; bits++) {
    const answers = [...conditions.values()].map((condition, index) => ({
      condition,
      answer: (bits & (1 << index)) === 0,
    }));
    if (!isPossible(answers)) continue;
    const byKey = new Map(
      [...conditions.keys()].map((key, index) => [key, answers[index]?.answer]),
    );
    const setups = runs
      .filter((run) => [...run.answers].every(([key, { answer }]) => byKey.get(key) === answer))
      .map(({ setup }) => setup)
      .filter((setup) => setup !== null);
    if (setups.length > 0) worlds.push({ answers, setups });
  }
  return worlds;
}

const pythons: readonly string[] = Array.from({ length: 31 }, (_, minor) => `3.${minor}`);

// A Python below 3.4 and above 3.8 there is not, nor a platform of two names.
function isPossible(answers: readonly Answer[]): boolean {
  const versions = answers.filter(({ condition }) => condition.variable === 'python_version');
  if (
    versions.length > 0 &&
    !pythons.some((python) => versions.every((answer) => fits(python, answer)))
  )
    return false;
  const named = answers.filter(
    ({ condition, answer }) =>
      answer && condition.operator === '==' && condition.variable !== 'python_version',
  );
  return new Set(named.map(({ condition }) => condition.variable)).size === named.length;
}

function fits(python: string, { condition, answer }: Answer): boolean {
  const order = minorOf(python) - minorOf(condition.value);
  const holds =
    condition.operator === '=='
      ? order === 0
      : condition.operator === '>='
        ? order >= 0
        : order > 0;
  return holds === answer;
}

function minorOf(python: string): number {
  return Number(python.slice(python.indexOf('.') + 1));
}

function combineSet(extra: string | null, worlds: readonly World[]): CombinedSet {
  const all = worlds.map(({ setups }) => intersect(setups.map((setup) => setOf(setup, extra))));
  const texts = all.map(({ lines }) => textsOf(lines));
  const lines = new Map<string, ReadLine>();
  for (const { lines: own } of all)
    for (const line of own) if (!lines.has(line.text)) lines.set(line.text, line);
  const combined = [...lines.values()].map((line) => ({
    ...line,
    marker: markerOf(
      worlds.filter((_, index) => texts[index]?.has(line.text) === true),
      worlds,
    ),
  }));
  const computed = all.map(({ computedAt }) => computedAt).find((at) => at !== null) ?? null;
  return { extra, lines: combined, computedAt: computed };
}

function textsOf(lines: readonly ReadLine[]): ReadonlySet<string> {
  return new Set(lines.map(({ text }) => text));
}

function setOf(setup: ReadSetup, extra: string | null): ReadSet {
  if (extra === null) return setup.main;
  return setup.extras.get(extra) ?? { lines: [], computedAt: null };
}

// What a question decides that nobody can answer is computed; what does not depend on it is not.
function intersect(sets: readonly ReadSet[]): ReadSet {
  const [first = { lines: [], computedAt: null }, ...others] = sets;
  const texts = others.map(({ lines }) => textsOf(lines));
  const lines = first.lines.filter(({ text }) => texts.every((own) => own.has(text)));
  const kept = textsOf(lines);
  const differing = sets.flatMap((set) => set.lines).find(({ text }) => !kept.has(text));
  const computed = sets.map(({ computedAt }) => computedAt).find((at) => at !== null);
  return { lines, computedAt: computed ?? differing?.origin.offset ?? null };
}

// The shortest that is found: none, one condition, two, else every world by itself.
function markerOf(holders: readonly World[], worlds: readonly World[]): string | null {
  if (holders.length === worlds.length) return null;
  const literals = (worlds[0]?.answers ?? []).flatMap(({ condition }) =>
    [true, false].map((answer) => ({ condition, answer })),
  );
  const isExact = (chosen: readonly Answer[]): boolean =>
    worlds.every(
      (world) =>
        holders.includes(world) ===
        chosen.every(({ condition, answer }) =>
          world.answers.some((own) => own.condition === condition && own.answer === answer),
        ),
    );
  const one = literals.find((literal) => isExact([literal]));
  if (one !== undefined) return formatCondition(one.condition, one.answer);
  for (const first of literals) {
    const second = literals.find((literal) => isExact([first, literal]));
    if (second !== undefined) return formatAll([first, second]);
  }
  return holders.map(({ answers }) => `(${formatAll(answers)})`).join(' or ');
}

function formatAll(answers: readonly Answer[]): string {
  return answers.map(({ condition, answer }) => formatCondition(condition, answer)).join(' and ');
}
