import { EXIT_CODES, type ExitCode } from './exit-code.ts';
import type { SourceLocation } from './types.ts';

interface ErrorText {
  /** One sentence without a final stop; `{name}` stands for the parameter of that name. */
  readonly message: string;
  /** What to do next, if there is something to say. */
  readonly hint?: string;
  readonly exitCode?: ExitCode;
}

/** Stable names of the errors; the texts are in the table below. */
export type ErrorCode =
  | 'wrong-call'
  | 'unknown-command'
  | 'invalid-option'
  | 'conflicting-options'
  | 'repeated-option'
  | 'not-built'
  | 'unknown-setting'
  | 'invalid-setting'
  | 'path-not-found'
  | 'not-a-dependency-file'
  | 'nothing-declared'
  | 'no-dependency-file'
  | 'only-scripts'
  | 'only-outputs'
  | 'split-of-output'
  | 'unreadable-file'
  | 'invalid-file'
  | 'outside-root'
  | 'unknown-platform'
  | 'unknown-environment'
  | 'no-solution'
  | 'no-python'
  | 'package-not-found'
  | 'write-refused'
  | 'write-withheld'
  | 'write-failed'
  | 'verify-impossible'
  | 'git-missing'
  | 'not-a-repository'
  | 'repository-not-trusted'
  | 'unknown-ref'
  | 'no-merge-base'
  | 'git-failed'
  | 'certificate-unreadable'
  | 'index-unreachable'
  | 'interrupted';

/** Every message that the user can act on: the one place where their wording is reviewed. */
const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  // the call
  'wrong-call': { message: '{message}', hint: '{hint}' },
  'unknown-command': {
    message: 'there is no command {command}',
    hint: '`depweight --help` lists the commands',
  },
  'invalid-option': { message: '{option} {value} is not {expected}', hint: '{hint}' },
  'conflicting-options': { message: '{first} and {second} exclude each other' },
  'repeated-option': {
    message: '{option} is given {count} times; {command} takes one',
    hint: '`depweight compare` puts several targets side by side',
  },
  'not-built': {
    message: '{what} is not built yet in depweight {version}',
    hint: 'it is left out rather than ignored; {instead}',
  },
  // configuration
  'unknown-setting': { message: 'there is no setting {key}', hint: '{hint}' },
  'invalid-setting': { message: '{key} = {value} is not {expected}', hint: '{hint}' },
  // input
  'path-not-found': { message: 'there is no file or folder {path}' },
  'not-a-dependency-file': {
    message: '{path} is no dependency file that depweight reads',
    hint: 'it reads requirements*.txt, pyproject.toml, setup.cfg, setup.py, Pipfile, the locks of uv, Poetry, PDM and Pipenv, and Python scripts with a block of requirements (PEP 723)',
  },
  'nothing-declared': { message: '{message}' },
  'no-dependency-file': {
    message: 'no dependency file found in {path}',
    hint: 'give one: `depweight audit path/to/requirements.txt`',
  },
  'only-scripts': {
    message:
      'no dependency file found in {path}, only scripts that carry their own requirements (PEP 723): {scripts}',
    hint: 'name one: `depweight audit {first}`',
  },
  'only-outputs': {
    message:
      'there is nothing to split: depweight wrote {outputs}, and what they were made from is gone',
    hint: 'to make them yours, take the first line out of them',
  },
  'split-of-output': {
    message: 'depweight wrote {path} itself, from {source}',
    hint: '`depweight split {source}` makes it again',
  },
  'unreadable-file': { message: '{path} cannot be read: {reason}' },
  'invalid-file': { message: '{path}: {reason}' },
  'outside-root': {
    message: '{path} lies outside of the project',
    hint: '--allow-outside reads it all the same',
  },
  // target and resolution
  'unknown-platform': { message: 'there is no platform {name}', hint: '{hint}' },
  'unknown-environment': {
    message: 'there is no {kind} {name} in this project',
    hint: '{hint}',
  },
  'no-solution': { message: '{message}', hint: '{hint}' },
  'no-python': {
    message: 'no Python fits: {message}',
    hint: '`--python 3.11` chooses one',
  },
  'package-not-found': {
    message: '{name} is not installed in this project',
    hint: '{hint}',
  },
  // output
  'write-refused': {
    message: '{path} is not written: {reason}',
    hint: '--force writes it all the same',
  },
  'write-withheld': { message: 'nothing is written: {reason}', hint: '{hint}' },
  'verify-impossible': { message: 'nothing is verified: {reason}', hint: '{hint}' },
  'write-failed': { message: '{path} cannot be written: {reason}' },
  // git
  'git-missing': {
    message: 'a git ref needs git, and there is none on the PATH',
    hint: 'install it; `depweight compare OLD NEW` compares two files or folders without it',
  },
  'not-a-repository': {
    message: '{path} is in no git work tree',
    hint: '`depweight compare OLD NEW` compares two files or folders',
  },
  'repository-not-trusted': {
    message: 'git does not read {path}: it belongs to another user',
    hint: 'if you trust it, `git config --global --add safe.directory {path}`',
  },
  'unknown-ref': { message: 'there is no commit {ref} in this repository', hint: '{hint}' },
  'no-merge-base': {
    message: '{ref} and HEAD have no commit in common here',
    hint: '{hint}',
  },
  'git-failed': { message: 'git cannot read {what}: {reason}', hint: '{hint}' },
  // the world
  'certificate-unreadable': { message: 'the certificate file {path} cannot be read: {reason}' },
  'index-unreachable': {
    message: 'the index {url} cannot be reached: {reason}',
    hint: '--offline uses what the cache has',
    exitCode: EXIT_CODES.incomplete,
  },
  interrupted: { message: 'interrupted', exitCode: EXIT_CODES.interrupted },
};

/** All codes, sorted: the tests walk them. */
export const ERROR_CODES: readonly string[] = Object.keys(ERROR_TEXTS).toSorted();

/** Values for the `{name}` places of a text. A hint whose value is missing or empty is left out. */
export type ErrorParameters = Readonly<Record<string, string | number>>;

interface ErrorOptions {
  readonly location?: SourceLocation;
  readonly cause?: unknown;
  readonly exitCode?: ExitCode;
}

/** Something that the user can put right. Anything else that is thrown is a bug of depweight. */
export class DepweightError extends Error {
  override readonly name: string = 'DepweightError';
  readonly code: ErrorCode;
  readonly params: ErrorParameters;
  readonly hint: string | null;
  readonly location: SourceLocation | null;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, params: ErrorParameters = {}, options: ErrorOptions = {}) {
    const text: ErrorText = ERROR_TEXTS[code];
    super(fill(text.message, params) ?? text.message, { cause: options.cause });
    this.code = code;
    this.params = params;
    this.hint = text.hint === undefined ? null : fill(text.hint, params);
    this.location = options.location ?? null;
    this.exitCode = options.exitCode ?? text.exitCode ?? EXIT_CODES.wrongCall;
  }
}

/** The text with its parameters put in; null when one of them is missing or empty. */
function fill(template: string, params: ErrorParameters): string | null {
  let complete = true;
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '');
    if (value === '') complete = false;
    return value;
  });
  return complete ? text : null;
}

/** The first lines of the causes of an error, outermost first. */
export function causeLines(error: Error): readonly string[] {
  const lines: string[] = [];
  let cause = error.cause;
  // A cause may be made to point at itself; five are more than anyone reads.
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    const line = cause.message.split('\n', 1)[0] ?? '';
    if (line !== '' && !error.message.includes(line) && !lines.includes(line)) lines.push(line);
    cause = cause.cause;
  }
  return lines;
}
