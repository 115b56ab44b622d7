import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDiskCache } from '../../src/io/cache.ts';
import type { Cache } from '../../src/package-index/cache.ts';
import type { CompareDocument } from '../../src/types.ts';
import { compareFiles, fillIn, serveFor } from '../support/audit-files.ts';
import type { UniverseDistribution } from '../support/index-server.ts';

const universe: readonly UniverseDistribution[] = [
  { name: 'flask', version: '2.0', requiresPython: '>=3.9' },
  { name: 'werkzeug', version: '2.0', requiresPython: '>=3.6' },
];

const wheel = (name: string): string => `${name}-2.0-py3-none-any.whl`;

function uvPackage(name: string, rest: string): string {
  const file = wheel(name);
  return `[[package]]\nname = '${name}'\nversion = '2.0'\nsource = { registry = '{index}' }\n${rest}wheels = [{ url = '{url:${file}}', hash = 'sha256:{sha256:${file}}', size = 1 }]\n`;
}

const project = (pythons: string): string =>
  `[project]\nname='mine'\nversion='1'\nrequires-python='${pythons}'\ndependencies=['flask']\n`;
const uvLock = `version = 1\nrequires-python = '>=3.9'\n[[package]]\nname = 'mine'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'flask' }]\n${uvPackage('flask', "dependencies = [{ name = 'werkzeug' }]\n")}${uvPackage('werkzeug', '')}`;

const poetryProject =
  "[tool.poetry]\nname='mine'\nversion='1'\n[tool.poetry.dependencies]\npython='>=3.6'\nflask='*'\n";
const poetryPackage = (name: string, pythons: string, rest: string): string =>
  `[[package]]\nname = "${name}"\nversion = "2.0"\noptional = false\npython-versions = "${pythons}"\nfiles = [{file = "${wheel(name)}", hash = "sha256:{sha256:${wheel(name)}}"}]\n${rest}`;
const poetryLock = `${poetryPackage('flask', '>=3.9', '[package.dependencies]\nwerkzeug = ">=2"\n')}${poetryPackage('werkzeug', '>=3.6', '')}[metadata]\nlock-version = "2.0"\npython-versions = ">=3.6"\ncontent-hash = "aa"\n`;

async function compare(
  files: Readonly<Record<string, string>>,
  pythons: readonly string[],
): Promise<CompareDocument> {
  const server = await serveFor(universe);
  const filled = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, fillIn(text, server)]),
  );
  return compareFiles(filled, server, { targets: { platforms: ['linux'], pythons } });
}

const rows = ({ targets }: CompareDocument): readonly unknown[] =>
  targets.map(({ target, verdict, outside, missing }) => [
    target.python,
    verdict,
    outside && `${outside.location.path}:${outside.location.line} ${outside.requiresPython}`,
    missing.map(({ name, kind, message }) => `${kind} ${name} ${message}`),
  ]);

describe('a lock on a Python that it is not for', () => {
  test('says what of it is for other Pythons, as the index tells it', async () => {
    const files = { 'pyproject.toml': project('>=3.9'), 'uv.lock': uvLock };
    const document = await compare(files, ['3.2', '3.8', '3.12']);
    expect(document.warnings.map(({ code }) => code)).not.toContain('no-usable-file');
    expect(rows(document)).toEqual([
      [
        '3.2',
        'not-installable',
        'pyproject.toml:4 >=3.9',
        ['none flask needs Python >=3.9', 'none werkzeug needs Python >=3.6'],
      ],
      ['3.8', 'not-installable', 'pyproject.toml:4 >=3.9', ['none flask needs Python >=3.9']],
      ['3.12', 'ready', null, []],
    ]);
  });

  test('is narrower than the project where that has moved on', async () => {
    const files = { 'pyproject.toml': project('>=3.7'), 'uv.lock': uvLock };
    expect(rows(await compare(files, ['3.8', '3.9']))).toEqual([
      ['3.8', 'not-installable', 'uv.lock:2 >=3.9', ['none flask needs Python >=3.9']],
      ['3.9', 'ready', null, []],
    ]);
  });

  test('of Poetry says it itself, for each package', async () => {
    const files = { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock };
    expect(rows(await compare(files, ['3.8', '3.9']))).toEqual([
      ['3.8', 'not-installable', null, ['none flask needs Python >=3.9']],
      ['3.9', 'ready', null, []],
    ]);
  });

  test('has files, which the upper bound of the project alone keeps out', async () => {
    const files = { 'pyproject.toml': project('>=3.9,<3.12'), 'uv.lock': uvLock };
    expect(rows(await compare(files, ['3.11', '3.12']))).toEqual([
      ['3.11', 'ready', null, []],
      ['3.12', 'not-allowed', 'pyproject.toml:4 >=3.9,<3.12', []],
    ]);
  });
});

test('the matrix of a lock is kept until the lock is another, or asked for otherwise', async () => {
  const server = await serveFor(universe);
  const folder = mkdtempSync(join(tmpdir(), 'depweight-matrix-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disk = createDiskCache({ folder, now: () => 1_700_000_000_000, refresh: false });
  const kept: string[] = [];
  const cache: Cache = {
    ...disk,
    writeResult: (key, value) => {
      kept.push(key);
      disk.writeResult(key, value);
      disk.flush();
    },
  };
  const run = async (lock: string, pythons: readonly string[]): Promise<CompareDocument> => {
    const files = { 'pyproject.toml': project('>=3.9'), 'uv.lock': fillIn(lock, server) };
    return compareFiles(files, server, { targets: { platforms: ['linux'], pythons } }, cache);
  };
  const first = await run(uvLock, ['3.8', '3.12']);
  expect(kept).toHaveLength(1);
  expect(await run(uvLock, ['3.8', '3.12'])).toEqual(first);
  expect(kept).toHaveLength(1);
  await run(uvLock, ['3.8', '3.11']);
  expect(kept).toHaveLength(2);
  const smaller = await run(uvLock.replace("dependencies = [{ name = 'werkzeug' }]\n", ''), [
    '3.8',
    '3.12',
  ]);
  expect(smaller.targets.map(({ packages }) => packages.length)).toEqual([1, 1]);
  expect(first.targets.map(({ packages }) => packages.length)).toEqual([2, 2]);
});
