/** Builds of torch on labelled indexes that stand side by side, as a server on loopback has them. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditDocument } from '../../src/types.ts';
import type { IndexServer, UniverseDistribution } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { createProject, documentOf, ensureBuilt, removeProject, runDepweight } from './support.ts';

/** A wheel for Linux on x86_64 with a library of that size. */
function built(
  version: string,
  size: number,
  requiresDist: readonly string[],
): UniverseDistribution {
  const contents = { 'torch/__init__.py': '', 'torch/lib/libtorch.so': 'x'.repeat(size) };
  return {
    name: 'torch',
    version,
    requiresDist,
    files: [{ tags: 'cp311-cp311-manylinux_2_17_x86_64', contents }],
  };
}

let main: IndexServer;
let labelled: IndexServer;
let front: Server;
let base = '';
let folder = '';

beforeAll(async () => {
  await ensureBuilt();
  main = await startIndexServer({
    distributions: [
      built('2.1.0', 40_000, ['nvidia-blas']),
      { name: 'nvidia-blas', version: '12.1' },
      { name: 'webframe', version: '1.0' },
    ],
  });
  labelled = await startIndexServer({
    distributions: [
      built('2.1.0+cpu', 10_000, []),
      built('2.1.0+cu121', 50_000, []),
      built('2.1.0+rocm5.6', 60_000, ['pytorch-triton-rocm==2.1.0']),
      { name: 'pytorch-triton-rocm', version: '2.1.0' },
    ],
  });
  // `/whl/LABEL/NAME/` and `/whl/NAME/`: all lead to the pages of the one server.
  front = createServer((request, response) => {
    const name = /^\/whl\/(?:.+\/)?([\w-]+)\/$/.exec(request.url ?? '')?.[1] ?? '';
    response.writeHead(302, { location: `${labelled.indexUrl}${name}/` }).end();
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(front.address() as AddressInfo).port}/whl`;
  folder = createProject({ 'main.py': 'import torch\nimport webframe\n' });
}, 60_000);
afterAll(async () => {
  removeProject(folder);
  front.close();
  await main.close();
  await labelled.close();
});

async function audit(requirements: string, words: readonly string[] = []): Promise<AuditDocument> {
  const other = createProject({ 'main.py': 'import torch\n', 'requirements.txt': requirements });
  const index = ['--index-url', main.indexUrl, '--python', '3.11', '--platform', 'linux'];
  const run = await runDepweight(['audit', '--json', ...index, ...words], { cwd: other });
  removeProject(other);
  return documentOf(run);
}

const rowsOf = ({ accelerators }: AuditDocument): readonly string[] =>
  (accelerators?.builds ?? []).map(
    ({ build, version, current, installedBytes, beside }) =>
      `${build} ${version}${current ? ' here' : ''} ${installedBytes === null ? '?' : Math.floor(installedBytes / 10_000)} + ${beside.packages ?? '?'}`,
  );

describe('the builds of torch', () => {
  test('on the main index alone: the one that is there', async () => {
    const document = await audit('torch==2.1.0\n');
    expect(rowsOf(document)).toEqual([
      'cuda 2.1.0 here 4 + 1',
      'cpu 2.1.0+cpu ? + 0',
      'rocm 2.1.0 ? + ?',
    ]);
  });

  test('an index of one build leads to the others', async () => {
    const document = await audit(`--extra-index-url ${base}/rocm5.6\ntorch==2.1.0+rocm5.6\n`);
    expect(rowsOf(document)).toEqual([
      'cuda 2.1.0 4 + 1',
      'cpu 2.1.0+cpu 1 + 0',
      'rocm 2.1.0+rocm5.6 here 6 + 1',
    ]);
    const cpu = document.accelerators?.builds.find(({ build }) => build === 'cpu');
    expect(cpu?.snippets.pip).toEqual([`--extra-index-url ${base}/cpu`, 'torch==2.1.0+cpu']);
    const validate = new Ajv({ strict: false, allErrors: true }).compile(
      JSON.parse(readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8')),
    );
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });
});
