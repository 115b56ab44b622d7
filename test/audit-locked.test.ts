import { describe, expect, onTestFinished, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskCache } from '../src/io/cache.ts';
import { auditFiles, fillIn, serveFor } from './support/audit-files.ts';
import { formats, take, universe } from './support/locked-projects.ts';

const names = Object.keys(formats) as readonly (keyof typeof formats)[];

describe.each(names)('an audit from %s', (format) => {
  const files = { ...formats[format], 'app/main.py': 'import requests\n' };

  test('says what leaves with an unused requirement, by the edges of the lock', async () => {
    const { document } = await take(files, { command: 'audit', readsSources: true });
    const unused = document.findings.find(({ rule }) => rule === 'unused');
    expect([unused?.packages, unused?.leaves]).toEqual([['flask'], ['werkzeug']]);
    const total = document.packages.reduce((sum, one) => sum + (one.installedBytes ?? 0), 0);
    expect(unused?.savedInstalledBytes).toBe(total);
    expect(unused?.locations[0]?.path).toMatch(/^(?:pyproject\.toml|Pipfile)$/);
  });

  test('tells why a locked package is there', async () => {
    const { document } = await take(files, {
      command: 'why',
      readsSources: true,
      subject: 'werkzeug',
    });
    expect(document.packages.find(({ name }) => name === 'werkzeug')?.requiredBy).toEqual([
      'flask',
    ]);
  });

  test('needs no network once it was done', async () => {
    const server = await serveFor(universe);
    const filled = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, fillIn(text, server)]),
    );
    const folder = mkdtempSync(join(tmpdir(), 'depweight-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const cache = createDiskCache({ folder, now: () => 0, refresh: false });
    const request = { python: '3.11', platform: 'linux' };
    const first = await auditFiles(filled, server, request, cache);
    const asked = server.requests.length;
    const again = await auditFiles(filled, server, { ...request, offline: true }, cache);
    expect(again).toEqual(first);
    expect(again.totals.unknown).toBe(0);
    expect(server.requests).toHaveLength(asked);
  });
});
