import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readImages } from '../../src/target/hints.ts';
import { warnOfImage } from '../../src/target/image-warnings.ts';
import type { Warning } from '../../src/types.ts';
import { weighedGraph } from '../support/weighed-graph.ts';

const graph = weighedGraph(['torch'], { torch: { version: '2.1.0', size: 10 } });

async function warningsOf(dockerfile: string): Promise<readonly Warning[]> {
  const { images } = await readImages(createMemoryFiles({ Dockerfile: dockerfile }), [
    'Dockerfile',
  ]);
  return warnOfImage(images[0] ?? null, graph);
}

describe('warnOfImage', () => {
  test('tells what a command installs beside the requirements, with its line', async () => {
    const text = 'FROM python:3.12\nRUN pip install -r requirements.txt gunicorn==21.2.0\n';
    expect(await warningsOf(text)).toMatchObject([
      {
        code: 'image-installs-more',
        path: 'Dockerfile',
        line: 2,
        message: expect.stringContaining('gunicorn==21.2.0'),
      },
    ]);
  });

  test('tells another version of what is resolved, but not the same', async () => {
    expect(await warningsOf('FROM python:3.12\nRUN pip install torch==2.4.1\n')).toHaveLength(1);
    expect(await warningsOf('FROM python:3.12\nRUN pip install "torch>=2"\n')).toEqual([]);
  });

  test('leaves out installers, and has nothing to say without an image', async () => {
    expect(
      await warningsOf('FROM python:3.12\nRUN pip install --upgrade pip setuptools wheel uv\n'),
    ).toEqual([]);
    expect(warnOfImage(null, graph)).toEqual([]);
  });
});
