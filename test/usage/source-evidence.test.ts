import { describe, expect, it } from 'vitest';
import { gatherEvidence } from '../../src/usage/source-evidence.ts';
import type { SourceEvidence } from '../../src/usage/source-evidence.ts';
import { scanSources } from '../../src/imports/scan-project.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { memoryAccess } from '../imports/support.ts';

async function evidence(
  files: Readonly<Record<string, string>>,
  ...names: readonly string[]
): Promise<SourceEvidence> {
  const access = memoryAccess(files);
  const questions = names.map((name) => ({ name: normalizeName(name), words: [name] }));
  return gatherEvidence(access, await scanSources(access), questions);
}

async function features(
  files: Readonly<Record<string, string>>,
  ...names: readonly string[]
): Promise<readonly string[]> {
  const found = await evidence(files, ...names);
  return found.features.map(
    ({ name, path, line, area }) =>
      `${name} ${path}:${line}${area === undefined ? '' : ` ${area}`}`,
  );
}

describe('features of other libraries', () => {
  it.each([
    ['python-multipart', 'from fastapi import FastAPI, UploadFile\n', 1],
    ['python-multipart', 'import fastapi\ndef f(x: fastapi.UploadFile): pass', 2],
    ['python-multipart', 'from fastapi.security import OAuth2PasswordRequestForm', 1],
    [
      'python-multipart',
      'from starlette.requests import Request\nasync def f(r): return await r.form()',
      2,
    ],
    ['email-validator', 'from pydantic import (\n  EmailStr,\n)', 1],
    ['itsdangerous', 'from starlette.middleware.sessions import SessionMiddleware', 1],
    ['itsdangerous', 'from starlette.middleware import sessions', 1],
    ['openpyxl', 'import pandas as pd\n\npd.read_excel("x")', 3],
    ['pyarrow', 'import pandas\ndf.to_parquet(x)', 2],
    ['cryptography', 'import jwt\njwt.encode(p, k, algorithm="RS256")', 2],
    ['aiohttp', 'from azure.identity.aio import DefaultAzureCredential', 1],
    ['aiohttp', 'from sentry_sdk.integrations.aiohttp import AioHttpIntegration', 1],
    ['uvloop', 'import uvicorn', 1],
    ['pydot', 'from networkx.drawing.nx_pydot import write_dot', 1],
    ['h2', 'import httpx\nclient = httpx.Client(http2=True)', 2],
    ['lxml', 'from bs4 import BeautifulSoup\nBeautifulSoup(t, "lxml")', 2],
    ['tgcrypto', 'from pyrogram import Client', 1],
    ['azure-storage-blob', 'from storages.backends.azure_storage import AzureStorage', 1],
    ['pynacl', 'import discord\nplayer = discord.FFmpegPCMAudio(path)', 2],
    ['apscheduler', 'from telegram.ext import Application\napp.job_queue.run_daily(f)', 2],
    ['langchain-anthropic', 'from langchain.chat_models import x\nx("anthropic:claude")', 2],
    ['pillow', 'ITEM_PIPELINES = {"scrapy.pipelines.images.ImagesPipeline": 1}', 1],
    ['python-levenshtein', 'from fuzzywuzzy import fuzz', 1],
  ])('%s is needed by %j', async (name, text, line) => {
    expect(await features({ 'app.py': text }, name)).toContain(`${name} app.py:${line}`);
  });

  it.each([
    ['python-multipart', 'from fastapi import FastAPI\nform = 1\n# UploadFile\nx = "UploadFile"'],
    ['python-multipart', 'request.form()'],
    ['email-validator', 'from pydantic import BaseModel'],
    ['openpyxl', 'import pandas as pd\npd.read_csv("x")'],
    ['openpyxl', 'pd.read_excel("x")'],
    ['cryptography', 'import jwt\njwt.encode(p, k, algorithm="HS256")'],
    ['h2', 'import httpx\nif x.http2 == True: http2 == 1'],
    ['aiohttp', 'from azure.identity import DefaultAzureCredential'],
    ['pynacl', 'import discord\nclient = discord.Client()'],
    ['langchain-anthropic', 'from langchain.chat_models import x\nx("openai:gpt")'],
  ])('%s is not needed by %j', async (name, text) => {
    expect(await features({ 'app.py': text }, name)).toEqual([]);
  });

  it.each([
    ['boto3', 'STORAGES["default"]["BACKEND"] = "storages.backends.s3.S3Storage"'],
    ['google-cloud-storage', 'BACKEND = "storages.backends.gcloud.GoogleCloudStorage"'],
    ['redis', 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}'],
    ['brotli', 'MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]'],
    ['psycopg-pool', 'ENGINE = "django.db.backends.postgresql"'],
    ['tzdata', 'from zoneinfo import ZoneInfo'],
    ['tablib', 'from django_tables2.export import TableExport'],
    ['paho-mqtt', 'import apprise'],
    ['setproctitle', 'from celery import Celery'],
  ])('%s is needed by %s', async (name, text) => {
    expect(await features({ 'settings.py': text }, name)).toEqual([`${name} settings.py:1`]);
  });

  it('are needed by programs that are run, as far as their rows ask for no name', async () => {
    const files = { Procfile: 'web: gunicorn app:app\n', 'app.py': '' };
    expect(await features(files, 'setproctitle')).toEqual(['setproctitle Procfile:1']);
    expect(await features(files, 'gevent')).toEqual([]);
  });

  it.each([
    ['dbt-duckdb', 'dbt/profiles.yml', 'x:\n  outputs:\n    dev:\n      type: duckdb\n', 4],
    ['gevent', 'gunicorn.conf.py', 'bind = ":80"\nworker_class = "gevent"\n', 2],
    ['uvicorn', 'deploy/gunicorn_conf.py', "worker_class = 'uvicorn.workers.UvicornWorker'", 1],
    ['gevent', 'uwsgi.ini', '[uwsgi]\ngevent = 100\n', 2],
    ['python-json-logger', 'logging.ini', '[f]\nclass=pythonjsonlogger.jsonlogger.X\n', 2],
  ])('%s is needed by a line of %s', async (name, path, text, line) => {
    const files = { 'app.py': '', [path]: text };
    expect(await features(files, name)).toEqual([`${name} ${path}:${line}`]);
    expect(await features({ 'app.py': '', 'other.yml': text, 'b.py': text }, name)).toEqual([]);
  });

  it('tells needs of tests apart', async () => {
    expect(
      await features({ 'tests/test_x.py': 'from fastapi.testclient import TestClient' }, 'httpx'),
    ).toContain('httpx tests/test_x.py:1 test');
  });

  it('reads notebooks', async () => {
    const cell = { cell_type: 'code', source: 'import pandas as pd\npd.read_excel("x")' };
    expect(await features({ 'a.ipynb': JSON.stringify({ cells: [cell] }) }, 'openpyxl')).toEqual([
      'openpyxl a.ipynb:1',
    ]);
  });

  it('answers only for the names that were asked', async () => {
    expect(await features({ 'app.py': 'import uvicorn' }, 'httptools')).toEqual([
      'httptools app.py:1',
    ]);
    expect(await features({ 'app.py': 'import uvicorn' })).toEqual([]);
  });
});

describe('database and broker URLs', () => {
  it.each([
    ['psycopg', { 'app.py': 'URL = "postgresql+psycopg://u:p@h/d"' }, 'psycopg app.py:1'],
    ['psycopg', { 'app.py': 'x = build(\n scheme="postgresql+psycopg")' }, 'psycopg app.py:2'],
    ['asyncpg', { 'app.py': 'f"postgresql+asyncpg://{user}"' }, 'asyncpg app.py:1'],
    [
      'psycopg2-binary',
      { '.env': 'A=1\nDATABASE_URL=postgresql://u@h/d' },
      'psycopg2-binary .env:2',
    ],
    [
      'psycopg2-binary',
      { 'k8s/config.yaml': '  URI: postgresql://h' },
      'psycopg2-binary k8s/config.yaml:1',
    ],
    [
      'pymysql',
      { 'alembic.ini': '[a]\nsqlalchemy.url = mysql+pymysql://h' },
      'pymysql alembic.ini:2',
    ],
    ['redis', { 'docker-compose.yml': 'x: redis://redis:6379' }, 'redis docker-compose.yml:1'],
    [
      'psycopg2',
      { 'settings.py': 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}' },
      'psycopg2 settings.py:1',
    ],
  ])('%s by %j', async (name, files, expected) => {
    expect(await features(files, name)).toEqual([expected]);
  });

  it('takes a driver named after + alone', async () => {
    expect(await features({ 'app.py': '"postgresql+asyncpg://h"' }, 'psycopg2', 'psycopg')).toEqual(
      [],
    );
  });

  it('does not take comments of configuration, nor manifests', async () => {
    expect(
      await features(
        { '.env': '# postgresql://h', 'pyproject.toml': 'x = "postgresql://h"' },
        'psycopg2',
      ),
    ).toEqual([]);
  });
});

describe('strings that name what is loaded', () => {
  const named = async (text: string): Promise<readonly string[]> => {
    const access = memoryAccess({ 'app.py': text });
    const question = {
      name: normalizeName('subject'),
      words: ['subject', 'sub_ject'],
      modules: ['subject', 'sub_ject'],
      groups: ['app_plugins'],
      scripts: ['subj'],
    };
    const found = gatherEvidence(access, await scanSources(access), [question]);
    return found.features.map(({ line, note }) => `${line} ${note}`);
  };

  it.each([
    ['panels.append("sub_ject.panels")', ['1 names sub_ject.panels']],
    ['x = "subject.Session"', ['1 names subject.Session']],
    ['x = "subject.plugins.base:Plugin"', []],
    ['count("subject.total")', []],
    ['x = {"sub_ject.core": 1}', []],
    ['logging.getLogger("sub_ject.core")', []],
    ['entry_points(group="app_plugins")', ['1 loads the plugins of app_plugins']],
    ['x = "app_plugins_of_mine"', []],
    ['run("/opt/subject/venv/bin/subj -q")', ['1 runs /opt/subject/venv/bin/subj']],
    ['x = "/subj"', []],
  ])('%s', async (text, expected) => {
    expect(await named(text)).toEqual(expected);
  });
});

describe('mentions', () => {
  it('finds names in strings, comments and texts outside the manifests', async () => {
    const found = await evidence(
      {
        'a.py': '# stripe later',
        'b.py': 'x = "stripe"',
        'deploy.yaml': 'a: 1\nsecret: stripe',
        'requirements.yaml': 'stripe',
        'pyproject.toml': 'stripe',
        'setup.py': 'x = ["stripe"]',
        Dockerfile: 'RUN pip install stripe',
      },
      'stripe',
    );
    expect(found.mentions.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'a.py:1',
      'b.py:1',
      'deploy.yaml:2',
    ]);
  });

  it('takes whole words', async () => {
    const found = await evidence(
      { 'a.py': 'stripes = 1 # pinstripe, stripe-like, a.stripe_x', 'x.yml': 'stripe_key: 1' },
      'stripe',
    );
    expect(found.mentions).toEqual([]);
  });

  it('takes words with signs of expressions literally', async () => {
    expect((await evidence({ 'a.py': '"zopexinterface"' }, 'zope.interface')).mentions).toEqual([]);
  });
});

describe('settings of an editor', () => {
  it.each([
    '.vscode/settings.json',
    'backend/.vscode/tasks.json',
    '.idea/dataSources.xml',
    'shop.code-workspace',
  ])('%s is no evidence', async (path) => {
    const found = await evidence(
      { 'app.py': 'import flask', [path]: '"postgresql://u:p@host/x" psycopg2' },
      'psycopg2',
    );
    expect(found).toEqual({ features: [], mentions: [] });
  });

  it('is told from other settings', async () => {
    const text = 'url: "postgresql://u:p@host/x"';
    expect(await features({ 'app.py': '', 'values.yaml': text }, 'psycopg2')).toEqual([
      'psycopg2 values.yaml:1',
    ]);
  });
});

it('takes a store in a script of the shell for the business of another program', async () => {
  const files = {
    'app.py': '',
    'sync.sh': 'aws s3 sync s3://bucket/x .',
    'conf.yml': 'url: s3://b',
  };
  expect(await features(files, 'boto3')).toEqual(['boto3 conf.yml:1']);
});

it('takes the engine that an environment file gives for a need of its driver', async () => {
  const files = { 'app.py': '', '.env.example': 'DB_ENGINE=django.db.backends.postgresql\n# x' };
  expect(await features(files, 'psycopg2-binary', 'mysqlclient')).toEqual([
    'psycopg2-binary .env.example:1',
  ]);
});

it('takes the plugins that a configuration of Hydra chooses for needs', async () => {
  const files = {
    'app.py': '',
    'configs/hydra/default.yaml': 'defaults:\n  - override hydra_logging: colorlog',
  };
  expect(await features(files, 'hydra-colorlog')).toEqual([
    'hydra-colorlog configs/hydra/default.yaml:2',
  ]);
});
