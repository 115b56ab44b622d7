/** Runs the built command in folders of its own, against an index on loopback. */
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AuditDocument } from '../../src/types.ts';
import type { Universe } from '../support/index-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The command; `DEPWEIGHT_BIN` tries another build. */
const bin = process.env['DEPWEIGHT_BIN'] ?? join(root, 'bin', 'depweight.js');

/** What a run left behind. */
export interface Run {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Instead of an empty environment; PATH and HOME are always set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of node itself. */
  readonly node?: readonly string[];
  /** Called with the words on stderr so far and the means to end the run. */
  readonly onStart?: (interrupt: () => void) => void;
  /** Without `--isolated` and `--cache-dir` of its own. */
  readonly bare?: boolean;
}

/** Runs `depweight` with the words, isolated from this machine, with a cache in the folder of the project. */
export function runDepweight(words: readonly string[], options: RunOptions): Promise<Run> {
  const { cwd, env = {}, node = [], bare = false } = options;
  const own = bare ? [] : ['--isolated', '--cache-dir', join(cwd, '.cache')];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, bin, ...words, ...own], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => error.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const [stdout, stderr] = [out, error].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      resolve({ code, stdout: stdout ?? '', stderr: stderr ?? '' });
    });
    options.onStart?.(() => child.kill('SIGINT'));
  });
}

/** The document on stdout. */
export function documentOf({ stdout, stderr }: Run): AuditDocument {
  if (stdout === '') throw new Error(`There is nothing on stdout; stderr says: ${stderr}`);
  return JSON.parse(stdout);
}

/** `name==version` of all packages. */
export function pinsOf(run: Run): readonly string[] {
  return documentOf(run).packages.map(({ name, version }) => `${name}==${version}`);
}

/** A new folder with files, by path. The caller removes it. */
export function createProject(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'depweight-e2e-'));
  writeFiles(folder, files);
  return folder;
}

/** Writes files below a folder, by path. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Removes what `createProject` made. */
export function removeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Builds `dist` when a source is younger; two test files that come at once build once. */
export async function ensureBuilt(): Promise<void> {
  if (process.env['DEPWEIGHT_BIN'] !== undefined) return;
  const lock = join(root, 'node_modules', '.depweight-build');
  for (let tries = 0; !takeLock(lock); tries++) {
    if (tries > 300) throw new Error(`Another build seems to hang; remove ${lock}`);
    await delay(100);
  }
  try {
    if (isStale()) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  } finally {
    rmdirSync(lock);
  }
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(): boolean {
  const built = statSync(join(root, 'dist', 'cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'data'].some((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).some(
      (path) => statSync(join(root, folder, path)).mtimeMs > built,
    ),
  );
}

/** A small web application's world: a heavy unused library, a test tool, extras, native wheels. */
export const world: Universe = {
  distributions: [
    {
      name: 'webframe',
      version: '1.0',
      requiresDist: ['router>=1'],
      files: [wheel({ 'webframe/__init__.py': 'x'.repeat(4000) })],
    },
    { name: 'router', version: '1.4', files: [wheel({ 'router/__init__.py': 'y'.repeat(2500) })] },
    { name: 'router', version: '2.0rc1' },
    {
      name: 'heavy-tensors',
      version: '2.1.0',
      requiresDist: ['cuda-blobs==12.1', "winblobs; sys_platform == 'win32'"],
      files: [
        {
          ...wheel({
            'tensors/__init__.py': '',
            'tensors/lib/libtensors.so': 'z'.repeat(9_000_000),
          }),
          tags: 'cp311-cp311-manylinux_2_17_x86_64',
        },
        { ...wheel({ 'tensors/__init__.py': '' }), tags: 'cp311-cp311-win_amd64' },
      ],
    },
    {
      name: 'cuda-blobs',
      version: '12.1',
      files: [wheel({ 'cuda/lib/libblob.so': 'b'.repeat(5_000_000) })],
    },
    { name: 'winblobs', version: '1.0' },
    {
      name: 'testtool',
      version: '7.4',
      requiresDist: ['pluggable'],
      files: [wheel({ 'testtool/__init__.py': 'assert True\n' })],
    },
    { name: 'pluggable', version: '1.0' },
    { name: 'numbers', version: '1.19', files: [wheel({ 'numbers_py/__init__.py': '' })] },
    { name: 'numbers', version: '1.26', files: [wheel({ 'numbers_py/__init__.py': '' })] },
    { name: 'audio', version: '0.10', requiresDist: ['numbers>=1.20'] },
    { name: 'old-archive', version: '3.0', requiresDist: ['router'], sdist: {} },
  ],
};

function wheel(contents: Readonly<Record<string, string>>): {
  readonly contents: Readonly<Record<string, string>>;
} {
  return { contents };
}

/** A project that uses a part of that world. */
export const application: Readonly<Record<string, string>> = {
  'requirements.txt': '# web\nwebframe==1.0\nheavy-tensors==2.1.0  # never used\ntesttool==7.4\n',
  'app/__init__.py': '',
  'app/main.py': 'import webframe\n\nwebframe.start()\n',
  'tests/test_main.py':
    'import testtool\nimport app.main\n\n\ndef test_it():\n    testtool.check(app.main)\n',
};
