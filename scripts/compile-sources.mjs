/** TypeScript of this project for scripts and benches, which Node 20 cannot load as it stands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a module of this `code` exports; it imports from the project's root: `export { parseName } from './src/pep/name.ts';`. */
export async function compileSources(code) {
  // Inside the project, so that the packages it needs are found.
  const folder = mkdtempSync(join(root, 'dist', 'compiled-'));
  const entry = join(root, 'compiled-sources.ts');
  try {
    await build({
      cwd: root,
      input: entry,
      platform: 'node',
      external: isPackage,
      plugins: [
        {
          name: 'code-in-memory',
          resolveId: (id) => (id === entry ? id : null),
          load: (id) => (id === entry ? code : null),
        },
      ],
      output: { file: join(folder, 'sources.mjs'), format: 'esm', codeSplitting: false },
    });
    return await import(join(folder, 'sources.mjs'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What npm installed, and what Node brings: neither is a part of the bundle. */
export function isPackage(id) {
  return !/^[./]|^[A-Za-z]:[\\/]/.test(id);
}
