import { describe, expect, test } from 'vitest';
import { toSourceAccess } from '../../src/imports/source-access.ts';
import { listSources } from '../../src/imports/source-files.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { findPlaces, type FoundPlace } from '../../src/places/index.ts';
import type { ImportScan } from '../../src/types.ts';

/** The places that the files show. */
async function findIn(
  files: Readonly<Record<string, string>>,
  project = '.',
  projects: readonly string[] = [project],
): Promise<readonly FoundPlace[]> {
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
  return findPlaces({ scan, project, projects }, access);
}

/** `preset path:line` of every sign that the files show. */
async function placesOf(
  files: Readonly<Record<string, string>>,
  project = '.',
  projects: readonly string[] = [project],
): Promise<readonly string[]> {
  const places = await findIn(files, project, projects);
  return places.flatMap(({ preset, locations }) =>
    locations.map(({ path, line }) => `${preset} ${path}:${line}`),
  );
}

/** `preset python arch` of every place, with what was supposed. */
async function machinesOf(
  files: Readonly<Record<string, string>>,
  project = '.',
  projects: readonly string[] = [project],
): Promise<readonly string[]> {
  const places = await findIn(files, project, projects);
  return places.map(({ preset, runtime }) => {
    const open = runtime !== null && runtime.open.length > 0 ? ` (${runtime.open.join('; ')})` : '';
    return runtime === null ? preset : `${preset} ${runtime.python} ${runtime.arch}${open}`;
  });
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
      '{"Resources": {"Pick": {"Type": "AWS::Lambda::Function",\n "Properties": {"Runtime": "python3.12"}}}}',
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
  ])('%s: %j', async (path, text, preset, line) => {
    expect(await placesOf({ [path]: text })).toEqual([`${preset} ${path}:${line}`]);
  });

  test('an app of Azure in either programming model', async () => {
    const host = '{\n  "version": "2.0"\n}';
    const sign = ['azure-functions host.json:2'];
    expect(await placesOf({ 'host.json': host, 'function_app.py': '' })).toEqual(sign);
    const binding = '{"scriptFile": "__init__.py"}';
    expect(await placesOf({ 'host.json': host, 'pick/function.json': binding })).toEqual(sign);
    expect(await placesOf({ 'host.json': host, 'main.py': '' })).toEqual([]);
    const image = 'FROM mcr.microsoft.com/azure-functions/python:4-python3.12\n';
    const files = { 'host.json': host, 'function_app.py': '', Dockerfile: image };
    expect(await placesOf(files)).toEqual([]);
  });

  test('Python in the folder of functions of Vercel', async () => {
    const files = { 'vercel.json': '{"rewrites": []}', 'api/index.py': '' };
    expect(await placesOf(files)).toEqual(['vercel-python vercel.json:1']);
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
  ])('%s', async (_, files) => {
    expect(await placesOf(files)).toEqual([]);
  });
});

describe('a file further down', () => {
  test('says it of the project above where it packs that', async () => {
    const module =
      'resource "aws_lambda_function" "x" {\n  runtime = "python3.12"\n  filename = "${path.module}/../../dist.zip"\n}\n';
    expect(await placesOf({ 'infra/api/main.tf': module })).toEqual([
      'aws-lambda-zip infra/api/main.tf:2',
    ]);
    const stack = template('AWS::Lambda::Function', '      Runtime: python3.12\n');
    expect(await placesOf({ 'infra/template.yaml': stack, 'app.py': '' })).toEqual([
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

  test('have what lies in their own folder, and all have the workflows', async () => {
    const projects = ['api', 'web'];
    const runner = 'github-runner .github/workflows/ci.yml:3';
    expect(await placesOf(files, 'api', projects)).toEqual([
      runner,
      'aws-lambda-zip api/serverless.yml:4',
    ]);
    expect(await placesOf(files, 'web', projects)).toEqual([runner]);
  });

  test('share what stands above them', async () => {
    const stack = template('AWS::Lambda::Function', '      Runtime: python3.12\n');
    const shared = { 'template.yaml': stack, 'functions/pick/app.py': '' };
    const projects = ['functions/pick', 'functions/sort'];
    expect(await placesOf(shared, 'functions/pick', projects)).toEqual([
      'aws-lambda-zip template.yaml:5',
    ]);
    const above = { 'sam/template.yaml': stack, 'sam/pick/app.py': '' };
    expect(await placesOf(above, '.', ['.', 'sam/pick'])).toEqual([]);
    expect(await placesOf(above, 'sam/pick', ['.', 'sam/pick'])).toHaveLength(1);
  });

  test('an example that is a project of its own goes where it says', async () => {
    const own = { 'examples/aws/serverless.yml': serverless('') };
    expect(await placesOf(own, 'examples/aws', ['.', 'examples/aws'])).toHaveLength(1);
    expect(await placesOf(own, '.', ['.', 'examples/aws'])).toEqual([]);
  });
});

describe('the machine there', () => {
  const NO_PYTHON = 'no file says for which Python, so that of this report is taken';

  test('of Serverless, of each function where they differ', async () => {
    const provider = `${serverless('')}  architecture: arm64\n`;
    expect(await machinesOf({ 'serverless.yml': provider })).toEqual([
      'aws-lambda-zip 3.12 aarch64',
    ]);
    const several = `${provider}functions:\n  pick:\n    handler: a.b\n  sort:\n    handler: a.c\n    runtime: python3.11\n    architecture: x86_64\n  web:\n    handler: a.d\n    runtime: nodejs20.x\n`;
    expect(await placesOf({ 'serverless.yml': several })).toEqual([
      'aws-lambda-zip serverless.yml:4',
      'aws-lambda-zip serverless.yml:11',
    ]);
    expect(await machinesOf({ 'serverless.yml': several })).toEqual([
      'aws-lambda-zip 3.12 aarch64',
      'aws-lambda-zip 3.11 x86_64',
    ]);
  });

  test('where variables decide, what had to be supposed is said', async () => {
    const filled = `${serverless('')}  architecture: \${self:custom.arch}\ncustom:\n  arch: arm64\n`;
    expect(await machinesOf({ 'serverless.yml': filled })).toEqual(['aws-lambda-zip 3.12 aarch64']);
    const open = filled.replace('self:custom.arch', 'opt:arch');
    expect(await machinesOf({ 'serverless.yml': open })).toEqual([
      'aws-lambda-zip 3.12 x86_64 (its processor is not written there, so x86_64 is taken)',
    ]);
    const plugin = 'custom:\n  pythonRequirements:\n    dockerizePip: true\n';
    const python = serverless(plugin).replace('python3.12', '${opt:runtime}');
    expect(await machinesOf({ 'serverless.yml': python })).toEqual([
      'aws-lambda-zip null x86_64 (its Python is not written there, so that of this report is taken)',
    ]);
  });

  test('what the plugin for requirements leaves out and makes smaller', async () => {
    const plugin = (more: string): string =>
      serverless(`custom:\n  pythonRequirements:\n    slim: true\n${more}`);
    const [place] = await findIn({
      'serverless.yml': plugin('    noDeploy:\n      - boto3\n      - pytest\n'),
    });
    expect(place).toMatchObject({
      excluded: ['boto3', 'pytest'],
      shrinks: 'slim strips the libraries and deletes .dist-info',
    });
    const [unstripped] = await findIn({ 'serverless.yml': plugin('    strip: false\n') });
    expect(unstripped?.shrinks).toBe('slim deletes .dist-info');
    const [plain] = await findIn({ 'serverless.yml': serverless('') });
    expect(plain).not.toHaveProperty('shrinks');
  });

  test('of SAM, by its Globals, its parameters and each function', async () => {
    const stack = (globals: string, properties: string): string =>
      `Parameters:\n  Processor:\n    Type: String\n    Default: arm64\n${globals}Resources:\n  Pick:\n    Type: AWS::Serverless::Function\n    Properties:\n${properties}`;
    const globals =
      'Globals:\n  Function:\n    Runtime: python3.13\n    Architectures: [!Ref Processor]\n';
    expect(await machinesOf({ 'template.yaml': stack(globals, '      Handler: a.b\n') })).toEqual([
      'aws-lambda-zip 3.13 aarch64',
    ]);
    const own = '      Runtime: python3.12\n      Architectures:\n        - x86_64\n';
    expect(await machinesOf({ 'template.yaml': stack(globals, own) })).toEqual([
      'aws-lambda-zip 3.12 x86_64',
    ]);
    const plain = template('AWS::Lambda::Function', '      Handler: a.b\n');
    expect(await machinesOf({ 'template.yaml': `${globals}${plain}` })).toEqual([]);
  });

  test('functions of SAM belong to the project that they pack', async () => {
    const own = (folder: string, python: string): string =>
      `  F${python.slice(-2)}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: ${folder}\n      Runtime: ${python}\n`;
    const files = {
      'template.yaml': `Resources:\n${own('api/', 'python3.11')}${own('jobs/', 'python3.12')}`,
      'app.py': '',
      'api/app.py': '',
      'jobs/app.py': '',
    };
    const projects = ['.', 'api', 'jobs'];
    expect(await machinesOf(files, 'api', projects)).toEqual(['aws-lambda-zip 3.11 x86_64']);
    expect(await machinesOf(files, 'jobs', projects)).toEqual(['aws-lambda-zip 3.12 x86_64']);
    expect(await machinesOf(files, '.', projects)).toEqual([]);
  });

  test('a container image has the limit of images, where its Dockerfile has Python', async () => {
    const image = template(
      'AWS::Serverless::Function',
      '      Runtime: python3.13\n      PackageType: Image\n      Architectures: [arm64]\n',
    );
    const base = 'FROM public.ecr.aws/lambda/python:3.12\n';
    const found = await machinesOf({ 'template.yaml': image, Dockerfile: base });
    expect(found).toEqual(['aws-lambda-image 3.12 aarch64']);
    const unnamed = image.replace('      Runtime: python3.13\n', '');
    expect(await machinesOf({ 'template.yaml': image })).toEqual(['aws-lambda-image 3.13 aarch64']);
    expect(await machinesOf({ 'template.yaml': unnamed })).toEqual([]);
    const node = { 'template.yaml': image, Dockerfile: 'FROM node:22\n' };
    expect(await machinesOf(node)).toEqual([]);
    const built = `${serverless('')}  ecr:\n    images:\n      app:\n        path: ./\nfunctions:\n  pick:\n    image: app\n`;
    const sign = await machinesOf({ 'serverless.yml': built, Dockerfile: base });
    expect(sign).toEqual(['aws-lambda-image 3.12 x86_64']);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'Zappa',
      {
        'zappa_settings.json':
          '{"dev": {\n "app_function": "a.b",\n "runtime": "python3.11",\n "architecture": ["arm64"]}}',
      },
      ['aws-lambda-zip 3.11 aarch64'],
    ],
    [
      'Zappa without a word',
      { 'zappa_settings.json': '{"dev": {\n "app_function": "a.b"}}' },
      [`aws-lambda-zip null x86_64 (${NO_PYTHON})`],
    ],
    [
      'Terraform',
      {
        'main.tf':
          'resource "aws_lambda_function" "a" {\n  runtime = "python3.11"\n  architectures = ["arm64"]\n}\nresource "aws_lambda_function" "b" {\n  runtime = "python3.12"\n}\n',
      },
      ['aws-lambda-zip 3.11 aarch64', 'aws-lambda-zip 3.12 x86_64'],
    ],
    [
      'Heroku',
      { Procfile: 'web: x\n', 'runtime.txt': 'python-3.11.9\n', '.python-version': '3.13\n' },
      ['heroku-slug 3.11 x86_64'],
    ],
    [
      'Heroku by the other file',
      { Procfile: 'web: x\n', '.python-version': '3.13\n' },
      ['heroku-slug 3.13 x86_64'],
    ],
    [
      'Vercel',
      { 'vercel.json': '{"functions": {"api/*.py": {}}}', '.python-version': '3.12\n' },
      ['vercel-python 3.12 x86_64'],
    ],
    [
      'gcloud, command by command',
      {
        'deploy.sh':
          'gcloud functions deploy a --no-gen2 \\\n  --runtime=python311\ngcloud functions deploy b --gen2 --runtime python312\n',
      },
      ['gcf-gen1 3.11 x86_64'],
    ],
  ])('of %s', async (_, files, machines) => {
    expect(await machinesOf(files)).toEqual(machines);
  });
});
