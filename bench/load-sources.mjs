/** The parts of src that a bench needs beside the command line, compiled into memory. */
/* oxlint-disable no-restricted-imports -- a bench reads and writes files */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `createHttp`, `readWheelFacts`, `defaultIndexUrl` and `jsonApiUrl` as they stand in src. */
export async function loadSources() {
  // Inside the project, so that the packages it needs are found.
  const folder = await mkdtemp(join(root, 'dist', 'bench-'));
  try {
    const outfile = join(folder, 'sources.mjs');
    await build({
      stdin: {
        contents: `
          export { createHttp } from './src/io/http.ts';
          export { readWheelFacts } from './src/package-index/wheel-reader.ts';
          export { defaultIndexUrl, jsonApiUrl } from './src/package-index/default-index.ts';`,
        resolveDir: root,
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'warning',
    });
    return await import(outfile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
