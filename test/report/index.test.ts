import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FORMATS, readOptions } from '../../src/options.ts';
import { loadReport, renderScan, REPORTS } from '../../src/report/index.ts';

const commands = ['audit', 'tree', 'why', 'split', 'check'] as const;

describe('the report axis', () => {
  test.each(commands)('%s has a table and a JSON', async (command) => {
    for (const name of ['table', 'json']) {
      expect((await loadReport(name, command)).name).toBe(name);
    }
  });

  test('every member calls itself what the list calls it, and describes itself', async () => {
    for (const entry of REPORTS) {
      const { report } = await entry.load();
      expect(report.name).toBe(entry.name);
      expect(report.description).not.toBe('');
    }
  });

  test('a format that is not there says so, and names one that is', async () => {
    await expect(loadReport('table', 'cache')).rejects.toThrow('not built yet');
  });

  test('every format that can be asked for is on the list', () => {
    for (const command of [...commands, 'diff'] as const) {
      const fits = REPORTS.filter((entry) => entry.commands?.includes(command) ?? true);
      const listed = new Set(fits.map((entry) => entry.name));
      for (const format of FORMATS) {
        const ask = (): unknown => readOptions({ command, flags: { format } });
        if (listed.has(format)) expect(ask).not.toThrow();
        else expect(ask).toThrow('not built yet');
      }
    }
  });

  test('scan has both too', async () => {
    const scan = { schemaVersion: 1, files: 0, imports: [], references: [], warnings: [] } as const;
    const options = {
      width: 80,
      color: false,
      units: 'si',
      all: false,
      bytecode: false,
      weights: true,
    } as const;
    expect(JSON.parse(await renderScan(scan, 'json', options)).files).toBe(0);
    expect(await renderScan(scan, 'table', options)).toContain('0 Python files');
  });

  test('every file that exports a report is on the list', async () => {
    const folder = new URL('../../src/report/', import.meta.url);
    const listed = new Set(
      await Promise.all(REPORTS.map(async (entry) => (await entry.load()).report)),
    );
    for (const file of readdirSync(folder)) {
      const module: Record<string, unknown> = await import(`${folder.href}${file}`);
      if ('report' in module)
        expect([file, [...listed].includes(module['report'] as never)]).toEqual([file, true]);
    }
  });
});
