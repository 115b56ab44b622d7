/** Which branches of a shell's `if` run, as far as ARG and ENV tell: `if [ "$APP_ENV" = "testing" ]; then ...; else ...; fi`. */
import { substitute } from './dockerfile.ts';
import type { ShellWord } from './shell-lines.ts';

/** Null where nothing tells. */
type Verdict = boolean | null;

interface Branching {
  /** What decides on the next `then`. */
  condition: Verdict;
  /** Whether some part before this one has run. */
  taken: Verdict;
  /** Whether the part that is read runs. */
  runs: Verdict;
  isInCondition: boolean;
}

/** The commands without those of branches that surely do not run. */
export function takeBranches(
  commands: readonly (readonly ShellWord[])[],
  known: ReadonlyMap<string, string>,
): readonly (readonly ShellWord[])[] {
  const open: Branching[] = [];
  return commands.filter((words) => {
    step(open, words, known);
    return open.every(({ runs }) => runs !== false);
  });
}

function step(
  open: Branching[],
  [first, ...rest]: readonly ShellWord[],
  known: ReadonlyMap<string, string>,
): void {
  const word = first?.text ?? '';
  if (word === 'if') {
    open.push({ condition: judge(rest, known), taken: false, runs: null, isInCondition: true });
    return;
  }
  if (word === 'do' || word === '{') step(open, rest, known);
  const branching = open.at(-1);
  if (branching === undefined) return;
  if (word === 'fi') open.pop();
  else if (word === 'then') {
    branching.runs = both(not(branching.taken), branching.condition);
    branching.isInCondition = false;
    step(open, rest, known);
  } else if (word === 'else' || word === 'elif') {
    branching.taken = not(both(not(branching.taken), not(branching.runs)));
    branching.isInCondition = word === 'elif';
    branching.condition = judge(rest, known);
    branching.runs = word === 'elif' ? null : not(branching.taken);
    if (word === 'else') step(open, rest, known);
  } else if (branching.isInCondition) branching.condition = null;
}

function not(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

function both(one: Verdict, other: Verdict): Verdict {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}

/** `[ "$A" = "b" ]`, `[[ -n $A ]]`, `test $A != b`; null for all else, and where a variable is not known. */
function judge(words: readonly ShellWord[], known: ReadonlyMap<string, string>): Verdict {
  const [name = '', ...rest] = words.map(({ text }) => text);
  const close = { '[': ']', '[[': ']]' }[name];
  if (close === undefined ? name !== 'test' : rest.pop() !== close) return null;
  if (!rest.every((text) => isKnown(text, known))) return null;
  const [left = '', operator = '', right = '', ...others] = rest.map((text) =>
    substitute(text, known),
  );
  if (others.length > 0) return null;
  if (rest.length === 2 && /^-[nz]$/.test(left)) return (operator === '') === (left === '-z');
  if (rest.length !== 3 || !/^(?:==?|!=)$/.test(operator) || /[*?[]/.test(right)) return null;
  return (left === right) === (operator !== '!=');
}

function isKnown(text: string, known: ReadonlyMap<string, string>): boolean {
  const used = [...text.matchAll(/\$(?:\{(\w+)(:?-)?|(\w*))/g)];
  return (
    !text.includes('`') &&
    used.every(
      ([, braced, fallback, bare]) => fallback !== undefined || known.has(braced ?? bare ?? ''),
    )
  );
}
