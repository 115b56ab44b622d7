/**
 * Which commands of a shell run, as far as ARG, ENV, the machine that the image is for and the script itself tell: `if`,
 * `case`, `&&`, `||`, and variables that the script sets. What nobody can tell runs, and so does what stands against it.
 */
import { substitute } from './dockerfile.ts';
import { textsOf, type ShellPiece, type ShellWord } from './shell-pieces.ts';

/** Null where nothing tells. */
type Verdict = boolean | null;

type Known = ReadonlyMap<string, string>;

/** A command that runs or may run, with the variables that it sees. */
export interface FollowedCommand {
  readonly words: readonly ShellWord[];
  readonly known: Known;
}

interface Branching {
  readonly kind: 'if' | 'case' | 'group';
  /** What `case` asks about; null where nothing tells. */
  readonly subject: string | null;
  /** Whether some part before this one has run. */
  taken: Verdict;
  /** Whether the part that is read runs. */
  runs: Verdict;
  /** The condition of `if` or a pattern of `case` is read. */
  isHead: boolean;
  /** Of the patterns read so far. */
  matches: Verdict;
}

/** The commands of a script without those that surely do not run. */
export function followShell(
  pieces: readonly ShellPiece[],
  known: Known,
): readonly FollowedCommand[] {
  const flow = new Flow(known);
  return pieces.flatMap((piece) => flow.read(piece));
}

class Flow {
  readonly #open: Branching[] = [];
  #known: Known;
  /** What the commands so far came to, and the sign behind the last of them. */
  #status: Verdict = true;
  #sign = ';';

  constructor(known: Known) {
    this.#known = known;
  }

  read({ words: written, end }: ShellPiece): readonly FollowedCommand[] {
    const words = this.#enter(written, end);
    const followed = words.length === 0 ? [] : this.#follow(words);
    if (words.length > 0) this.#sign = end;
    const inner = this.#open.at(-1);
    if (end === ';;' && inner?.kind === 'case') {
      inner.isHead = true;
      inner.matches = false;
    }
    return followed;
  }

  /** Takes what the shell's own words open and close; the rest is a command. */
  #enter(words: readonly ShellWord[], end: string): readonly ShellWord[] {
    const inner = this.#open.at(-1);
    const [first, ...rest] = words;
    if (first === undefined) return [];
    if (inner?.kind === 'case' && inner.isHead && first.text !== 'esac')
      return this.#readPattern(inner, words, end);
    switch (first.text) {
      case 'if':
        this.#push('if', null);
        return this.#enter(rest, end);
      case 'case': {
        const at = rest.findIndex(({ text }) => text === 'in');
        this.#push('case', this.#valueOf(rest[0]?.text ?? ''));
        return this.#enter(rest.slice(Math.max(at, 0) + 1), end);
      }
      case 'do':
        this.#begin();
        return this.#enter(rest, end);
      case '{':
        this.#push('group', null);
        return this.#enter(rest, end);
      case '}':
        if (inner?.kind !== 'group') return words;
        this.#status = inner.runs;
        this.#open.pop();
        this.#sign = end;
        return [];
      case 'then':
      case 'elif':
      case 'else':
        if (inner !== undefined) this.#turn(inner, first.text);
        return this.#enter(rest, end);
      case 'fi':
      case 'esac':
        this.#open.pop();
        this.#status = null;
        this.#sign = end;
        return [];
      default:
        return words;
    }
  }

  #push(kind: Branching['kind'], subject: string | null): void {
    const runs = { if: true, case: false, group: this.#runsNext() }[kind];
    const isHead = kind !== 'group';
    this.#open.push({ kind, subject, taken: false, runs, isHead, matches: false });
    this.#begin();
  }

  #runsNext(): Verdict {
    if (this.#sign === '&&') return this.#status;
    return this.#sign === '||' ? not(this.#status) : true;
  }

  #begin(): void {
    this.#status = true;
    this.#sign = ';';
  }

  #turn(inner: Branching, word: string): void {
    if (word === 'then') {
      inner.runs = both(not(inner.taken), this.#status);
      inner.isHead = false;
    } else {
      inner.taken = not(both(not(inner.taken), not(inner.runs)));
      inner.isHead = word === 'elif';
      inner.runs = word === 'elif' ? null : not(inner.taken);
    }
    this.#begin();
  }

  #readPattern(inner: Branching, words: readonly ShellWord[], end: string): readonly ShellWord[] {
    for (const { text } of words) {
      const matches = matchPattern(inner.subject, this.#valueOf(text));
      inner.matches = not(both(not(inner.matches), not(matches)));
    }
    if (end !== ')') return [];
    inner.runs = both(not(inner.taken), inner.matches);
    inner.taken = not(both(not(inner.taken), not(inner.matches)));
    inner.isHead = false;
    this.#begin();
    return [];
  }

  #follow(words: readonly ShellWord[]): readonly FollowedCommand[] {
    const sign = this.#sign;
    const runs = this.#runsNext();
    // Of an image that was built, what stands behind a test went well: `[ x ] && pip install a || pip install b`.
    const isPresumed = sign === '&&' && this.#open.every(({ isHead }) => !isHead);
    const own = this.#judge(textsOf(words)) ?? (isPresumed ? true : null);
    if (sign === '&&') this.#status = both(this.#status, own);
    else if (sign === '||') this.#status = not(both(not(this.#status), not(own)));
    else this.#status = own;
    const all = this.#open.map((one) => one.runs).reduce(both, runs);
    if (all === false) return [];
    const isSurely = this.#open.every((one) => one.runs === true) && runs === true;
    const followed = { words, known: this.#known };
    this.#assign(textsOf(words), isSurely);
    return [followed];
  }

  /** `A=b`, `export A=b`: what comes later sees it; a value that nobody knows is no longer the one of before. */
  #assign(words: readonly string[], isSurely: boolean): void {
    const named = words[0] === 'export' ? words.slice(1) : words;
    const pairs = named.map((word) => /^([A-Za-z_]\w*)=(.*)$/s.exec(word));
    if (pairs.length === 0 || pairs.includes(null)) return;
    const known = new Map(this.#known);
    for (const pair of pairs) {
      const value = this.#valueOf(pair?.[2] ?? '');
      if (value === null || !isSurely) known.delete(pair?.[1] ?? '');
      else known.set(pair?.[1] ?? '', value);
    }
    this.#known = known;
  }

  #valueOf(text: string): string | null {
    return valueOf(text, this.#known);
  }

  /** `[ "$A" = "b" ]`, `[[ -n $A ]]`, `test $A != b`, `true`; null for all else, and where a variable is not known. */
  #judge([name = '', ...rest]: readonly string[]): Verdict {
    if (name === '!') return not(this.#judge(rest));
    if (name === 'true' || name === ':') return true;
    if (name === 'false') return false;
    const close = { '[': ']', '[[': ']]' }[name];
    if (close === undefined ? name !== 'test' : rest.pop() !== close) return null;
    const values = rest.map((text) => this.#valueOf(text));
    const [left = '', operator = '', right = '', ...others] = values;
    if (left === null || operator === null || right === null || others.length > 0) return null;
    if (values.length === 2 && /^-[nz]$/.test(left)) return (operator === '') === (left === '-z');
    if (values.length !== 3 || !/^(?:==?|!=)$/.test(operator)) return null;
    if (name !== '[[' && /[*?[]/.test(right)) return null;
    const isEqual = name === '[[' ? matchPattern(left, right) : left === right;
    return operator === '!=' ? not(isEqual) : isEqual;
  }
}

/** Null where a variable is not known, or a command would have to be run. */
function valueOf(text: string, known: Known): string | null {
  const used = [...text.matchAll(/\$(?:\{(\w+)(:?[-+])?|(\w*))/g)];
  const isKnown = used.every(
    ([, braced, operator, bare]) => operator !== undefined || known.has(braced ?? bare ?? ''),
  );
  if (!isKnown || text.includes('`')) return null;
  const value = substitute(text, known);
  return /\$[{(]/.test(value) ? null : value;
}

/** A pattern as `case` and `[[` have it: `*`, `?`, `[a-z]`. */
function matchPattern(subject: string | null, pattern: string | null): Verdict {
  if (pattern === '*') return true;
  if (subject === null || pattern === null) return null;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`, 's').test(subject);
  } catch {
    // A bracket that closes nowhere: nothing can be told of it.
    return null;
  }
}

function not(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

function both(one: Verdict, other: Verdict): Verdict {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}
