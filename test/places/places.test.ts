import { describe, expect, test } from 'vitest';
import { toSourceAccess } from '../../src/imports/source-access.ts';
import { listSources } from '../../src/imports/source-files.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { findPlaces } from '../../src/places/index.ts';
import type { ImportScan } from '../../src/types.ts';

/** `preset path:line` of every sign that the files show. */
function placesOf(
  files: Readonly<Record<string, string>>,
  project = '.',
  projects: readonly string[] = [project],
): readonly string[] {
  const access = toSourceAccess(createMemoryFiles(files));
  const { python, texts } = listSources(access);
  const scan: ImportScan = {
    files: python.length,
    imports: [],
    references: [],
    dynamicImports: [],
    firstPartyModules: [],
    warnings: [],
    sources: { python: python.map(({ path }) => path), texts, areas: {} },
  };
  return findPlaces({ scan, project, projects }, access).flatMap(({ preset, locations }) =>
    locations.map(({ path, line }) => `${preset} ${path}:${line}`),
  );
}

const serverless = (more: string): string =>
  `service: orchard\nprovider:\n  name: aws\n  runtime: python3.12\n${more}`;
const template = (type: string, more: string): string =>
  `Resources:\n  Pick:\n    Type: ${type}\n    Properties:\n${more}`;
const workflow = (runner: string, step: string): string =>
  `jobs:\n  test:\n    runs-on: ${runner}\n    steps:\n      - run: ${step}\n`;

describe('what shows a place', () => {
  test.each([
    ['serverless.yml', serverless(''), 'aws-lambda-zip', 4],
    ['serverless.yml', serverless('').replace('aws', 'google'), 'gcf-gen1', 4],
    ['serverless.yml', serverless('').replace('aws', 'azure'), 'azure-functions', 4],
    [
      'template.yaml',
      template('AWS::Serverless::Function', '      Runtime: python3.12\n'),
      'aws-lambda-zip',
      5,
    ],
    [
      'stack.template.json',
      '{"Type": "AWS::Lambda::Function",\n "Properties": {"Runtime": "python3.12"}}',
      'aws-lambda-zip',
      2,
    ],
    ['zappa_settings.json', '{"dev": {\n "app_function": "app.app"}}', 'aws-lambda-zip', 2],
    ['.chalice/config.json', '{\n  "app_name": "orchard"\n}', 'aws-lambda-zip', 2],
    [
      'main.tf',
      'resource "aws_lambda_function" "pick" {\n  runtime = "python3.12"\n}\n',
      'aws-lambda-zip',
      2,
    ],
    [
      'main.tf',
      'resource "google_cloudfunctions_function" "pick" {\n  runtime = "python312"\n}\n',
      'gcf-gen1',
      2,
    ],
    [
      'vercel.json',
      '{"builds": [\n {"src": "x.py", "use": "@vercel/python"}]}',
      'vercel-python',
      2,
    ],
    ['vercel.json', '{"functions": {\n "api/*.py": {"memory": 512}}}', 'vercel-python', 2],
    ['Procfile', '# comes up\nweb: gunicorn app:app\n', 'heroku-slug', 2],
    [
      'deploy.sh',
      'gcloud functions deploy pick \\\n  --no-gen2 --runtime python312\n',
      'gcf-gen1',
      1,
    ],
    ['.github/workflows/ci.yml', workflow('ubuntu-latest', 'pip install .'), 'github-runner', 3],
    ['.github/workflows/ci.yml', workflow('ubuntu-24.04-arm', 'uv sync'), 'github-runner', 3],
  ])('%s: %j', (path, text, preset, line) => {
    expect(placesOf({ [path]: text })).toEqual([`${preset} ${path}:${line}`]);
  });

  test('an app of Azure in either programming model', () => {
    const host = '{\n  "version": "2.0"\n}';
    const sign = ['azure-functions host.json:2'];
    expect(placesOf({ 'host.json': host, 'function_app.py': '' })).toEqual(sign);
    const binding = '{"scriptFile": "__init__.py"}';
    expect(placesOf({ 'host.json': host, 'pick/function.json': binding })).toEqual(sign);
    expect(placesOf({ 'host.json': host, 'main.py': '' })).toEqual([]);
    const image = 'FROM mcr.microsoft.com/azure-functions/python:4-python3.12\n';
    const files = { 'host.json': host, 'function_app.py': '', Dockerfile: image };
    expect(placesOf(files)).toEqual([]);
  });

  test('Python in the folder of functions of Vercel', () => {
    const files = { 'vercel.json': '{"rewrites": []}', 'api/index.py': '' };
    expect(placesOf(files)).toEqual(['vercel-python vercel.json:1']);
  });
});

describe('what shows none', () => {
  test.each([
    ['a front end', { 'web/vercel.json': '{"rewrites": []}', 'api/index.py': '' }],
    ['another runtime', { 'serverless.yml': serverless('').replace('python3.12', 'nodejs20.x') }],
    [
      'packages that are unpacked at run time',
      { 'serverless.yml': serverless('custom:\n  pythonRequirements:\n    zip: true\n') },
    ],
    [
      'a handler that fetches the rest',
      { 'zappa_settings.json': '{"dev": {"app_function": "a.b", "slim_handler": true}}' },
    ],
    [
      'a function of an image',
      { 'template.yaml': template('AWS::Lambda::Function', '      PackageType: Image\n') },
    ],
    ['a chart', { 'charts/web/template.yaml': 'kind: Deployment\nRuntime: python3.12\n' }],
    ['a comment', { Procfile: '# web: gunicorn app:app\n' }],
    [
      'a Dockerfile that Heroku builds',
      { Procfile: 'web: x\n', 'heroku.yml': 'build:\n  docker:\n    web: Dockerfile\n' },
    ],
    [
      'Elastic Beanstalk',
      { Procfile: 'web: x\n', '.ebextensions/python.config': '', '.ebextensions/a.yml': 'a: 1\n' },
    ],
    ['Cloud Foundry', { Procfile: 'web: x\n', 'manifest.yml': 'applications:\n- name: x\n' }],
    [
      'a generation that is not said',
      { 'deploy.sh': 'gcloud functions deploy x --runtime python3' },
    ],
    [
      'a runner that installs nothing',
      { '.github/workflows/a.yml': workflow('ubuntu-latest', 'ls') },
    ],
    ['a runner of their own', { '.github/workflows/a.yml': workflow('self-hosted', 'uv sync') }],
    ['a larger runner', { '.github/workflows/a.yml': workflow('ubuntu-latest-16', 'uv sync') }],
    [
      'a module of Terraform with code of its own',
      {
        'infra/rotate/main.tf':
          'resource "aws_lambda_function" "x" {\n  filename = data.archive.path\n  runtime = "python3.12"\n}\n',
      },
    ],
    [
      'a template beside code of its own',
      {
        'infra/template.yaml': template('AWS::Lambda::Function', '      Runtime: python3.12\n'),
        'infra/hook.py': '',
      },
    ],
    ['a Procfile further down', { 'deploy/Procfile': 'web: x\n' }],
    ['tests', { 'tests/data/serverless.yml': serverless('') }],
    ['examples', { 'examples/aws/serverless.yml': serverless('') }],
  ])('%s', (_, files) => {
    expect(placesOf(files)).toEqual([]);
  });
});

describe('a file further down', () => {
  test('says it of the project above where it packs that', () => {
    const module =
      'resource "aws_lambda_function" "x" {\n  runtime = "python3.12"\n  filename = "${path.module}/../../dist.zip"\n}\n';
    expect(placesOf({ 'infra/api/main.tf': module })).toEqual([
      'aws-lambda-zip infra/api/main.tf:2',
    ]);
    const stack = template('AWS::Lambda::Function', '      Runtime: python3.12\n');
    expect(placesOf({ 'infra/template.yaml': stack, 'app.py': '' })).toEqual([
      'aws-lambda-zip infra/template.yaml:5',
    ]);
  });
});

describe('several projects', () => {
  const files = {
    'api/serverless.yml': serverless(''),
    'web/app.py': '',
    '.github/workflows/ci.yml': workflow('ubuntu-latest', 'pip install .'),
  };

  test('have what lies in their own folder, and all have the workflows', () => {
    const projects = ['api', 'web'];
    const runner = 'github-runner .github/workflows/ci.yml:3';
    expect(placesOf(files, 'api', projects)).toEqual([
      runner,
      'aws-lambda-zip api/serverless.yml:4',
    ]);
    expect(placesOf(files, 'web', projects)).toEqual([runner]);
  });

  test('share what stands above them', () => {
    const stack = template('AWS::Lambda::Function', '  Runtime: python3\n');
    const shared = { 'template.yaml': stack, 'functions/pick/app.py': '' };
    const projects = ['functions/pick', 'functions/sort'];
    expect(placesOf(shared, 'functions/pick', projects)).toEqual([
      'aws-lambda-zip template.yaml:5',
    ]);
    const above = { 'sam/template.yaml': stack, 'sam/pick/app.py': '' };
    expect(placesOf(above, '.', ['.', 'sam/pick'])).toEqual([]);
    expect(placesOf(above, 'sam/pick', ['.', 'sam/pick'])).toHaveLength(1);
  });

  test('an example that is a project of its own goes where it says', () => {
    const own = { 'examples/aws/serverless.yml': serverless('') };
    expect(placesOf(own, 'examples/aws', ['.', 'examples/aws'])).toHaveLength(1);
    expect(placesOf(own, '.', ['.', 'examples/aws'])).toEqual([]);
  });
});
