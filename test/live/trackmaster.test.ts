/** Against the live index; runs only with DEPWEIGHT_LIVE=1. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../e2e/support.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
} from '../e2e/support.ts';

const isLive = process.env['DEPWEIGHT_LIVE'] === '1';
const uv = process.env['DEPWEIGHT_UV'] ?? 'uv';
const hasUv = isLive && spawnSync(uv, ['--version']).error === undefined;
const example = fileURLToPath(new URL('../../examples/trackmaster', import.meta.url));

describe.skipIf(!isLive)('examples/trackmaster on the live index', () => {
  let folder = '';
  let first: Run;

  const tree = (...words: readonly string[]): Promise<Run> =>
    runDepweight(['tree', '--json', ...words], { cwd: folder, env: proxiesOf(process.env) });

  beforeAll(async () => {
    await ensureBuilt();
    folder = createProject({});
    cpSync(example, folder, { recursive: true });
    first = await tree();
  }, 180_000);
  afterAll(() => removeProject(folder));

  test('has the 68 packages of its list and those of its test tool, over 5.2 GB, and every size is known', () => {
    expect(first.code, first.stderr).toBe(0);
    const { totals, packages, target } = documentOf(first);
    expect(target.python).toBe('3.11');
    // 68 of the list, and what its test tool adds.
    expect(packages.length).toBeGreaterThanOrEqual(68);
    expect(packages.length).toBeLessThanOrEqual(75);
    expect(totals.installedBytes).toBeGreaterThan(5_200_000_000);
    expect(totals).toMatchObject({ unknown: 0, lowerBound: false });
    for (const { name, downloadBytes, from } of packages) {
      expect(downloadBytes, name).toBeGreaterThan(0);
      expect(from, name).toBe('central-directory');
    }
  });

  test('says the same from the cache, without the network', async () => {
    const offline = await tree('--offline');
    expect(offline.stdout).toBe(first.stdout);
  });

  test('says the same from the JSON API', async () => {
    const other = await tree('--source', 'json', '--no-cache');
    expect(
      documentOf(other).packages.map(({ name, version, installedBytes }) => [
        name,
        version,
        installedBytes,
      ]),
    ).toEqual(
      documentOf(first).packages.map(({ name, version, installedBytes }) => [
        name,
        version,
        installedBytes,
      ]),
    );
  }, 180_000);

  test.skipIf(!hasUv)(
    'agrees with uv on every version',
    () => {
      const words = [
        'pip',
        'compile',
        '--python-version',
        '3.11',
        '--python-platform',
        'x86_64-manylinux_2_28',
        '--no-header',
        '--no-annotate',
        '-q',
        join(folder, 'requirements.txt'),
      ];
      const compiled = spawnSync(uv, words, { encoding: 'utf8' });
      expect(compiled.status, compiled.stderr).toBe(0);
      const pins = compiled.stdout
        .split('\n')
        .filter((line) => /^[a-z0-9]/.test(line))
        .map((line) => line.replace(/\[.*?\]/, '').trim());
      expect(
        documentOf(first)
          .packages.map(({ name, version }) => `${name}==${version}`)
          .toSorted(),
      ).toEqual(pins.toSorted());
    },
    60_000,
  );
});

/** Only what says how to reach the network. */
function proxiesOf(variables: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const names = [
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'NO_PROXY',
    'https_proxy',
    'http_proxy',
    'no_proxy',
    'NODE_EXTRA_CA_CERTS',
  ];
  return Object.fromEntries(
    names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  );
}
