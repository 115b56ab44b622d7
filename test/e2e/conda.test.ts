import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  pinsOf,
  removeProject,
  runDepweight,
  world,
} from './support.ts';

/** A web application in a conda environment; what pip installs on top needs something that conda has. */
const project: Readonly<Record<string, string>> = {
  'environment.yml': [
    'name: shop',
    'channels: [conda-forge]',
    'dependencies:',
    '  - python=3.11',
    '  - router=1.4',
    '  - scikit-learn==1.4.0',
    '  - testtool',
    '  - pip',
    '  - pip:',
    '      - webframe==1.0',
    '      - heavy-tensors==2.1.0',
    '',
  ].join('\n'),
  'app/main.py': 'import webframe\nimport sklearn\nimport cv2\n\nwebframe.start()\n',
};

let server: IndexServer;
let folder: string;
const flags = (): readonly string[] => ['--index-url', server.indexUrl];

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
  folder = createProject(project);
}, 60_000);

afterAll(async () => {
  removeProject(folder);
  await server.close();
});

describe('a project with a conda environment', () => {
  test('its pip is there for the pip section, whatever the code imports', async () => {
    const { stdout } = await runDepweight(['audit', '--all', ...flags()], { cwd: folder });
    expect(stdout).toMatch(/^ {2}pip +unknown .* environment\.yml:10$/m);
    const { declared } = documentOf(
      await runDepweight(['audit', '--json', ...flags()], { cwd: folder }),
    );
    expect(declared.find(({ name }) => name === 'pip')).toMatchObject({
      verdict: 'used',
      confidence: 'certain',
      evidence: [
        { path: 'environment.yml', line: 10, note: 'installs what stands in the pip section' },
      ],
    });
  });

  test('weighs what pip installs on top, lists the rest as unknown, and exits 0', async () => {
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    expect(run.code).toBe(0);
    expect(pinsOf(run)).toEqual([
      'cuda-blobs==12.1',
      'heavy-tensors==2.1.0',
      'pip==unknown',
      'router==unknown',
      'scikit-learn==1.4.0',
      'testtool==unknown',
      'webframe==1.0',
    ]);
    const document = documentOf(run);
    expect(document.target).toMatchObject({ python: '3.11', from: 'environment.yml:4' });
    expect(document.totals).toMatchObject({ unknown: 4, lowerBound: true });
    const known = document.packages.filter((row) => row.known).map(({ name }) => name);
    expect(known).toEqual(['cuda-blobs', 'heavy-tensors', 'webframe']);
    expect(document.packages.find(({ name }) => name === 'scikit-learn')).toMatchObject({
      purl: 'pkg:conda/scikit-learn@1.4.0',
      unknownReason: 'conda',
      installedBytes: null,
      declaredAt: [{ path: 'environment.yml', line: 6, column: 5 }],
    });
  });

  test('asks the index for no package of conda', async () => {
    const own = await startIndexServer(world);
    try {
      const words = ['tree', '--json', '--no-cache', '--index-url', own.indexUrl];
      await runDepweight(words, { cwd: folder });
      const asked = own.requests.map(({ path }) => path).join(' ');
      expect(asked).toContain('webframe');
      for (const name of ['router', 'scikit-learn', 'testtool', '/pip/', 'python'])
        expect(asked).not.toContain(name);
    } finally {
      await own.close();
    }
  });

  test('accuses what pip installs, and nothing of conda', async () => {
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    const { findings, declared } = documentOf(run);
    const certain = findings.filter(({ confidence }) => confidence !== 'possible');
    expect(certain.filter(({ rule }) => rule !== 'heavy').map(({ packages }) => packages)).toEqual([
      ['heavy-tensors'],
    ]);
    const ofConda = declared.filter(({ line }) => line < 9);
    expect(
      ofConda.map(({ name, verdict, confidence }) => `${name} ${verdict} ${confidence}`),
    ).toEqual([
      'router unknown possible',
      'scikit-learn unknown possible',
      'testtool unknown possible',
      'pip used certain',
    ]);
    const missing = findings.filter(({ rule }) => rule === 'missing');
    expect(missing.map(({ severity }) => severity)).toEqual(missing.map(() => 'info'));
  });

  test('exits 3 under --strict', async () => {
    const run = await runDepweight(['tree', '--strict', ...flags()], { cwd: folder });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('scikit-learn (a conda package)');
  });

  test('gives a document that its own schema admits, and the same one twice', async () => {
    const first = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    const schema = JSON.parse(
      readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    validate(documentOf(first));
    expect(validate.errors ?? []).toEqual([]);
    const fresh = await runDepweight(['audit', '--json', '--no-cache', ...flags()], {
      cwd: folder,
    });
    expect(fresh.stdout).toBe(first.stdout);
  });

  test('is told within 80 columns, with what is assumed on stderr', async () => {
    const run = await runDepweight(['audit', ...flags()], { cwd: folder });
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain('4 unknown: all conda packages.');
    expect(run.stdout).toContain('for Python 3.11');
    for (const line of run.stdout.split('\n'))
      expect(Array.from(line).length).toBeLessThanOrEqual(80);
    expect(run.stderr).toContain('4 conda packages are not weighed');
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('router (for webframe)');
  });

  test('is not split: a requirements file holds no conda package', async () => {
    const run = await runDepweight(['split', ...flags()], { cwd: folder });
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(
      'Nothing is proposed: a requirements file cannot hold its conda packages.\n',
    );
  });

  test('tells the paths to a package of conda', async () => {
    const run = await runDepweight(['why', 'router', ...flags()], { cwd: folder });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('webframe');
    expect(run.stdout).toContain('environment.yml:5');
  });
});
