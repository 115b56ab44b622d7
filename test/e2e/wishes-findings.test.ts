/** What went unseen in projects like those that this program was made for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
const inOneLine = ({ report }: Outcome): string => report.replaceAll(/\s+/g, ' ');

describe('a production list that was made by hand', () => {
  const production =
    'webframe==1.0\nwebserver==1.0\nshapes==2.6\nwatch-folders==0.2\nsounds==0.25\nfetcher==2.32\n';
  const service = {
    'requirements-prod.txt': production,
    'requirements-dev.txt': '-r requirements-prod.txt\ntesttool==7.4\n',
    Dockerfile:
      'FROM python:3.11-slim\nCOPY requirements-prod.txt .\nRUN pip install -r requirements-prod.txt\nCMD ["webserver", "app.main:api"]\n',
    'app/main.py': 'import webframe\n',
    'tests/test_main.py': 'import fetcher\nimport testtool\n',
  };

  test('may still hold what nothing imports, what only tests import and what comes anyway', async () => {
    const outcome = await run(service, 'audit', '--json');
    const verdicts = documentOf(outcome).declared.filter(({ path, environment }) => {
      return path === 'requirements-prod.txt' && environment === 'prod';
    });
    expect(verdicts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['webframe', 'used'],
      ['webserver', 'used'],
      ['shapes', 'indirect'],
      ['watch-folders', 'unused'],
      ['sounds', 'unused'],
      ['fetcher', 'dev-only'],
    ]);
    expect(findingsOf(outcome, 'unused').flatMap(({ packages }) => packages)).toContain('sounds');
    const [move] = findingsOf(outcome, 'dev-only');
    expect(move).toMatchObject({
      packages: ['fetcher'],
      evidence: [{ path: 'tests/test_main.py', line: 1 }],
    });
    // It has to be built, so that what it weighs and brings is not known.
    expect(documentOf(outcome).totals).toMatchObject({ unknown: 1, lowerBound: true });
    expect(findingsOf(outcome, 'no-wheel')[0]?.message).toContain('watch-folders 0.2 has no wheel');
  });
});

describe('an image', () => {
  test('has again what its slim list left out, where the project itself declares it', async () => {
    const outcome = await run(
      {
        'requirements-slim.txt': 'webframe==1.0\n',
        'pyproject.toml':
          '[project]\nname = "mixer"\nversion = "1"\ndependencies = ["webframe==1.0", "heavy-tensors==2.1.0", "tensor-audio==2.1.0"]\n',
        Dockerfile:
          'FROM python:3.11-slim\nCOPY . .\nRUN pip install -r requirements-slim.txt\nRUN pip install -e .\nCMD ["python", "-m", "mixer"]\n',
        'src/mixer/__init__.py': '',
        'src/mixer/__main__.py': 'import webframe\n',
      },
      'audit',
      '--json',
    );
    const [back] = findingsOf(outcome, 'comes-back');
    expect(back).toMatchObject({
      packages: ['heavy-tensors', 'tensor-audio'],
      leaves: expect.arrayContaining(['gpu-blobs']),
      locations: [{ path: 'Dockerfile', line: 4 }],
    });
    const names = ['heavy-tensors', 'tensor-audio', 'gpu-blobs'];
    const bytes = names.map((name) => packageOf(outcome, name).installedBytes ?? 0);
    expect(back?.savedInstalledBytes).toBe(bytes.reduce((sum, one) => sum + one, 0));
  });

  test('keeps what only an uninstalled package needed, and neither pins nor constraints are what they seem', async () => {
    const outcome = await run(
      {
        'requirements.txt': 'webframe==1.0\ntorch==2.4.1\nlistener==4.0\n',
        'constraints.txt': 'webframe==0.9\n',
        Dockerfile: [
          'FROM python:3.11-slim',
          'COPY requirements.txt constraints.txt ./',
          'RUN pip install -r requirements.txt',
          'RUN pip uninstall -y torch',
          'RUN pip install router==1.4',
          'CMD ["python", "-m", "app"]',
          '',
        ].join('\n'),
        'app/__init__.py': '',
        'app/__main__.py': 'import listener\nimport webframe\n',
      },
      'audit',
      '--json',
    );
    const [orphans] = findingsOf(outcome, 'orphan-install');
    expect(orphans?.leaves).toEqual(['nvidia-blas-cu12', 'triton']);
    expect(orphans?.savedInstalledBytes).toBeGreaterThan(16_000_000);
    const [pin] = findingsOf(outcome, 'conflicting-pin');
    expect(pin?.message).toContain('router==1.4 stands against router>=1.5 of listener 4.0');
    const [idle] = findingsOf(outcome, 'idle-constraints');
    expect(idle?.message).toContain('constraints.txt is copied here');
    expect(idle?.message).toContain('webframe==0.9 where 1.0 is installed');
  });
});

describe('one image for two services', () => {
  const services = {
    'requirements.txt': 'webframe==1.0\nspeech-text==1.0\nfast-speech==1.2\n',
    Dockerfile:
      'FROM python:3.11-slim\nCOPY app app\nCOPY worker worker\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "-m", "app.main"]\n',
    'compose.yml':
      'services:\n  api:\n    build: .\n  worker:\n    build: .\n    command: python -m worker.loop\n',
    'app/__init__.py': '',
    'app/main.py': 'import webframe\n',
    'worker/__init__.py': '',
    'worker/loop.py': 'from worker import runner\n',
    'worker/runner.py': 'import fast_speech\nimport heavy_tensors\nimport speech_text\n',
  };

  test('is told what each of them needs, even where nothing else is to be done', async () => {
    const outcome = await run(services, 'audit', ...both);
    const { entryPoints = [] } = documentOf(outcome);
    expect(
      entryPoints.map(({ name, startedBy, declared }) => [name, startedBy.path, declared]),
    ).toEqual([
      ['worker.loop', 'compose.yml', ['fast-speech', 'speech-text']],
      ['app.main', 'Dockerfile', ['webframe']],
    ]);
    const { report } = outcome;
    expect(report).toMatch(/nothing unused/);
    expect(report).toMatch(/worker\.loop +compose\.yml:6 +38 MB, 4 packages/);
    expect(report).toMatch(/app\.main +Dockerfile:6 +2\.0 MB, 3 packages/);
  });

  test('gets a list for each', async () => {
    const { code, after } = await run(services, 'split', '--per-entry-point', '--write');
    expect(code).toBe(0);
    const linesOf = (file: string): readonly string[] | undefined =>
      after[file]?.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(linesOf('requirements-app-main.txt')).toEqual(['webframe==1.0']);
    expect(linesOf('requirements-worker-loop.txt')).toEqual([
      'speech-text==1.0',
      'fast-speech==1.2',
    ]);
  });

  test('imports what is there only because another package needs it', async () => {
    const [found] = findingsOf(await run(services, 'audit', '--json'), 'transitive-import');
    expect(found).toMatchObject({
      locations: [{ path: 'worker/runner.py', line: 2 }],
      remedy: { kind: 'add', text: 'declare heavy-tensors' },
    });
    expect(found?.message).toContain('only because speech-text needs it');
  });
});

test('a command that imports at its start what only an extra has fails without that, and is told', async () => {
  const files = {
    'pyproject.toml':
      '[project]\nname = "inventory"\nversion = "1.0"\ndependencies = ["webframe==1.0"]\n\n[project.optional-dependencies]\nscreenshots = ["page-shots==1.0", "rich-text==13.0"]\n\n[project.scripts]\ninventory = "inventory.cli:main"\n',
    'src/inventory/__init__.py': '',
    'src/inventory/cli.py': 'import webframe\nimport rich_text\n',
    'src/inventory/shots.py': 'import page_shots\nimport rich_text\n',
  };
  const outcome = await run(files, 'audit', ...both);
  expect(findingsOf(outcome, 'misplaced-extra')).toMatchObject([
    {
      packages: ['rich-text'],
      severity: 'warning',
      locations: [{ path: 'pyproject.toml', line: 7 }],
      evidence: [{ path: 'src/inventory/cli.py', line: 2 }],
    },
  ]);
  expect(inOneLine(outcome)).toContain('fails without the extra screenshots');
});

describe('something lighter', () => {
  test('in place of a deprecated client is measured with both trees', async () => {
    const files = (name: string): Files => ({
      'requirements.txt': `${name}\nwebframe==1.0\n`,
      'app.py': 'import webframe\nimport google.generativeai as genai\n',
    });
    const before = await run(files('google-generativeai==0.8.5'), 'audit', ...both);
    const after = await run(files('google-genai'), 'tree', '--json');
    const [found] = findingsOf(before, 'alternative');
    expect(found).toMatchObject({
      packages: ['google-generativeai'],
      leaves: ['google-api-python-client'],
      remedy: { text: 'replace google-generativeai (requirements.txt:1) by google-genai' },
    });
    expect(found?.message).toContain('with other code');
    expect(found?.savedInstalledBytes).toBe(
      documentOf(before).totals.installedBytes - documentOf(after).totals.installedBytes,
    );
    expect(before.report).toMatch(
      /LIGHTER[\s\S]*google-generativeai +0\.8\.5 +requirements\.txt:1 +−11 MB/,
    );
  });

  test('is a newer release that a cap holds back', async () => {
    const files = (line: string): Files => ({
      'requirements.txt': `dash-ui==1.40\n${line}\n`,
      'app.py': 'import dash_ui\nfrom widget_bag import card\n',
    });
    const before = await run(files('widget-bag<1.0.0'), 'audit', '--json');
    const after = await run(files('widget-bag'), 'tree', '--json');
    const [found] = findingsOf(before, 'newer-lighter');
    expect(found).toMatchObject({
      packages: ['widget-bag'],
      leaves: ['cloud-kit', 'snow-link'],
      remedy: { kind: 'upgrade', text: 'raise widget-bag (requirements.txt:2) to 1.6.0' },
    });
    expect(found?.message).toContain('widget-bag<1.0.0 does not admit it');
    expect(found?.savedInstalledBytes).toBe(
      documentOf(before).totals.installedBytes - documentOf(after).totals.installedBytes,
    );
  });

  test('is the build for the CPU where nothing asks for a GPU, and pip, uv and Poetry are each told how', async () => {
    const files = {
      'requirements.txt': 'torch==2.4.1\nwebframe==1.0\n',
      'app.py': 'import webframe\nimport torch\nprint(torch.ones(3))\n',
    };
    const outcome = await run(files, 'audit', ...both);
    const [found] = findingsOf(outcome, 'accelerator-build');
    expect(found).toMatchObject({ packages: ['torch'], leaves: ['nvidia-blas-cu12', 'triton'] });
    expect(found?.remedy?.text).toMatch(/pip: .*torch==2\.4\.1\+cpu.*uv: .*poetry: /s);
    const report = inOneLine(outcome);
    expect(report).toContain('at least −16 MB');
    expect(report).toContain('how to take one: depweight why torch');
    const { stdout } = await run(files, 'why', 'torch');
    expect(stdout).toMatch(
      /For the CPU build[\s\S]*\n {2}pip [\s\S]*\n {2}uv [\s\S]*\n {2}poetry /,
    );
  });
});

test('a newer Python for which a pin has no wheel is told before anybody tries it', async () => {
  const files = { 'requirements.txt': 'old-numbers==1.24.3\nwebframe==1.0\n', 'app.py': '' };
  const compared = await run(files, 'compare', '--python', '3.11,3.12');
  expect(compared.stdout).toMatch(/wheels for everything +Python 3\.11/);
  expect(compared.stdout).toMatch(/source builds needed +Python 3\.12/);
  const outcome = await run(files, 'audit', '--json', '--python', '3.12');
  const [found] = findingsOf(outcome, 'no-wheel');
  expect(found?.message).toContain('old-numbers 1.24.3 has no wheel for Python 3.12');
  expect(found?.locations).toEqual([{ path: 'requirements.txt', line: 1, column: 1 }]);
});
