import { describe, expect, test } from 'vitest';
import { parsePoetryLock } from '../../src/inputs/poetry-lock.ts';
import { parseUvLock } from '../../src/inputs/uv-lock.ts';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import { selectFromLock } from '../../src/resolve/lock-selection.ts';
import type { DeclaredRequirement, ParsedInput, TargetEnvironment } from '../../src/types.ts';
import { fileOf } from '../inputs/lock-support.ts';
import { declaration } from '../support/weighed-graph.ts';

function targetFor(python: string): TargetEnvironment {
  const platform = parsePlatformName('linux');
  if (platform === null) throw new Error('linux is a platform');
  return createTarget({ python, platform, from: 'test' });
}

interface Question {
  readonly sets?: readonly string[];
  readonly python?: string;
  readonly folder?: string | null;
  readonly requirements?: readonly DeclaredRequirement[];
}

/** `flask 3.0`, sorted by name; `lib ?` for a project of the workspace. */
function select(
  { lock, path }: ParsedInput,
  { sets = [], python = '3.12', folder = '.', requirements = [] }: Question = {},
): readonly string[] {
  if (lock === undefined) throw new Error('the lock could not be read');
  const part = { facts: lock, path, sets: ['', ...sets], folder };
  const { pins } = selectFromLock(part, requirements, targetFor(python));
  return [...pins.values()]
    .map(({ name, version }) => `${name} ${version?.text ?? '?'}`)
    .toSorted();
}

const uv = (text: string): Promise<ParsedInput> =>
  parseUvLock(fileOf('uv.lock', `version = 1\n${text}`));
const registry = "source = { registry = 'https://index.test/simple' }";
const uvPackage = (name: string, version: string, rest = ''): string =>
  `[[package]]\nname = '${name}'\nversion = '${version}'\n${registry}\n${rest}\n`;
const uvProject = (name: string, path: string, rest: string): string =>
  `[[package]]\nname = '${name}'\nversion = '1'\nsource = { editable = '${path}' }\n${rest}\n`;

describe('a uv.lock', () => {
  test('has one of several versions, that of the fork of the target', async () => {
    const lock = await uv(
      uvProject(
        'mine',
        '.',
        "dependencies = [{ name = 'numpy', version = '2.2', marker = \"python_full_version < '3.11'\" }, { name = 'numpy', version = '2.3', marker = \"python_full_version >= '3.11'\" }]",
      ) +
        uvPackage('numpy', '2.2', 'resolution-markers = ["python_full_version < \'3.11\'"]') +
        uvPackage('numpy', '2.3', 'resolution-markers = ["python_full_version >= \'3.11\'"]'),
    );
    expect(select(lock)).toEqual(['numpy 2.3']);
    expect(select(lock, { python: '3.10' })).toEqual(['numpy 2.2']);
  });

  test('has what an extra asks for that excludes another one', async () => {
    const need = (version: string, extra: string): string =>
      `{ name = 'torch', version = '${version}', marker = "extra == 'extra-4-mine-${extra}'" }`;
    const lock = await uv(
      uvProject(
        'mine',
        '.',
        `dependencies = [{ name = 'app' }]\n[package.optional-dependencies]\ncpu = [${need('2.0+cpu', 'cpu')}]\ngpu = [${need('2.0', 'gpu')}]`,
      ) +
        uvPackage('app', '1', `dependencies = [${need('2.0+cpu', 'cpu')}, ${need('2.0', 'gpu')}]`) +
        uvPackage('torch', '2.0') +
        uvPackage('torch', '2.0+cpu'),
    );
    expect(select(lock)).toEqual(['app 1']);
    expect(select(lock, { sets: ['extra:cpu'] })).toEqual(['app 1', 'torch 2.0+cpu']);
    expect(select(lock, { sets: ['extra:gpu'] })).toEqual(['app 1', 'torch 2.0']);
  });

  test('has the one of two indexes that is asked for', async () => {
    const from = (host: string): string => `source = { registry = 'https://${host}.test/simple' }`;
    const lock = await uv(
      uvProject('mine', '.', `dependencies = [{ name = 'torch', ${from('cpu')} }]`) +
        uvPackage('torch', '2.0').replace(registry, from('index')) +
        uvPackage('torch', '2.0').replace(registry, from('cpu')),
    );
    const part = { facts: lock.lock ?? fail(), path: 'uv.lock', sets: [''], folder: '.' };
    const { pins } = selectFromLock(part, [], targetFor('3.12'));
    expect([...pins.values()].map(({ origin }) => origin)).toEqual(['https://cpu.test/simple']);
  });

  test('has what extras of packages and members of the workspace bring', async () => {
    const lock = await uv(
      uvProject('mine', '.', "dependencies = [{ name = 'lib', extra = ['fast'] }]") +
        uvProject(
          'lib',
          'lib',
          "dependencies = [{ name = 'a', extra = ['x'] }]\n[package.optional-dependencies]\nfast = [{ name = 'c' }]\nslow = [{ name = 'd' }]",
        ) +
        uvPackage(
          'a',
          '1',
          "[package.optional-dependencies]\nx = [{ name = 'b' }]\ny = [{ name = 'd' }]",
        ) +
        ['b', 'c', 'd'].map((name) => uvPackage(name, '1')).join(''),
    );
    expect(select(lock)).toEqual(['a 1', 'b 1', 'c 1', 'lib ?']);
    expect(select(lock, { folder: 'lib' })).toEqual(['a 1', 'b 1']);
  });

  test('named without a project at its root is that of all its members', async () => {
    const lock = await uv(
      uvProject('one', 'one', "dependencies = [{ name = 'a' }]") +
        uvProject('two', 'two', "dependencies = [{ name = 'b' }]") +
        uvPackage('a', '1') +
        uvPackage('b', '1'),
    );
    expect(select(lock, { folder: null })).toEqual(['a 1', 'b 1']);
  });
});

describe('a poetry.lock that does not say what its groups are', () => {
  const poetry = (text: string): Promise<ParsedInput> =>
    parsePoetryLock(fileOf('poetry.lock', `${text}[metadata]\nlock-version = "1.1"\n`));
  const entry = (name: string, version: string, rest = ''): string =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\noptional = false\npython-versions = "*"\n${rest}\n`;

  test('has of several versions the one that fits all that is reached', async () => {
    const lock = await poetry(
      entry('app', '1', '[package.dependencies]\nnumpy = ">=1.20"') +
        entry('old', '1', '[package.dependencies]\nnumpy = "<2"') +
        entry('numpy', '2.0') +
        entry('numpy', '1.26'),
    );
    const asking = (...texts: readonly string[]): Question => ({
      requirements: texts.map((text, at) => declaration(text, at + 1, 'pyproject.toml')),
    });
    expect(select(lock, asking('app'))).toEqual(['app 1', 'numpy 2.0']);
    expect(select(lock, asking('app', 'old'))).toEqual(['app 1', 'numpy 1.26', 'old 1']);
    expect(select(lock, asking("app; python_version < '3'"))).toEqual([]);
  });

  test('has what an extra brings, by its marker or by the list of extras', async () => {
    const lock = await poetry(
      entry(
        'app',
        '1',
        '[package.dependencies]\na = {version = "*", optional = true, markers = "extra == \\"x\\""}\nb = {version = "*", optional = true}\n[package.extras]\nx = ["a"]\ny = ["b (>=1)"]',
      ) +
        entry('a', '1') +
        entry('b', '1'),
    );
    const asking = (text: string): Question => ({
      requirements: [declaration(text, 1, 'pyproject.toml')],
    });
    expect(select(lock, asking('app'))).toEqual(['app 1']);
    expect(select(lock, asking('app[x]'))).toEqual(['a 1', 'app 1']);
    expect(select(lock, asking('app[x,y]'))).toEqual(['a 1', 'app 1', 'b 1']);
  });
});

function fail(): never {
  throw new Error('the lock could not be read');
}
