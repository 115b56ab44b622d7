/** Reads the files of a list into one reused buffer: the least that any scan must do. For bench/scan.mjs. */
/* oxlint-disable no-restricted-imports -- a bench reads files */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const buffer = Buffer.allocUnsafe(64_000_000);
for (const path of readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (path === '') continue;
  const file = openSync(path, 'r');
  while (readSync(file, buffer, 0, buffer.length, null) === buffer.length);
  closeSync(file);
}
