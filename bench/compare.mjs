/**
 * `node bin/depweight.js compare` of 5 Pythons on 6 platforms beside `tree` of one of them, both with everything in the cache:
 * once with the results of an earlier run, once with pages, metadata and weights alone. What is compared is the time without
 * that of `--version`; processor time stands beside it, as other programs do not change that.
 */
/* oxlint-disable no-restricted-imports -- a bench empties the cache that it measures */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cli, measure, node, print, root, takeTurns, withScratch } from './measure.mjs';

const RUNS = 5;
const PYTHONS = ['3.10', '3.11', '3.12', '3.13', '3.14'];
const PLATFORMS = ['linux', 'linux/arm64', 'linux-musl', 'macos', 'macos-x86_64', 'windows'];
const file = join(root, 'bench', 'sets', 'service', 'requirements.txt');

await withScratch((scratch) => benchCompare(scratch));

function benchCompare(scratch) {
  const cache = join(scratch, 'cache');
  const shared = ['--isolated', '--cache-dir', cache];
  const several = ['--python', PYTHONS.join(','), '--platform', PLATFORMS.join(',')];
  const sides = {
    start: node(cli, '--version'),
    tree: node(cli, 'tree', file, '--python', '3.12', '--platform', 'linux', ...shared),
    compare: node(cli, 'compare', file, ...several, ...shared),
  };
  for (const name of ['tree', 'compare']) measure(sides[name], scratch);
  const words = [...sides.compare.words, '--timings', '--json'];
  const { errors, output } = measure(node(...words), scratch);
  if (!errors.includes('nothing was asked of the network')) throw new Error(`not warm: ${errors}`);
  const { targets } = JSON.parse(output);
  const counts = targets.map(({ totals }) => totals.packages);
  print(
    `${targets.length} targets of ${Math.min(...counts)} to ${Math.max(...counts)} packages, all in the cache, median of ${RUNS}`,
  );
  printRatio('with results of an earlier run', takeTurns(sides, RUNS, scratch));
  const forget = () => rmSync(join(cache, 'v3', 'results'), { recursive: true, force: true });
  printRatio('without results', takeTurns(sides, RUNS, scratch, forget));
}

function printRatio(state, { start, tree, compare }) {
  const wall = (side) => side.milliseconds - start.milliseconds;
  const cpu = (side) => (side.cpuSeconds - start.cpuSeconds) * 1000;
  const say = (of) =>
    `${of(compare).toFixed(0)} ms = ${(of(compare) / of(tree)).toFixed(2)} x one (${of(tree).toFixed(0)} ms)`;
  print(`  ${state}: ${say(wall)}; processor: ${say(cpu)}`);
}
