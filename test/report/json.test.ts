import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { explainPackage } from '../../src/commands/explain-package.ts';
import { formatJson } from '../../src/report/json.ts';
import type { AuditDocument, ScanDocument } from '../../src/types.ts';
import schema from '../../data/report.schema.json' with { type: 'json' };
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  createPackage,
} from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const validate = new Ajv({
  strict: true,
  strictRequired: false,
  allErrors: true,
  allowUnionTypes: true,
}).compile(schema);

function problems(document: unknown): unknown {
  return validate(document) ? [] : validate.errors;
}

const scan: ScanDocument = {
  schemaVersion: 1,
  files: 2,
  imports: [
    {
      path: 'b.py',
      line: 1,
      module: 'os.path',
      level: 0,
      names: ['join'],
      context: ['function', 'try'],
      dynamic: false,
    },
    { path: 'a.py', line: 9, module: '', level: 1, names: ['x'], context: [], dynamic: false },
  ],
  references: [{ path: 'Dockerfile', line: 3, kind: 'command', name: 'uvicorn' }],
  warnings: [{ code: 'syntax', message: 'not Python', path: 'c.py', line: 1 }],
};

describe('the schema', () => {
  test('accepts the documents of all commands', () => {
    const audit = createTrackmaster();
    expect(problems(JSON.parse(formatJson(audit)))).toEqual([]);
    expect(problems(JSON.parse(formatJson({ ...audit, command: 'tree' })))).toEqual([]);
    expect(problems(JSON.parse(formatJson(scan)))).toEqual([]);
    const facts = explainPackage(audit, 'torch');
    expect(problems(JSON.parse(formatJson({ ...audit, command: 'why', ...facts })))).toEqual([]);
  });

  test('accepts unknown sizes, splits, warnings and a conflict', () => {
    const packages = attribute([createPackage({ name: 'gdal', installedBytes: null })], ['gdal']);
    const totals = createDocument({ packages }).totals;
    const document = createDocument({
      command: 'split',
      packages,
      declared: [createDeclared({ name: 'gdal', verdict: 'unknown', confidence: 'possible' })],
      splits: [
        {
          file: 'requirements-prod.txt',
          status: 'refused',
          refusal: 'it was written by hand',
          kind: 'minimal',
          content: 'gdal\n',
          totals,
          packages: ['gdal==3.8'],
          proof: {
            resolved: true,
            changedVersions: [
              { name: 'numpy', before: '1.26', after: '2.4', cappedBy: 'scipy==1.11.4' },
            ],
            unprovidedModules: ['osgeo'],
            importErrors: [
              { module: 'osgeo', path: 'app/map.py', line: 3, guarded: true, lazy: false },
            ],
            providedModules: ['numpy'],
            verification: {
              tool: 'uv 0.13',
              python: '3.11',
              packages: 1,
              installedBytes: 5,
              imported: [],
              failed: [{ module: 'numpy', error: 'ImportError: x' }],
              leftOut: ['gdal==3.8'],
            },
          },
        },
      ],
      warnings: [
        { code: 'x', message: 'y', path: 'a', line: 1, column: 2, severity: 'incomplete' },
      ],
      error: {
        message: 'no solution',
        requirements: [{ raw: 'gdal', path: 'requirements.txt', line: 1, column: 1 }],
      },
    });
    expect(problems(JSON.parse(formatJson(document)))).toEqual([]);
  });

  test.each<[string, (document: AuditDocument) => unknown]>([
    ['a key that it does not know', (document) => ({ ...document, time: 3 })],
    [
      'half a byte',
      (document) => ({ ...document, totals: { ...document.totals, installedBytes: 0.5 } }),
    ],
    [
      'negative bytes',
      (document) => ({ ...document, totals: { ...document.totals, diskBytes: -1 } }),
    ],
    ['a command that does not exist', (document) => ({ ...document, command: 'adit' })],
    ['why without its facts', (document) => ({ ...document, command: 'why' })],
    [
      'an unknown size that is called known',
      (document) => ({
        ...document,
        packages: [{ ...createPackage({ name: 'gdal', installedBytes: null }), known: true }],
      }),
    ],
    [
      'a known size that is called unknown',
      (document) => ({
        ...document,
        packages: [{ ...createPackage({ name: 'numpy' }), known: false }],
      }),
    ],
    [
      'a rule that does not exist',
      (document) => ({
        ...document,
        findings: [{ ...createFinding(), rule: 'ugly' }],
      }),
    ],
  ])('refuses %s', (_, change) => {
    expect(validate(change(createDocument()))).toBe(false);
  });
});

describe('formatJson', () => {
  test('has the keys in the order of the contract, two spaces and a final newline', () => {
    const text = formatJson(createDocument());
    expect(Object.keys(JSON.parse(text))).toEqual([
      'schemaVersion',
      'tool',
      'command',
      'project',
      'target',
      'inputs',
      'environments',
      'declared',
      'packages',
      'totals',
      'findings',
      'splits',
      'scannedFiles',
      'warnings',
      'error',
    ]);
    expect(text.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('is the same whatever order the rows came in', () => {
    const document = createTrackmaster();
    const shuffled = {
      ...document,
      packages: document.packages.toReversed(),
      declared: document.declared.toReversed(),
    };
    expect(formatJson(shuffled)).toBe(formatJson(document));
  });

  test('sorts by code point and numbers, not by locale', () => {
    const packages = ['b', 'a-b', 'ab', 'Z', 'é'].map((name) => createPackage({ name }));
    const names = JSON.parse(formatJson(createDocument({ packages }))).packages.map(
      (row: { name: string }) => row.name,
    );
    expect(names).toEqual(['Z', 'a-b', 'ab', 'b', 'é']);
    const declared = [10, 9, 2].map((line) => createDeclared({ name: 'a', line }));
    const lines = JSON.parse(formatJson(createDocument({ declared }))).declared.map(
      (row: { line: number }) => row.line,
    );
    expect(lines).toEqual([2, 9, 10]);
  });

  test('keeps the first environment first, as the totals speak of it', () => {
    const [prod] = createDocument().environments;
    const environments =
      prod === undefined
        ? []
        : [
            { ...prod, id: 'prod' },
            { ...prod, id: 'dev' },
          ];
    const text = formatJson(createDocument({ environments }));
    expect(JSON.parse(text).environments.map((row: { id: string }) => row.id)).toEqual([
      'prod',
      'dev',
    ]);
  });

  test('sorts the imports of scan by file and line', () => {
    const imports = JSON.parse(formatJson(scan)).imports;
    expect(imports.map((row: { path: string }) => row.path)).toEqual(['a.py', 'b.py']);
  });

  test('keeps hostile characters as escapes, which change no value', () => {
    const project = 'a\u001b[31m\u202e\u200b\u009b\u2028b';
    const text = formatJson(createDocument({ project }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/);
    expect(JSON.parse(text).project).toBe(project);
  });

  test('leaves passwords out', () => {
    const declared = [
      createDeclared({
        name: 'fx',
        raw: 'fx @ https://user:hunter2@index.test/fx-1-py3-none-any.whl',
      }),
    ];
    expect(formatJson(createDocument({ declared }))).not.toContain('hunter2');
  });

  test('does not change the document', () => {
    const document = createTrackmaster();
    const before = JSON.stringify(document);
    formatJson(document);
    expect(JSON.stringify(document)).toBe(before);
  });
});
