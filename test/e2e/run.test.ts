import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { IndexServer, IndexServerOptions, Universe } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import type { Run } from './support.ts';
import {
  application,
  createProject,
  documentOf,
  ensureBuilt,
  pinsOf,
  removeProject,
  runDepweight,
  world,
} from './support.ts';

let server: IndexServer;
let folder: string;
const flags = (): readonly string[] => ['--index-url', server.indexUrl, '--python', '3.11'];

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
  folder = createProject(application);
}, 60_000);

afterAll(async () => {
  removeProject(folder);
  await server.close();
});

describe('audit of a folder', () => {
  test('weighs the tree, finds what is unused and what is for tests only, and exits 0', async () => {
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    expect(run.code).toBe(0);
    expect(run.stderr).toBe('');
    const document = documentOf(run);
    expect(pinsOf(run)).toEqual([
      'cuda-blobs==12.1',
      'heavy-tensors==2.1.0',
      'pluggable==1.0',
      'router==1.4',
      'testtool==7.4',
      'webframe==1.0',
    ]);
    const rules = document.findings.map(({ rule, packages }) => [rule, packages]);
    expect(rules).toContainEqual(['unused', ['heavy-tensors']]);
    expect(rules).toContainEqual(['dev-only', ['testtool']]);
    const unused = document.findings.find(({ rule }) => rule === 'unused');
    expect(unused?.leaves).toEqual(['cuda-blobs']);
    expect(unused?.savedInstalledBytes).toBeGreaterThan(14_000_000);
    expect(unused?.locations).toEqual([{ path: 'requirements.txt', line: 3, column: 1 }]);
  });

  test('states the very bytes of the wheels', async () => {
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    for (const { name, file, downloadBytes, installedBytes } of documentOf(run).packages) {
      const served = server.files.get(file?.filename ?? '');
      expect(downloadBytes, name).toBe(served?.bytes.length);
      expect(installedBytes, name).toBeGreaterThan(0);
    }
  });

  test('gives a document that its own schema admits', async () => {
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    const schema = JSON.parse(
      readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    validate(documentOf(run));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('says the same bytes twice, with a cache and without', async () => {
    const first = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    const second = await runDepweight(['audit', '--json', ...flags()], { cwd: folder });
    const fresh = await runDepweight(['audit', '--json', '--no-cache', ...flags()], {
      cwd: folder,
    });
    expect(second.stdout).toBe(first.stdout);
    expect(fresh.stdout).toBe(first.stdout);
  });

  test('prints a report without colour on a pipe, and nothing on stderr', async () => {
    const run = await runDepweight(['audit', ...flags()], { cwd: folder });
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('REMOVE');
    expect(run.stdout).toContain('heavy-tensors');
    expect(run.stdout).not.toContain('\u001b');
    for (const line of run.stdout.split('\n'))
      expect(Array.from(line).length).toBeLessThanOrEqual(80);
  });

  test('colours when it is told to', async () => {
    const run = await runDepweight(['audit', '--color', 'always', ...flags()], { cwd: folder });
    expect(run.stdout).toContain('\u001b[');
  });

  test('writes the document to a file as well and the report to stdout', async () => {
    const words = ['audit', '--output', 'json:out.json', ...flags()];
    const run = await runDepweight(words, { cwd: folder });
    expect(run.stdout).toContain('REMOVE');
    const written = JSON.parse(readFileSync(`${folder}/out.json`, 'utf8'));
    expect(written.packages).toHaveLength(6);
  });

  test('exits 1 when a finding is told to fail the run', async () => {
    const run = await runDepweight(['audit', '--fail-on', 'unused', ...flags()], { cwd: folder });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('REMOVE');
  });
});

describe('a script with requirements of its own', () => {
  const files = {
    'tools/fetch.py':
      '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["router<2", "pluggable", "testtool"]\n# ///\nimport router\nimport helper\nimport yaml\n',
    'tools/helper.py': 'import testtool\n',
    'tools/other.py': 'import pluggable\n',
  };
  const index = (): readonly string[] => ['--index-url', server.indexUrl];

  test('is audited alone: its files, its Python, and what they use', async () => {
    const tree = createProject({ ...files, 'requirements.txt': 'webframe\n' });
    const run = await runDepweight(['audit', 'tools/fetch.py', '--json', ...index()], {
      cwd: tree,
    });
    removeProject(tree);
    const document = documentOf(run);
    expect([run.code, document.project, document.scannedFiles]).toEqual([0, 'fetch.py', 2]);
    expect(document.target.from).toBe('requires-python');
    expect(pinsOf(run)).toEqual(['pluggable==1.0', 'router==1.4', 'testtool==7.4']);
    expect(document.declared.map(({ name, line, verdict }) => [name, line, verdict])).toEqual([
      ['router', 3, 'used'],
      ['pluggable', 3, 'indirect'],
      ['testtool', 3, 'used'],
    ]);
    const missing = document.findings.find(({ rule }) => rule === 'missing');
    expect(missing?.locations).toEqual([{ path: 'tools/fetch.py', line: 7, column: 1 }]);
  });

  test('is no part of the project around it, which says so', async () => {
    const tree = createProject({
      ...files,
      'requirements.txt': 'webframe\nrouter\n',
      'app.py': 'import webframe\n',
    });
    const run = await runDepweight(['audit', '--json', ...flags()], { cwd: tree });
    removeProject(tree);
    expect(pinsOf(run)).toEqual(['router==1.4', 'webframe==1.0']);
    const [note] = documentOf(run).warnings.filter(({ code }) => code === 'inline-scripts');
    expect(note?.message).toContain('depweight audit tools/fetch.py');
    const router = documentOf(run).declared.find(({ name }) => name === 'router');
    expect(router?.evidence.map(({ path }) => path)).not.toContain('tools/fetch.py');
  });

  test('is named where a folder has nothing else', async () => {
    const tree = createProject(files);
    const run = await runDepweight(['audit', ...index()], { cwd: tree });
    const plain = await runDepweight(['tree', 'tools/helper.py', ...index()], { cwd: tree });
    removeProject(tree);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('depweight audit tools/fetch.py');
    expect([plain.code, plain.stdout]).toEqual([2, '']);
    expect(plain.stderr).toContain('tools/helper.py:1: there is no block `# /// script`');
  });
});

describe('a date of [tool.uv]', () => {
  const dated = (version: string, uploadTime: string): Universe['distributions'][number] => ({
    name: 'dated',
    version,
    uploadTime,
  });

  test('leaves out what is newer, unless the command line says another', async () => {
    const index = await startIndexServer({
      distributions: [dated('1.0', '2023-06-01T00:00:00Z'), dated('2.0', '2024-06-01T00:00:00Z')],
    });
    const tree = createProject({
      'pyproject.toml':
        "[project]\nname='mine'\nversion='1'\ndependencies=['dated']\n[tool.uv]\nexclude-newer='2024-01-01'\n",
    });
    const words = ['tree', '--json', '--index-url', index.indexUrl, '--python', '3.11'];
    const old = await runDepweight([...words, '--verbose'], { cwd: tree });
    const later = await runDepweight([...words, '--exclude-newer', '2025-01-01'], { cwd: tree });
    await index.close();
    removeProject(tree);
    expect([pinsOf(old), pinsOf(later)]).toEqual([['dated==1.0'], ['dated==2.0']]);
    expect(old.stderr).toContain('2024-01-02T00:00:00.000Z or later (pyproject.toml)');
  });
});

describe('a wheel that cannot be read', () => {
  test('is told at the line that names it', async () => {
    const empty = new Uint8Array(22);
    empty.set([0x50, 0x4b, 5, 6]);
    const tree = createProject({
      'requirements.txt': 'router\n./wheels/mine-1.0-py3-none-any.whl\n',
      'wheels/mine-1.0-py3-none-any.whl': empty,
    });
    const run = await runDepweight(['tree', '--json', ...flags()], { cwd: tree });
    removeProject(tree);
    const places = documentOf(run)
      .warnings.filter(({ message }) => message.includes('mine'))
      .map(({ path, line }) => `${path}:${line}`);
    expect(new Set(places)).toEqual(new Set(['requirements.txt:2']));
  });
});

describe('requirements that could not be read whole', () => {
  const files = {
    'setup.py':
      'from setuptools import setup\nimport versions\nsetup(name="mine", install_requires=["webframe", "testtool"] + versions.wanted())\n',
    'mine/__init__.py': 'import webframe\nimport yaml\n',
  };

  test('make every figure a lower bound, and accuse no import', async () => {
    const tree = createProject(files);
    const json = await runDepweight(['audit', '--json', ...flags()], { cwd: tree });
    const strict = await runDepweight(['tree', '--no-weights', '--strict', ...flags()], {
      cwd: tree,
    });
    const split = await runDepweight(['split', '--write', ...flags()], { cwd: tree });
    removeProject(tree);
    const { totals, environments, findings } = documentOf(json);
    expect([json.code, totals.unknown, totals.lowerBound]).toEqual([0, 0, true]);
    expect(environments.map(({ partial }) => partial)).toEqual([true]);
    expect(
      findings.filter(({ rule }) => rule === 'missing').map(({ confidence }) => confidence),
    ).toEqual(['possible']);
    expect(strict.code).toBe(3);
    expect(strict.stdout).toContain('at least 4 packages');
    expect([split.code, split.stderr]).toEqual([
      2,
      expect.stringContaining('not all requirements could be read'),
    ]);
  });
});

describe('both shapes of index', () => {
  test('give the same document', async () => {
    const mirror = await startIndexServer(world, { shape: 'mirror' });
    const relative = await startIndexServer(world, { relativeUrls: true, metadataShare: 0 });
    const stubborn = await startIndexServer(world, { ignoreRange: true });
    try {
      const documents: string[] = [];
      for (const { indexUrl } of [server, mirror, relative, stubborn]) {
        const words = [
          'audit',
          '--json',
          '--no-cache',
          '--python',
          '3.11',
          '--index-url',
          indexUrl,
        ];
        const run = await runDepweight(words, { cwd: folder });
        expect(run.code).toBe(0);
        documents.push(run.stdout.replaceAll(/"metadataFrom": "[a-z-]+"/g, ''));
      }
      expect(new Set(documents).size).toBe(1);
    } finally {
      await Promise.all([mirror.close(), relative.close(), stubborn.close()]);
    }
  });
});

describe('a second run', () => {
  const recorder = `data:text/javascript,${encodeURIComponent(
    `
    import { registerHooks, register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(\`
      import { appendFileSync } from 'node:fs';
      export async function load(url, context, next) {
        appendFileSync(process.env.LOADED_LIST, url + '\\\\n');
        return next(url, context);
      }
    \`));
  `.replace('registerHooks, ', ''),
  )}`;

  test('asks the index nothing and loads neither undici nor the purl library', async () => {
    const own = createProject(application);
    try {
      const words = ['audit', '--json', ...flags()];
      const first = await runDepweight(words, { cwd: own });
      server.requests.length = 0;
      const list = `${own}/loaded.txt`;
      const node = ['--import', recorder];
      const second = await runDepweight(words, { cwd: own, node, env: { LOADED_LIST: list } });
      expect(second.stdout).toBe(first.stdout);
      expect(server.requests).toEqual([]);
      const loaded = readFileSync(list, 'utf8');
      expect(loaded).toContain('dist/cli.js');
      expect(loaded).not.toMatch(/undici|packageurl|p-limit|\/ora\/|cli-table3/);
    } finally {
      removeProject(own);
    }
  });

  test('asks again with --refresh, and is told that nothing changed', async () => {
    const own = createProject(application);
    try {
      const first = await runDepweight(['tree', '--json', ...flags()], { cwd: own });
      server.requests.length = 0;
      const second = await runDepweight(['tree', '--json', '--refresh', ...flags()], { cwd: own });
      expect(second.stdout).toBe(first.stdout);
      expect(server.requests.length).toBeGreaterThan(0);
      expect(server.requests.every(({ status }) => status === 304)).toBe(true);
    } finally {
      removeProject(own);
    }
  });

  test('needs no index with --offline, and without a cache says what is lacking', async () => {
    const own = createProject(application);
    try {
      const first = await runDepweight(['tree', '--json', ...flags()], { cwd: own });
      server.requests.length = 0;
      const offline = await runDepweight(['tree', '--json', '--offline', ...flags()], { cwd: own });
      expect(offline.code).toBe(0);
      expect(offline.stdout).toBe(first.stdout);
      const words = ['tree', '--json', '--offline', '--no-cache', ...flags()];
      const empty = await runDepweight(words, { cwd: own });
      expect(empty.code).toBe(3);
      expect(empty.stderr).toContain('webframe');
      expect(
        documentOf(empty).packages.every(({ unknownReason }) => unknownReason === 'offline'),
      ).toBe(true);
      expect(server.requests).toEqual([]);
    } finally {
      removeProject(own);
    }
  });
});

describe('the exit code', () => {
  /** One project for one run. */
  async function attempt(
    files: Readonly<Record<string, string | Uint8Array>>,
    words: readonly string[],
    index: string = server.indexUrl,
  ): Promise<Awaited<ReturnType<typeof runDepweight>>> {
    const own = createProject(files);
    try {
      return await runDepweight([...words, '--index-url', index, '--python', '3.11'], { cwd: own });
    } finally {
      removeProject(own);
    }
  }

  test('is 3 for a name that the index does not have, and the rest is reported', async () => {
    const files = { 'requirements.txt': 'webframe==1.0\nno-such-name==1\n' };
    const run = await attempt(files, ['tree', '--json']);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('no-such-name');
    expect(run.stderr).toContain('requirements.txt:2');
    expect(pinsOf(run)).toEqual(['no-such-name==1', 'router==1.4', 'webframe==1.0']);
    expect(documentOf(run).totals).toMatchObject({ unknown: 1, lowerBound: true });
  });

  test('is 2 for a conflict, told with file and line, in an otherwise empty document', async () => {
    const files = { 'requirements.txt': '# pins\naudio==0.10\nnumbers==1.19\n' };
    const run = await attempt(files, ['audit', '--json']);
    expect(run.code).toBe(2);
    const { error, packages } = documentOf(run);
    expect(packages).toEqual([]);
    expect(error?.requirements.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'requirements.txt:2',
      'requirements.txt:3',
    ]);
    expect(error?.message).toContain('no version of numbers fits');
    expect(run.stderr).toContain('requirements.txt:3');
    expect(run.stderr).not.toContain('    at ');
  });

  test('is 2 for a line that cannot be parsed, and the rest is reported', async () => {
    const files = { 'requirements.txt': 'webframe==1.0\n=== nonsense ===\n' };
    const run = await attempt(files, ['tree', '--json']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('requirements.txt:2');
    expect(pinsOf(run)).toEqual(['router==1.4', 'webframe==1.0']);
  });

  test('is 2 where there is no dependency file', async () => {
    const run = await attempt({ 'README.md': 'nothing here' }, ['audit', '--json']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('no dependency file found');
    expect(run.stdout).toBe('');
  });

  test('is 2 for a PATH that is not there', async () => {
    const run = await attempt({}, ['audit', 'nowhere']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('nowhere');
  });

  test('is 2 for invalid TOML, with its line', async () => {
    const files = { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["webframe"\n' };
    const run = await attempt(files, ['tree']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/pyproject\.toml:\d/);
  });

  test('is 2 for bytes that are no text', async () => {
    const run = await attempt({ 'requirements.txt': Buffer.from([0, 159, 146, 150, 0, 1]) }, [
      'tree',
    ]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('requirements.txt');
  });

  test('is 2 for an unknown option, with the nearest one', async () => {
    const run = await attempt(application, ['audit', '--pyton', '3.11']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--python');
  });

  test('is 3 without a network, and says what could not be asked', async () => {
    const run = await attempt(application, ['tree', '--json'], 'http://127.0.0.1:9/simple/');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('127.0.0.1:9');
    expect(documentOf(run).packages.every(({ unknownReason }) => unknownReason === 'network')).toBe(
      true,
    );
  });

  test('is 0 for a size that is unknown by nature, 3 with --strict', async () => {
    const files = { 'requirements.txt': 'old-archive==3.0\n' };
    const run = await attempt(files, ['tree', '--json']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('old-archive');
    expect(pinsOf(run)).toEqual(['old-archive==3.0', 'router==1.4']);
    expect(documentOf(run).totals.lowerBound).toBe(true);
    expect((await attempt(files, ['tree', '--json', '--strict'])).code).toBe(3);
  });

  test('is 130 when it is interrupted, soon', async () => {
    const slow = await startIndexServer(world, { faults: [{ path: /simple/, delayMs: 20_000 }] });
    const own = createProject(application);
    try {
      const started = performance.now();
      const run = await runDepweight(['tree', '--index-url', slow.indexUrl], {
        cwd: own,
        onStart: (interrupt) => setTimeout(interrupt, 1500),
      });
      expect(run.code).toBe(130);
      expect(run.stdout).toBe('');
      expect(performance.now() - started).toBeLessThan(8000);
    } finally {
      removeProject(own);
      await slow.close();
    }
  });
});

describe('a bad index', () => {
  /** The tree of two names from an index with faults, or at another address. */
  async function treeFrom(
    options: IndexServerOptions & { readonly universe?: Universe },
    address: (server: IndexServer) => readonly string[] = ({ indexUrl }) => [
      '--index-url',
      indexUrl,
    ],
  ): Promise<Run> {
    const own = createProject({ 'requirements.txt': 'webframe==1.0\ntesttool==7.4\n' });
    const bad = await startIndexServer(options.universe ?? world, options);
    try {
      return await runDepweight(['tree', '--json', '--python', '3.11', ...address(bad)], {
        cwd: own,
      });
    } finally {
      removeProject(own);
      await bad.close();
    }
  }

  test('one page that fails leaves the others whole, and is told with who wants it', async () => {
    const run = await treeFrom({ faults: [{ path: '/simple/router/', status: 451 }] });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/router.*webframe 1\.0.*451/s);
    expect(documentOf(run).packages.find(({ name }) => name === 'router')).toMatchObject({
      known: false,
      unknownReason: 'network',
    });
    expect(pinsOf(run)).toContain('testtool==7.4');
  });

  test('one wheel that is no archive leaves the others whole', async () => {
    const broken = {
      name: 'router',
      version: '1.4',
      files: [{ bytes: Buffer.from('<html>Sign in</html>') }],
    };
    const others = world.distributions.filter(({ name }) => name !== 'router');
    const run = await treeFrom({ universe: { distributions: [...others, broken] } });
    expect(run.code).toBe(3);
    expect(documentOf(run).packages.find(({ name }) => name === 'router')).toMatchObject({
      known: false,
      unknownReason: 'broken-wheel',
      installedBytes: null,
    });
    expect(documentOf(run).totals).toMatchObject({ unknown: 1, lowerBound: true });
  });

  test('a log-in page for everything is no empty index', async () => {
    const run = await treeFrom({
      faults: [{ path: /./, body: '<html><form>Sign in</form></html>', contentType: 'text/html' }],
      shape: 'mirror',
    });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('log-in');
  });

  test('an address that is none is told, not a crash', async () => {
    const run = await treeFrom({}, () => ['--index-url', 'nonsense']);
    expect([2, 3]).toContain(run.code);
    expect(run.stderr).toContain('nonsense');
    expect(run.stderr).not.toContain('    at ');
  });

  test('nothing of a password is shown or kept', async () => {
    const run = await treeFrom({ faults: [{ path: /simple/, status: 401 }] }, ({ indexUrl }) => [
      '--index-url',
      indexUrl.replace('//', '//me:s3cr3t@'),
      '-v',
    ]);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('credentials');
    expect(run.stdout + run.stderr).not.toContain('s3cr3t');
  });

  test('a name that two indexes have is told', async () => {
    const other = await startIndexServer({ distributions: [{ name: 'router', version: '99.0' }] });
    try {
      const run = await treeFrom({}, ({ indexUrl }) => [
        '--index-url',
        indexUrl,
        '--extra-index-url',
        other.indexUrl,
      ]);
      expect(run.code).toBe(0);
      expect(pinsOf(run)).toContain('router==99.0');
      expect(run.stderr).toMatch(/router is on http.* and on http/);
    } finally {
      await other.close();
    }
  });

  test('a server that is slow is waited for, and asked side by side', async () => {
    let slow: IndexServer | null = null;
    const run = await treeFrom({ faults: [{ path: /./, delayMs: 300 }] }, (server) => {
      slow = server;
      return ['--index-url', server.indexUrl];
    });
    expect(run.code).toBe(0);
    // Both names of the file at least: a wall clock would measure what else the machine does.
    expect((slow as IndexServer | null)?.mostAtOnce()).toBeGreaterThanOrEqual(2);
  });
});

describe('hostile names', () => {
  test('reach neither stdout nor stderr with their control characters', async () => {
    const evil = '\u001b[31mred\u001b[0m\u202e\u0007';
    const files = { 'requirements.txt': `webframe==1.0\nodd name ${evil} ; nonsense\n` };
    const own = createProject(files);
    try {
      const words = ['tree', '--index-url', server.indexUrl, '--python', '3.11'];
      const run = await runDepweight(words, { cwd: own });
      for (const text of [run.stdout, run.stderr]) expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
      expect(run.stderr).toContain('requirements.txt:2');
    } finally {
      removeProject(own);
    }
  });
});

describe('why', () => {
  test('tells the paths to a package', async () => {
    const run = await runDepweight(['why', 'router', '--json', ...flags()], { cwd: folder });
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      package: 'router',
      paths: [['webframe', 'router']],
    });
  });

  test('exits 2 for a package that is not there, with the nearest name', async () => {
    const run = await runDepweight(['why', 'rooter', ...flags()], { cwd: folder });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('rooter');
    expect(run.stderr).toContain('router');
    expect(run.stdout).toBe('');
  });
});

test('scan needs no index', async () => {
  const run = await runDepweight(['scan', '--json'], { cwd: folder, bare: true });
  expect(run.code).toBe(0);
  const { imports } = JSON.parse(run.stdout);
  expect(imports.map(({ module }: { module: string }) => module)).toContain('webframe');
});
