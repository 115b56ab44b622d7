import { describe, expect, test } from 'vitest';
import { explainPackage } from '../../src/commands/explain-package.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import { report } from '../../src/report/why.ts';
import type { AuditDocument } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  parsePackages,
} from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};
const trackmaster = createTrackmaster();

function renderWhy(document: AuditDocument, name: string, options = plain): string {
  const facts = explainPackage(document, name);
  expect(facts).not.toBeNull();
  return report.render({ ...document, command: 'why', ...facts }, options);
}

describe('why', () => {
  test.each(['torch', 'numpy', 'librosa', 'sympy', 'pytest'])(
    '%s looks like this',
    async (name) => {
      await expect(renderWhy(trackmaster, name)).toMatchFileSnapshot(`snapshots/why-${name}.txt`);
    },
  );

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const lines = renderWhy(trackmaster, 'torch', { ...plain, width }).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });

  test('says that nothing is known of the code where none was read', () => {
    const text = renderWhy({ ...trackmaster, scannedFiles: null }, 'torch');
    expect(text).toContain('not known: no Python source was read');
    expect(text).not.toContain('nowhere');
  });

  test('says nothing of the code where a job of CI is meant', () => {
    const { target } = trackmaster;
    const job = { name: 'test', path: 'ci.yml', line: 3, machine: '', target, others: [] };
    const environments = trackmaster.environments.map((row) => ({ ...row, job }));
    const text = renderWhy({ ...trackmaster, scannedFiles: null, environments }, 'torch');
    expect(text).toContain('Brought in by');
    expect(text).not.toContain('Used by your code');
    expect(text).not.toContain('\n\n\n');
  });

  test('says that nothing is known where the modules are unknown', () => {
    const packages = attribute(
      parsePackages('gdal 3.8 ? ?').map((row) => ({ ...row, modules: [] })),
      ['gdal'],
    );
    const text = renderWhy(createDocument({ packages, declared: [] }), 'gdal');
    expect(text).toContain('size unknown (source archive only)');
    expect(text).toContain('which modules it has could not be read');
    expect(text).toContain('unknown bytes, 1 package');
  });

  test('what the code imports without declaring it is used', () => {
    const packages = attribute(parsePackages('fastapi 1 5 1\nstarlette 2 5 1 < fastapi'), [
      'fastapi',
    ]);
    const findings = [
      createFinding({
        rule: 'transitive-import',
        message: 'starlette.middleware is imported, but starlette is not declared',
        evidence: [{ path: 'app/main.py', line: 7, note: 'import starlette.middleware' }],
        remedy: { kind: 'add', text: 'declare starlette' },
      }),
    ];
    const text = renderWhy(createDocument({ packages, findings }), 'starlette');
    expect(text).toContain('Used by your code   app/main.py:7   import starlette.middleware');
    expect(text).not.toContain('in none of');
  });

  test('a remark on the line that declares it is no use', () => {
    const packages = attribute(parsePackages('pip-tools 1 5 1'), ['pip-tools']).map((row) => ({
      ...row,
      declaredAt: [{ path: 'requirements.txt', line: 4, column: 1 }],
    }));
    const evidence = [{ path: 'requirements.txt', line: 4, note: 'a tool of development' }];
    const declared = [
      createDeclared({ name: 'pip-tools', line: 4, evidence, verdict: 'dev-only' }),
    ];
    const text = renderWhy(createDocument({ packages, declared }), 'pip-tools');
    expect(text).toContain('not directly: `import pip_tools` is in none of 3 files');
  });

  test('a path breaks before what it needs, and its places are counted', () => {
    const names = ['app', 'middle-of-the-way', 'another-one-between', 'leaf'];
    const rows = parsePackages(
      names
        .map((name, index) => `${name} 1 5 1${index === 0 ? '' : ` < ${names[index - 1]}`}`)
        .join('\n'),
    );
    const places = [1, 2].map((line) => ({ path: 'requirements.txt', line, column: 1 }));
    const packages = attribute(rows, ['app']).map((row) => ({ ...row, declaredAt: places }));
    const text = renderWhy(createDocument({ packages }), 'leaf');
    expect(text).toContain(
      [
        '  requirements.txt:1 +1   app ── needs ── middle-of-the-way',
        '                            ── needs ── another-one-between ── needs ── leaf',
      ].join('\n'),
    );
  });

  test('offers the other ways that findings know', () => {
    const findings = [
      createFinding({
        rule: 'accelerator-build',
        packages: ['torch'],
        savedInstalledBytes: 3_340_000_000,
        remedy: {
          kind: 'index',
          text: 'the build without CUDA: --extra-index-url https://index.test/cpu',
        },
      }),
    ];
    const text = renderWhy({ ...trackmaster, findings }, 'torch');
    expect(text).toContain('If you do need it   the build without CUDA');
    expect(text).toContain('−3.34 GB');
  });

  test('a document of another command is refused, not misread', () => {
    expect(() => report.render(trackmaster, plain)).toThrow('not the document of `why`');
  });
});

describe('explainPackage', () => {
  const packages = attribute(
    parsePackages(
      ['app 1 10 1', 'tool 1 20 2', 'mid 1 30 3 < app tool', 'leaf 1 40 4 < mid'].join('\n'),
    ),
    ['app', 'tool'],
  );
  const document = createDocument({
    packages,
    declared: [createDeclared({ name: 'app' }), createDeclared({ name: 'tool' })],
  });

  test('knows a name however it is written', () => {
    const rows = attribute(parsePackages('ruamel-yaml 1 5 1'), ['ruamel-yaml']);
    const facts = explainPackage(createDocument({ packages: rows }), 'Ruamel.YAML[jinja2]');
    expect(facts?.package).toBe('ruamel-yaml');
  });

  test('is null for what is not there', () => {
    expect(explainPackage(document, 'elsewhere')).toBeNull();
  });

  test('finds every chain, shortest first', () => {
    expect(explainPackage(document, 'leaf')?.paths).toEqual([
      ['app', 'mid', 'leaf'],
      ['tool', 'mid', 'leaf'],
    ]);
    expect(explainPackage(document, 'app')?.paths).toEqual([['app']]);
  });

  test('says what has to go with it, and what leaves', () => {
    expect(explainPackage(document, 'leaf')?.removal).toEqual({
      with: ['app', 'tool'],
      leaves: ['app', 'leaf', 'mid', 'tool'],
      savedInstalledBytes: 100,
      savedDownloadBytes: 10,
    });
    expect(explainPackage(document, 'app')?.removal).toEqual({
      with: [],
      leaves: ['app'],
      savedInstalledBytes: 10,
      savedDownloadBytes: 1,
    });
  });

  test('takes an exact removal where one was computed', () => {
    const removal = { with: [], leaves: ['leaf'], savedInstalledBytes: 1, savedDownloadBytes: 1 };
    expect(explainPackage(document, 'leaf', removal)?.removal).toBe(removal);
  });

  test('cycles and dense graphs end', () => {
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const text = names
      .map((name) => `${name} 1 5 1 < ${names.filter((other) => other !== name).join(' ')}`)
      .join('\n');
    const dense = createDocument({ packages: attribute(parsePackages(text), ['p0']) });
    const facts = explainPackage(dense, 'p39');
    expect(facts?.paths[0]).toEqual(['p0', 'p39']);
    expect(facts?.paths.length).toBeLessThanOrEqual(100);
    expect(facts?.removal.leaves).toHaveLength(40);
  });

  test('a development tool is found though it is not in the headline environment', () => {
    const rows = document.packages.map((row) =>
      row.name === 'tool' ? { ...row, environments: ['dev'] } : row,
    );
    expect(explainPackage({ ...document, packages: rows }, 'tool')?.package).toBe('tool');
  });
});
