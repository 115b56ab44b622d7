import { spawn } from 'node:child_process';

/** A program that is run to its end. */
export interface ProgramCall {
  readonly program: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What came of it. `code` is null where a signal ended it or it could not be started. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_CHARACTERS = 1_000_000;

/** Runs a program, without a shell and without input. Of long output the end is kept. */
export function runProgram({
  program,
  words,
  cwd,
  variables,
  signal,
}: ProgramCall): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-MOST_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_CHARACTERS);
    });
    child.on('error', (error) => resolve({ code: null, stdout, stderr: stderr || error.message }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
