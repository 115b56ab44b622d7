import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parseCompose } from '../../src/target/compose.ts';
import { readImages } from '../../src/target/hints.ts';

describe('parseCompose', () => {
  test('reads which stage of which file a service is, and with which arguments', () => {
    const text = `# all
x-common: &common
  build: no
services:
  db:
    image: postgres
  api:
    environment:
      - build=1
    build:
      context: "./backend" # here
      dockerfile: docker/Dockerfile
      target: runtime
      args:
        PYTHON: "3.11"
        - TORCH=\${TORCH:-2.4}
    command: x
  web:
    build: .
volumes:
  build:
    target: y
`;
    const builds = parseCompose('deploy/compose.yml', text);
    expect(builds).toMatchObject([
      {
        service: 'api',
        line: 13,
        dockerfile: 'deploy/backend/docker/Dockerfile',
        target: 'runtime',
      },
      { service: 'web', line: 19, dockerfile: 'deploy/Dockerfile', target: null },
    ]);
    expect([...(builds[0]?.args ?? [])]).toEqual([
      ['PYTHON', '3.11'],
      ['TORCH', '2.4'],
    ]);
  });

  test('finds nothing in what is no compose file, whatever it holds', () => {
    expect(parseCompose('compose.yml', '')).toEqual([]);
    expect(parseCompose('compose.yml', 'services:\n')).toEqual([]);
    expect(parseCompose('compose.yml', 'build: .\n')).toEqual([]);
    expect(parseCompose('compose.yml', '\tservices: [\n{{ x }}: -\n')).toEqual([]);
  });
});

describe('readImages', () => {
  const dockerfile =
    'ARG PYTHON=3.12\nFROM python:${PYTHON} AS runtime\nRUN pip install flask\nFROM runtime AS dev\nRUN pip install pytest\n';
  const imagesOf = (files: Readonly<Record<string, string>>): ReturnType<typeof readImages> =>
    readImages(createMemoryFiles({ Dockerfile: dockerfile, ...files }), ['Dockerfile']);
  const namesIn = ({ images }: ReturnType<typeof readImages>): readonly string[] =>
    images.flatMap(({ installs }) =>
      installs.flatMap(({ packages }) => packages.map(({ text }) => text)),
    );

  test('takes the stage that a compose file names, with its arguments, and says so', () => {
    const compose =
      'services:\n  api:\n    build:\n      context: .\n      target: runtime\n      args:\n        PYTHON: 3.10\n';
    const read = imagesOf({ 'docker-compose.yml': compose });
    expect(namesIn(read)).toEqual(['flask']);
    expect(read.images[0]?.base.python).toBe('3.10');
    expect(read.warnings).toMatchObject([
      { code: 'image-target', path: 'docker-compose.yml', line: 5 },
    ]);
  });

  test('takes that of production before others, and none of development', () => {
    const build = (target: string): string =>
      `services:\n  api:\n    build:\n      context: .\n      target: ${target}\n`;
    const files = {
      'compose.yml': build('dev'),
      'compose.prod.yml': build('runtime'),
      'compose.override.yml': build('dev'),
    };
    expect(namesIn(imagesOf(files))).toEqual(['flask']);
    expect(namesIn(imagesOf({ 'docker-compose.dev.yml': build('runtime') }))).toEqual([
      'flask',
      'pytest',
    ]);
  });

  test('ends on the last stage where nothing names another one', () => {
    for (const files of [{}, { 'compose.yml': 'services:\n  api:\n    build: .\n' }]) {
      expect(namesIn(imagesOf(files))).toEqual(['flask', 'pytest']);
      expect(imagesOf(files).warnings).toMatchObject([
        {
          code: 'image-target',
          path: 'Dockerfile',
          line: 4,
          message: expect.stringContaining('the last stage, dev, looks like one for development'),
        },
      ]);
    }
    const gone = 'services:\n  api:\n    build:\n      target: gone\n';
    expect(namesIn(imagesOf({ 'compose.yml': gone }))).toEqual(['flask', 'pytest']);
  });

  test.each([
    ['Makefile', 'build:\n\tdocker build --target runtime -t x .\n', 2],
    ['scripts/release.sh', 'docker buildx build \\\n  --target=runtime \\\n  -f Dockerfile .\n', 2],
    [
      '.github/workflows/x.yml',
      'jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          file: ./Dockerfile\n          target: runtime\n',
      7,
    ],
    ['docker-bake.hcl', 'target "app" {\n  target = "runtime"\n}\n', 2],
    ['fly.toml', '[build]\nbuild-target = "runtime"\n', 2],
  ])(
    'takes the stage that %s builds where the last one looks like one for development',
    (path, text, line) => {
      const read = imagesOf({ [path]: text });
      expect(namesIn(read)).toEqual(['flask']);
      expect(read.warnings).toMatchObject([{ code: 'image-target', path, line }]);
    },
  );

  test.each([
    ['Makefile', 'build:\n\tdocker build --target dev .\n'],
    ['Makefile', 'build:\n\tdocker build --target other .\n'],
    ['Makefile', 'build:\n\tdocker build --target runtime -f api/Dockerfile.api .\n'],
    ['notes.txt', 'docker build --target runtime .\n'],
  ])('keeps the last stage where %s builds none that is meant', (path, text) => {
    const read = imagesOf({ [path]: text });
    expect(namesIn(read)).toEqual(['flask', 'pytest']);
    expect(read.warnings[0]?.message).toContain('if it is another one (runtime)');
  });

  test('takes no stage for development where the last one is for the product', () => {
    const text =
      'FROM python:3.12 AS dev\nRUN pip install pytest\nFROM python:3.12 AS app\nRUN pip install flask\n';
    const compose = 'services:\n  api:\n    build:\n      target: dev\n';
    const makefile = 'test:\n\tdocker build --target dev .\n';
    const read = imagesOf({ Dockerfile: text, 'compose.yml': compose, Makefile: makefile });
    expect(namesIn(read)).toEqual(['flask']);
    expect(read.warnings).toEqual([]);
  });
});
