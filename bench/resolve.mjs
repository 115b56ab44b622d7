/**
 * `npm run bench:resolve [-- FOLDER] [--only ID,...] [--rounds N] [--dated] [--cold] [--pip ID,...]`: resolution alone beside uv
 * (and pip for the sets named), over the requirement sets of a folder, which may also be named by the variable
 * BENCH_SETS; without one those of `bench/sets`. uv and pip are looked for on PATH, or named by UV and PIP.
 *
 * Both sides take turns, so that their ratio holds on a busy machine too; CPU seconds are told beside wall-clock time.
 * - cold: nothing known, no cache.
 * - again: everything in the cache, `--offline`, and the same command ran before: depweight remembers the result.
 * - anew: the same without that memory, as after a change to one line: pages and metadata from the cache, and resolved.
 * The time that Node itself takes to start (`node -e 0`) is subtracted from the two warm ones.
 *
 * `--cold` leaves the warm runs out; `--dated` asks both sides for the day that the set gives (`--exclude-newer`).
 */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a bench reads and removes files */
import { readdirSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  cli,
  findProgram,
  measure,
  median,
  node,
  print,
  root,
  takeTurns,
  withScratch,
} from './measure.mjs';
import { readSets } from './requirement-sets.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    dated: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
    pip: { type: 'string', default: '' },
  },
});
const rounds = Number(flags.rounds);
const folder = positionals[0] ?? process.env.BENCH_SETS ?? join(root, 'bench', 'sets');
const only = flags.only?.split(',');
const sets = readSets(folder).filter(({ id }) => only === undefined || only.includes(id));
const uv = findProgram('uv', 'UV');
const pip = findProgram('pip', 'PIP');

const COLUMNS = [
  ['set', 28],
  ['packages', 9],
  ['cold', 16],
  ['ratio', 6],
  ['CPU s', 12],
  ['requests', 9],
  ['MB', 6],
  ['peak MB', 9],
  ['again', 7],
  ['anew', 7],
  ['uv', 7],
  ['ratios', 12],
];

await withScratch((scratch) => runSets(scratch));

function runSets(scratch) {
  print(`Node ${process.version}, ${cpus().length} cores, load ${load()}, median of ${rounds}`);
  if (uv === null) print('uv was not found (UV=PATH names it): its columns are empty');
  print(COLUMNS.map(([title, width]) => title.padEnd(width)).join(''));
  const rows = sets.map((set) => runSet(set, scratch)).filter((row) => row !== null);
  print(
    `Load ${load()} at the end. Times in ms; ours beside uv's. ratios: (again - node) / uv, (anew - node) / uv`,
  );
  if (rows.length > 0 && uv !== null) printMedians(rows);
  for (const id of flags.pip.split(',').filter((name) => name !== '')) runPip(id, rows, scratch);
}

function load() {
  return loadavg()[0].toFixed(1);
}

function runSet(set, scratch) {
  try {
    const cold = takeTurns(coldSides(set), rounds, scratch);
    const warm = flags.cold ? null : benchWarm(set, scratch);
    const row = { id: set.id, cold, warm, ...countsOf(cold.ours), ratios: ratiosOf(cold, warm) };
    printRow(row, sameVersions(cold));
    return row;
  } catch (error) {
    print(`${set.id.padEnd(28)}${error.message.split('\n')[0].slice(0, 200)}`);
    return null;
  }
}

function coldSides(set) {
  const ours = node(...ourWords(set), '--no-cache', '--timings');
  return uv === null ? { ours } : { ours, uv: uvSide(set, ['--no-cache']) };
}

function ourWords({ file, python, platform, excludeNewer }) {
  const date = flags.dated && excludeNewer !== null ? ['--exclude-newer', excludeNewer] : [];
  const target = ['--python', python, '--platform', platform];
  return [cli, 'tree', file, '--no-weights', '--json', '--isolated', ...target, ...date];
}

function uvSide({ file, python, platform, excludeNewer }, more) {
  const date = flags.dated && excludeNewer !== null ? ['--exclude-newer', excludeNewer] : [];
  const target = ['--python-version', python, '--python-platform', platform];
  const plain = ['--no-python-downloads', '--no-header', '--no-annotate', '--quiet'];
  return { program: uv, words: ['pip', 'compile', ...plain, ...target, ...date, ...more, file] };
}

function benchWarm(set, scratch) {
  const ourCache = join(scratch, 'ours');
  const uvCache = join(scratch, 'uv');
  rmSync(ourCache, { recursive: true, force: true });
  rmSync(uvCache, { recursive: true, force: true });
  measure(node(...ourWords(set), '--cache-dir', ourCache), scratch);
  const ours = node(...ourWords(set), '--cache-dir', ourCache, '--offline');
  const sides = { start: node('-e', '0'), again: ours, anew: ours };
  if (uv !== null) {
    measure(uvSide(set, ['--cache-dir', uvCache]), scratch);
    sides.uv = uvSide(set, ['--cache-dir', uvCache, '--offline']);
  }
  return takeTurns(sides, rounds, scratch, (name) => {
    if (name === 'anew') forgetResults(ourCache);
  });
}

/** What depweight remembers of whole resolutions; pages and facts stay. */
function forgetResults(cache) {
  for (const form of readdirSync(cache))
    rmSync(join(cache, form, 'results'), { recursive: true, force: true });
}

function countsOf({ errors }) {
  const [, requests = '0', bytes = '0'] = /(\d+) requests, (\d+) bytes/.exec(errors) ?? [];
  return { requests: Number(requests), bytes: Number(bytes) };
}

function ratiosOf(cold, warm) {
  if (uv === null) return { cold: Number.NaN, again: Number.NaN, anew: Number.NaN };
  const beside = (name, key) =>
    warm === null ? Number.NaN : (warm[name][key] - warm.start[key]) / warm.uv[key];
  return {
    cold: cold.ours.milliseconds / cold.uv.milliseconds,
    coldCpu: cold.ours.cpuSeconds / cold.uv.cpuSeconds,
    again: beside('again', 'milliseconds'),
    anew: beside('anew', 'milliseconds'),
    anewCpu: beside('anew', 'cpuSeconds'),
  };
}

/** How many versions are those that uv chose, and of how many. */
function sameVersions({ ours, uv: other }) {
  const { packages } = JSON.parse(ours.output);
  if (other === undefined) return `${packages.length}`;
  const pins = new Set(other.output.split('\n').map((line) => line.replace(/\[.*\]/, '').trim()));
  const same = packages.filter(({ name, version }) => pins.has(`${name}==${version}`)).length;
  return same === packages.length ? `${same}` : `${same}/${packages.length}`;
}

function printRow({ id, cold, warm, requests, bytes, ratios }, versions) {
  const pair = (of) =>
    [cold.ours, cold.uv].map((side) => (side === undefined ? '-' : of(side))).join('/');
  const cells = [
    id,
    versions,
    pair(({ milliseconds }) => milliseconds.toFixed(0)),
    ratios.cold.toFixed(2),
    pair(({ cpuSeconds }) => cpuSeconds.toFixed(2)),
    String(requests),
    (bytes / 1e6).toFixed(1),
    pair(({ peakBytes }) => (peakBytes / 1e6).toFixed(0)),
    warm?.again.milliseconds.toFixed(0) ?? '-',
    warm?.anew.milliseconds.toFixed(0) ?? '-',
    warm?.uv?.milliseconds.toFixed(0) ?? '-',
    `${ratios.again.toFixed(2)} ${ratios.anew.toFixed(2)}`,
  ];
  print(cells.map((cell, at) => cell.padEnd(COLUMNS[at][1])).join(''));
}

function printMedians(rows) {
  const of = (key) => median(rows.map(({ ratios }) => ratios[key])).toFixed(2);
  print(`\nMedian over ${rows.length} sets`);
  print(`  cold: ${of('cold')} x uv pip compile --no-cache (CPU ${of('coldCpu')} x)`);
  print(
    `  again, the result remembered: ${of('again')} x uv pip compile --offline, node's start subtracted`,
  );
  print(`  anew, from cached pages and metadata: ${of('anew')} x (CPU ${of('anewCpu')} x)`);
  const largest = Math.max(...rows.map(({ cold }) => cold.ours.peakBytes));
  print(`  largest peak memory, cold: ${(largest / 1e6).toFixed(0)} MB`);
}

/** pip for its own Python and platform, with its cache warm. */
function runPip(id, rows, scratch) {
  const set = sets.find((one) => one.id === id);
  const row = rows.find((one) => one.id === id);
  if (pip === null || set === undefined || row === undefined) {
    print(`pip beside ${id}: not measured`);
    return;
  }
  const quiet = ['--quiet', '--disable-pip-version-check', '--cache-dir', join(scratch, 'pip')];
  const words = [
    'install',
    '--dry-run',
    '--ignore-installed',
    '--report',
    join(scratch, 'pip.json'),
  ];
  const side = { program: pip, words: [...words, ...quiet, '--requirement', set.file] };
  measure(side, scratch);
  const { milliseconds } = takeTurns({ side }, rounds, scratch).side;
  const times = (name) => (milliseconds / row.warm[name].milliseconds).toFixed(0);
  print(
    `  ${id}: pip install --dry-run, warm: ${milliseconds.toFixed(0)} ms = ${times('again')} x ours again, ${times('anew')} x ours anew`,
  );
}
