/**
 * Scripts and targets of make that a command runs, where the file is known: one of the repository that was copied, or one that
 * the Dockerfile writes out. Read, never run.
 *
 * Traps: a script may run itself or another one in a circle; its arguments and those alone decide what `$1` is; a file that
 * comes from elsewhere (a download, the base image) is nobody's to read here.
 */
import { fileNameOf, joinPath } from '../inputs/file-access.ts';
import type { Heredoc } from './heredocs.ts';
import { readRecipes, type MakeQuestion } from './make-recipes.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';
import { shell } from './shell-wrappers.ts';

/** A file with the line that its text begins at; `path`: in the repository, null where the Dockerfile holds it. */
export interface ScriptFile extends Heredoc {
  readonly path: string | null;
}

/** What is known of files in an image, by path from its root. */
export interface ScriptFiles {
  /** The file; `missing` where a copy should have brought it and the repository does not have it; null for all others. */
  readonly read: (path: string) => ScriptFile | 'missing' | null;
}

/** What a command runs in shells of their own, one after the other. */
export interface FoundScript {
  readonly path: string | null;
  readonly parts: readonly Heredoc[];
  /** As seen from where the instruction begins. */
  readonly folder: string;
  /** The arguments of a script; null for make. */
  readonly given: readonly string[] | null;
  /** The same by their number, and variables of make. */
  readonly variables: ReadonlyMap<string, string>;
  /** Finds what it runs itself. */
  readonly inner: ScriptFinder;
}

/** Finds what commands run. */
export interface ScriptFinder {
  /** By the words of a command, and the folder that it runs in. */
  readonly find: (words: readonly ShellWord[], folder: string) => FoundScript | null;
}

/** A script that seems to install, and that cannot be read. */
export interface UnreadScript {
  /** Of the script that runs it, null for the Dockerfile; the line in it is 1-based. */
  readonly path: string | null;
  readonly line: number;
  readonly written: string;
}

/** Where nothing is known of files. */
export const noScripts: ScriptFinder = { find: () => null };

const deepest = 4;
const longest = 200_000;

/** Where the commands are that a finder is asked of. */
interface Place {
  readonly files: ScriptFiles;
  /** Folder in which the instruction begins. */
  readonly start: string;
  /** Takes what could not be read. */
  readonly unread: UnreadScript[];
  /** What runs already, the last of it in the script `within`; null for the Dockerfile. */
  readonly running: readonly string[];
  readonly within: string | null;
}

/** The finder for an instruction that begins in the folder `start`; what it could not read goes to `unread`. */
export function createScriptFinder(
  files: ScriptFiles,
  start: string,
  unread: UnreadScript[],
): ScriptFinder {
  return finderAt({ files, start, unread, running: [], within: null });
}

function finderAt(place: Place): ScriptFinder {
  return {
    find: (words, folder) => {
      const make = askedOfMake(words);
      if (make !== null) return findTargets(place, make, folder);
      const asked = askedOfShell(words);
      return asked === null ? null : findShellScript(place, asked, { words, folder });
    },
  };
}

/** The finder inside of what is found; null where that runs already, or too deep. */
function enter(place: Place, key: string, within: string | null): ScriptFinder | null {
  if (place.running.length >= deepest || place.running.includes(key)) return null;
  return finderAt({ ...place, running: [...place.running, key], within });
}

function findTargets(place: Place, make: AskedOfMake, folder: string): FoundScript | null {
  const own = joinPath(folder, make.folder);
  const paths = make.files.map((name) => joinPath(joinPath(place.start, own), name));
  for (const path of paths) {
    const file = place.files.read(path);
    if (file === null || file === 'missing' || file.text.length > longest) continue;
    const inner = enter(place, `${path} ${make.targets.join(' ')}`, file.path);
    if (inner === null) return null;
    const { parts, variables } = readRecipes(file, make);
    return { path: file.path, parts, folder: own, given: null, variables, inner };
  }
  return null;
}

function findShellScript(
  place: Place,
  { file: written, given }: AskedOfShell,
  { words, folder }: { readonly words: readonly ShellWord[]; readonly folder: string },
): FoundScript | null {
  const path = joinPath(joinPath(place.start, folder), written);
  const file = place.files.read(path);
  if (file === null) return null;
  if (file === 'missing' || file.text.length > longest || !isShellText(file.text)) {
    const line = words[0]?.line ?? 1;
    if (mayInstall(written, file)) place.unread.push({ path: place.within, line, written });
    return null;
  }
  const inner = enter(place, path, file.path);
  if (inner === null) return null;
  const variables = numbered(given);
  return { path: file.path, parts: [file], folder, given, variables, inner };
}

interface AskedOfShell {
  readonly file: string;
  readonly given: readonly string[];
}

/** `bash -e setup.sh prod`, `. ./setup.sh`, `./setup.sh`. */
function askedOfShell(words: readonly ShellWord[]): AskedOfShell | null {
  const [first = '', ...rest] = textsOf(words);
  const redirection = rest.findIndex((text) => /^\d?(?:>|<)/.test(text));
  const given = redirection === -1 ? rest : rest.slice(0, redirection);
  if (first === '.' || first === 'source') return splitGiven(given);
  if (shell.test(first)) {
    let at = 0;
    while (/^[-+]/.test(given[at] ?? '')) at += /^[-+]\w*[oO]$/.test(given[at] ?? '') ? 2 : 1;
    return splitGiven(given.slice(at));
  }
  return first.includes('/') || /\.(?:ba|z)?sh$/.test(first) ? { file: first, given } : null;
}

function splitGiven([file, ...given]: readonly string[]): AskedOfShell | null {
  return file === undefined ? null : { file, given };
}

interface AskedOfMake extends MakeQuestion {
  readonly folder: string;
  /** Names of which the first that is there counts. */
  readonly files: readonly string[];
}

/** `make -C api -f build/Makefile install ENV=prod`. */
function askedOfMake(words: readonly ShellWord[]): AskedOfMake | null {
  const [first = '', ...rest] = textsOf(words);
  if (!/^(?:.*\/)?g?make$/.test(first)) return null;
  let folder = '.';
  let files: readonly string[] = ['GNUmakefile', 'makefile', 'Makefile'];
  const targets: string[] = [];
  const variables = new Map<string, string>();
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    const assignment = /^([A-Za-z_]\w*)[:?]?=(.*)$/s.exec(word);
    const joined = /^(?:-[Cf]|--(?:directory|file|makefile)=)(.+)$/.exec(word)?.[1];
    const value = joined ?? rest[at + 1] ?? '';
    if (/^(?:>|<|\d>)/.test(word)) break;
    if (assignment !== null) variables.set(assignment[1] ?? '', assignment[2] ?? '');
    else if (/^(?:-C|--directory)/.test(word)) folder = joinPath(folder, value);
    else if (/^(?:-f|--file|--makefile)/.test(word)) files = [value];
    else if (!word.startsWith('-')) targets.push(word);
    if (/^(?:-C|-f|-I|-o|-W|--directory|--file|--makefile)$/.test(word)) at++;
  }
  return { folder, files, targets, variables };
}

/** No line at its top names another program. */
function isShellText(text: string): boolean {
  return !/^#!(?!.*sh\b)/.test(text);
}

function numbered(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: 9 }, (_, at) => [String(at + 1), given[at] ?? '']));
}

/** By its name, or by what another program is told in it. */
function mayInstall(written: string, file: ScriptFile | 'missing'): boolean {
  if (file !== 'missing') return /\b(?:pip3?|uv|poetry)\b[^\n]*\binstall\b/.test(file.text);
  return /(?:install|setup|requirement|dependenc|(?:^|[-_.])deps)/i.test(fileNameOf(written));
}
