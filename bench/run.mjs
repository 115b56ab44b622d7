/**
 * `npm run bench`: what depweight costs on examples/trackmaster, beside `node -e 0` and beside uv. The two sides of a
 * comparison take turns in one run; a figure is the median of its runs, and what is compared is the ratio.
 *
 * uv is looked for on PATH, or named by the variable UV; without it that comparison is left out, and says so.
 */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a bench starts what it measures */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import {
  cli,
  findProgram,
  measure,
  node,
  print,
  root,
  takeTurns,
  withScratch,
} from './measure.mjs';
import { startProxy } from './pep691-proxy.mjs';

const WARM_RUNS = 7;
const COLD_RUNS = 3;

const project = join(root, 'examples', 'trackmaster');
const requirements = join(project, 'requirements.txt');

await withScratch((scratch) => runBenches(scratch));

async function runBenches(scratch) {
  print(
    `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the start`,
  );
  benchWarm(scratch);
  benchCold(scratch);
  benchPeakMemory(scratch);
  await benchBytes();
}

/** The same command again within the freshness time: no request may be made. */
function benchWarm(scratch) {
  const shared = ['--isolated', '--cache-dir', join(scratch, 'cache')];
  const sides = {
    'node -e 0': node('-e', '0'),
    tree: node(cli, 'tree', project, ...shared),
    audit: node(cli, 'audit', project, ...shared),
  };
  for (const command of ['tree', 'audit']) {
    measure(sides[command], scratch);
    const { errors } = measure(node(cli, command, project, ...shared, '--timings'), scratch);
    if (!errors.includes('nothing was asked of the network'))
      throw new Error(`not warm: ${errors}`);
  }
  const medians = takeTurns(sides, WARM_RUNS, scratch);
  print(`\nWarm, no request made, stdout to a file, median of ${WARM_RUNS}`);
  printRatio('tree', medians.tree, 'node -e 0', medians['node -e 0']);
  printRatio('audit', medians.audit, 'node -e 0', medians['node -e 0']);
}

/** Nothing known: resolution and weights by depweight, resolution alone by uv, for the same target. */
function benchCold(scratch) {
  const words = [cli, 'tree', requirements, '--isolated', '--no-cache', '--json'];
  const { errors, output } = measure(node(...words, '--timings'), scratch);
  const { target, packages } = JSON.parse(output);
  const uv = findProgram('uv', 'UV');
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
  const medians = takeTurns(sides, COLD_RUNS, scratch);
  print(`\nCold, no cache, from the default index, median of ${COLD_RUNS}`);
  print(`  depweight: ${errors.trim()}`);
  if (uv === null) {
    print(
      `  tree --json  ${medians.depweight.milliseconds.toFixed(0)} ms; uv was not found (UV=PATH names it)`,
    );
    return;
  }
  printRatio('tree --json', medians.depweight, 'uv pip compile', medians.uv);
  const pins = new Set(
    measure(sides.uv, scratch)
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
function benchPeakMemory(scratch) {
  const preload = pathToFileURL(join(root, 'bench', 'peak-memory.mjs')).href;
  print('\nPeak memory');
  const runs = {
    'audit, cold': ['--no-cache'],
    'audit, warm': ['--cache-dir', join(scratch, 'cache')],
  };
  for (const [name, flags] of Object.entries(runs)) {
    const words = [cli, 'audit', project, '--isolated', ...flags];
    const { errors } = measure(node('--import', preload, ...words), scratch);
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

function printRatio(name, { milliseconds }, baseName, { milliseconds: base }) {
  const ratio = (milliseconds / base).toFixed(2);
  print(
    `  ${name}  ${milliseconds.toFixed(0)} ms = ${ratio} x ${baseName} (${base.toFixed(0)} ms)`,
  );
}
