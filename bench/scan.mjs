/**
 * `node bench/scan.mjs [TREE]`: processor time and memory of `depweight scan --json` beside reading the same files into one
 * buffer and beside deptry, on a large tree and on the example. The sides take turns; what is compared is the ratio, and
 * the last lines are the ratios beside what is asked of them.
 *
 * TREE is any folder of Python sources, by default the standard library of `python3`. deptry is looked for on PATH, or
 * named by the variable DEPTRY; without it that comparison is left out, and says so. Linux only: the processor time of a
 * child is read from /proc.
 */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a bench starts what it measures */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const RUNS = 5;
/** Clock ticks of /proc per second, fixed by Linux. */
const TICKS = 100;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'bin', 'depweight.js');
const reader = join(root, 'bench', 'read-files.mjs');
const memory = pathToFileURL(join(root, 'bench', 'peak-memory.mjs')).href;
const scratch = mkdtempSync(join(tmpdir(), 'depweight-bench-scan-'));
const empty = join(scratch, 'empty');
const manifest = join(scratch, 'pyproject.toml');

/** What was measured beside what is asked for, for the table at the end. */
const ratios = [];

try {
  mkdirSync(empty);
  writeFileSync(manifest, '[project]\nname = "bench"\nversion = "1"\ndependencies = []\n');
  print(`Node ${process.version}, load ${loadavg()[0].toFixed(1)} at the start`);
  benchLarge(resolve(process.argv[2] ?? findStandardLibrary()));
  benchSmall(join(root, 'examples', 'trackmaster'));
  printRatios();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Start-up is taken off both sides of the comparison with reading, and left in beside deptry. */
function benchLarge(tree) {
  const list = join(scratch, 'files');
  const { lines, files, bytes } = listPython(tree, list);
  print(`\n${tree}: ${files} files, ${lines} lines, ${(bytes / 1e6).toFixed(0)} MB`);
  const sides = {
    scan: [process.execPath, cli, 'scan', '--json', tree],
    'start-up': [process.execPath, cli, 'scan', '--json', empty],
    reading: [process.execPath, reader, list],
    'node -e 0': [process.execPath, '-e', '0'],
    ...deptrySide(tree),
  };
  const medians = takeTurns(sides);
  const scan = medians.scan - medians['start-up'];
  const reading = medians.reading - medians['node -e 0'];
  addRatio('scan less start-up / reading the same files', scan / reading, 'at most 4');
  addDeptry('deptry / scan, large tree', medians, 'at least 5');
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', memory, cli, 'scan', '--json', '--quiet', tree],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const kibibytes = Number(/peak memory (\d+) KiB/.exec(String(stderr))?.[1]);
  const megabytes = (kibibytes * 1024) / 1e6;
  addRatio(
    `peak memory in MB, ${(lines / 1e6).toFixed(1)} million lines`,
    megabytes,
    'at most 200',
  );
}

function benchSmall(tree) {
  print(`\n${tree}, start-up included`);
  const medians = takeTurns({ scan: [process.execPath, cli, 'scan', tree], ...deptrySide(tree) });
  addDeptry('deptry / scan, example, start-up included', medians, 'more than 1');
}

// ---------------------------------------------------------------------------------------------------------------------
// Sides

function deptrySide(tree) {
  const program = process.env.DEPTRY ?? 'deptry';
  if (spawnSync(program, ['--version']).status !== 0) return {};
  return { deptry: [program, '--config', manifest, tree] };
}

function addDeptry(name, medians, asked) {
  if (medians.deptry === undefined) print('  deptry was not found: no comparison');
  else addRatio(name, medians.deptry / medians.scan, asked);
}

function addRatio(name, measured, asked) {
  ratios.push({ name, measured, asked });
}

function printRatios() {
  print(`\n${'processor time'.padEnd(48)}${'measured'.padStart(10)}   asked`);
  for (const { name, measured, asked } of ratios)
    print(`${name.padEnd(48)}${measured.toFixed(1).padStart(10)}   ${asked}`);
}

function findStandardLibrary() {
  const code = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
  const { status, stdout } = spawnSync('python3', ['-c', code]);
  if (status !== 0) throw new Error('give a folder of Python sources: no python3 was found');
  return String(stdout).trim();
}

/** Writes the paths of the files that scan reads to `list`, as scan itself names them, and counts what is in them. */
function listPython(tree, list) {
  const find = ['-name', '*.py', '-o', '-name', '*.pyi', '-o', '-name', '*.pyx'];
  const pruned = ['(', '-name', '__pycache__', '-o', '-name', 'site-packages', ')', '-prune', '-o'];
  const words = [tree, ...pruned, '-type', 'f', '(', ...find, ')', '-print'];
  const { stdout } = spawnSync('find', words, { maxBuffer: 1e9 });
  writeFileSync(list, stdout);
  let lines = 0;
  let bytes = 0;
  const paths = String(stdout).split('\n').filter(Boolean);
  for (const path of paths) {
    const content = readFileSync(path);
    bytes += content.length;
    for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) lines++;
  }
  return { lines, bytes, files: paths.length };
}

// ---------------------------------------------------------------------------------------------------------------------
// Measuring

/**
 * Processor seconds by the names of the sides, the mean of the middle runs, as Linux counts them in ticks; each round runs all
 * of them once.
 */
function takeTurns(sides) {
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < RUNS; round++) {
    for (const [name, words] of Object.entries(sides)) times[name].push(measure(words));
  }
  const medians = {};
  for (const [name, list] of Object.entries(times)) {
    const middle = list.toSorted((a, b) => a - b).slice(1, -1);
    medians[name] = middle.reduce((sum, value) => sum + value, 0) / middle.length;
    print(`  ${name.padEnd(10)} ${seconds(medians[name])}`);
  }
  return medians;
}

function measure([program, ...words]) {
  const before = childSeconds();
  const { error, signal } = spawnSync(program, words, { stdio: 'ignore' });
  // deptry ends with 1 where it finds something.
  if (error !== undefined || signal !== null)
    throw new Error(`${program} did not end: ${error ?? signal}`);
  return childSeconds() - before;
}

/** User and system time of all children that have ended (proc(5), cutime and cstime). */
function childSeconds() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

function seconds(value) {
  return `${value.toFixed(2)} s of processor time`;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
