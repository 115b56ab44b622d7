import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/commands/scan.ts';
import type { CommandContext, CommandResult } from '../../src/commands/command.ts';
import { readOptions } from '../../src/options.ts';
import { formatJson } from '../../src/report/json.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depweight-scan-'));
  await writeFile(join(folder, 'app.py'), 'import os\nfrom a.b import c as d\n');
  await writeFile(join(folder, 'run'), '#!/usr/bin/env python3\nimport re\n');
  await writeFile(join(folder, 'notes.txt'), 'import os\n');
  await writeFile(join(folder, 'broken.py'), 'import os\nx = (\n');
});
afterEach(() => rm(folder, { recursive: true }));

async function scan(
  path: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  const invocation = { command: 'scan', path, flags } as const;
  const context: CommandContext = {
    workingDirectory: folder,
    variables: {},
    searchPath: '',
    progress: { update() {} },
    signal: new AbortController().signal,
    now: () => 0,
    configure: (configuration) => readOptions(invocation, configuration),
  };
  return run(readOptions(invocation), context);
}

describe('scan', () => {
  test('gives the text as JSON alone and the document for tables, with the same content', async () => {
    const { document } = await scan('.', {});
    const { pieces, document: none, warnings } = await scan('.', { json: true });
    const text = pieces?.join('') ?? '';
    expect(none).toBeNull();
    expect(document === null || 'findings' in document ? '' : formatJson(document)).toBe(text);
    expect(JSON.parse(text)).toMatchObject({ files: 3, imports: { length: 4 } });
    expect(warnings).toMatchObject([{ code: 'source-unclosed-bracket', path: 'broken.py' }]);
  });

  test.each([
    ['app.py', ['os', 'a.b']],
    ['run', ['re']],
  ])('reads the one file %s', async (path, modules) => {
    const { pieces = [] } = await scan(path, { json: true });
    const document: { readonly imports: readonly { readonly module: string }[] } = JSON.parse(
      pieces.join(''),
    );
    expect(document).toMatchObject({ files: 1, references: [] });
    expect(document.imports.map(({ module }) => module)).toEqual(modules);
  });

  test('refuses what is no Python and what is not there', async () => {
    await expect(scan('notes.txt', {})).rejects.toMatchObject({ code: 'wrong-call' });
    await expect(scan('gone.py', {})).rejects.toMatchObject({ code: 'path-not-found' });
  });
});
