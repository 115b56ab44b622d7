import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import type { AuditDocument } from '../../src/types.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './support.ts';

let server: IndexServer;

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);

afterAll(async () => server.close());

const code = { 'app/__init__.py': '', 'app/main.py': 'import webframe\n' };

async function audit(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly document: AuditDocument; readonly code: number | null }> {
  const folder = createProject({ ...code, ...files });
  const flags = ['--index-url', server.indexUrl, '--python', '3.11'];
  try {
    const run = await runDepweight(['audit', '--json', ...flags], { cwd: folder });
    return { document: documentOf(run), code: run.code };
  } finally {
    removeProject(folder);
  }
}

const kept = '# depweight: keep (loaded by name)';
const formats: readonly (readonly [string, string, number])[] = [
  ['requirements.txt', `webframe\nheavy-tensors==2.1.0  ${kept}\n`, 2],
  [
    'pyproject.toml',
    `[project]\nname = "p"\nversion = "1"\ndependencies = [\n  "webframe",\n  "heavy-tensors", ${kept}\n]\n`,
    6,
  ],
  ['Pipfile', `[packages]\nwebframe = "*"\nheavy-tensors = "*"  ${kept}\n`, 3],
  [
    'setup.cfg',
    `[metadata]\nname = p\n[options]\ninstall_requires =\n  webframe\n  heavy-tensors  ${kept}\n`,
    6,
  ],
];

describe('an overrule on the line', () => {
  test.each(formats)('of %s keeps what nothing uses', async (path, text, line) => {
    const { document } = await audit({ [path]: text });
    expect(document.findings.map(({ rule }) => rule)).not.toContain('unused');
    expect(document.declared.find(({ name }) => name === 'heavy-tensors')).toMatchObject({
      verdict: 'used',
      confidence: 'certain',
      evidence: [{ path, line, note: '# depweight: keep (loaded by name)' }],
    });
    expect(document.warnings).toEqual([]);
  });

  test('is reported once the code uses the distribution', async () => {
    const { document, code: exit } = await audit({
      'requirements.txt': `webframe  ${kept}\n`,
    });
    expect(document.warnings).toMatchObject([
      { code: 'stale-keep', path: 'requirements.txt', line: 1 },
    ]);
    expect(exit).toBe(0);
  });
});

describe('an overrule in the configuration', () => {
  const lines = 'webframe\nheavy-tensors\n';

  test('keeps with a reason, and is reported when nobody declares the name', async () => {
    const { document } = await audit({
      'requirements.txt': lines,
      'depweight.toml': '[keep]\nheavy-tensors = "the plugin loads it"\ngone = "once needed"\n',
    });
    expect(document.findings.map(({ rule }) => rule)).not.toContain('unused');
    expect(document.declared[1]?.evidence).toEqual([
      {
        path: 'depweight.toml',
        line: 2,
        note: 'kept by the configuration (the plugin loads it)',
      },
    ]);
    expect(document.warnings).toMatchObject([
      { code: 'stale-keep', path: 'depweight.toml', line: 3 },
    ]);
  });

  test('without it the same set is accused', async () => {
    const { document } = await audit({ 'requirements.txt': lines });
    expect(document.findings.map(({ rule }) => rule)).toContain('unused');
  });
});
