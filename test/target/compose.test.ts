import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readImages } from '../../src/target/hints.ts';
import { inferPlatform } from '../../src/target/platform.ts';

describe('readImages', () => {
  const dockerfile =
    'ARG PYTHON=3.12\nFROM python:${PYTHON} AS runtime\nRUN pip install flask\nFROM runtime AS dev\nRUN pip install pytest\n';
  const imagesOf = (files: Readonly<Record<string, string>>): ReturnType<typeof readImages> =>
    readImages(createMemoryFiles({ Dockerfile: dockerfile, ...files }), ['Dockerfile']);
  const namesIn = ({ images }: Awaited<ReturnType<typeof readImages>>): readonly string[] =>
    images.flatMap(({ installs }) =>
      installs.flatMap(({ packages }) => packages.map(({ text }) => text)),
    );

  test('takes the stage that a compose file names, with its arguments, and says so', async () => {
    const compose =
      'services:\n  api:\n    build:\n      context: .\n      target: runtime\n      args:\n        PYTHON: 3.10\n';
    const read = await imagesOf({ 'docker-compose.yml': compose });
    expect(namesIn(read)).toEqual(['flask']);
    expect(read.images[0]?.base.python).toBe('3.10');
    expect(read.warnings).toMatchObject([
      { code: 'image-target', path: 'docker-compose.yml', line: 5 },
    ]);
  });

  test('takes that of production before others, and none of development', async () => {
    const build = (target: string): string =>
      `services:\n  api:\n    build:\n      context: .\n      target: ${target}\n`;
    const files = {
      'compose.yml': build('dev'),
      'compose.prod.yml': build('runtime'),
      'compose.override.yml': build('dev'),
    };
    expect(namesIn(await imagesOf(files))).toEqual(['flask']);
    expect(namesIn(await imagesOf({ 'docker-compose.dev.yml': build('runtime') }))).toEqual([
      'flask',
      'pytest',
    ]);
  });

  test('ends on the last stage where nothing names another one', async () => {
    for (const files of [{}, { 'compose.yml': 'services:\n  api:\n    build: .\n' }]) {
      expect(namesIn(await imagesOf(files))).toEqual(['flask', 'pytest']);
      expect((await imagesOf(files)).warnings).toMatchObject([
        {
          code: 'image-target',
          path: 'Dockerfile',
          line: 4,
          message: expect.stringContaining('the last stage, dev, looks like one for development'),
        },
      ]);
    }
    const gone = 'services:\n  api:\n    build:\n      target: gone\n';
    expect(namesIn(await imagesOf({ 'compose.yml': gone }))).toEqual(['flask', 'pytest']);
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
    async (path, text, line) => {
      const read = await imagesOf({ [path]: text });
      expect(namesIn(read)).toEqual(['flask']);
      expect(read.warnings).toMatchObject([{ code: 'image-target', path, line }]);
    },
  );

  test.each([
    ['Makefile', 'build:\n\tdocker build --target dev .\n'],
    ['Makefile', 'build:\n\tdocker build --target other .\n'],
    ['Makefile', 'build:\n\tdocker build --target runtime -f api/Dockerfile.api .\n'],
    ['notes.txt', 'docker build --target runtime .\n'],
  ])('keeps the last stage where %s builds none that is meant', async (path, text) => {
    const read = await imagesOf({ [path]: text });
    expect(namesIn(read)).toEqual(['flask', 'pytest']);
    expect(read.warnings[0]?.message).toContain('if it is another one (runtime)');
  });

  test('takes no stage for development where the last one is for the product', async () => {
    const text =
      'FROM python:3.12 AS dev\nRUN pip install pytest\nFROM python:3.12 AS app\nRUN pip install flask\n';
    const compose = 'services:\n  api:\n    build:\n      target: dev\n';
    const makefile = 'test:\n\tdocker build --target dev .\n';
    const read = await imagesOf({ Dockerfile: text, 'compose.yml': compose, Makefile: makefile });
    expect(namesIn(read)).toEqual(['flask']);
    expect(read.warnings).toEqual([]);
  });

  test('is for the machine that the service is for, where no FROM names another', async () => {
    const compose = (platform: string): string =>
      `services:\n  api:\n    build: .\n    platform: ${platform}\n`;
    const machine =
      'FROM python:3.12\nRUN if [ "$(uname -m)" = aarch64 ]; then pip install armlib; fi\n';
    const arm = await imagesOf({ Dockerfile: machine, 'compose.yml': compose('linux/arm64') });
    expect(namesIn(arm)).toEqual(['armlib']);
    expect(inferPlatform({ image: arm.images[0] ?? null })).toEqual({
      platform: 'aarch64-manylinux_2_41',
      from: 'compose.yml:4',
    });
    const named = await imagesOf({
      Dockerfile: 'FROM --platform=linux/amd64 python:3.12\nRUN pip install flask\n',
      'compose.yml': compose('linux/arm64'),
    });
    expect(inferPlatform({ image: named.images[0] ?? null })).toEqual({
      platform: 'x86_64-manylinux_2_41',
      from: 'Dockerfile:1',
    });
  });
});
