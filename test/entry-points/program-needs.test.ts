import { describe, expect, test } from 'vitest';
import type { Scene } from '../imports/support.ts';
import { judgeScene } from '../imports/support.ts';

const service: Scene = {
  files: {
    Dockerfile: 'FROM python:3.11\nCMD ["uvicorn", "app.main:app"]\n',
    'compose.yml': 'services:\n  worker:\n    command: python -m worker.loop\n',
    'app/__init__.py': '',
    'app/main.py': 'import fastapi\nfrom app import db\n',
    'app/db.py': 'import sqlalchemy\n',
    'worker/__init__.py': '',
    'worker/loop.py': 'import whisper\nfrom app.db import engine\n',
  },
  declared: ['fastapi', 'uvicorn', 'sqlalchemy', 'openai-whisper'],
  graph: {
    fastapi: { modules: ['fastapi'] },
    uvicorn: { modules: ['uvicorn'], scripts: ['uvicorn'] },
    sqlalchemy: { modules: ['sqlalchemy'] },
    'openai-whisper': { modules: ['whisper'] },
  },
};

/** What each program does without, by its name. */
async function withoutIn(
  files: Scene['files'],
  more: Partial<Scene> = {},
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { needs } = await judgeScene({
    ...service,
    ...more,
    files: { ...service.files, ...files },
  });
  return Object.fromEntries(
    needs.map(({ program, without }) => [program.name, [...without].toSorted()]),
  );
}

describe('a program does without', () => {
  test('what only files of others import and only their commands name', async () => {
    expect(await withoutIn({})).toEqual({
      'app.main': ['openai-whisper'],
      'worker.loop': ['fastapi', 'uvicorn'],
    });
  });

  test('nothing that a file imports to which no program comes', async () => {
    const found = await withoutIn({ 'plugins/extra.py': 'import fastapi\n' });
    expect(found['worker.loop']).toEqual(['uvicorn']);
  });

  test('nothing that a command names which starts no program of the project', async () => {
    const found = await withoutIn({ 'start.sh': 'uvicorn --version\n' });
    expect(found['worker.loop']).toEqual(['fastapi']);
  });

  test('what is named at a second place that starts the other program', async () => {
    const found = await withoutIn({ Procfile: 'web: uvicorn app.main:app\n' });
    expect(found['worker.loop']).toEqual(['fastapi', 'uvicorn']);
  });

  test.each([
    ['a loader of settings', 'from celery import Celery\n'],
    ['a computed import', 'import importlib\nimportlib.import_module(name)\n'],
  ])('nothing behind %s', async (_, text) => {
    const { 'worker/loop.py': loop } = service.files;
    const found = await withoutIn({ 'worker/loop.py': `${String(loop)}${text}` });
    expect(found['worker.loop']).toEqual(['uvicorn']);
  });

  test('what is there for something else only', async () => {
    const found = await withoutIn(
      {},
      {
        declared: [...service.declared, 'numpy'],
        graph: {
          ...service.graph,
          numpy: { modules: ['numpy'] },
          'openai-whisper': { modules: ['whisper'], needs: ['numpy'] },
        },
      },
    );
    expect(found['app.main']).toEqual(['numpy', 'openai-whisper']);
    expect(found['worker.loop']).toEqual(['fastapi', 'numpy', 'uvicorn']);
  });

  test('nothing that a feature of another library needs: where else it is used is not known', async () => {
    const found = await withoutIn(
      { 'app/main.py': 'from fastapi import UploadFile\ndef f(x: UploadFile): ...\n' },
      {
        declared: [...service.declared, 'python-multipart'],
        graph: { ...service.graph, 'python-multipart': { modules: ['multipart'] } },
      },
    );
    expect(found['worker.loop']).toEqual(['fastapi', 'uvicorn']);
  });
});
