import { describe, expect, test } from 'vitest';
import lighter from '../../data/lighter.json' with { type: 'json' };
import { linux } from '../support/weighed-graph.ts';
import { remediesOf } from './support.ts';

const MB = 1_000_000;

const vision = {
  requirements: ['opencv-python==4.8.0'],
  world: {
    'opencv-python': { size: 190 * MB, version: '4.8.0', modules: ['cv2'], requires: ['numpy'] },
    'opencv-python-headless': {
      size: 150 * MB,
      version: '4.8.0',
      modules: ['cv2'],
      requires: ['numpy'],
    },
    numpy: { size: 60 * MB },
  },
};

describe('what else does the same (data/lighter.json)', () => {
  test('is measured by resolving again, and keeps the version where both are released together', async () => {
    const { remedies, asked } = await remediesOf({
      ...vision,
      code: { 'app.py': 'import cv2\ncv2.resize(a, b)\n' },
    });
    expect(asked).toContainEqual(['opencv-python-headless==4.8.0']);
    expect(remedies).toMatchObject([
      {
        rule: 'alternative',
        fit: 'same-import',
        confidence: 'likely',
        savedInstalledBytes: 40 * MB,
        leaves: ['opencv-python'],
        arrives: [{ name: 'opencv-python-headless', version: '4.8.0' }],
        against: [],
      },
    ]);
  });

  test('is not proposed where the code uses what it lacks', async () => {
    const code = { 'app.py': 'import cv2\ncv2.imshow("a", b)\n' };
    expect((await remediesOf({ ...vision, code })).remedies).toEqual([]);
  });

  test('but code outside of the product says nothing', async () => {
    const code = {
      'app.py': 'import cv2\n',
      'tests/test_app.py': 'import cv2\ncv2.imshow("a", b)\n',
    };
    expect((await remediesOf({ ...vision, code })).remedies).toHaveLength(1);
  });

  test('is not proposed where what it replaces stays for another', async () => {
    const world = { ...vision.world, frames: { size: 1, requires: ['opencv-python'] } };
    const requirements = ['opencv-python==4.8.0', 'frames'];
    expect((await remediesOf({ requirements, world })).remedies).toEqual([]);
  });

  test('is not proposed for what leaves anyway, nor where it has no solution, nor for what is not of an index', async () => {
    expect((await remediesOf({ ...vision, leaving: ['opencv-python'] })).remedies).toEqual([]);
    const { 'opencv-python-headless': _gone, ...world } = vision.world;
    expect((await remediesOf({ ...vision, world })).remedies).toEqual([]);
    const more = { source: 'url' as const };
    expect((await remediesOf({ ...vision, more })).asked).toEqual([]);
  });

  test('speaks of one distribution where only that is asked about', async () => {
    const scene = {
      ...vision,
      requirements: ['opencv-python==4.8.0', 'phonenumbers'],
      world: {
        ...vision.world,
        phonenumbers: { size: 20 * MB },
        phonenumberslite: { size: 1 * MB },
      },
    };
    expect((await remediesOf(scene)).remedies).toHaveLength(2);
    const { remedies, asked } = await remediesOf({ ...scene, subject: 'phonenumbers' });
    expect(remedies.map(({ instead }) => instead)).toEqual([['phonenumberslite']]);
    expect(asked).toHaveLength(1);
  });

  test('claims nothing where what comes is of unknown size, and nothing that is heavier', async () => {
    const worldWith = (size: number | 'sdist-only') => ({
      ...vision.world,
      'opencv-python-headless': { size, version: '4.8.0', requires: ['numpy'] },
    });
    expect((await remediesOf({ ...vision, world: worldWith('sdist-only') })).remedies).toEqual([]);
    expect((await remediesOf({ ...vision, world: worldWith(200 * MB) })).remedies).toEqual([]);
  });

  test('other code is possible only, and what is there already is not added', async () => {
    const { remedies, asked } = await remediesOf({
      requirements: ['openai-whisper', 'faster-whisper'],
      world: {
        'openai-whisper': { size: 1 * MB, requires: ['torch'] },
        'faster-whisper': { size: 2 * MB },
        torch: { size: 900 * MB },
      },
    });
    expect(asked).toEqual([['faster-whisper']]);
    expect(remedies).toMatchObject([
      {
        fit: 'rewrite',
        confidence: 'possible',
        instead: ['faster-whisper'],
        savedInstalledBytes: 901 * MB,
      },
    ]);
  });

  test('what only others need is not held by its pin', async () => {
    const { remedies } = await remediesOf({
      requirements: ['librosa', 'numba==1.0', 'soundfile'],
      world: {
        librosa: { size: 1 * MB, requires: ['numba', 'soundfile'] },
        numba: { size: 130 * MB },
        soundfile: { size: 4 * MB },
        soxr: { size: 1 * MB },
        numpy: { size: 1 * MB },
      },
      indirect: ['numba'],
      code: { 'app.py': 'import librosa\nlibrosa.load("x")\n' },
    });
    expect(remedies).toMatchObject([{ rule: 'alternative', savedInstalledBytes: 129 * MB }]);
  });
});

describe('an extra', () => {
  const scene = {
    requirements: ['uvicorn[standard]==1.0', 'fastapi'],
    world: {
      uvicorn: {
        requires: [
          'h11',
          'uvloop; extra == "standard"',
          'websockets; extra == "standard"',
          'python-dotenv; extra == "standard"',
        ],
      },
      h11: {},
      uvloop: { size: 15 * MB },
      websockets: { size: 1 * MB },
      'python-dotenv': { size: 1 * MB, modules: ['dotenv'] },
      fastapi: {},
    },
  };

  test('of which nothing is used can be dropped', async () => {
    const { remedies, asked } = await remediesOf({
      ...scene,
      code: { 'app.py': 'import fastapi\n' },
    });
    expect(asked).toContainEqual(['uvicorn==1.0', 'fastapi']);
    expect(remedies).toMatchObject([
      {
        rule: 'droppable-extra',
        confidence: 'likely',
        savedInstalledBytes: 17 * MB,
        leaves: ['python-dotenv', 'uvloop', 'websockets'],
      },
    ]);
  });

  test('whose modules are not all known is possibly needed', async () => {
    const world = { ...scene.world, uvloop: { size: 'sdist-only' as const } };
    const { remedies } = await remediesOf({
      ...scene,
      world,
      code: { 'app.py': 'import fastapi\n' },
    });
    expect(remedies).toMatchObject([{ fit: 'unchecked', confidence: 'possible', atLeast: true }]);
  });

  test.each([
    ['an import', 'import fastapi\nfrom dotenv import load_dotenv\n'],
    ['a feature', 'from fastapi import FastAPI, WebSocket\n'],
  ])('that %s needs stays', async (_what, text) => {
    expect((await remediesOf({ ...scene, code: { 'app.py': text } })).remedies).toEqual([]);
  });
});

describe('builds for a GPU', () => {
  const scene = {
    requirements: ['torch==2.1.0'],
    world: {
      torch: {
        size: 1400 * MB,
        version: '2.1.0',
        requires: ['nvidia-cudnn-cu12', 'triton', 'sympy'],
      },
      'nvidia-cudnn-cu12': { size: 1100 * MB, requires: ['nvidia-cublas-cu12'] },
      'nvidia-cublas-cu12': { size: 600 * MB },
      triton: { size: 200 * MB },
      sympy: { size: 60 * MB },
    },
  };

  test('of torch: at least what only CUDA needs goes', async () => {
    const { remedies } = await remediesOf({ ...scene, code: { 'app.py': 'import torch\n' } });
    expect(remedies).toMatchObject([
      {
        rule: 'accelerator-build',
        confidence: 'likely',
        atLeast: true,
        savedInstalledBytes: 1900 * MB,
        leaves: ['nvidia-cublas-cu12', 'nvidia-cudnn-cu12', 'triton'],
      },
    ]);
  });

  test.each([
    ['code', { 'app.py': 'import torch\nd = "cuda" if torch.cuda.is_available() else "cpu"\n' }],
    ['an image', { 'app.py': 'import torch\n', Dockerfile: 'FROM nvidia/cuda:12.1-runtime\n' }],
    ['a compose file', { 'app.py': 'import torch\n', 'compose.yml': 'a:\n  - driver: nvidia\n' }],
  ])('are only possibly too much where %s speaks of one, with the place', async (_what, code) => {
    const { remedies } = await remediesOf({ ...scene, code });
    expect(remedies).toMatchObject([{ confidence: 'possible' }]);
    expect(remedies[0]?.against.length).toBeGreaterThan(0);
  });

  test('are not there in a build for the CPU, or where nothing of CUDA is', async () => {
    const cpu = { ...scene.world, torch: { ...scene.world.torch, version: '2.1.0+cpu' } };
    expect((await remediesOf({ ...scene, world: cpu })).remedies).toEqual([]);
    const mac = { torch: { size: 300 * MB, requires: ['sympy'] }, sympy: {} };
    expect((await remediesOf({ ...scene, world: mac })).remedies).toEqual([]);
  });

  test('a row holds for its platforms alone', async () => {
    const requirements = ['tensorflow==2.15.0'];
    const world = {
      tensorflow: { size: 1800 * MB, version: '2.15.0' },
      'tensorflow-cpu': { size: 1200 * MB, version: '2.15.0' },
    };
    expect((await remediesOf({ requirements, world })).remedies).toHaveLength(1);
    const target = { ...linux, arch: 'aarch64' };
    expect((await remediesOf({ requirements, world, target })).remedies).toEqual([]);
  });
});

describe('a newer release', () => {
  const scene = {
    requirements: ['extras<1.0'],
    world: {
      extras: { size: 1 * MB, version: '0.7', requires: ['snowflakes'] },
      snowflakes: { size: 160 * MB },
    },
    newer: { extras: { size: 1 * MB, version: '1.6' } },
  };

  test('beyond the cap is measured where something heavy is held back', async () => {
    const { remedies, asked } = await remediesOf(scene);
    expect(asked).toEqual([['extras>=0.7']]);
    expect(remedies).toMatchObject([
      {
        rule: 'newer-lighter',
        confidence: 'possible',
        savedInstalledBytes: 160 * MB,
        leaves: ['snowflakes'],
        arrives: [{ name: 'extras', version: '1.6' }],
      },
    ]);
  });

  test('is not asked for where nothing holds back, or it is light', async () => {
    expect((await remediesOf({ ...scene, requirements: ['extras>=0.5'] })).asked).toEqual([]);
    const world = { extras: { size: 1 * MB }, big: { size: 500 * MB } };
    expect((await remediesOf({ requirements: ['extras==1.0', 'big'], world })).asked).toEqual([]);
  });
});

describe('what changes files', () => {
  const scene = {
    requirements: ['opencv-python==4.8.0', 'uvicorn[standard]==1.0'],
    world: {
      ...vision.world,
      uvicorn: { requires: ['uvloop; extra == "standard"'] },
      uvloop: { size: 15 * MB },
    },
    code: { 'app.py': 'import cv2\n' },
  };

  test('are the likely remedies together', async () => {
    const { slim } = await remediesOf({ ...scene, makesFiles: true });
    expect(slim?.replacements).toEqual([
      { name: 'opencv-python', text: 'opencv-python-headless==4.8.0' },
      { name: 'uvicorn', text: 'uvicorn==1.0' },
    ]);
    expect(slim?.graph.distributions.map(({ name }) => name)).toEqual([
      'numpy',
      'opencv-python-headless',
      'uvicorn',
    ]);
  });

  test('is nothing where only possible ones are there, or the lines have hashes', async () => {
    const possible = {
      requirements: ['ansible'],
      world: { ansible: { size: 9 * MB }, 'ansible-core': {} },
    };
    const { remedies, slim } = await remediesOf({ ...possible, makesFiles: true });
    expect(remedies).toHaveLength(1);
    expect(slim).toBeNull();
    const more = { hashes: ['sha256:00'] };
    expect((await remediesOf({ ...scene, more, makesFiles: true })).slim).toBeNull();
  });
});

test('every row of the table has a known rule and fit, both sides, and what was measured', () => {
  const ids = lighter.rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const row of lighter.rows) {
    expect(['alternative', 'accelerator-build', 'droppable-extra'], row.id).toContain(row.rule);
    expect(['same-import', 'unchecked', 'rewrite'], row.id).toContain(row.fit);
    expect(row.from.length * row.to.length, row.id).toBeGreaterThan(0);
    expect(row.condition, row.id).not.toBe('');
    expect(row.source, row.id).not.toBe('');
    expect(row.measured.fromBytes, row.id).toBeGreaterThan(row.measured.toBytes);
  }
});
