/**
 * Whether anything that goes into an image names a file or folder of it: code in its strings and imports, settings, scripts and
 * the Dockerfile anywhere. A name that is found clears; that none is found says no more than that.
 */
import { decodeFile } from '../inputs/decode.ts';
import { fileNameOf, type FileAccess } from '../inputs/file-access.ts';
import type { ContextFile } from './context-tree.ts';

/** A place that names something. */
export interface NamingPlace {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** What is looked for. */
export interface NamedQuestion {
  /** Names of folders and files, each one part of a path. */
  readonly words: ReadonlySet<string>;
  /** `.csv`: what takes all files of a kind names them. */
  readonly extensions: ReadonlySet<string>;
  /** Whether a word anywhere in settings and scripts counts: of `tests` they are full. */
  readonly alsoInSettings: boolean;
}

/** Answers questions on the same texts. */
export interface NamedPaths {
  /** The first place that names one of them, null for none. */
  find(question: NamedQuestion): NamingPlace | null;
  /** Not all could be read: what is not found may be there. */
  readonly isPartial: boolean;
}

const settingsFiles =
  /\.(?:ya?ml|toml|cfg|ini|conf|sh|bash|json|env|html?|jinja2?|j2|js|mjs|ts|service)$|^(?:Procfile|Makefile|MANIFEST\.in|\.env.*)$/i;
const codeFiles = /\.(?:py|pyi|ipynb)$/;
const testFiles = /^(?:conftest|noxfile|test_.*|.*_test)\.py$/;
/** More text than this is not read, and then nothing is said to be without a name. */
const mostBytes = 24_000_000;
const largestSettings = 500_000;

const mostPlaces = 1000;

interface Text {
  readonly path: string;
  readonly text: string;
  readonly kind: 'code' | 'settings' | 'dockerfile';
}

/** Reads the texts on the first question. `dockerfile`: with the lines of the copies that take all of a folder left out. */
export function createNamedPaths(
  files: readonly ContextFile[],
  dockerfile: { readonly path: string; readonly copies: ReadonlySet<number> },
  access: FileAccess,
): NamedPaths {
  const readable = files.filter(
    ({ path, bytes }) =>
      (codeFiles.test(path) || settingsFiles.test(fileNameOf(path))) &&
      (bytes <= largestSettings || path.endsWith('.py')),
  );
  const isPartial = readable.reduce((sum, { bytes }) => sum + bytes, 0) > mostBytes;
  let read: { readonly texts: readonly Text[]; readonly tokens: ReadonlySet<string> } | null = null;
  return {
    isPartial,
    find(question) {
      if (read === null) {
        const texts = isPartial ? [] : readTexts(readable, dockerfile, access);
        read = { texts, tokens: tokensOf(texts) };
      }
      const { texts, tokens } = read;
      // Most names stand nowhere: those are not looked for in each text.
      const among = (words: ReadonlySet<string>): ReadonlySet<string> =>
        new Set(
          [...words].filter((word) => (word.match(token) ?? []).every((one) => tokens.has(one))),
        );
      const words = among(question.words);
      const extensions = among(question.extensions);
      for (const text of texts) {
        const line = findIn(text, { ...question, words, extensions });
        if (line !== null) return { path: text.path, line };
      }
      return null;
    },
  };
}

const token = /[\w-]+/g;

function tokensOf(texts: readonly Text[]): ReadonlySet<string> {
  const tokens = new Set<string>();
  for (const { text } of texts) for (const [one] of text.matchAll(token)) tokens.add(one);
  return tokens;
}

function readTexts(
  files: readonly ContextFile[],
  dockerfile: { readonly path: string; readonly copies: ReadonlySet<number> },
  access: FileAccess,
): readonly Text[] {
  const read = (path: string): string | null => {
    const decoded = decodeFile(path, access.read(path));
    return decoded.ok ? decoded.file.text : null;
  };
  const texts = files.flatMap(({ path }): readonly Text[] => {
    const text = path === dockerfile.path ? null : read(path);
    return text === null ? [] : [{ path, text, kind: codeFiles.test(path) ? 'code' : 'settings' }];
  });
  const own = (read(dockerfile.path) ?? '')
    .split('\n')
    .map((line, index) => (dockerfile.copies.has(index + 1) ? '' : line));
  return [...texts, { path: dockerfile.path, text: own.join('\n'), kind: 'dockerfile' }];
}

function findIn({ path, text, kind }: Text, question: NamedQuestion): number | null {
  const { words, extensions, alsoInSettings } = question;
  if (kind === 'settings' && !alsoInSettings) return null;
  // Tests name tests.
  if (testFiles.test(fileNameOf(path)) && !alsoInSettings) return null;
  for (const word of words) {
    const line = lineOf(
      text,
      word,
      (written, at) =>
        isWholeWord(written, at, word) &&
        (kind !== 'code' || isInString(written, at) || isImported(written)),
    );
    if (line !== null) return line;
  }
  for (const extension of extensions) {
    const line = lineOf(
      text,
      extension,
      (written, at) =>
        /[*"'}s]$/.test(written.slice(0, at)) && !/\w/.test(written.charAt(at + extension.length)),
    );
    if (line !== null) return line;
  }
  return null;
}

/** 1-based line of the first place that passes; `holds` is given the line and where in it the word begins. */
function lineOf(
  text: string,
  word: string,
  holds: (line: string, at: number) => boolean,
): number | null {
  let seen = 0;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    // A text that is full of it names it somewhere, and is not to be searched to its end.
    if (++seen > mostPlaces) return 1;
    const start = text.lastIndexOf('\n', at) + 1;
    const end = text.indexOf('\n', at);
    // Of a line without end the part around the word will do.
    const from = Math.max(start, at - 400);
    const line = text.slice(from, Math.min(end === -1 ? text.length : end, at + word.length + 400));
    if (holds(line, at - from)) return text.slice(0, at).split('\n').length;
  }
  return null;
}

function isWholeWord(line: string, at: number, word: string): boolean {
  return !/[\w-]/.test(line.charAt(at - 1)) && !/[\w-]/.test(line.charAt(at + word.length));
}

/** A quote before it and one behind: also in a comment, which is no harm. */
function isInString(line: string, at: number): boolean {
  return /["']/.test(line.slice(0, at)) && /["']/.test(line.slice(at));
}

function isImported(line: string): boolean {
  return /^\s*(?:from|import)\s/.test(line);
}
