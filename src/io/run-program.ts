import { spawn, spawnSync } from 'node:child_process';

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

/** What a program wrote, byte for byte. `stdout` is cut off where it is longer than asked for, and `code` is then null. */
export interface BytesResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How many bytes are taken, and what the program reads. */
export interface BytesCall extends ProgramCall {
  readonly input: string;
  readonly mostBytes: number;
}

/** Runs a program without a shell for the bytes that it writes. */
export function runForBytes(call: BytesCall): Promise<BytesResult> {
  const { program, words, cwd, variables, signal, input, mostBytes } = call;
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, env: { ...variables }, signal });
    const chunks: Buffer[] = [];
    let length = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > mostBytes) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_CHARACTERS);
    });
    const result = (code: number | null): BytesResult => ({
      code: length > mostBytes ? null : code,
      stdout: Buffer.concat(chunks),
      stderr,
    });
    child.on('error', (error) => resolve({ ...result(null), stderr: stderr || error.message }));
    child.on('close', (code) => resolve(result(code)));
    // A program that ends before it has read all: its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The same where nothing can be awaited: for the few answers that nobody foresaw. */
export function runForBytesNow(call: Omit<BytesCall, 'signal'>): BytesResult {
  const { program, words, cwd, variables, input, mostBytes } = call;
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    env: { ...variables },
    input,
    maxBuffer: mostBytes,
  });
  // Both are null where it could not be started.
  return { code: status, stdout: stdout ?? Buffer.alloc(0), stderr: String(stderr ?? '') };
}
