/**
 * `npm run bench`: what depweight costs on examples/trackmaster, beside `node -e 0` and beside uv. The two sides of a
 * comparison take turns in one run; a figure is the median of its runs, and what is compared is the ratio.
 *
 * uv is looked for on PATH, or named by the variable UV; without it that comparison is left out, and says so.
 */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a bench starts what it measures */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startProxy } from './pep691-proxy.mjs';

const WARM_RUNS = 7;
const COLD_RUNS = 3;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'bin', 'depweight.js');
const project = join(root, 'examples', 'trackmaster');
const requirements = join(project, 'requirements.txt');
const scratch = mkdtempSync(join(tmpdir(), 'depweight-bench-'));

try {
  await runBenches();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function runBenches() {
  print(
    `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the start`,
  );
  benchWarm();
  benchCold();
  benchPeakMemory();
  await benchBytes();
}

/** The same command again within the freshness time: no request may be made. */
function benchWarm() {
  const shared = ['--isolated', '--cache-dir', join(scratch, 'cache')];
  const sides = {
    'node -e 0': node('-e', '0'),
    tree: node(cli, 'tree', project, ...shared),
    audit: node(cli, 'audit', project, ...shared),
  };
  for (const command of ['tree', 'audit']) {
    measure(sides[command]);
    const { errors } = measure(node(cli, command, project, ...shared, '--timings'));
    if (!errors.includes('nothing was asked of the network'))
      throw new Error(`not warm: ${errors}`);
  }
  const medians = takeTurns(sides, WARM_RUNS);
  print(`\nWarm, no request made, stdout to a file, median of ${WARM_RUNS}`);
  printRatio('tree', medians.tree, 'node -e 0', medians['node -e 0']);
  printRatio('audit', medians.audit, 'node -e 0', medians['node -e 0']);
}

/** Nothing known: resolution and weights by depweight, resolution alone by uv, for the same target. */
function benchCold() {
  const words = [cli, 'tree', requirements, '--isolated', '--no-cache', '--json'];
  const { errors, output } = measure(node(...words, '--timings'));
  const { target, packages } = JSON.parse(output);
  const uv = findUv();
  const sides = { depweight: node(...words) };
  if (uv !== null) {
    const held = ['--python-version', target.python, '--python-platform', uvPlatform(target)];
    const flags = [
      '--no-cache',
      '--no-python-downloads',
      '--no-header',
      '--no-annotate',
      '--quiet',
    ];
    sides.uv = { program: uv, words: ['pip', 'compile', ...flags, ...held, requirements] };
  }
  const medians = takeTurns(sides, COLD_RUNS);
  print(`\nCold, no cache, from the default index, median of ${COLD_RUNS}`);
  print(`  depweight: ${errors.trim()}`);
  if (uv === null) {
    print(`  tree --json  ${medians.depweight.toFixed(0)} ms; uv was not found (UV=PATH names it)`);
    return;
  }
  printRatio('tree --json', medians.depweight, 'uv pip compile', medians.uv);
  const pins = new Set(
    measure(sides.uv)
      .output.split('\n')
      .map((line) => line.replace(/\[.*\]/, '')),
  );
  const same = packages.filter(({ name, version }) => pins.has(`${name}==${version}`)).length;
  print(`  ${same} of ${packages.length} packages have the version that uv chose`);
}

function uvPlatform({ arch, platformTag }) {
  const glibc = /^manylinux_(\d+_\d+)_/.exec(platformTag);
  if (glibc === null) throw new Error(`no uv name for ${platformTag}`);
  return `${arch}-manylinux_${glibc[1]}`;
}

/** Not timed: the preloaded module costs a little. */
function benchPeakMemory() {
  const preload = pathToFileURL(join(root, 'bench', 'peak-memory.mjs')).href;
  print('\nPeak memory');
  const runs = {
    'audit, cold': ['--no-cache'],
    'audit, warm': ['--cache-dir', join(scratch, 'cache')],
  };
  for (const [name, flags] of Object.entries(runs)) {
    const words = [cli, 'audit', project, '--isolated', ...flags];
    const { errors } = measure(node('--import', preload, ...words));
    const kibibytes = Number(/peak memory (\d+) KiB/.exec(errors)?.[1]);
    print(`  ${name}  ${((kibibytes * 1024) / 1e6).toFixed(0)} MB`);
  }
}

/** What an index with PEP 691, sizes and gzip would send; the default index may be a mirror without them. */
async function benchBytes() {
  const proxy = await startProxy();
  try {
    const words = ['--isolated', '--no-cache', '--json', '--index-url', proxy.indexUrl];
    for (const command of ['tree', 'audit']) {
      // The first run fills the proxy, the second one is counted and not slowed down by it.
      await spawnWords([cli, command, requirements, ...words]);
      proxy.clearCounts();
      const { milliseconds } = await spawnWords([cli, command, requirements, ...words]);
      print(`\n${command} from an index on loopback with PEP 691, PEP 658, PEP 700 and gzip`);
      for (const [kind, count] of Object.entries(proxy.counts))
        print(`  ${kind}  ${describe(count)}`);
      const counts = Object.values(proxy.counts);
      const total = {
        requests: sum(counts.map(({ requests }) => requests)),
        bytes: sum(counts.map(({ bytes }) => bytes)),
      };
      print(`  all  ${describe(total)}, ${milliseconds.toFixed(0)} ms`);
    }
  } finally {
    await proxy.close();
  }
}

function describe({ requests, bytes }) {
  return `${requests} requests, ${(bytes / 1e6).toFixed(2)} MB of bodies`;
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

// ---------------------------------------------------------------------------------------------------------------------
// Measuring

/** A side of a comparison: node with these words. */
function node(...words) {
  return { program: process.execPath, words };
}

/** Medians in milliseconds by the names of the sides; each round runs all of them once. */
function takeTurns(sides, rounds) {
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of Object.entries(sides)) times[name].push(measure(side).milliseconds);
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

function measure({ program, words }) {
  const path = join(scratch, 'stdout');
  const file = openSync(path, 'w');
  const start = performance.now();
  const { status, error, stderr } = spawnSync(program, words, { stdio: ['ignore', file, 'pipe'] });
  const milliseconds = performance.now() - start;
  closeSync(file);
  const errors = String(stderr);
  if (status !== 0)
    throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${error ?? errors}`);
  return { milliseconds, errors, output: readFileSync(path, 'utf8') };
}

/** Without blocking this process, which is the index of the child. */
function spawnWords(words) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (status) => {
      if (status === 0) resolve({ milliseconds: performance.now() - start });
      else reject(new Error(`depweight ${words.slice(1).join(' ')} ended with ${status}`));
    });
  });
}

function findUv() {
  const program = process.env.UV ?? 'uv';
  return spawnSync(program, ['--version']).status === 0 ? program : null;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function printRatio(name, milliseconds, baseName, baseMilliseconds) {
  const ratio = (milliseconds / baseMilliseconds).toFixed(2);
  print(
    `  ${name}  ${milliseconds.toFixed(0)} ms = ${ratio} x ${baseName} (${baseMilliseconds.toFixed(0)} ms)`,
  );
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
