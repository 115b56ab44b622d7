/**
 * Builds dist/: the command line and the public API as ES modules, split where something is loaded lazily, and the
 * declarations of the API. A few files start faster than a hundred small ones; what is imported lazily stays apart.
 */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { isPackage } from './compile-sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Built beside and swapped in whole, so that a failed build leaves the last good one.
const finished = join(root, 'dist');
const outdir = `${finished}-${process.pid}`;

await build({
  cwd: root,
  input: { cli: 'src/cli.ts', index: 'src/index.ts' },
  platform: 'node',
  transform: { target: 'node20.19' },
  // Dependencies stay what npm installed: they can be updated and audited without a release of depweight.
  external: isPackage,
  // Formats are loaded one by one, and some are needed by others at once.
  checks: { ineffectiveDynamicImport: false },
  // Two of them are a module of WebAssembly each.
  optimization: { inlineConst: false },
  output: {
    dir: outdir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    hashCharacters: 'hex',
    sourcemap: true,
    sourcemapExcludeSources: true,
    // The sources have them.
    comments: { legal: true, annotation: true, jsdoc: false },
    // What every command begins with, and a scan whole, are one file: as a dozen they take a fifth longer to start.
    codeSplitting: {
      groups: [{ name: 'start', test: /[\\/]src[\\/](?:cli|run-command|commands[\\/]scan)\.ts$/ }],
    },
  },
});

const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);
try {
  execFileSync(
    process.execPath,
    [compiler, '--project', join(root, 'tsconfig.build.json'), '--outDir', join(outdir, 'types')],
    { stdio: 'inherit' },
  );
} finally {
  rmSync(finished, { recursive: true, force: true });
  renameSync(outdir, finished);
}
