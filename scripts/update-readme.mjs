/**
 * Puts what `depweight audit examples/trackmaster` prints now, at 80 columns, into README.md. Needs a build and the
 * network: `node scripts/build.mjs && node scripts/update-readme.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'README.md');
const words = [join(root, 'bin', 'depweight.js'), 'audit', 'examples/trackmaster', '--isolated'];
const output = execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8' });

const readme = readFileSync(file, 'utf8');
const place = /(<!-- OUTPUT -->\n```text\n)[^]*?(```\n<!-- \/OUTPUT -->)/;
if (!place.test(readme)) throw new Error('README.md has no place for the output');
const date = new Date().toISOString().slice(0, 10);
const updated = readme
  .replace(place, (_, before, after) => `${before}${output}${after}`)
  .replace(/(at 80 columns, on )\d{4}-\d{2}-\d{2}/, (_, before) => `${before}${date}`);
writeFileSync(file, updated);
