/** Functions of a shell: what they hold runs where they are called, and nowhere else. */
import { substitute } from './dockerfile.ts';
import type { ShellPiece, ShellWord } from './shell-pieces.ts';

interface ShellFunction {
  readonly body: readonly ShellPiece[];
}

const mostPieces = 5_000;
const deepest = 8;

/** The pieces with the bodies of functions in the place of their calls. `given`: to the script, null where nobody knows. */
export function inlineFunctions(
  pieces: readonly ShellPiece[],
  given: readonly string[] | null = null,
): readonly ShellPiece[] {
  const { functions, rest: own } = takeFunctions(pieces);
  const words = given?.map((text): ShellWord => ({ text, line: 0 })) ?? null;
  const rest = words === null ? own : own.map((piece) => withGiven(piece, words));
  if (functions.size === 0) return rest;
  let count = 0;
  const inline = (all: readonly ShellPiece[], calling: readonly string[]): readonly ShellPiece[] =>
    all.flatMap((piece) => {
      const call = calling.length < deepest ? callIn(piece, functions) : null;
      if (call === null || calling.includes(call.name) || count > mostPieces) return [piece];
      count += call.called.body.length;
      const body = inline(
        call.called.body.map((one) => withNumbered(withGiven(one, call.given), call.given)),
        [...calling, call.name],
      );
      const word = (text: string): ShellWord => ({ text, line: call.line });
      return [
        { words: [...call.before, word('{')], end: ';' },
        ...body,
        { words: [word('}')], end: piece.end },
      ];
    });
  return inline(rest, []);
}

/** `f() { … }` and `function f { … }` taken out. */
function takeFunctions(pieces: readonly ShellPiece[]): {
  readonly functions: ReadonlyMap<string, ShellFunction>;
  readonly rest: readonly ShellPiece[];
} {
  const functions = new Map<string, ShellFunction>();
  const rest: ShellPiece[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const found = definitionAt(pieces, at);
    if (found === null) {
      rest.push(piece);
      continue;
    }
    functions.set(found.name, { body: found.body });
    rest.push({ words: [{ text: ':', line: piece.words[0]?.line ?? 1 }], end: found.end });
    at = found.last;
  }
  return { functions, rest };
}

function definitionAt(
  pieces: readonly ShellPiece[],
  at: number,
): {
  readonly name: string;
  readonly body: readonly ShellPiece[];
  /** What ends it, and at which piece. */
  readonly end: string;
  readonly last: number;
} | null {
  const piece = pieces[at];
  if (piece === undefined) return null;
  const isNamed = piece.words[0]?.text === 'function';
  const [name, ...behind] = isNamed ? piece.words.slice(1) : piece.words;
  const hasBrackets =
    piece.end === '(' && pieces[at + 1]?.words.length === 0 && pieces[at + 1]?.end === ')';
  if (name === undefined || (!isNamed && (!hasBrackets || behind.length > 0))) return null;
  // The bracket may stand on the next line.
  const below = pieces.findIndex(({ words }, place) => place > at + 1 && words.length > 0);
  const first = hasBrackets ? below : at;
  const opening = hasBrackets ? pieces[first]?.words : behind;
  if (opening?.[0]?.text !== '{') return null;
  let depth = 1;
  const body: ShellPiece[] = [];
  const rest = opening.slice(1);
  if (rest.length > 0) body.push({ ...pieces[first], words: rest, end: pieces[first]?.end ?? '' });
  for (let last = first + 1; last < pieces.length; last++) {
    const own = pieces[last];
    if (own === undefined) break;
    const word = own.words.find(({ text }) => !keywords.has(text))?.text;
    if (word === '{') depth++;
    if (word === '}' && --depth === 0) return { name: name.text, body, end: own.end, last };
    body.push(own);
  }
  return null;
}

const keywords: ReadonlySet<string> = new Set(['if', 'elif', 'then', 'else', 'do', '!']);

function callIn(
  { words }: ShellPiece,
  functions: ReadonlyMap<string, ShellFunction>,
): {
  readonly name: string;
  readonly called: ShellFunction;
  readonly before: readonly ShellWord[];
  readonly given: readonly ShellWord[];
  readonly line: number;
} | null {
  const at = words.findIndex(({ text }) => !keywords.has(text) && text !== '{');
  const first = words[at];
  const called = first === undefined ? undefined : functions.get(first.text);
  if (first === undefined || called === undefined) return null;
  const given = words.slice(at + 1).filter(({ text }) => !/^\d?[<>]/.test(text));
  return { name: first.text, called, before: words.slice(0, at), given, line: first.line };
}

/** `"$@"` and `$#` by what was given. */
function withGiven(piece: ShellPiece, given: readonly ShellWord[]): ShellPiece {
  if (!piece.words.some(({ text }) => /\$[@*#]/.test(text))) return piece;
  return {
    ...piece,
    words: piece.words.flatMap((word): readonly ShellWord[] =>
      /^\$[@*]$/.test(word.text)
        ? given.map((one) => (one.line === 0 ? { ...word, text: one.text } : one))
        : [{ ...word, text: word.text.replace(/\$#(?!\w)/, String(given.length)) }],
    ),
  };
}

/** `$1` and `${1:-other}` by what was given. */
function withNumbered(piece: ShellPiece, given: readonly ShellWord[]): ShellPiece {
  if (!piece.words.some(({ text }) => /\$\{?\d/.test(text))) return piece;
  const known = new Map(
    Array.from({ length: 9 }, (_, at) => [String(at + 1), given[at]?.text ?? '']),
  );
  return {
    ...piece,
    words: piece.words.map((word) => ({
      ...word,
      text: word.text.replaceAll(/\$\d|\$\{\d[^}]*\}/g, (whole) => substitute(whole, known)),
    })),
  };
}
