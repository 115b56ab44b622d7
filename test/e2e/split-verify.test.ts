import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import {
  application,
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './support.ts';
import type { Run } from './support.ts';

let server: IndexServer;
let folder: string;
let programs: string;
beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);
afterAll(() => server.close());
beforeEach(() => {
  folder = createProject(application);
  programs = createProject({});
});
afterEach(() => [folder, programs].forEach(removeProject));

const split = (path: string, ...words: readonly string[]): Promise<Run> => {
  const target = ['--index-url', server.indexUrl, '--python', '3.11'];
  return runDepweight(['split', '--verify', ...words, ...target], {
    cwd: folder,
    env: { PATH: path },
  });
};

/** Stands for uv: notes how it is called, and makes an environment whose python says what it is told to. */
function writeUv(place: string, answers: string): void {
  const python = `#!/bin/sh\nshift 3\nfor name in "$@"; do\necho "try $name"\n${answers}\ndone\n`;
  writeFileSync(join(programs, 'python'), python);
  writeFileSync(
    join(place, 'uv'),
    `#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >> "${programs}/calls"
case "$1" in
--version) echo "uv 9.9.9 (abc)" ;;
python) echo /usr/bin/python3.11 ;;
venv) for folder in "$@"; do :; done
  site="$folder/lib/python3.11/site-packages/webframe-1.0.dist-info"
  mkdir -p "$folder/bin" "$site" && ln -s lib "$folder/lib64"
  cp "${programs}/python" "$folder/bin/python" && chmod +x "$folder/bin/python"
  printf 'webframe-1.0.dist-info/METADATA,,\\nwebframe-1.0.dist-info/x.pyc,,\\n' > "$site/RECORD"
  printf 'twelve bytes' > "$site/METADATA"; printf 'x' > "$site/x.pyc" ;;
pip) for file in "$@"; do :; done; cat "$file" >> "${programs}/requirements" ;;
esac
`,
  );
  chmodSync(join(place, 'uv'), 0o755);
}
const noted = (name: string): string => readFileSync(join(programs, name), 'utf8');
const left = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('depweight-verify-'));

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('split --verify', () => {
  test('installs the pins of a set, wheels alone, out of the repository, and imports what the code imports', async () => {
    writeUv(programs, 'echo "ok $name"');
    const before = left();
    const run = await split(programs, '--json');
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const [production, development] = documentOf(run).splits;
    expect(production?.proof.verification).toEqual({
      tool: 'uv 9.9.9',
      python: '3.11',
      packages: 2,
      installedBytes: 12,
      imported: ['webframe'],
      failed: [],
      leftOut: [],
    });
    expect(development?.proof.verification).toBeUndefined();
    expect(noted('requirements')).toBe(
      `--index-url ${server.indexUrl.replace(/\/$/, '')}\nrouter==1.4\nwebframe==1.0\n`,
    );
    expect(noted('calls')).toMatch(/^pip install .*--no-deps --only-binary :all: /m);
    expect(noted('calls')).not.toContain(folder);
    expect(left()).toEqual(before);
    expect(existsSync(join(folder, 'requirements-prod.txt'))).toBe(false);
  });

  test('a module that is not there fails the set, and nothing is written', async () => {
    writeUv(programs, `echo "failed $name ModuleNotFoundError: No module named 'x'"`);
    const run = await split(programs, '--write');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('import webframe fails');
    expect(existsSync(join(folder, 'requirements-prod.txt'))).toBe(false);
  });

  test('a module that this machine cannot import, or that ends the interpreter, is told', async () => {
    writeUv(programs, 'exit 3');
    const run = await split(programs);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('webframe: it ends the interpreter');
  });

  test.each(['a relative folder', 'the repository'])(
    'a program of %s is never run',
    async (where) => {
      mkdirSync(join(folder, 'bin'));
      writeUv(join(folder, 'bin'), 'echo "ok $name"');
      const run = await split(
        where === 'the repository' ? join(folder, 'bin') : `bin${delimiter}.`,
      );
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('neither uv nor Python itself has a Python 3.11 here');
      expect(existsSync(join(programs, 'calls'))).toBe(false);
    },
  );

  test('another target than this machine is refused', async () => {
    const run = await split(programs, '--platform', 'windows');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('this machine is another one');
  });
});
