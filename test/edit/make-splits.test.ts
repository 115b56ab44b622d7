import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { AuditEnv, AuditRequest } from '../../src/audit-env.ts';
import { toSourceAccess } from '../../src/imports/source-access.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import type { SplitRow } from '../../src/types.ts';
import { fillIn } from '../support/audit-files.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';

const http = createHttp({ userAgent: 'test', retries: 0 });
let server: IndexServer;
beforeAll(async () => {
  server = await startIndexServer({
    distributions: [
      { name: 'alpha', version: '1.0' },
      { name: 'alpha', version: '2.0' },
      { name: 'beta', version: '1.0' },
      { name: 'spare', version: '1.0' },
      { name: 'pytest', version: '7.4' },
    ],
  });
});
afterAll(async () => {
  await http.close();
  await server.close();
});

const code = { 'app.py': 'import alpha\nimport beta\n' };

async function split(
  files: Readonly<Record<string, string>>,
  given: Partial<AuditRequest> = {},
  variables: AuditEnv['variables'] = {},
): Promise<readonly SplitRow[]> {
  const access = createMemoryFiles({ ...code, ...files });
  const cache = createMemoryCache();
  const request: AuditRequest = {
    command: 'split',
    path: '.',
    python: '3.11',
    platform: null,
    extras: [],
    allExtras: false,
    groups: [],
    environment: null,
    constraintFiles: [],
    overrideFiles: [],
    index: { indexUrl: server.indexUrl },
    pageSource: 'simple',
    excludeNewer: null,
    offline: false,
    weights: true,
    readsSources: true,
    makesSplits: true,
    everyProject: false,
    overrules: [],
    subject: null,
    addition: null,
    ...given,
  };
  const { document } = await audit(request, {
    files: access,
    rootName: 'project',
    sources: toSourceAccess(access),
    variables,
    userFiles: [],
    isolated: true,
    locate: () => null,
    listFolder: () => null,
    openIndex: (wanted) =>
      createIndexClient({ ...wanted, http: () => Promise.resolve(http), cache, links: () => null }),
    cache,
    signal: new AbortController().signal,
    progress: { update: () => undefined },
    requestOf: (request) => Promise.resolve({ request, warnings: [] }),
    note: () => undefined,
    warn: () => undefined,
  });
  return document.splits;
}

const files = (splits: readonly SplitRow[]): readonly string[] => splits.map(({ file }) => file);
const proofs = (splits: readonly SplitRow[]): readonly unknown[] =>
  splits.map(({ proof: { resolved, changedVersions } }) => ({ resolved, changedVersions }));
const sound = { resolved: true, changedVersions: [] };

describe('the proof of a proposed file', () => {
  test('of an edited pyproject.toml is no answer of the lock of the file as it was, and keeps its versions', async () => {
    const names = ['alpha', 'beta', 'spare'];
    const entries = names.map(
      (name) =>
        `[[package]]\nname = '${name}'\nversion = '1.0'\nsource = { registry = '{index}' }\nwheels = [{ url = '{url:${name}-1.0-py3-none-any.whl}', hash = 'sha256:{sha256:${name}-1.0-py3-none-any.whl}', size = 1 }]\n`,
    );
    const needs = names.map((name) => `{ name = '${name}' }`).join(', ');
    const splits = await split({
      'pyproject.toml': `[project]\nname = 'shop'\nversion = '1'\ndependencies = ["alpha", "beta", "spare"]\n`,
      'uv.lock': fillIn(
        `version = 1\nrequires-python = '>=3.9'\n[[package]]\nname = 'shop'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [${needs}]\n[package.metadata]\nrequires-dist = [${needs}]\n${entries.join('')}`,
        server,
      ),
    });
    expect(files(splits)).toEqual(['pyproject.toml']);
    expect(splits[0]?.packages).toEqual(['alpha==1.0', 'beta==1.0']);
    expect(proofs(splits)).toEqual([sound]);
  });

  test('heeds the constraints that the file keeps', async () => {
    const splits = await split({
      'requirements.txt': '-c constraints.txt\nalpha\nbeta\nspare\n',
      'constraints.txt': 'alpha<2\n',
    });
    expect(splits[0]?.content).toContain('-c constraints.txt');
    expect(proofs(splits)).toEqual([sound]);
  });

  test('reads the files that it keeps to include', async () => {
    const splits = await split({
      'requirements.txt': '-r base.txt\nbeta\nspare\npytest\n',
      'base.txt': 'alpha\n',
      'tests/test_app.py': 'import pytest\n',
    });
    expect(splits[0]?.content).toContain('-r base.txt');
    expect(files(splits)).toEqual(['requirements-prod.txt', 'requirements-dev.txt']);
    expect(proofs(splits)).toEqual([sound, sound]);
  });

  test('holds what an image installs of other files as well, and moves what is for development', async () => {
    const image = 'FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt -r more.txt\n';
    const base = { Dockerfile: image, 'requirements.txt': 'alpha==1.0\nspare\n' };
    const splits = await split({ ...base, 'more.txt': 'beta' });
    expect(splits[0]?.content).toMatch(/\n\nalpha==1\.0\n-r more\.txt\n$/);
    expect(splits[0]?.packages).toEqual(['alpha==1.0', 'beta==1.0']);
    const dev = image.replace('more.txt', 'requirements-dev.txt');
    const moved = await split({
      ...base,
      Dockerfile: dev,
      'requirements-dev.txt': '-r requirements.txt\nbeta\npytest\n',
    });
    // What is for development stands there already.
    expect(files(moved)).toEqual(['requirements-prod.txt']);
    expect(moved[0]?.content).toMatch(/\n\nalpha==1\.0\nbeta\n$/);
    expect(proofs(moved)).toEqual([sound]);
    const more = await split({
      ...base,
      Dockerfile: dev,
      'requirements.txt': 'alpha==1.0\npytest\n',
      'requirements-dev.txt': '-r requirements.txt\nbeta\n',
    });
    expect(files(more)).toEqual(['requirements-prod.txt', 'requirements-dev.txt']);
  });

  test('heeds the constraints and overrides of the command line', async () => {
    const given = {
      'requirements.txt': 'alpha\nbeta\nspare\n',
      'limits.txt': 'alpha<2\n',
    };
    const constrained = await split(given, { constraintFiles: ['limits.txt'] });
    expect(proofs(constrained)).toEqual([sound]);
    const overridden = await split(given, { overrideFiles: ['limits.txt'] });
    expect(proofs(overridden)).toEqual([sound]);
  });

  test('fills in the variables that the file names', async () => {
    const content = 'alpha @ ${PLACE}\nbeta\nspare\n';
    const [wheel] = [...server.files.keys()].filter((name) => name.startsWith('alpha-1.0'));
    const PLACE = `${server.indexUrl.replace(/simple\/?$/, '')}files/${wheel ?? ''}`;
    const splits = await split({ 'requirements.txt': content }, {}, { PLACE });
    expect(splits[0]?.content).toContain('${PLACE}');
    expect(proofs(splits)).toEqual([sound]);
  });

  test('fails where a line of the proposed file cannot be read that nobody heard of before', async () => {
    const splits = await split(
      {
        'requirements.txt': 'alpha\nbeta\npytest\n',
        'requirements-dev.txt': '-r gone.txt\nspare\n',
        'tests/test_app.py': 'import pytest\n',
      },
      { path: 'requirements.txt' },
    );
    expect(splits.map(({ file, proof }) => [file, proof.resolved])).toEqual([
      ['requirements-prod.txt', true],
      ['requirements-dev.txt', false],
    ]);
  });

  test('stands where the error was told of the source already', async () => {
    const splits = await split({ 'requirements.txt': 'alpha\nbeta\nspare\n-r gone.txt\n' });
    expect(splits.map(({ proof }) => proof.resolved)).toEqual([true]);
  });
});

const wishes = { style: null, compat: 'none', keepOriginal: false, perEntryPoint: false } as const;

describe('a file for each program', () => {
  const service = {
    'requirements.txt': '# of both\nalpha\n# of the worker\nbeta\nspare\n',
    Dockerfile: 'FROM python:3.11\nCMD ["python", "-m", "api.main"]\n',
    'compose.yml': 'services:\n  worker:\n    command: python -m worker\n',
    'app.py': '',
    'api/__init__.py': '',
    'api/main.py': 'import alpha\n',
    'worker.py': 'import alpha\nimport beta\n',
  };

  test('has the lines that it needs, is proven against what it imports, and leaves the rest as it is', async () => {
    const splits = await split(service, { split: { ...wishes, perEntryPoint: true } });
    expect(files(splits)).toEqual(['requirements-prod.txt', 'requirements-api-main.txt']);
    const [, api] = splits;
    expect(api).toMatchObject({
      kind: 'program',
      entryPoint: 'api.main',
      packages: ['alpha==2.0'],
    });
    expect(api?.content).toMatch(/^# of both\nalpha\n$/m);
    expect(api?.content).not.toContain('beta');
    expect(api?.content).toContain('depweight split --write --per-entry-point');
    expect(api?.proof).toMatchObject({ ...sound, unprovidedModules: [] });
    expect(api?.proof.providedModules).toEqual(['alpha']);
  });

  test('does not leave out what a command of the image installs beside the list', async () => {
    const image =
      'FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nRUN pip install beta==1.0\nCMD ["python", "-m", "api.main"]\n';
    const files = {
      ...service,
      'requirements.txt': 'alpha\nspare\n',
      Dockerfile: image,
      'worker.py': 'import beta\nimport spare\n',
    };
    const splits = await split(files, { split: { ...wishes, perEntryPoint: true } });
    const api = splits.find(({ file }) => file === 'requirements-api-main.txt');
    expect(api?.content).toMatch(/\n\nalpha\n$/);
    expect(api?.packages).toEqual(['alpha==2.0', 'beta==1.0']);
    expect(api?.proof).toMatchObject({ ...sound, changedVersions: [] });
  });

  test('is made on request only', async () => {
    expect(files(await split(service))).toEqual(['requirements-prod.txt']);
  });

  test('takes no name that means something else', async () => {
    const { 'api/main.py': text, 'api/__init__.py': _, ...rest } = service;
    const named = {
      ...rest,
      'svc/__init__.py': '',
      'dev.py': text,
      Dockerfile: 'FROM python:3.11\nCMD ["python", "-m", "dev"]\n',
    };
    const splits = await split(named, { split: { ...wishes, perEntryPoint: true } });
    expect(files(splits)).toEqual(['requirements-prod.txt', 'requirements-program-dev.txt']);
  });
});

describe('a project whose lines all stay', () => {
  test('gets no copy of a pyproject.toml', async () => {
    const text = (names: string): string => `[project]\nname = "app"\ndependencies = [${names}]\n`;
    expect(await split({ 'pyproject.toml': text('"alpha", "beta"') })).toEqual([]);
    const changed = await split({ 'pyproject.toml': text('"alpha", "beta", "spare"') });
    expect(files(changed)).toEqual(['pyproject.toml']);
    const plain = { ...wishes, style: 'requirements' } as const;
    const asFiles = await split(
      { 'pyproject.toml': text('"alpha", "beta", "spare"') },
      { split: plain },
    );
    expect(files(asFiles)).toEqual(['requirements-prod.txt']);
  });

  test('gets requirements-prod.txt from a requirements file all the same', async () => {
    const splits = await split({ 'requirements.txt': 'alpha\nbeta\n' });
    expect(files(splits)).toEqual(['requirements-prod.txt']);
  });
});

describe('the Dockerfile that installs the file', () => {
  const image = 'FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\n';
  const sources = { 'requirements.txt': 'alpha\nspare\n', 'app.py': 'import alpha\n' };

  test('is shown with the lines that name the new one', async () => {
    const [prod, ...others] = await split({ ...sources, Dockerfile: image });
    expect(prod?.file).toBe('requirements-prod.txt');
    expect(prod?.imageDiff).toContain(
      '-RUN pip install -r requirements.txt\n+RUN pip install -r requirements-prod.txt\n',
    );
    expect(others.every(({ imageDiff }) => imageDiff === undefined)).toBe(true);
  });

  test('is not, where .dockerignore leaves that out, it is another that is installed, or requirements.txt leads on', async () => {
    const ignored = { ...sources, '.dockerignore': '*\n!requirements.txt\n!app.py\n' };
    const copied = image.replace('COPY . .', 'COPY requirements.txt .');
    const withTwo = `${image}RUN pip install -r more.txt\n`;
    for (const [files, asked] of [
      [{ ...ignored, Dockerfile: copied }, wishes],
      [{ ...sources, Dockerfile: withTwo, 'more.txt': 'beta\n' }, wishes],
      [
        { ...sources, Dockerfile: image },
        { ...wishes, compat: 'prod', keepOriginal: true },
      ],
    ] as const) {
      const splits = await split(files, { split: asked });
      expect(splits.length).toBeGreaterThan(0);
      expect(splits.some(({ imageDiff }) => imageDiff !== undefined)).toBe(false);
    }
  });
});
