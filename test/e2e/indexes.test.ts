/** Which index, file and user each setting leads to: two indexes on loopback, real wheels, the built command. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import type { Run, RunOptions } from './support.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  pinsOf,
  removeProject,
  runDepweight,
} from './support.ts';

/** Has every name, in higher versions than the private one. */
let open: IndexServer;
/** Asks for a user. */
let own: IndexServer;
const user = 'me:p@ss/word';
const inUrl = 'me:p%40ss%2Fword@';

beforeAll(async () => {
  await ensureBuilt();
  open = await startIndexServer({
    distributions: [
      { name: 'tool', version: '2.0', requiresDist: ['base'] },
      { name: 'base', version: '2.0' },
      { name: 'web', version: '1.0', requiresDist: ['tool'] },
    ],
  });
  own = await startIndexServer(
    {
      distributions: [
        { name: 'tool', version: '1.0', requiresDist: ['base'] },
        { name: 'base', version: '1.0' },
      ],
    },
    { user },
  );
}, 60_000);

afterAll(async () => {
  await open.close();
  await own.close();
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeProject(folder);
  own.requests.length = 0;
  open.requests.length = 0;
});

function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = createProject(files);
  folders.push(folder);
  return folder;
}

const withUser = (): string => own.indexUrl.replace('//', `//${inUrl}`);

/** `depweight tree --json` in a folder, with the public index for the main one unless told. */
function tree(
  folder: string,
  words: readonly string[] = [],
  more: Partial<RunOptions> = {},
): Promise<Run> {
  const main = words.includes('--index-url') ? [] : ['--index-url', open.indexUrl];
  return runDepweight(['tree', '--json', '--python', '3.11', ...main, ...words], {
    cwd: folder,
    ...more,
  });
}

/** What no run may ever say or keep. */
function expectNoSecrets({ stdout, stderr }: Run): void {
  for (const text of [stdout, stderr]) expect(text).not.toMatch(/p@ss|p%40ss|bWU6cEBz/);
}

describe('the order of indexes', () => {
  test('an extra index is asked first, and the first that has a name gives it', async () => {
    const folder = project({ 'requirements.txt': 'web\n' });
    const run = await tree(folder, ['--extra-index-url', withUser()]);
    expect(pinsOf(run)).toEqual(['base==1.0', 'tool==1.0', 'web==1.0']);
    expectNoSecrets(run);
    const [warning] = documentOf(run).warnings;
    expect(warning?.message).toBe(
      `base and tool are on ${own.indexUrl.replace('//', '//****@').replace(/\/$/, '')} and on ${open.indexUrl.replace(/\/$/, '')}: taken from the first, as uv does; pip would take the highest version of both`,
    );
    const asked = open.requests.filter(({ path }) => path.startsWith('/simple/'));
    expect(asked.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /simple/web/',
      'HEAD /simple/base/',
      'HEAD /simple/tool/',
    ]);
    const again = await tree(folder, ['--extra-index-url', withUser(), '--offline']);
    expect(again.stdout).toBe(run.stdout);
  });

  test('requirements files name indexes and links of their own', async () => {
    const folder = project({
      'requirements.txt': `-i ${open.indexUrl}\n--extra-index-url ${withUser()}\nweb\n`,
    });
    const run = await runDepweight(['tree', '--json', '--python', '3.11'], { cwd: folder });
    expect(pinsOf(run)).toEqual(['base==1.0', 'tool==1.0', 'web==1.0']);
  });

  test('supplemental sources of Poetry are asked last', async () => {
    const text = (priority: string): string =>
      `[tool.poetry]\nname='app'\nversion='1'\n[tool.poetry.dependencies]\npython='*'\ntool='*'\n[[tool.poetry.source]]\nname='main'\nurl='${open.indexUrl}'\n[[tool.poetry.source]]\nname='own'\nurl='${withUser()}'\npriority='${priority}'\n`;
    const words = ['tree', '--json', '--python', '3.11'];
    const later = project({ 'pyproject.toml': text('supplemental') });
    expect(pinsOf(await runDepweight(words, { cwd: later }))).toEqual(['base==2.0', 'tool==2.0']);
    const first = project({ 'pyproject.toml': text('default') });
    expect(pinsOf(await runDepweight(words, { cwd: first }))).toEqual(['base==1.0', 'tool==1.0']);
  });

  test('an explicit source serves who names it alone', async () => {
    const folder = project({
      'pyproject.toml': `[tool.poetry]\nname='app'\nversion='1'\n[tool.poetry.dependencies]\npython='*'\ntool={version='*', source='own'}\n[[tool.poetry.source]]\nname='own'\nurl='${withUser()}'\npriority='explicit'\n`,
    });
    expect(pinsOf(await tree(folder))).toEqual(['base==2.0', 'tool==1.0']);
  });

  test('a Pipfile is read in the order of its sources', async () => {
    const sources = [open.indexUrl, withUser()].map(
      (url) => `[[source]]\nurl='${url}'\nname='n'\n`,
    );
    const folder = project({ Pipfile: `${sources.join('')}[packages]\ntool='*'\n` });
    const run = await runDepweight(['tree', '--json', '--python', '3.11'], { cwd: folder });
    expect(pinsOf(run)).toEqual(['base==2.0', 'tool==2.0']);
  });

  test('a uv.toml beside the requirements is in force', async () => {
    const folder = project({
      'requirements.txt': 'web\n',
      'uv.toml': `[[index]]\nurl = "${withUser()}"\n`,
    });
    expect(pinsOf(await tree(folder))).toEqual(['base==1.0', 'tool==1.0', 'web==1.0']);
  });
});

test('a version that only a later index has is not found, and the message says where it was looked for', async () => {
  const folder = project({ 'requirements.txt': 'web\ntool==2.0\n' });
  const run = await tree(folder, ['--extra-index-url', withUser()]);
  expect(run.code).toBe(2);
  const { error } = documentOf(run);
  expect(error?.message).toContain(
    `pins tool==2.0 (no such version on ${own.indexUrl.replace('//', '//****@').replace(/\/$/, '')}; the newest is 1.0)`,
  );
  expect(error?.hint).toContain('the first index that has tool gives it');
  expectNoSecrets(run);
});

describe('an explicit index of uv', () => {
  const text = (source: string): string =>
    `[project]\nname='app'\nversion='1'\ndependencies=['tool']\n[tool.uv.sources]\ntool=${source}\n[[tool.uv.index]]\nname='team-a'\nurl='${own.indexUrl}'\nexplicit=true\n`;

  test('gets the user that variables give to its name', async () => {
    const folder = project({ 'pyproject.toml': text("{index='team-a'}") });
    const env = { UV_INDEX_TEAM_A_USERNAME: 'me', UV_INDEX_TEAM_A_PASSWORD: 'p@ss/word' };
    const run = await tree(folder, ['-v'], { env, bare: true });
    expect(pinsOf(run)).toEqual(['base==2.0', 'tool==1.0']);
    expect(run.stderr).toContain('the user of the index team-a (UV_INDEX_TEAM_A_USERNAME)');
    expectNoSecrets(run);
    expect(open.requests.every((request) => request.user === undefined)).toBe(true);
  });

  test('is chosen by the marker that holds on the target', async () => {
    const source = `[{index='team-a', marker="sys_platform == 'linux'"}]`;
    const folder = project({ 'pyproject.toml': text(source).replace('//', `//${inUrl}`) });
    expect(pinsOf(await tree(folder, ['--platform', 'linux']))).toEqual(['base==2.0', 'tool==1.0']);
    expect(pinsOf(await tree(folder, ['--platform', 'windows']))).toEqual([
      'base==2.0',
      'tool==2.0',
    ]);
  });
});

describe('users', () => {
  test('of netrc go to their host', async () => {
    const folder = project({
      'requirements.txt': 'tool\n',
      '.netrc': 'machine 127.0.0.1 login me password p@ss/word\n',
    });
    const run = await tree(folder, ['--index-url', own.indexUrl], { bare: true });
    expect(pinsOf(run)).toEqual(['base==1.0', 'tool==1.0']);
    expectNoSecrets(run);
  });

  test('that are missing or wrong are asked for, without a keyring', async () => {
    const folder = project({ 'requirements.txt': 'tool\n' });
    const without = await tree(folder, ['--index-url', own.indexUrl]);
    expect(without.code).toBe(3);
    expect(without.stderr.replace(/\s+/g, ' ')).toContain('asks for credentials (401)');
    expect(without.stderr.replace(/\s+/g, ' ')).toContain('no keyring is asked');
    const wrong = await tree(folder, ['--index-url', own.indexUrl.replace('//', '//me:no@')]);
    expect(wrong.stderr.replace(/\s+/g, ' ')).toContain('refuses the credentials given (401)');
  });

  test('of a page of links go to its files', async () => {
    const folder = project({ 'requirements.txt': 'tool\n' });
    const words = [
      '--no-index',
      '--find-links',
      `${withUser()}tool/`,
      '--find-links',
      `${withUser()}base/`,
    ];
    const run = await tree(folder, words);
    expect(documentOf(run).packages.map(({ name, known }) => [name, known])).toEqual([
      ['base', true],
      ['tool', true],
    ]);
    expectNoSecrets(run);
  });
});

describe('files of this machine', () => {
  const bytesOf = (name: string): Uint8Array => {
    const file = open.files.get(name);
    if (file === undefined) throw new Error(`there is no ${name}`);
    return file.bytes;
  };
  const toolWheel = 'tool-2.0-py3-none-any.whl';
  const baseWheel = 'base-2.0-py3-none-any.whl';

  test('in a folder that a requirements file names are meant from that file', async () => {
    const folder = project({
      'api/requirements.txt': '--no-index\n-f wheels\ntool\n',
      [`api/wheels/${toolWheel}`]: bytesOf(toolWheel),
      [`api/wheels/${baseWheel}`]: bytesOf(baseWheel),
    });
    const elsewhere = project({ 'empty.txt': '' });
    for (const [cwd, path] of [
      [folder, 'api'],
      [folder, 'api/requirements.txt'],
      [elsewhere, join(folder, 'api')],
    ] as const) {
      const run = await runDepweight(['tree', path, '--json', '--python', '3.11'], { cwd });
      expect(pinsOf(run), path).toEqual(['base==2.0', 'tool==2.0']);
      expect(documentOf(run).packages[1]?.downloadBytes).toBe(bytesOf(toolWheel).length);
    }
  });

  test('outside of the project are read only with leave', async () => {
    const outside = project({ [toolWheel]: bytesOf(toolWheel), [baseWheel]: bytesOf(baseWheel) });
    const folder = project({
      'requirements.txt': `--no-index\n-f ${outside}\n-f link\n${outside}/${baseWheel}\ntool\n`,
    });
    symlinkSync(outside, join(folder, 'link'));
    const words = ['tree', '--json', '--python', '3.11'];
    const refused = await runDepweight(words, { cwd: folder });
    expect(refused.code).toBe(2);
    expect(documentOf(refused).warnings.map(({ code, message }) => `${code} ${message}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^outside-repository .*--allow-outside/),
        expect.stringMatching(/^find-links the folder link .*--allow-outside/),
      ]),
    );
    const allowed = await runDepweight([...words, '--allow-outside'], { cwd: folder });
    expect(pinsOf(allowed)).toEqual(['base==2.0', 'tool==2.0']);
  });

  test('that a requirement names are weighed, and read again when they change', async () => {
    const folder = project({
      'requirements.txt': `./wheels/${toolWheel}\n`,
      [`wheels/${toolWheel}`]: bytesOf(toolWheel),
    });
    const first = documentOf(await tree(folder)).packages;
    expect(first.map(({ name, version }) => `${name}==${version}`)).toEqual([
      'base==2.0',
      'tool==2.0',
    ]);
    expect(first[1]).toMatchObject({ known: true, downloadBytes: bytesOf(toolWheel).length });
    const other = await startIndexServer({ distributions: [{ name: 'tool', version: '2.0' }] });
    writeFileSync(join(folder, 'wheels', toolWheel), other.files.get(toolWheel)?.bytes ?? '');
    await other.close();
    expect(pinsOf(await tree(folder))).toEqual(['tool==2.0']);
  });

  test('that are not there are told with the line, and the rest is resolved', async () => {
    const inList = project({ 'requirements.txt': `web\n./gone/${toolWheel}\n` });
    const listed = await tree(inList);
    expect(listed.code).toBe(2);
    expect(documentOf(listed).warnings[0]).toMatchObject({ line: 2, severity: 'error' });
    expect(pinsOf(listed)).toContain('web==1.0');
    const inTable = project({
      'pyproject.toml': `[project]\nname='app'\nversion='1'\ndependencies=['base']\n[tool.uv.sources]\nbase={path='gone/${baseWheel}'}\n`,
    });
    const declared = await tree(inTable);
    expect(declared.code).toBe(3);
    expect(documentOf(declared).warnings).toContainEqual(
      expect.objectContaining({ code: 'local-archive', line: 4 }),
    );
  });

  test('keep the hash that their address gives', async () => {
    const wheel = bytesOf(baseWheel);
    const digest = createHash('sha256').update(wheel).digest('hex');
    const folder = project({
      'requirements.txt': `base @ file:./${baseWheel}#sha256=${digest}\n`,
      [baseWheel]: wheel,
    });
    expect(documentOf(await tree(folder)).packages[0]).toMatchObject({
      known: true,
      file: { sha256: digest },
    });
  });

  test('that are projects bring what they need, and that brings more', async () => {
    const folder = project({
      'app/requirements.txt': '-e ./lib\n',
      'app/lib/pyproject.toml': "[project]\nname='lib'\nversion='1'\ndependencies=['web']\n",
    });
    const document = documentOf(await tree(join(folder, 'app')));
    expect(document.packages.map(({ name, known }) => [name, known])).toEqual([
      ['base', true],
      ['lib', false],
      ['tool', true],
      ['web', true],
    ]);
  });
});

describe('hashes and formats', () => {
  test('what is said of a name is stronger than what is said of all', async () => {
    const folder = project({ 'requirements.txt': 'web\n' });
    const run = await tree(folder, ['--no-binary', ':all:', '--only-binary', 'web,tool,base']);
    expect(pinsOf(run)).toEqual(['base==2.0', 'tool==2.0', 'web==1.0']);
    const none = await tree(folder, ['--no-binary', ':all:,:none:']);
    expect(pinsOf(none)).toHaveLength(3);
  });

  test('a hash lets no other file be chosen', async () => {
    const wheel = open.files.get('base-2.0-py3-none-any.whl')?.bytes ?? '';
    const right = createHash('sha256').update(wheel).digest('hex');
    const text = (digest: string): string => `base==2.0 --hash=sha256:${digest}\n`;
    const good = project({ 'requirements.txt': text(right) });
    expect(documentOf(await tree(good)).packages[0]).toMatchObject({ known: true });
    const bad = project({ 'requirements.txt': text('0'.repeat(64)) });
    const run = await tree(bad);
    expect(documentOf(run).packages[0]).toMatchObject({ unknownReason: 'hash-excluded' });
  });
});

describe('--exclude-newer', () => {
  test('counts files of an index and none of --find-links', async () => {
    const folder = project({ 'requirements.txt': 'tool\n' });
    mkdirSync(join(folder, 'wheels'));
    const wheel = open.files.get('tool-2.0-py3-none-any.whl')?.bytes ?? '';
    writeFileSync(join(folder, 'wheels', 'tool-2.0-py3-none-any.whl'), wheel);
    const words = ['--exclude-newer', '2020-01-01'];
    const linked = await tree(folder, [...words, '--find-links', 'wheels']);
    expect(documentOf(linked).packages.map(({ name, version }) => [name, version])).toEqual([
      ['base', 'unknown'],
      ['tool', '2.0'],
    ]);
    expect(pinsOf(await tree(folder, ['--exclude-newer', '2024-01-01']))).toEqual([
      'base==2.0',
      'tool==2.0',
    ]);
  });
});
