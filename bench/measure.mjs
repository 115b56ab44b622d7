/** Starting programs and taking their measure, for all benches. */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a bench starts what it measures */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The command line as it is installed. */
export const cli = join(root, 'bin', 'depweight.js');

/** GNU time tells CPU seconds and peak memory of a child, which Node does not; without it both are unknown. */
const timeProgram = '/usr/bin/time';
const hasTime =
  existsSync(timeProgram) &&
  spawnSync(timeProgram, ['-q', '-f', '%U', 'true'], { encoding: 'utf8' }).status === 0;

/** A folder that is gone after `work`. */
export async function withScratch(work) {
  const scratch = mkdtempSync(join(tmpdir(), 'depweight-bench-'));
  try {
    await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A side of a comparison: node with these words. */
export function node(...words) {
  return { program: process.execPath, words };
}

/** A program on PATH, or named by a variable; null where there is none. */
export function findProgram(name, variable) {
  const program = process.env[variable] ?? name;
  return spawnSync(program, ['--version']).status === 0 ? program : null;
}

/**
 * Runs a side once, its stdout to a file: wall-clock milliseconds, CPU seconds (user and system) and peak memory of the
 * process and its children, stdout and stderr. Throws where it does not end with 0.
 */
export function measure(side, scratch, { timeoutMs = 600_000 } = {}) {
  const path = join(scratch, 'stdout');
  const report = join(scratch, 'time');
  const { program, words } = hasTime ? timed(side, report) : side;
  const file = openSync(path, 'w');
  const start = performance.now();
  const { status, error, stderr } = spawnSync(program, words, {
    stdio: ['ignore', file, 'pipe'],
    timeout: timeoutMs,
    cwd: scratch,
    env: { ...process.env, ...side.env },
  });
  const milliseconds = performance.now() - start;
  closeSync(file);
  const errors = String(stderr);
  if (status !== 0)
    throw new Error(
      `${side.program} ${side.words.join(' ')} ended with ${status}: ${error ?? errors}`,
    );
  return { milliseconds, ...readTime(report), errors, output: readFileSync(path, 'utf8') };
}

function timed({ program, words }, report) {
  return {
    program: timeProgram,
    words: ['-q', '-o', report, '-f', '%U %S %M', program, ...words],
  };
}

function readTime(report) {
  if (!hasTime) return { cpuSeconds: Number.NaN, peakBytes: Number.NaN };
  const [user, system, kibibytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return { cpuSeconds: user + system, peakBytes: kibibytes * 1024 };
}

/**
 * The medians of `measure` by the names of the sides; each round runs all of them once, so that what else the machine
 * does meets all alike. `before` runs untimed before each.
 */
export function takeTurns(sides, rounds, scratch, before = () => undefined) {
  const runs = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of Object.entries(sides)) {
      before(name);
      runs[name].push(measure(side, scratch));
    }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, mediansOf(list)]));
}

function mediansOf(runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  const [first] = runs;
  return {
    milliseconds: of('milliseconds'),
    cpuSeconds: of('cpuSeconds'),
    peakBytes: of('peakBytes'),
    errors: first.errors,
    output: first.output,
  };
}

/** The middle of the values; of an even number of them, the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One line to stdout. */
export function print(line = '') {
  process.stdout.write(`${line}\n`);
}
