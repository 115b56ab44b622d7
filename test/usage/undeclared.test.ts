import { describe, expect, it } from 'vitest';
import { judgeScene, undeclaredIn as undeclared } from '../imports/support.ts';
import type { Scene } from '../imports/support.ts';

const scene = (text: string, more: Partial<Scene> = {}): Scene => ({
  files: { 'app.py': text },
  declared: ['flask'],
  graph: { flask: { needs: ['werkzeug'] }, werkzeug: {} },
  ...more,
});

describe('findUndeclaredImports', () => {
  it('tells what nothing provides and what another brings', async () => {
    expect(
      await undeclared(
        scene('import os, flask, yaml\nfrom werkzeug.utils import x\nimport yaml.loader'),
      ),
    ).toEqual(['transitive werkzeug.utils werkzeug app.py:2', 'missing yaml app.py:1']);
  });

  it('counts what commands of the image import where another brings it', async () => {
    const Dockerfile = [
      'FROM python:3.12',
      'RUN python - <<EOF',
      'import werkzeug, yaml, app',
      'EOF',
      'HEALTHCHECK CMD python -c "import markupsafe"',
    ].join('\n');
    const graph = { flask: { needs: ['werkzeug', 'markupsafe'] }, werkzeug: {}, markupsafe: {} };
    // yaml may be there for the Python of the system.
    expect(
      await undeclared(scene('import flask', { files: { 'app.py': '', Dockerfile }, graph })),
    ).toEqual([
      'transitive markupsafe markupsafe Dockerfile:5',
      'transitive werkzeug werkzeug Dockerfile:2',
    ]);
  });

  it('says where the code goes on without it', async () => {
    expect(
      await undeclared(
        scene(
          'try:\n    import yaml\nexcept ImportError:\n    import toml\nif TYPE_CHECKING:\n    import x',
        ),
      ),
    ).toEqual([
      'missing toml guarded app.py:4',
      'missing x guarded app.py:6',
      'missing yaml guarded app.py:2',
    ]);
    expect(
      await undeclared(scene('try:\n    import yaml\nexcept ImportError:\n    pass\nimport yaml')),
    ).toEqual(['missing yaml app.py:2']);
  });

  it('does not take another name of the same distribution for a way to go on without it', async () => {
    const text = 'try:\n    from yaml.new import x\nexcept ImportError:\n    from yaml import x';
    expect(await undeclared(scene(text))).toEqual(['missing yaml app.py:2']);
  });

  it.each([
    ['template.yaml', 'Type: AWS::Serverless::Function', ['aws_lambda_powertools', 'yaml']],
    [
      'infra/template.yml',
      'Type: AWS::Serverless::Function\nLayers: [x:AWSLambdaPowertoolsPythonV3:7]',
      ['yaml'],
    ],
    ['serverless.yml', 'provider:\n  runtime: python3.12', ['aws_lambda_powertools', 'yaml']],
    ['Dockerfile', 'FROM public.ecr.aws/lambda/python:3.12', ['aws_lambda_powertools', 'yaml']],
    ['compose.yaml', 'runtime: python3.12', ['aws_lambda_powertools', 'boto3', 'yaml']],
  ])('leaves to AWS Lambda what it brings, by %s', async (path, text, expected) => {
    const files = { 'app.py': 'import boto3, aws_lambda_powertools, yaml', [path]: text };
    const found = await undeclared(scene('', { files }));
    expect(found.map((line) => line.split(' ')[1])).toEqual(expected);
  });

  it('takes an import under a condition for optional where another one of the module is guarded', async () => {
    const files = {
      'engine.py': 'try:\n    import xformers\nexcept Exception:\n    xformers = None',
      'attention.py': 'if engine.has_xformers():\n    import xformers.ops',
    };
    expect(await undeclared(scene('', { files }))).toEqual([
      'missing xformers guarded attention.py:2',
    ]);
  });

  it('takes what a declared distribution without modules requires for declared', async () => {
    const graph = {
      flow: { modules: [], needs: ['flow-core'] },
      'flow-core': { needs: ['yaml'] },
      yaml: {},
    };
    const files = { 'app.py': 'import flow_core\nimport yaml' };
    expect(await undeclared(scene('', { files, declared: ['flow'], graph }))).toEqual([
      'transitive yaml yaml app.py:2',
    ]);
  });

  it('asks a module that happens to be called setup', async () => {
    const files = { 'telemetry/__init__.py': '', 'telemetry/setup.py': 'import yaml' };
    expect(await undeclared(scene('', { files }))).toEqual(['missing yaml telemetry/setup.py:1']);
  });

  it('asks product code alone, and what the project and Python do not answer', async () => {
    const files = {
      'app.py': 'import helper, tomllib, __main__\nfrom . import x\nfrom google.colab import drive',
      'helper.py': '',
      'tests/test_x.py': 'import pytest',
      'setup.py': 'import setuptools',
      'pkg/__init__.py': '',
      'pkg/a.py': 'import b',
      'pkg/b.py': '',
    };
    expect(await undeclared({ ...scene(''), files })).toEqual([]);
    expect(await undeclared({ ...scene('import tomllib'), python: '3.10' })).toEqual([
      'missing tomllib app.py:1',
    ]);
  });

  it('remembers what left the standard library', async () => {
    const { undeclared: found } = await judgeScene({
      ...scene('import distutils.core\nimport yaml'),
      python: '3.12',
    });
    expect(found.map(({ module, wasStandard }) => [module, wasStandard])).toEqual([
      ['distutils', true],
      ['yaml', false],
    ]);
  });

  it('does not ask scripts with requirements of their own', async () => {
    expect(
      await undeclared(scene('# /// script\n# dependencies = ["yaml"]\n# ///\nimport yaml')),
    ).toEqual([]);
  });

  it('takes a declared distribution of unknown modules for a possible answer', async () => {
    const graph = { 'openai-whisper': { modules: null } };
    expect(
      await undeclared(scene('import whisper, yaml', { declared: ['openai-whisper'], graph })),
    ).toEqual(['missing yaml app.py:1']);
  });

  it.each([
    ['modules that protoc writes', 'import person_pb2, person_pb2_grpc'],
    ['what a hosted notebook brings', 'import kaggle_secrets, google.colab'],
    ['what App Engine brings', 'from google.appengine.ext import ndb'],
    ['pip', 'import pip'],
  ])('does not miss %s', async (_, text) => {
    expect(await undeclared(scene(text))).toEqual([]);
  });

  it('misses setuptools since environments no longer hold it', async () => {
    const text = 'import pkg_resources';
    expect(await undeclared(scene(text, { python: '3.11' }))).toEqual([]);
    expect(await undeclared(scene(text))).toEqual(['missing pkg_resources app.py:1']);
  });

  it('does not ask build scripts, wherever they lie', async () => {
    const files = { 'a/__init__.py': '', 'a/setup.py': 'import Cython.Build' };
    expect(await undeclared(scene('', { files }))).toEqual([]);
  });

  it('does not miss what something that is brought may provide', async () => {
    const graph = { flask: { needs: ['python-ldap'] }, 'python-ldap': { modules: null } };
    expect(await undeclared(scene('import ldap, yaml', { graph }))).toEqual([
      'missing yaml app.py:1',
    ]);
  });

  it('leaves to the project above what that may answer', async () => {
    const files = { 'api/app.py': 'import httpx, yaml' };
    const above = { files, project: 'api', above: ['httpx'] };
    expect(await undeclared(scene('', above))).toEqual(['missing yaml api/app.py:1']);
  });

  it('takes a link that points at nothing for the project’s own', async () => {
    const access = { 'app.py': 'import infogami.core' };
    expect(await undeclared(scene('', { files: access, lost: ['infogami'] }))).toEqual([]);
    expect(await undeclared(scene('', { files: access }))).toEqual(['missing infogami app.py:1']);
  });

  it('names more than the root of a namespace', async () => {
    const graph = { flask: {}, 'google-x': { modules: ['google.x'] } };
    const text = 'import google.cloud.storage';
    expect(await undeclared(scene(text, { graph }))).toEqual([
      'missing google.cloud.storage app.py:1',
    ]);
  });

  it('tells the distributions of a namespace apart', async () => {
    const graph = {
      'google-cloud-storage': { modules: ['google.cloud.storage'] },
      'google-cloud-core': { modules: ['google.cloud.client'] },
    };
    expect(
      await undeclared(
        scene('from google.cloud import storage, client', {
          declared: ['google-cloud-storage'],
          graph,
        }),
      ),
    ).toEqual([]);
    expect(
      await undeclared(
        scene('from google.cloud import client', { declared: ['google-cloud-storage'], graph }),
      ),
    ).toEqual(['transitive google.cloud google-cloud-core app.py:1']);
  });
});

describe('names that the project has itself', () => {
  it('finds the modules beside a program that lies in a package, from its folder and below', async () => {
    const files = {
      'src/__init__.py': '',
      'src/board/__init__.py': '',
      'src/board/app.py': 'from helpers.state import State\nfrom views import overview',
      'src/board/helpers/__init__.py': '',
      'src/board/helpers/state.py': '',
      'src/board/views/__init__.py': '',
      'src/board/views/overview.py': 'from helpers.state import State\nimport helpers, yaml',
      'src/board/views/deep/x.py': 'import helpers.state',
    };
    expect(await undeclared(scene('', { files }))).toEqual([
      'missing yaml src/board/views/overview.py:2',
    ]);
  });

  it('prefers them to what another distribution happens to bring, where the whole path is there', async () => {
    const files = {
      'app/__init__.py': '',
      'app/main.py': 'from helpers.state import State\nimport helpers.other',
      'app/helpers/__init__.py': '',
      'app/helpers/state.py': '',
    };
    const graph = { flask: { needs: ['badly-named'] }, 'badly-named': { modules: ['helpers'] } };
    expect(await undeclared(scene('', { files, graph }))).toEqual([
      'transitive helpers.other badly-named app/main.py:2',
    ]);
  });

  it('calls nothing missing that product code has elsewhere', async () => {
    const files = {
      'main.py': 'import helpers\nfrom views import overview\nimport views.overview, views.other',
      'app/__init__.py': '',
      'app/inner/__init__.py': '',
      'app/inner/helpers.py': '',
      'app/inner/views/overview.py': '',
    };
    expect(await undeclared(scene('', { files }))).toEqual(['missing views main.py:3']);
  });

  it('does not take modules of tests, folders of that name or notebooks for it', async () => {
    const files = {
      'main.py': 'import yaml, docker, toml',
      'tests/__init__.py': '',
      'tests/yaml.py': '',
      'docker/entry.py': '',
      'app/__init__.py': '',
      'app/toml.ipynb': '{"cells": []}',
    };
    expect(await undeclared(scene('', { files }))).toEqual([
      'missing docker main.py:1',
      'missing toml main.py:1',
      'missing yaml main.py:1',
    ]);
  });
});
