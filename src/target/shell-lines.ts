/**
 * The commands of a RUN instruction: cut apart, variables filled in, without what only wraps them, those of scripts in the
 * place of what runs these. Nothing is run.
 */
import type { SourceLocation } from '../types.ts';
import { fillAnswers } from './builder-facts.ts';
import { substitute, type Instruction } from './dockerfile.ts';
import { giveHeredocs, takeHeredocs, type Heredoc } from './heredocs.ts';
import { noScripts, type FoundScript, type ScriptFinder } from './script-finder.ts';
import { followShell, type FollowedCommand, type ShellState } from './shell-flow.ts';
import { inlineFunctions } from './shell-functions.ts';
import { unfoldIdioms } from './shell-idioms.ts';
import { splitPieces, textsOf, type ShellPiece, type ShellWord } from './shell-pieces.ts';
import { dropInterpreter, shell, unwrap } from './shell-wrappers.ts';
import { splitUvRun } from './uv-run.ts';

/** One command: the program without its folder, then its arguments. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** 1-based line that it starts on; of a script, that of what runs the script. */
  readonly line: number;
  /** Where it stands in a script of the repository; null where the file itself holds it. */
  readonly script: SourceLocation | null;
  /** Where it runs, as seen from where the instruction begins. */
  readonly folder: string;
  /** Variables that are set for it alone: `PIP_NO_CACHE_DIR=1 pip install x`. */
  readonly variables: ReadonlyMap<string, string>;
  /** As written: `/venv/bin/pip`, or the interpreter that runs it as a module. */
  readonly program: string;
  /** Variables that it sees beside those. */
  readonly known: ReadonlyMap<string, string>;
  /** Run as a module: `python -m build`. */
  readonly isModule: boolean;
  /** What a heredoc gives to it, variables filled in. */
  readonly input: Heredoc | null;
}

/** The commands of an instruction in order, heredocs included. `python FILE` and the like are none. */
export function readShellCommands(
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
  finder: ScriptFinder = noScripts,
): readonly ShellCommand[] {
  const { text, line, heredocs } = instruction;
  const run = fillAnswers(text, variables).replace(/^(?:\s*--\w+(?:=\S+)?(?=\s))+/, blank);
  const pieces = giveHeredocs(cut(run, line), heredocs);
  return settleAll(pieces, { known: variables, folder: '.' }, finder);
}

/** The commands of a script in order. */
export function readScriptCommands(
  script: Heredoc,
  variables: ReadonlyMap<string, string>,
  finder: ScriptFinder = noScripts,
): readonly ShellCommand[] {
  return settleScript(script, { known: variables, folder: '.' }, finder);
}

function settleScript(
  script: Heredoc,
  state: ScriptState,
  finder: ScriptFinder,
): readonly ShellCommand[] {
  const { text, bodies } = takeHeredocs({ ...script, text: fillAnswers(script.text, state.known) });
  return settleAll(giveHeredocs(splitPieces(text, script.line, true), bodies), state, finder);
}

/** `given`: its arguments, absent where nobody knows. */
type ScriptState = ShellState & { readonly given?: readonly string[] | null };

function settleAll(
  pieces: readonly ShellPiece[],
  state: ScriptState,
  finder: ScriptFinder,
): readonly ShellCommand[] {
  const followed = followShell(unfoldIdioms(inlineFunctions(pieces, state.given)), state);
  return followed.flatMap((command) => settle(command, finder));
}

/** As long as the text, with its lines. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function cut(text: string, line: number): readonly ShellPiece[] {
  const array = readExecForm(text);
  if (array !== null) return [{ words: array.map((word) => ({ text: word, line })), end: '' }];
  return splitPieces(text, line, false);
}

function readExecForm(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(trimmed.replaceAll('\n', ' '));
    return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : null;
  } catch {
    // Docker too takes what is no JSON array for a shell command (`[ -f x ] && ...`).
    return null;
  }
}

function settle(
  { words: written, known, folder, input }: FollowedCommand,
  finder: ScriptFinder,
): readonly ShellCommand[] {
  const words = written.map(({ text, line }, at) => {
    // Which file is meant shall be told where nothing sets the variable.
    const isFile = /^(?:-[rce]|--(?:requirements?|constraints?|editable))$/;
    const namesFile =
      isFile.test(written[at - 1]?.text ?? '') ||
      /^(?:-[rc]\S|--(?:requirement|constraint)s?=)/.test(text);
    return { text: substitute(text, known, namesFile ? 'as-written' : 'empty'), line };
  });
  const { rest, variables: own } = unwrap(words);
  const given = givenScript(rest, input);
  if (given !== null) return withVariables(settleScript(given, { known, folder }, finder), own);
  const uvRun = splitUvRun(rest);
  const command = dropInterpreter(rest);
  const isModule = textsOf(rest).includes('-m') || uvRun?.isModule === true;
  const filled = input === null ? null : { ...input, text: fillIn(input, known) };
  const plain = [
    ...(uvRun === null ? [] : [{ words: uvRun.own, isModule: false }]),
    ...(command === null ? [] : [{ words: command, isModule }]),
  ].flatMap((one) => {
    const [first] = one.words;
    if (first === undefined) return [];
    const program = rest[0]?.text ?? '';
    const place = { line: first.line, script: null, folder };
    return [{ ...one, ...place, program, known, variables: own, input: filled }];
  });
  const found = finder.find(uvRun?.command ?? rest, folder);
  if (found === null) return plain;
  const state = { known: new Map([...known, ...own, ...found.variables]), folder: found.folder };
  return [...plain, ...withVariables(settleFound(found, state, words[0]?.line ?? 1), own)];
}

/** The parts of a script run in shells of their own, one after the other. */
function settleFound(
  { parts, path, given, inner }: FoundScript,
  state: ShellState,
  line: number,
): readonly ShellCommand[] {
  return parts.flatMap((part) =>
    settleScript(part, { ...state, given }, inner).map((command) => ({
      ...command,
      words:
        path === null ? command.words : command.words.map((word) => ({ script: path, ...word })),
      line: path === null ? command.line : line,
      script: command.script ?? (path === null ? null : { path, line: command.line, column: 1 }),
    })),
  );
}

function withVariables(
  commands: readonly ShellCommand[],
  own: ReadonlyMap<string, string>,
): readonly ShellCommand[] {
  if (own.size === 0) return commands;
  return commands.map((one) => ({ ...one, variables: new Map([...own, ...one.variables]) }));
}

function fillIn({ text, isLiteral }: Heredoc, known: ReadonlyMap<string, string>): string {
  return isLiteral === true ? text : substitute(text, known, 'as-written');
}

/** `sh -c "pip install a && pip install b"`, `bash <<EOF`, and a heredoc by itself hold commands; null for all else. */
function givenScript(
  [first, ...rest]: readonly ShellWord[],
  input: Heredoc | null,
): Heredoc | null {
  if (first === undefined) return null;
  if (/^\d*<</.test(first.text)) return isShellScript(input) ? input : null;
  const isShell = shell.test(first.text);
  if (!isShell && !/^(?:.*\/)?su$/.test(first.text)) return null;
  const at = rest.findIndex(({ text }) => /^-\w*c$/.test(text));
  if (at !== -1) return rest[at + 1] ?? null;
  const isFed = isShell && rest.every(({ text }) => /^(?:-|\d*<<)/.test(text));
  return isFed && isShellScript(input) ? input : null;
}

/** What another program is given is no script. */
function isShellScript(input: Heredoc | null): boolean {
  return input !== null && !/^#!(?!.*sh\b)/.test(input.text);
}
