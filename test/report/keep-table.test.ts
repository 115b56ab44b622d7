import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  parsePackages,
} from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const packages = attribute(
  parsePackages('librosa 0.10.1 1000000 5\nscipy 1.11.4 111000000 9 < librosa\nfig 1.0 5 1'),
  ['librosa', 'scipy', 'fig'],
);

/** The table of what stays, with this file as the reason for librosa. */
function tableOf(path: string, width = 80): readonly string[] {
  const declared = packages.map(({ name }) =>
    createDeclared({ name, evidence: [{ path, line: 209, note: `import ${name}` }] }),
  );
  const findings = [createFinding({ packages: ['fig'], savedInstalledBytes: 5 })];
  const document = createDocument({ packages, declared, findings });
  const lines = report.render(document, { ...plain, width }).split('\n');
  const start = lines.findIndex((line) => line.startsWith('KEEP'));
  return lines.slice(start + 1, start + 4);
}

describe('KEEP', () => {
  test('has all columns where places are short', () => {
    expect(tableOf('app/main.py')).toEqual([
      '                       itself   only for it   shared  why it stays',
      '  librosa     0.10.1   1.0 MB           0 B   111 MB  app/main.py:209',
      '  scipy       1.11.4   111 MB  needed by librosa too  app/main.py:209',
    ]);
  });

  test('gives up what is shared, then the versions, before it cuts a place', () => {
    const [head, librosa, scipy] = tableOf('src/trackmaster/main.py');
    expect(head).not.toContain('shared');
    expect(librosa).toMatch(/0\.10\.1 .* src\/trackmaster\/main\.py:209$/);
    expect(scipy).toMatch(/librosa too {2}src\/trackmaster\/main\.py:209$/);
    const [, narrow] = tableOf('src/dashboard/pages/explorer/views.py');
    expect(narrow).not.toContain('0.10.1');
    expect(narrow).toMatch(/ src\/dashboard\/pages\/explorer\/views\.py:209$/);
  });

  test('leaves out folders where even that is too narrow', () => {
    const [, librosa] = tableOf('src/dashboard/pages/deep/below/advanced_explorer.py');
    expect(librosa).toMatch(/ …\/.*advanced_explorer\.py:209$/);
  });

  test.each([60, 80, 100])('keeps within %d columns, aligned', (width) => {
    for (const path of ['a.py', 'src/package/module.py', `${'deep/'.repeat(30)}main.py`]) {
      const [head = '', ...rows] = tableOf(path, width);
      for (const row of rows) {
        expect(displayWidth(row)).toBeLessThanOrEqual(width);
        expect(row[head.indexOf('why it stays') - 1]).toBe(' ');
        expect(row[head.indexOf('why it stays')]).not.toBe(' ');
      }
    }
  });

  test('an import says more than a mention in a configuration', () => {
    const evidence = [
      { path: '.vscode/settings.json', line: 9, note: 'mentions fig' },
      { path: 'app/main.py', line: 3, note: 'import fig' },
    ];
    const declared = [createDeclared({ name: 'fig', evidence })];
    const document = createDocument({ packages, declared, scannedFiles: 3 });
    expect(report.render(document, { ...plain, all: true })).toContain('app/main.py:3');
  });

  test('says that the user keeps it', () => {
    const note = '# depweight: keep (the plugin loads it by name)';
    const evidence = [{ path: 'requirements.txt', line: 2, note }];
    const declared = [createDeclared({ name: 'fig', evidence })];
    const document = createDocument({ packages, declared, scannedFiles: 3 });
    expect(report.render(document, { ...plain, all: true })).toContain('requirements.txt:2 (kept)');
  });
});
