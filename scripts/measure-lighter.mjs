/**
 * Measures data/lighter.json again: both trees of every row on the live index, latest releases, CPython 3.12 on Linux x86_64.
 *
 *     node scripts/measure-lighter.mjs           shows what has changed
 *     node scripts/measure-lighter.mjs --write   and puts it into the table, with today's date
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'data', 'lighter.json');
const text = readFileSync(path, 'utf8');
const table = JSON.parse(text);
const folder = mkdtempSync(join(tmpdir(), 'lighter-'));

function weigh(requirements) {
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, `${requirements.join('\n')}\n`);
  const words = ['tree', file, '--json', '--isolated', '--python', '3.12', '--platform', 'linux'];
  try {
    const output = execFileSync(process.execPath, [join(root, 'bin/depweight.js'), ...words], {
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(output).totals;
  } catch {
    return null;
  }
}

let lines = text;
let failed = 0;
try {
  for (const row of table.rows) {
    const [from, to] = [row.from, row.to].map(weigh);
    if (from === null || to === null) {
      failed++;
      console.log(`${row.id}: no answer for ${from === null ? row.from : row.to}`);
      continue;
    }
    const measured = { fromBytes: from.installedBytes, toBytes: to.installedBytes };
    const lower = from.lowerBound || to.lowerBound ? ' (lower bounds: something is unknown)' : '';
    console.log(
      `${row.id}: ${row.measured.fromBytes} → ${row.measured.toBytes} was, ` +
        `${measured.fromBytes} → ${measured.toBytes} is${lower}`,
    );
    if (measured.toBytes >= measured.fromBytes) console.log(`${row.id}: NOT LIGHTER any more`);
    lines = lines.replace(
      new RegExp(`(\\{"id": ${JSON.stringify(row.id)},.*"measured": )\\{[^}]*\\}`),
      (_whole, before) =>
        `${before}{"fromBytes": ${measured.fromBytes}, "toBytes": ${measured.toBytes}}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (process.argv.includes('--write')) {
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(path, lines.replace(/("date": ")\d{4}-\d{2}-\d{2}/, `$1${today}`));
}
process.exitCode = failed > 0 ? 1 : 0;
