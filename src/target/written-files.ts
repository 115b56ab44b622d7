/**
 * Files that a Dockerfile writes out itself: `COPY <<EOF /requirements.txt`, `cat > FILE <<EOF`, `echo "flask" >> FILE`. What
 * another program writes is not known.
 */
import { fileNameOf, joinPath } from '../inputs/file-access.ts';
import type { CopiedPath } from './copies.ts';
import { originsIn } from './copy-origins.ts';
import { substitute, type Instruction } from './dockerfile.ts';
import type { Heredoc } from './heredocs.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';

/** A line of a file, with the place that writes it. */
type WrittenLine = ShellWord;

/** What is known of a file. */
export interface WrittenFile {
  readonly lines: readonly WrittenLine[];
  /** `nothing`: the lines are all of it. `copied`: they are added to what was there. `unknown`: a program wrote some of it. */
  readonly base: 'nothing' | 'copied' | 'unknown';
}

/** The files of an image, instruction after instruction. */
export class WrittenFiles {
  readonly #files = new Map<string, WrittenFile>();

  /** By its path from the root of the image. */
  get(path: string): WrittenFile | undefined {
    return this.#files.get(path);
  }

  /** COPY and ADD: heredocs, and what was written in another stage. */
  copy(
    { text, heredocs }: Instruction,
    copies: readonly CopiedPath[],
    variables: ReadonlyMap<string, string>,
  ): void {
    for (const copy of copies) {
      const names = [...text.matchAll(/<<-?["']?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
      for (const [at, { text: body, line, isLiteral }] of heredocs.entries()) {
        const path = copy.target.endsWith('/') ? joinPath(copy.into, names[at] ?? '') : copy.into;
        const filled = isLiteral === true ? body : substitute(body, variables);
        this.#files.set(path, { lines: linesOf(filled, { line }), base: 'nothing' });
      }
      if (copy.from !== null) this.#take(copy);
    }
  }

  #take(copy: CopiedPath): void {
    for (const [path, file] of this.#files) {
      for (const source of copy.sources) {
        const from = joinPath('/', source);
        if (path === from) {
          // Whether the target is a folder, only the build knows.
          if (!copy.target.endsWith('/')) this.#files.set(copy.into, file);
          this.#files.set(joinPath(copy.into, fileNameOf(path)), file);
        } else if (path.startsWith(`${from}/`))
          this.#files.set(joinPath(copy.into, path.slice(from.length + 1)), file);
      }
    }
  }

  /** A copy from the repository stands in the place of what was written before. */
  replace(copies: readonly CopiedPath[]): void {
    for (const path of this.#files.keys()) {
      const isReplaced = copies.some(
        (copy) =>
          copy.from === null &&
          copy.sources.some(
            (source) =>
              fileNameOf(source) === fileNameOf(path) && originsIn(copy, source, path).length > 0,
          ),
      );
      if (isReplaced) this.#files.delete(path);
    }
  }

  /** What a command that begins in a folder writes. */
  write(command: ShellCommand, start: string): void {
    const folder = joinPath(start, command.folder);
    const moved = movedFile(textsOf(command.words));
    const source = moved === null ? undefined : this.#files.get(joinPath(folder, moved.from));
    if (moved !== null && source !== undefined) {
      this.#files.set(joinPath(folder, moved.to), source);
      this.#files.set(joinPath(joinPath(folder, moved.to), fileNameOf(moved.from)), source);
    }
    for (const { file, isAdding } of targetsOf(textsOf(command.words))) {
      const path = joinPath(folder, file);
      const lines = this.#outputOf(command, folder);
      const before = isAdding
        ? (this.#files.get(path) ?? { lines: [], base: 'copied' as const })
        : { lines: [], base: lines === null ? ('unknown' as const) : ('nothing' as const) };
      this.#files.set(path, {
        lines: [...before.lines, ...(lines ?? [])],
        base: before.base,
      });
    }
  }

  /** Null where only the program knows. */
  #outputOf({ words, input, script }: ShellCommand, folder: string): readonly WrittenLine[] | null {
    const [first, ...others] = words;
    const place = placeOf(others[0] ?? first);
    const fed = input === null ? null : linesOfInput(input, script?.path);
    const given = withoutRedirections(textsOf(others));
    switch (first?.text) {
      case 'echo':
        return linesAt(
          unescape(given.filter((word, at) => !isEchoOption(word, at)).join(' ')),
          place,
        );
      case 'printf': {
        const text = printed(given);
        return text === null ? null : linesAt(text, place);
      }
      case 'tee':
        return fed;
      case 'cat': {
        if (given.length === 0) return fed;
        const files = given.map((name) => this.#files.get(joinPath(folder, name)));
        return files.every((file) => file?.base === 'nothing')
          ? files.flatMap((file) => file?.lines ?? [])
          : null;
      }
      case undefined:
      default:
        return null;
    }
  }
}

type Place = Omit<ShellWord, 'text'>;

function placeOf(word: ShellWord | undefined): Place {
  const { text: _text, ...place } = word ?? { text: '', line: 1 };
  return place;
}

/** The lines of a heredoc; `script`: path of the script that holds it. */
export function linesOfInput(
  { text, line }: Heredoc,
  script: string | undefined,
): readonly WrittenLine[] {
  return linesOf(text, script === undefined ? { line } : { line, script });
}

function linesOf(text: string, place: Place): readonly WrittenLine[] {
  return text.split('\n').map((own, at) => ({ ...place, text: own, line: place.line + at }));
}

function linesAt(text: string, place: Place): readonly WrittenLine[] {
  return text.split('\n').map((own) => ({ ...place, text: own }));
}

/** `> FILE`, `>>FILE`, `tee -a FILE`. */
function targetsOf(
  words: readonly string[],
): readonly { readonly file: string; readonly isAdding: boolean }[] {
  const found: { file: string; isAdding: boolean }[] = [];
  for (const [at, word] of words.entries()) {
    const [, sign = '', joined = ''] = /^1?(>>?)\|?([^&].*)?$/s.exec(word) ?? [];
    const file = joined === '' ? (words[at + 1] ?? '') : joined;
    if (sign !== '' && file !== '') found.push({ file, isAdding: sign === '>>' });
  }
  if (words[0] === 'tee') {
    const files = withoutRedirections(words.slice(1)).filter((word) => !word.startsWith('-'));
    const isAdding = words.some((word) => word === '-a' || word === '--append');
    found.push(...files.map((file) => ({ file, isAdding })));
  }
  return found.filter(({ file }) => !file.startsWith('/dev/') && !file.includes('$'));
}

function withoutRedirections(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => {
    const before = words[at - 1] ?? '';
    return !/^\d?[<>]/.test(word) && !/^\d?(?:>>?\|?|<<?-?)$/.test(before);
  });
}

/** `cp A B`, `mv A B`. */
function movedFile(
  words: readonly string[],
): { readonly from: string; readonly to: string } | null {
  if (words[0] !== 'cp' && words[0] !== 'mv') return null;
  const [from, to, ...others] = words.slice(1).filter((word) => !word.startsWith('-'));
  return from === undefined || to === undefined || others.length > 0 ? null : { from, to };
}

function isEchoOption(word: string, at: number): boolean {
  return at === 0 && /^-[neE]+$/.test(word);
}

/** The shell of most images takes these in `echo` too, and no requirement holds a backslash. */
function unescape(text: string): string {
  return text.replaceAll(/\\n/g, '\n').replaceAll(/\\t/g, '\t');
}

/** Null for a format that holds more than `%s`. */
function printed([format = '', ...given]: readonly string[]): string | null {
  const places = format.split('%s');
  if (places.join('').replaceAll('%%', '').includes('%')) return null;
  if (places.length === 1) return unescape(format);
  const rest = [...given];
  let text = '';
  do {
    for (const [at, part] of places.entries())
      text += at === 0 ? part : (rest.shift() ?? '') + part;
  } while (rest.length > 0);
  return unescape(text);
}
