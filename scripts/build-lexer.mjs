/**
 * Builds lexer/ (AssemblyScript) into src/imports/lexer/modules.ts: WebAssembly as text, once for processors that compare
 * sixteen bytes at a time and once for all others. Run after a change in lexer/; `--check` tells when it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OPTIONS = [
  '--runtime',
  'stub',
  '--memoryBase',
  '1024',
  '--zeroFilledMemory',
  '--noAssert',
  '-O3',
];

/** The text of modules.ts as the sources make it. */
async function buildModules() {
  const simd = await compile(['--enable', 'simd']);
  const scalar = await compile([]);
  return `/** Made by scripts/build-lexer.mjs from lexer/: do not edit. WebAssembly in base64. */

/** For processors with vectors of sixteen bytes. */
export const VECTOR_MODULE: string =
  '${simd}';

/** For all processors. */
export const SCALAR_MODULE: string =
  '${scalar}';
`;
}

async function compile(options) {
  const files = new Map();
  let messages = '';
  const { error } = await asc.main(
    ['lexer/index.ts', '--outFile', 'lexer.wasm', ...OPTIONS, ...options],
    {
      readFile: (name, folder) => {
        try {
          return readFileSync(join(root, folder, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, content) => void files.set(name, content),
      listFiles: () => [],
      stderr: { write: (text) => void (messages += text) },
    },
  );
  if (error) throw new Error(`${error.message}\n${messages}`);
  return Buffer.from(files.get('lexer.wasm')).toString('base64');
}

const target = join(root, 'src', 'imports', 'lexer', 'modules.ts');
const text = await buildModules();
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/imports/lexer/modules.ts is not what lexer/ makes: npm run build:lexer');
  process.exitCode = 1;
}
