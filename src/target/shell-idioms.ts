/** Ways of a shell to give a command more words than it has written out: loops over plain words, `xargs`, `$(cat FILE)`. */
import { textsOf, type ShellPiece, type ShellWord } from './shell-pieces.ts';

/** The pieces with loops unrolled, and files of names in the place of what reads them. */
export function unfoldIdioms(pieces: readonly ShellPiece[]): readonly ShellPiece[] {
  return takeFiles(unrollLoops(pieces));
}

const mostItems = 50;
const mostPieces = 5_000;

/** `for f in a b; do pip install -r $f; done` as `f=a; pip install -r $f; f=b; ...`. */
function unrollLoops(pieces: readonly ShellPiece[]): readonly ShellPiece[] {
  const unrolled: ShellPiece[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const [first, variable, link, ...items] = piece.words;
    const end = first?.text === 'for' && link?.text === 'in' ? endOfLoop(pieces, at) : -1;
    if (end === -1 || variable === undefined || !items.every(isPlain) || items.length > mostItems) {
      unrolled.push(piece);
      continue;
    }
    const body = unrollLoops(pieces.slice(at + 1, end).flatMap(withoutDo));
    if (body.length * items.length > mostPieces) {
      unrolled.push(...pieces.slice(at, end));
      at = end - 1;
      continue;
    }
    for (const { text, line } of items)
      unrolled.push({ words: [{ text: `${variable.text}=${text}`, line }], end: ';' }, ...body);
    at = end;
  }
  return unrolled;
}

function isPlain({ text }: ShellWord): boolean {
  return !/[$*?`]/.test(text);
}

function withoutDo(piece: ShellPiece): readonly ShellPiece[] {
  const [first, ...rest] = piece.words;
  if (first?.text !== 'do') return [piece];
  return rest.length === 0 ? [] : [{ ...piece, words: rest }];
}

/** The place of its `done`; -1 where there is none. */
function endOfLoop(pieces: readonly ShellPiece[], start: number): number {
  let depth = 0;
  for (let at = start; at < pieces.length; at++) {
    const words = textsOf(pieces[at]?.words ?? []);
    const [first = ''] = words[0] === 'do' ? words.slice(1) : words;
    if (/^(?:for|while|until)$/.test(first)) depth++;
    if (first === 'done' && --depth === 0) return at;
  }
  return -1;
}

/** `cat FILE | xargs pip install` and `pip install $(cat FILE)` as `pip install -r FILE`. */
function takeFiles(pieces: readonly ShellPiece[]): readonly ShellPiece[] {
  const taken: ShellPiece[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const [piece, next, behind] = pieces.slice(at, at + 3);
    if (piece === undefined) break;
    const shown = next === undefined ? null : fileShown(next);
    if (
      next !== undefined &&
      shown !== null &&
      piece.end === '(' &&
      piece.words.at(-1)?.text === '$'
    ) {
      const words = [...piece.words.slice(0, -1), ...asFile(shown), ...(behind?.words ?? [])];
      taken.push({ words, end: behind?.end ?? '' });
      at += 2;
    } else taken.push(withoutXargs(piece, at === 0 ? undefined : pieces[at - 1]));
  }
  return taken;
}

function asFile(file: ShellWord): readonly ShellWord[] {
  return [{ text: '-r', line: file.line }, file];
}

/** The file of `cat FILE`. */
function fileShown({ words }: ShellPiece): ShellWord | null {
  const [first, file, ...others] = words.filter(({ text }) => !text.startsWith('-'));
  return first?.text === 'cat' && others.length === 0 ? (file ?? null) : null;
}

function withoutXargs(piece: ShellPiece, before: ShellPiece | undefined): ShellPiece {
  if (piece.words[0]?.text !== 'xargs') return piece;
  const inner: ShellWord[] = [];
  let file = before?.end === '|' ? fileShown(before) : null;
  for (let at = 1; at < piece.words.length; at++) {
    const word = piece.words[at];
    const value = piece.words[at + 1];
    if (word === undefined) break;
    const isOwn = inner.length === 0 && word.text.startsWith('-');
    if (word.text === '<' || (isOwn && /^(?:-a|--arg-file)$/.test(word.text))) file = value ?? file;
    else if (/^<[^<]/.test(word.text)) file = { ...word, text: word.text.slice(1) };
    else if (!isOwn) inner.push(word);
    if (word.text === '<' || (isOwn && /^-[adIJLnPs]$/.test(word.text))) at++;
  }
  return { ...piece, words: [...inner, ...(file === null ? [] : asFile(file))] };
}
