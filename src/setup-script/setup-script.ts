/**
 * What a setup.py gives to `setup()`, found without running it: a small interpreter follows the script, keeps to what it knows,
 * and calls everything else computed.
 *
 * Traps:
 * - A script may decide by its target (`sys.version_info`): it is followed once per answer, and the difference is a marker.
 * - It may decide by what nobody knows (an environment variable): both ways are followed, and only what they share is known.
 * - `try: import X` depends on what can be imported where wheels are built: the standard library, setuptools, what the build
 *   requires and the project itself, nothing else. `setup_requires` is installed first, and the script then runs again.
 */
import { normalizeName } from '../pep/name.ts';
import { combineSets, type Answer, type CombinedSet, type RunResult } from './combine.ts';
import type { Condition } from './conditions.ts';
import { callFunction, executeScript } from './execute.ts';
import { parseScript } from './parse-script.ts';
import { Exhausted, Raised, type Availability, type Run, type Surroundings } from './run.ts';
import { readSetupCall, type ReadLine, type ReadSetup } from './setup-call.ts';
import type { Statement } from './syntax.ts';
import { ScriptError } from './tokens.ts';

/** What is known of a setup script. Offsets are 0-based, into its text or the file that `origin.path` names. */
export interface SetupScript {
  /** Where `setup()` is called; null where no call of it was reached. */
  readonly calledAt: number | null;
  readonly name: string | null;
  readonly requiresPython: ReadLine | null;
  /** `install_requires` first, then `extras_require` by key. */
  readonly sets: readonly CombinedSet[];
  /** Whether `install_requires` is given at all. */
  readonly hasRequirements: boolean;
  readonly extrasComputedAt: number | null;
  /** Names that `setup_requires` has, normalised. */
  readonly setupRequires: readonly string[];
  /** All keywords that some call gives. */
  readonly keywords: readonly string[];
  /** Half a sentence where the script was not followed to its end, else null. */
  readonly problem: string | null;
}

const mostRuns = 200;
const mostSteps = 250_000;
const mostUnknownAnswers = 6;

/** Reads a setup script. Never throws for any text; nothing of it is executed. */
export function readSetupScript(text: string, surroundings: Surroundings): SetupScript {
  let statements: readonly Statement[];
  try {
    statements = parseScript(text);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return nothing(error.message);
  }
  const first = follow(statements, surroundings);
  const { setupRequires } = first;
  const isPlain = setupRequires.every((name) => name === 'setuptools' || name === 'wheel');
  return isPlain ? first : follow(statements, withModules(surroundings, setupRequires));
}

function nothing(problem: string): SetupScript {
  return {
    calledAt: null,
    name: null,
    requiresPython: null,
    sets: [],
    hasRequirements: false,
    extrasComputedAt: null,
    setupRequires: [],
    keywords: [],
    problem,
  };
}

function withModules(surroundings: Surroundings, names: readonly string[]): Surroundings {
  return {
    ...surroundings,
    isAvailable(module): Availability {
      const before = surroundings.isAvailable(module);
      if (before !== false) return before;
      // What is installed brings in others, and may be imported by another name.
      return names.includes(normalizeName(module)) ? true : null;
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Runs

/** The answers of a run in order: those that are given before it starts, and those that it adds. */
interface Trail {
  readonly answers: boolean[];
}

function follow(statements: readonly Statement[], surroundings: Surroundings): SetupScript {
  const runs: RunResult[] = [];
  let steps = 0;
  let given: readonly boolean[] = [];
  for (;;) {
    const { result, trail, problem, taken } = runOnce(statements, surroundings, given);
    runs.push(result);
    steps += taken;
    if (problem !== null) return nothing(problem);
    // The last question that was answered with yes is answered with no next, until none is left.
    const turn = trail.answers.lastIndexOf(true);
    if (turn < 0) break;
    given = [...trail.answers.slice(0, turn), false];
    if (runs.length >= mostRuns || steps > mostSteps)
      return nothing('it depends on more conditions than are followed');
  }
  return summarize(runs);
}

interface OneRun {
  readonly result: RunResult;
  readonly trail: Trail;
  readonly taken: number;
  readonly problem: string | null;
}

function runOnce(
  statements: readonly Statement[],
  surroundings: Surroundings,
  given: readonly boolean[],
): OneRun {
  const trail: Trail = { answers: [] };
  const answers = new Map<string, Answer>();
  const setups: ReadSetup[] = [];
  let unknownAnswers = 0;
  const answer = (): boolean => {
    const value = given[trail.answers.length] ?? true;
    trail.answers.push(value);
    return value;
  };
  const run: Run = {
    surroundings,
    globals: { names: new Map(), parent: null, globals: [] },
    handlers: [],
    isHidden: false,
    risks: 0,
    steps: 0,
    depth: 0,
    onSetup: (call) => setups.push(readSetupCall(call)),
    decide(condition) {
      const key = keyOf(condition);
      const known = answers.get(key);
      if (known !== undefined) return known.answer;
      const value = answer();
      answers.set(key, { condition, answer: value });
      return value;
    },
    tryBoth() {
      if (unknownAnswers >= mostUnknownAnswers) return null;
      unknownAnswers++;
      return answer();
    },
    callFunction: (callee, call) => callFunction(run, callee, call),
  };
  const problem = finish(run, statements);
  const setup = problem === null ? joinSetups(setups) : null;
  const hidden = run.isHidden && problem === null ? 'its call of setup() is not followed' : problem;
  return { result: { answers, setup }, trail, taken: run.steps, problem: hidden };
}

function finish(run: Run, statements: readonly Statement[]): string | null {
  try {
    executeScript(run, statements);
    return null;
  } catch (error) {
    // A script that ends early still called what it called before.
    if (error instanceof Raised) return null;
    if (error instanceof Exhausted) return error.message;
    throw error;
  }
}

function keyOf({ variable, operator, value }: Condition): string {
  return `${variable} ${operator} ${value}`;
}

// Several calls in one run: where they differ, which one a build asks is not known.
function joinSetups(setups: readonly ReadSetup[]): ReadSetup | null {
  const [first, ...others] = setups;
  if (first === undefined) return null;
  const isSame = others.every((other) => textOf(other) === textOf(first));
  if (isSame) return first;
  return { ...first, main: { ...first.main, computedAt: first.main.computedAt ?? first.at } };
}

function textOf({ main, extras }: ReadSetup): string {
  return JSON.stringify(
    [main, [...extras]].map((part) => part),
    (key, value: unknown) => (key === 'origin' ? undefined : value),
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// All runs

function summarize(runs: readonly RunResult[]): SetupScript {
  const setups = runs.map(({ setup }) => setup).filter((setup) => setup !== null);
  const [first] = setups;
  if (first === undefined) return nothing('no call of setup() is reached');
  const sets = combineSets(runs);
  if (sets === null) return nothing('it depends on more conditions than are followed');
  const computed =
    setups.map(({ extrasComputedAt }) => extrasComputedAt).find((at) => at !== null) ?? null;
  return {
    calledAt: first.at,
    name: shared(setups.map(({ name }) => name)),
    requiresPython: sharedLine(setups.map(({ requiresPython }) => requiresPython)),
    sets,
    hasRequirements: setups.some(({ hasMain }) => hasMain),
    extrasComputedAt: computed,
    setupRequires: [
      ...new Set(
        setups.flatMap(({ setupRequires }) => setupRequires.lines.map(({ text }) => nameOf(text))),
      ),
    ].toSorted(),
    keywords: [...new Set(setups.flatMap(({ keywords }) => keywords))].toSorted(),
    problem: null,
  };
}

function shared(values: readonly (string | null)[]): string | null {
  const [first = null, ...others] = values;
  return others.every((value) => value === first) ? first : null;
}

function sharedLine(lines: readonly (ReadLine | null)[]): ReadLine | null {
  const [first = null] = lines;
  return lines.every((line) => line?.text === first?.text) ? first : null;
}

function nameOf(requirement: string): string {
  return normalizeName(/^[\w.-]+/.exec(requirement)?.[0] ?? '');
}
