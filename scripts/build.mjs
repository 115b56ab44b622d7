/**
 * Builds dist/: the command line and the public API as ES modules, split where something is loaded lazily, and the
 * declarations of the API. One bundle starts faster than a hundred small files; what is imported lazily stays apart.
 */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Built beside and swapped in whole, so that a failed build leaves the last good one.
const finished = join(root, 'dist');
const outdir = `${finished}-${process.pid}`;

await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts', 'src/index.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Dependencies stay what npm installed: they can be updated and audited without a release of depweight.
  packages: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
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
