/** What users wished for in projects like those that this program was made for: files and figures. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SplitRow } from '../../src/types.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { documentOf, ensureBuilt } from './support.ts';
import type { Files, Outcome } from './wishes-support.ts';
import { both, findingsOf, packageOf, runIn, studio } from './wishes-support.ts';

let server: IndexServer;
beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(studio);
}, 60_000);
afterAll(() => server.close());

const run = (files: Files, ...words: readonly string[]): Promise<Outcome> =>
  runIn(files, words, server.indexUrl);
const header = (source: string, more = ''): string =>
  `# Written by depweight from ${source}. To renew it: depweight split --write${more}\n`;
const splitOf = (outcome: Outcome, kind: SplitRow['kind']): SplitRow | undefined =>
  documentOf(outcome).splits.find((row) => row.kind === kind);

describe('a requirements.txt for production and tests', () => {
  const mixed = {
    'requirements.txt':
      '# Web\nwebframe==1.0  # the API\nwebserver==1.0  # runs it\n\n# Tests\ntesttool==7.4  # finds them\n\n# Settings\nconfig-reader==2.3  # from files\n\n# Coverage\ncovertool==4.1  # measures it\n',
    '.gitlab-ci.yml': 'test:\n  script:\n    - cover run -m testtool\n',
    Dockerfile:
      'FROM python:3.11-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["webserver", "app.main:api"]\n',
    'app/__init__.py': '',
    'app/main.py': 'import confread\nimport webframe\n\napi = webframe.App()\n',
    'tests/test_main.py': 'import testtool\nimport app.main\n',
  };
  const production =
    '\n# Web\nwebframe==1.0  # the API\nwebserver==1.0  # runs it\n\n# Settings\nconfig-reader==2.3  # from files\n';
  const development =
    '\n-r requirements-prod.txt\n\n# Tests\ntesttool==7.4  # finds them\n\n# Coverage\ncovertool==4.1  # measures it\n';

  test('becomes two files, of which that for development begins with the one for production', async () => {
    const { code, after } = await run(mixed, 'split', '--write');
    expect(code).toBe(0);
    expect(after).toEqual({
      'requirements.txt': mixed['requirements.txt'],
      'requirements-prod.txt': header('requirements.txt') + production,
      'requirements-dev.txt': header('requirements.txt') + development,
    });
  });

  test('may stay as a file that leads to the one for development, with pins, order and comments as they were', async () => {
    const words = ['split', '--write', '--compat', 'dev', '--keep-original'];
    const { code, after } = await run(mixed, ...words);
    expect(code).toBe(0);
    const source = 'requirements-original.txt';
    expect(after).toEqual({
      [source]: mixed['requirements.txt'],
      'requirements-prod.txt': header(source) + production,
      'requirements-dev.txt': header(source) + development,
      'requirements.txt': `${header(source, ' --compat dev')}# All that development needs. For production install requirements-prod.txt instead.\n-r requirements-dev.txt\n`,
    });
  });
});

describe('heavy packages that nothing imports', () => {
  const mixer = {
    'requirements.txt':
      '# Web\nwebframe==1.0\n\n# Audio\nfast-speech==1.2\nheavy-tensors==2.1.0\ntensor-audio==2.1.0\n',
    'src/mixer/main.py': 'import fast_speech\nimport webframe\n',
  };

  test('are left out of the slim file, and the list as it was is kept beside it', async () => {
    const { code, after } = await run(mixer, 'split', '--write', '--keep-original');
    expect(code).toBe(0);
    expect(after).toEqual({
      'requirements.txt': mixer['requirements.txt'],
      'requirements-original.txt': mixer['requirements.txt'],
      'requirements-prod.txt': `${header('requirements.txt')}\n# Web\nwebframe==1.0\n\n# Audio\nfast-speech==1.2\n`,
    });
  });

  test('are told apart from what another name, a feature, an image or a workflow uses', async () => {
    const outcome = await run(
      {
        'requirements.txt':
          'fastapi==0.110\npython-multipart==0.0.9\nwebserver==1.0\nconfig-reader==2.3\nheavy-tensors==2.1.0\ntensor-audio==2.1.0\ncovertool==4.1\n',
        Dockerfile: 'FROM python:3.11-slim\nCMD ["webserver", "app.main:api"]\n',
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cover run -m unittest\n',
        'app/main.py': 'import confread\nfrom fastapi import FastAPI, UploadFile\n',
      },
      'audit',
      '--json',
    );
    const verdicts = documentOf(outcome).declared.map(({ name, verdict, evidence: [first] }) =>
      verdict === 'unused' ? [name, verdict] : [name, verdict, `${first?.path}:${first?.line}`],
    );
    expect(verdicts).toEqual([
      ['fastapi', 'used', 'app/main.py:2'],
      ['python-multipart', 'used', 'app/main.py:2'],
      ['webserver', 'used', 'Dockerfile:2'],
      ['config-reader', 'used', 'app/main.py:1'],
      ['heavy-tensors', 'unused'],
      ['tensor-audio', 'unused'],
      ['covertool', 'dev-only', '.github/workflows/ci.yml:6'],
    ]);
    const [unused, ...others] = findingsOf(outcome, 'unused');
    expect(others).toEqual([]);
    expect(unused).toMatchObject({
      packages: ['heavy-tensors', 'tensor-audio'],
      leaves: ['gpu-blobs'],
    });
    const gone = ['heavy-tensors', 'tensor-audio', 'gpu-blobs'];
    const bytes = gone.map((name) => packageOf(outcome, name).installedBytes ?? 0);
    expect(unused?.savedInstalledBytes).toBe(bytes.reduce((sum, one) => sum + one, 0));
  });
});

describe('heavy features that are imported where they are called', () => {
  const transcripts = {
    'requirements.txt': 'webframe==1.0\nspeech-text==1.0\ndiarizer==4.0\nfast-speech==1.2\n',
    'app/main.py': 'import webframe\n',
    'app/worker.py': [
      'import os',
      'def transcribe(path):',
      '    if os.environ["BACKEND"] == "fast":',
      '        import fast_speech',
      '        return fast_speech.run(path)',
      '    if os.environ["BACKEND"] == "whole":',
      '        import speech_text',
      '        return speech_text.run(path)',
      'def speakers(path):',
      '    try:',
      '        import diarizer',
      '    except ImportError:',
      '        return None',
      '    return diarizer.run(path)',
      '',
    ].join('\n'),
  };

  test('are left out of the minimal file, both of two that exclude each other, and each import that then fails is told', async () => {
    const outcome = await run(transcripts, 'split', '--write', ...both);
    expect(outcome.after['requirements-minimal.txt']).toBe(
      `${header('requirements.txt')}\nwebframe==1.0\n`,
    );
    expect(splitOf(outcome, 'minimal')?.packages).toEqual([
      'router==1.5',
      'shapes==2.6',
      'webframe==1.0',
    ]);
    expect(splitOf(outcome, 'minimal')?.proof).toMatchObject({
      resolved: true,
      changedVersions: [],
      importErrors: [
        { module: 'fast_speech', path: 'app/worker.py', line: 4, guarded: false, lazy: true },
        { module: 'speech_text', path: 'app/worker.py', line: 7, guarded: false, lazy: true },
        { module: 'diarizer', path: 'app/worker.py', line: 11, guarded: true, lazy: true },
      ],
    });
    const { report } = outcome;
    expect(report).toMatch(/requirements-minimal\.txt +1 +3 +2\.0 MB/);
    expect(report).toMatch(/fails when called +speech_text +app\/worker\.py:7/);
    expect(report).toMatch(/guarded by try +diarizer +app\/worker\.py:11/);
  });

  test('hold what they share: to be rid of it, all that need it have to go', async () => {
    const { stdout } = await run(transcripts, 'why', 'heavy-tensors');
    expect(stdout).toMatch(/heavy-tensors alone +impossible: it is not declared/);
    expect(stdout).toMatch(/diarizer \+ speech-text +−29 MB, 4 packages/);
    const alone = await run(transcripts, 'why', 'diarizer', '--json');
    expect(documentOf(alone)).toMatchObject({
      removal: {
        with: [],
        leaves: ['diarizer'],
        savedInstalledBytes: packageOf(alone, 'diarizer').installedBytes,
      },
    });
    const idle = { ...transcripts, 'app/worker.py': 'import fast_speech\n' };
    const [unused] = findingsOf(await run(idle, 'audit', '--json'), 'unused');
    expect(unused).toMatchObject({
      packages: ['diarizer', 'speech-text'],
      leaves: ['gpu-blobs', 'heavy-tensors'],
    });
  });
});

describe('a pyproject.toml with extras', () => {
  const inventory = {
    'pyproject.toml': `[project]
name = "inventory"
version = "1.0"
dependencies = [
    "webframe==1.0",
    "sounds==0.25",  # beeps
    "config-reader==2.3",
]

[project.optional-dependencies]
dashboard = [
    "dash-ui==1.40",  # charts
    "grid-view==0.4",
]
reports = ["slide-maker==1.0"]
all = ["inventory[dashboard,reports]"]

[project.scripts]
inventory = "inventory.cli:main"
inventory-dashboard = "inventory.dashboard:main"
`,
    'src/inventory/__init__.py': '',
    'src/inventory/cli.py':
      'import confread\nimport webframe\ntry:\n    import sounds\nexcept ImportError:\n    sounds = None\n',
    'src/inventory/dashboard.py': 'import dash_ui\nimport grid_view\n',
    'src/inventory/reports.py': 'import slide_maker\n',
  };

  test('gets another for what is optional, and its `all`, which names the others, stays complete', async () => {
    const { code, after } = await run(inventory, 'split', '--write');
    expect(code).toBe(0);
    const before = inventory['pyproject.toml'];
    expect(after['pyproject.toml']).toBe(
      before
        .replace('    "sounds==0.25",  # beeps\n', '')
        .replace(
          'all = ["inventory[dashboard,reports]"]\n',
          'all = ["inventory[dashboard,reports,sounds]"]\nsounds = [\n    "sounds==0.25",  # beeps\n]\n',
        ),
    );
  });

  test('is weighed for each of them, and for each program', async () => {
    const outcome = await run(inventory, 'audit', ...both);
    const { environments, totals } = documentOf(outcome);
    const weights = environments.map(({ id, totals: { packages, installedBytes } }) => [
      id,
      packages,
      Math.round(installedBytes / 1e5) / 10,
    ]);
    expect(weights).toEqual([
      ['prod', 5, 2.2],
      ['extra:all', 10, 28.2],
      ['extra:dashboard', 9, 25.2],
      ['extra:reports', 6, 5.2],
    ]);
    expect(totals.installedBytes).toBe(environments[0]?.totals.installedBytes);
    expect(outcome.report).toContain('+4 packages, 23 MB with extra dashboard');
    expect(outcome.report).toMatch(
      /inventory\.dashboard +pyproject\.toml:20 +23 MB, with extra dashboard\n/,
    );
    expect(outcome.report).toMatch(/inventory\.cli +pyproject\.toml:19 +2\.2 MB, 5 packages\n/);
  });

  test('says who brings a package, and blames nobody who does not', async () => {
    const here = ['--extra', 'dashboard'];
    const brought = await run(inventory, 'why', 'quack-db', ...here, '--json');
    expect(documentOf(brought)).toMatchObject({ paths: [['grid-view', 'quack-db']] });
    const other = await run(inventory, 'why', 'colframe', ...here, '--json');
    expect(documentOf(other)).toMatchObject({
      paths: [
        ['dash-ui', 'colframe'],
        ['grid-view', 'dash-ui', 'colframe'],
      ],
    });
    const absent = await run(inventory, 'why', 'snow-link', ...here);
    expect([absent.code, absent.stdout]).toEqual([2, '']);
    expect(absent.stderr).toContain('snow-link');
  });
});

describe('the weight of a package', () => {
  const dashboard = {
    'requirements.txt': 'dash-ui==1.40\nwidget-bag<1.0.0\n',
    'app.py':
      'import dash_ui\nfrom widget_bag import card, metric\nfrom widget_bag.style import style, toggle\n',
  };

  test('is told by itself, with what only it needs, and with all that it needs', async () => {
    const outcome = await run(dashboard, 'audit', ...both);
    const sizeOf = (name: string): number => packageOf(outcome, name).installedBytes ?? 0;
    const only = sizeOf('widget-bag') + sizeOf('snow-link') + sizeOf('cloud-kit');
    expect(packageOf(outcome, 'widget-bag')).toMatchObject({
      exclusiveBytes: only,
      subtreeBytes: only + sizeOf('dash-ui') + sizeOf('colframe'),
    });
    expect(packageOf(outcome, 'dash-ui')).toMatchObject({
      exclusiveBytes: 0,
      subtreeBytes: sizeOf('dash-ui') + sizeOf('colframe'),
    });
    expect(outcome.report).toMatch(/itself +only for it +shared/);
    expect(outcome.report).toMatch(/widget-bag +0\.7\.8 +1\.0 MB +17 MB +8\.0 MB/);
  });

  test('comes with how much of it is used', async () => {
    const outcome = await run(dashboard, 'audit', '--all', ...both);
    const [heavy] = findingsOf(outcome, 'heavy');
    expect(heavy).toMatchObject({ packages: ['widget-bag'], leaves: ['cloud-kit', 'snow-link'] });
    expect(heavy?.message).toContain('4 names of it used');
    const report = outcome.report.replaceAll(/\s+/g, ' ');
    expect(report).toContain('18 MB: widget-bag and 2 packages that only it needs');
    expect(report).toContain('4 names of it used');
  });

  test('is of one platform, and every report names that', async () => {
    const files = {
      'requirements.txt': 'tensor-audio==2.1.0\n',
      'app.py': 'import tensor_audio\n',
    };
    const amd = await run(files, 'audit', '--platform', 'linux/amd64');
    const arm = await run(files, 'audit', '--platform', 'linux/arm64');
    expect(amd.stdout).toMatch(/weighs 27 MB, 3 packages[\s\S]*Linux x86_64/);
    expect(arm.stdout).toMatch(/weighs 5\.0 MB, 2 packages[\s\S]*Linux aarch64/);
  });
});
