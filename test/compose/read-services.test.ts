import { describe, expect, test } from 'vitest';
import { readServices, type ComposeFile } from '../../src/compose/read-services.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';

type Files = Readonly<Record<string, string>>;

function servicesIn(text: string, beside: Files = {}, path = 'compose.yml'): Promise<ComposeFile> {
  return readServices(path, createMemoryFiles({ [path]: text, ...beside }));
}

async function buildIn(text: string, beside: Files = {}): Promise<unknown> {
  const { services } = await servicesIn(text, beside);
  return services[0]?.build;
}

describe('readServices', () => {
  test('reads which stage of which file a service is, from which folder and with which arguments', async () => {
    const text = `# all
x-common: &common
  build: no
services:
  db:
    image: postgres
  api:
    build:
      context: "./backend" # here
      dockerfile: docker/Dockerfile
      target: runtime
      args:
        PYTHON: 3.10
        TORCH: \${TORCH:-2.4}
    command: x
  web:
    build: .
    profiles: [front]
`;
    const { services, warnings } = await servicesIn(text, {}, 'deploy/compose.yml');
    expect(warnings).toEqual([]);
    expect(services).toMatchObject([
      { name: 'db', build: null, image: 'postgres', profiles: [] },
      {
        name: 'api',
        place: { line: 7 },
        build: {
          path: 'deploy/compose.yml',
          line: 11,
          context: 'deploy/backend',
          dockerfile: 'deploy/backend/docker/Dockerfile',
          target: 'runtime',
        },
      },
      {
        name: 'web',
        profiles: ['front'],
        build: { line: 17, context: 'deploy', dockerfile: 'deploy/Dockerfile', target: null },
      },
    ]);
    expect([...(services[1]?.build?.args ?? [])]).toEqual([
      ['PYTHON', '3.10'],
      ['TORCH', '2.4'],
    ]);
  });

  test('takes arguments as a list, and those without a value from .env, or not at all', async () => {
    const text =
      'services:\n  a:\n    build:\n      args:\n        - A=1=2\n        - B\n        - C\n        - D=\n';
    const build = await buildIn(text, { '.env': "# x\nexport B='two'\n" });
    expect([...((build as { args: Map<string, string> }).args ?? [])]).toEqual([
      ['A', '1=2'],
      ['B', 'two'],
      ['D', ''],
    ]);
  });

  test('fills variables in as Compose does, and tells those that nobody sets', async () => {
    const text =
      'services:\n  a:\n    build:\n      context: ${DIR}/${SUB:-${OTHER-app}}\n      dockerfile: $$x${NONE}\n      target: ${T:+web}\n';
    expect(await buildIn(text, { '.env': 'DIR=src\nSUB=\nT=1 # one\n' })).toMatchObject({
      context: 'src/app',
      dockerfile: 'src/app/$x',
      target: 'web',
      unset: ['NONE'],
    });
  });

  test('takes no secrets from .env', async () => {
    const text =
      'services:\n  a:\n    build: {context: ., args: [A=$INDEX_TOKEN, DB_PASSWORD, B=$B]}\n';
    const build = await buildIn(text, { '.env': 'INDEX_TOKEN=x\nDB_PASSWORD=y\nB=z\n' });
    expect(build).toMatchObject({
      args: new Map([
        ['A', ''],
        ['B', 'z'],
      ]),
      unset: ['INDEX_TOKEN'],
    });
  });

  test('reads a Dockerfile that is written out at its own lines', async () => {
    const text =
      'services:\n  a:\n    build:\n      context: app\n      dockerfile_inline: |\n        FROM python:3.12\n        RUN pip install flask\n';
    const build = (await buildIn(text)) as { inline: string; dockerfile: string };
    expect(build.dockerfile).toBe('compose.yml');
    expect(build.inline.split('\n').slice(4)).toEqual([
      '',
      'FROM python:3.12',
      'RUN pip install flask',
    ]);
  });

  test('takes the platform of the service before those of the build, and of several the usual one', async () => {
    const platforms = '      platforms: [linux/arm64, linux/amd64]\n';
    const service = 'services:\n  a:\n    build:\n      context: .\n';
    expect(await buildIn(`${service}${platforms}`)).toMatchObject({
      platform: { name: 'linux/amd64', at: { line: 5 } },
    });
    expect(await buildIn(`${service}      platforms:\n        - linux/arm64\n`)).toMatchObject({
      platform: { name: 'linux/arm64', at: { line: 6 } },
    });
    expect(await buildIn(`${service}${platforms}    platform: linux/arm/v7\n`)).toMatchObject({
      platform: { name: 'linux/arm/v7' },
    });
  });

  test('follows anchors, and services that are extended in this file and in others', async () => {
    const text = `x-build: &build
  context: ./api
x-other: &other
  args: {A: 1}
services:
  base:
    build:
      <<: [*build, *other]
  api:
    extends: base
    platform: linux/arm64
  far:
    extends: {file: ../lib/common.yml, service: worker}
    build:
      args: {B: 2}
`;
    const common =
      'services:\n  worker:\n    extends: {service: root}\n    build:\n      dockerfile: W\n      args: {A: 1, B: 1}\n  root:\n    platform: linux/s390x\n';
    const { services, warnings } = await servicesIn(
      text,
      { 'lib/common.yml': common },
      'app/compose.yml',
    );
    expect(warnings).toEqual([]);
    expect(services.map(({ build }) => build)).toMatchObject([
      { context: 'app/api', args: new Map([['A', '1']]), platform: null },
      { context: 'app/api', platform: { name: 'linux/arm64' } },
      {
        context: 'lib',
        dockerfile: 'lib/W',
        args: new Map([
          ['A', '1'],
          ['B', '2'],
        ]),
        platform: { name: 'linux/s390x', at: { path: 'lib/common.yml' } },
      },
    ]);
  });

  test('takes in the files that it includes, with paths from their folders', async () => {
    const text =
      'include:\n  - infra/compose.yml\n  - path: [other/a.yml]\n    project_directory: elsewhere\nservices:\n  a: {build: .}\n';
    const { services, warnings } = await servicesIn(text, {
      'infra/compose.yml': 'services:\n  b: {build: ./b}\n  a: {build: never}\n',
      'other/a.yml': 'services:\n  c: {build: .}\n',
    });
    expect(warnings).toEqual([]);
    expect(services.map(({ name, build }) => [name, build?.context])).toEqual([
      ['a', '.'],
      ['b', 'infra/b'],
      ['c', 'elsewhere'],
    ]);
  });

  test('tells what it leads to and cannot be found, and ends where files lead to each other', async () => {
    const text =
      'include: [gone.yml, compose.yml]\nservices:\n  a:\n    extends: {file: far.yml, service: x}\n  b:\n    extends: c\n  d:\n    extends: d\n    build: .\n';
    const { services, warnings } = await servicesIn(text);
    expect(services.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(warnings.map(({ code, line }) => [code, line])).toEqual([
      ['compose-unread', 4],
      ['compose-unread', 6],
      ['compose-unread', 1],
      ...warnings.slice(3).map(() => ['compose-unread', expect.any(Number)]),
    ]);
  });

  test('reads each file once, and nothing that aliases or brackets make endless', async () => {
    const again = `include: [${'compose.yml, '.repeat(9)}]\nservices: {a: {build: .}}\n`;
    expect((await servicesIn(again)).services).toHaveLength(1);
    const open = `services: {a: {build: "${'${A:-'.repeat(50_000)}"}}\n`;
    expect((await servicesIn(open)).services).toHaveLength(1);
    const nested = `services: {a: {build: "${'${A:-'.repeat(2000)}x${'}'.repeat(2000)}"}}\n`;
    expect((await servicesIn(nested)).services).toHaveLength(1);
    const levels = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, at) => {
      const below = `*${'abcdefg'.charAt(at)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => below).join(', ')}]\n`;
    });
    const { services, warnings } = await servicesIn(
      `a: &a [x, x]\n${levels.join('')}services: {a: {build: .}}\n`,
    );
    expect(services).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'compose.yml:1: aliases make compose.yml too large to be read',
    ]);
  });

  test('finds nothing in what is no compose file, whatever it holds', async () => {
    for (const text of ['', 'services:\n', 'build: .\n', 'services: [a]\n', 'services: {a: 1}\n']) {
      const { services } = await servicesIn(text);
      expect(services.filter(({ build }) => build !== null)).toEqual([]);
    }
    const { warnings } = await servicesIn('\tservices: [\n{{ x }}: -\n');
    expect(warnings).toMatchObject([{ code: 'invalid-yaml', severity: 'error' }]);
  });
});
