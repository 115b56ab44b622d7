import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditFiles, compareFiles, serveFor } from '../support/audit-files.ts';
import type { UniverseDistribution } from '../support/index-server.ts';

const universe: readonly UniverseDistribution[] = [
  'flask',
  'gunicorn',
  'numpy',
  'pytest',
  'celery',
].map((name) => ({
  name,
  version: '1.0',
  files: [{ entryPoints: `[console_scripts]\n${name} = ${name}:main\n` }],
}));

const files = {
  'compose.yml': `services:
  api:
    build:
      context: .
      dockerfile: Dockerfile.api
      target: prod
      args: {PYTHON: "3.11"}
    platform: linux/arm64
    command: gunicorn app:app
  beat:
    build: {context: ., dockerfile: Dockerfile.api, target: prod, args: {PYTHON: "3.11"}}
    platform: linux/arm64
  worker:
    build: ./worker
  db:
    image: postgres
  web:
    build: ./web
  dev:
    build: {context: ., dockerfile: Dockerfile.api, target: dev}
`,
  'Dockerfile.api':
    'ARG PYTHON=3.12\nFROM python:${PYTHON}-slim-bookworm AS base\nCOPY requirements.txt app.py ./\nRUN pip install -r requirements.txt\nFROM base AS prod\nRUN pip install gunicorn\nFROM base AS dev\nRUN pip install pytest numpy celery\n',
  'requirements.txt': 'flask\n',
  'app.py': 'import flask\n',
  'worker/Dockerfile':
    'FROM python:3.13-slim-trixie\nCOPY requirements.txt work.py ./\nRUN pip install -r requirements.txt\nCMD ["celery", "-A", "work"]\n',
  'worker/requirements.txt': 'celery\n',
  'worker/work.py': 'x = 1\n',
  'web/Dockerfile': 'FROM node:22\nRUN npm ci\n',
};

describe('a compose file that is named', () => {
  test('is what its services build, each for its own target; the one that asks for most is judged', async () => {
    const server = await serveFor(universe);
    const document = await auditFiles(files, server, { path: 'compose.yml' });
    expect(document.target).toMatchObject({
      python: '3.11',
      platformTag: 'manylinux_2_36_aarch64',
    });
    expect(document.target.from).toBe('Dockerfile.api:2; platform: compose.yml:8');
    expect(document.packages.filter(({ environments }) => environments.includes('prod'))).toEqual(
      ['flask', 'gunicorn'].map((name) => expect.objectContaining({ name })),
    );
    expect(
      document.environments.map(({ id, packages, service }) => [id, packages, service]),
    ).toEqual([
      [
        'prod',
        ['flask==1.0', 'gunicorn==1.0'],
        expect.objectContaining({
          names: ['api', 'beat'],
          path: 'compose.yml',
          line: 2,
          dockerfile: 'Dockerfile.api',
          stage: 'prod',
        }),
      ],
      [
        'service:worker',
        ['celery==1.0'],
        expect.objectContaining({
          names: ['worker'],
          target: expect.objectContaining({ python: '3.13', platformTag: 'manylinux_2_41_x86_64' }),
        }),
      ],
      [
        'service:dev',
        ['celery==1.0', 'flask==1.0', 'numpy==1.0', 'pytest==1.0'],
        expect.objectContaining({ names: ['dev'], stage: 'dev' }),
      ],
    ]);
    expect(document.declared.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['gunicorn', 'used'],
      ['flask', 'used'],
    ]);
    const schema = new URL('../../data/report.schema.json', import.meta.url);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(document.warnings).toMatchObject([
      {
        code: 'compose-services',
        line: 2,
        message:
          'what is weighed is the image of the services api, beat, which asks for most; beside it worker, dev (each by `--env service:NAME`); not read, as no build is named: db; nothing of Python is installed in web',
      },
    ]);
  });

  test('is judged for the service that is asked for, by any of its names', async () => {
    const server = await serveFor(universe);
    const worker = await auditFiles(files, server, {
      path: 'compose.yml',
      environment: 'service:worker',
    });
    expect(worker.environments[0]?.service?.names).toEqual(['worker']);
    expect(worker.target.python).toBe('3.13');
    expect(worker.declared.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['celery', 'used'],
    ]);
    const beat = await auditFiles(files, server, {
      path: 'compose.yml',
      environment: 'service:beat',
    });
    expect(beat.environments[0]?.service?.names).toEqual(['api', 'beat']);
    await expect(
      auditFiles(files, server, { path: 'compose.yml', environment: 'service:db' }),
    ).rejects.toMatchObject({
      code: 'unknown-environment',
      params: {
        hint: 'there are prod, service:api, service:beat, service:worker, service:dev',
      },
    });
  });

  test('is compared for the image that is meant', async () => {
    const server = await serveFor(universe);
    const request = { path: 'compose.yml', environment: 'service:worker' };
    const compared = await compareFiles(files, server, request);
    expect(compared.targets[0]?.target.python).toBe('3.13');
    expect(compared.environments[0]?.packages).toEqual(['celery==1.0']);
  });

  test('holds images that are written out in it, at its own lines', async () => {
    const server = await serveFor(universe);
    const text =
      'services:\n  a:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM python:3.12\n        RUN pip install flask\n';
    const document = await auditFiles({ 'compose.yml': text, 'a.py': 'import flask\n' }, server, {
      path: 'compose.yml',
    });
    expect(document.declared).toMatchObject([{ name: 'flask', path: 'compose.yml', line: 7 }]);
    expect(document.target).toMatchObject({ python: '3.12', from: 'compose.yml:6' });
  });

  test('is known by its services where its name does not tell', async () => {
    const server = await serveFor(universe);
    const named = { ...files, 'deploy/stack.yml': 'services:\n  w:\n    build: ../worker\n' };
    const document = await auditFiles(named, server, { path: 'deploy/stack.yml' });
    expect(document.environments[0]?.packages).toEqual(['celery==1.0']);
  });

  test.each([
    ['services:\n  db: {image: postgres}\n', 'no build is named for db'],
    ['services:\n  a: {build: "https://index.test/x.git"}\n', 'which is not in this repository'],
    ['services:\n  a: {build: gone}\n', 'gone/Dockerfile does not exist'],
    [
      'services:\n  a: {build: {context: worker, target: x}}\n',
      'worker/Dockerfile has no stage `x`',
    ],
    ['services:\n  a: {build: web}\n', 'nothing of Python is installed in a'],
    ['volumes: {}\n', 'it names no services'],
  ])('says why nothing is weighed: %j', async (text, reason) => {
    const server = await serveFor(universe);
    await expect(
      auditFiles({ ...files, 'compose.yml': text }, server, { path: 'compose.yml' }),
    ).rejects.toMatchObject({
      code: 'nothing-declared',
      params: { message: expect.stringContaining(reason) },
    });
  });

  test('says where an image stands on that of another service', async () => {
    const server = await serveFor(universe);
    const text =
      'services:\n  a: {build: worker, image: base}\n  b:\n    build:\n      dockerfile_inline: |\n        FROM base:latest\n        RUN pip install flask numpy\n';
    const { warnings } = await auditFiles({ ...files, 'compose.yml': text }, server, {
      path: 'compose.yml',
    });
    expect(warnings).toMatchObject([
      {
        code: 'compose-unread',
        line: 6,
        message:
          'compose.yml:6: the service b stands on the image of the service a: what that one installs is not counted here',
      },
      { code: 'compose-services' },
    ]);
  });

  test('says what has no value', async () => {
    const server = await serveFor(universe);
    const text = 'services:\n  a:\n    build:\n      context: worker\n      args: {A: "${TAG}"}\n';
    const { warnings } = await auditFiles({ ...files, 'compose.yml': text }, server, {
      path: 'compose.yml',
    });
    expect(warnings).toMatchObject([
      { code: 'compose-variable', message: expect.stringContaining('`${TAG}` of the service a') },
      { code: 'compose-services' },
    ]);
  });
});
