/**
 * Which commands of a shell run, as far as ARG, ENV, the machine that the image is for and the script itself tell: `if`,
 * `case`, `&&`, `||`, and variables and folders that the script sets. What nobody can tell runs, and so does what stands
 * against it.
 */
import { joinPath } from '../inputs/file-access.ts';
import { substitute } from './dockerfile.ts';
import type { Heredoc } from './heredocs.ts';
import { textsOf, type ShellPiece, type ShellWord } from './shell-pieces.ts';

/** Null where nothing tells. */
type Verdict = boolean | null;

type Known = ReadonlyMap<string, string>;

/** A command that runs or may run, with the variables that it sees. */
export interface FollowedCommand {
  readonly words: readonly ShellWord[];
  readonly known: Known;
  /** Where it runs, as seen from where the script begins. */
  readonly folder: string;
  /** What a heredoc gives to it. */
  readonly input: Heredoc | null;
}

/** What a script begins with. */
export interface ShellState {
  readonly known: Known;
  readonly folder: string;
}

interface Branching {
  /** `inner`: a subshell, or what stands in the words of a command. */
  readonly kind: 'if' | 'case' | 'group' | 'inner';
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
  /** What was before it; `sign` is empty for what stands in the words of a command. */
  readonly before: ShellState & { readonly status: Verdict; readonly sign: string };
}

/** The commands of a script without those that surely do not run. */
export function followShell(
  pieces: readonly ShellPiece[],
  state: ShellState,
): readonly FollowedCommand[] {
  const flow = new Flow(state);
  return pieces.flatMap((piece) => flow.read(piece));
}

class Flow {
  readonly #open: Branching[] = [];
  #known: Known;
  #folder: string;
  /** What the commands so far came to, and the sign behind the last of them. */
  #status: Verdict = true;
  #sign = ';';

  constructor({ known, folder }: ShellState) {
    this.#known = known;
    this.#folder = folder;
  }

  read({ words: written, end, input }: ShellPiece): readonly FollowedCommand[] {
    const wasPattern = this.#isInHeadOfCase();
    const words = this.#enter(written, end);
    const isPattern = wasPattern || this.#isInHeadOfCase();
    const sign = this.#sign;
    const followed = words.length === 0 ? [] : this.#follow(words, input ?? null);
    if (words.length > 0) this.#sign = end;
    // A subshell ended just now, and this is what stands behind it.
    else if (written.length === 0 && sign === ')') this.#sign = end;
    if (!isPattern && end === '(') this.#push('inner', null, words.length > 0);
    if (!isPattern && end === ')') this.#leave('inner', end);
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
        return this.#leave('group', end) ? [] : words;
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

  #isInHeadOfCase(): boolean {
    const inner = this.#open.at(-1);
    return inner?.kind === 'case' && inner.isHead;
  }

  #push(kind: Branching['kind'], subject: string | null, isInWords = false): void {
    const next = isInWords ? true : this.#runsNext();
    const runs = { if: true, case: false, group: next, inner: next }[kind];
    const isHead = kind === 'if' || kind === 'case';
    const before = {
      known: this.#known,
      folder: this.#folder,
      status: this.#status,
      sign: isInWords ? '' : this.#sign,
    };
    this.#open.push({ kind, subject, taken: false, runs, isHead, matches: false, before });
    this.#begin();
  }

  /** Takes what brackets come to as one command; false where they close nothing. */
  #leave(kind: 'group' | 'inner', end: string): boolean {
    const inner = this.#open.at(-1);
    if (inner?.kind !== kind) return false;
    this.#open.pop();
    const { known, folder, status, sign } = inner.before;
    const own = this.#status ?? (sign === '&&' ? true : null);
    if (sign === '&&') this.#status = both(status, own);
    else if (sign === '||') this.#status = either(status, own);
    else this.#status = sign === '' ? null : own;
    this.#sign = end;
    // A subshell keeps to itself what it sets.
    if (kind === 'inner') [this.#known, this.#folder] = [known, folder];
    return true;
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
      inner.taken = either(inner.taken, inner.runs);
      inner.isHead = word === 'elif';
      inner.runs = word === 'elif' ? null : not(inner.taken);
    }
    this.#begin();
  }

  #readPattern(inner: Branching, words: readonly ShellWord[], end: string): readonly ShellWord[] {
    for (const { text } of words) {
      const matches = matchPattern(inner.subject, this.#valueOf(text));
      inner.matches = either(inner.matches, matches);
    }
    if (end !== ')') return [];
    inner.runs = both(not(inner.taken), inner.matches);
    inner.taken = either(inner.taken, inner.matches);
    inner.isHead = false;
    this.#begin();
    return [];
  }

  #follow(words: readonly ShellWord[], input: Heredoc | null): readonly FollowedCommand[] {
    const sign = this.#sign;
    const runs = this.#runsNext();
    // Of an image that was built, what stands behind a test went well: `[ x ] && pip install a || pip install b`.
    const isPresumed = sign === '&&' && this.#open.every(({ isHead }) => !isHead);
    const own = this.#judge(textsOf(words)) ?? (isPresumed ? true : null);
    if (sign === '&&') this.#status = both(this.#status, own);
    else if (sign === '||') this.#status = either(this.#status, own);
    else this.#status = own;
    const all = this.#open.map((one) => one.runs).reduce(both, runs);
    if (all === false) return [];
    const isSurely = this.#open.every((one) => one.runs === true) && runs === true;
    const followed = { words, known: this.#known, folder: this.#folder, input };
    this.#assign(textsOf(words), isSurely);
    this.#activate(textsOf(words));
    this.#move(textsOf(words));
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

  /** `. /venv/bin/activate`: what comes later runs in that environment. */
  #activate([name, script]: readonly string[]): void {
    const written = /^(?:\.|source)$/.test(name ?? '') ? (script ?? '') : '';
    const folder = /^(.*?)\/*bin\/activate(?:\.\w+)?$/.exec(this.#valueOf(written) ?? '')?.[1];
    if (folder === undefined) return;
    const environment = joinPath(this.#folder, folder === '' ? '/' : folder);
    const path = `${environment}/bin:${this.#known.get('PATH') ?? ''}`;
    this.#known = new Map([...this.#known, ['VIRTUAL_ENV', environment], ['PATH', path]]);
  }

  #move([name, to]: readonly string[]): void {
    if ((name === 'cd' || name === 'pushd') && to !== undefined)
      this.#folder = joinPath(this.#folder, substitute(to, this.#known));
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

/** What a condition is about: the name of a machine, a flag, a version. */
const LONGEST_SUBJECT = 256;
const MOST_STARS = 3;

/** A pattern as `case` and `[[` have it: `*`, `?`, `[a-z]`. */
function matchPattern(subject: string | null, pattern: string | null): Verdict {
  if (pattern === '*') return true;
  if (subject === null || pattern === null) return null;
  // With more of them the time would be a high power of the length.
  if (subject.length > LONGEST_SUBJECT || pattern.split(/\*+/).length > MOST_STARS + 1) return null;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
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

function either(one: Verdict, other: Verdict): Verdict {
  return not(both(not(one), not(other)));
}
