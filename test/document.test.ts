import { describe, expect, test } from 'vitest';
import { buildDocument, packageUrl } from '../src/document.ts';
import type { DocumentParts } from '../src/document.ts';
import { normalizeName } from '../src/pep/name.ts';
import type { Environment, PackageRow, Usage } from '../src/types.ts';
import { declaration, linux, weighedGraph } from './support/weighed-graph.ts';
import type { Invented } from './support/weighed-graph.ts';

const environment = (id: string, project = '.'): Environment => ({
  id,
  project,
  inputs: [`requirements-${id}.txt`],
  requirements: [],
  constraints: [],
  overrides: [],
  options: {},
});

const universe: Readonly<Record<string, Invented>> = {
  web: { size: 100, version: '2.0+cpu', requires: ['json-tool>=1,<3', "fast; extra == 'speed'"] },
  'json-tool': { size: 10, composition: { tests: 4 }, modules: ['jsontool'] },
  fast: { size: 1 },
  'test-runner': { size: 50, requires: ['json-tool', 'web'] },
  built: { size: 'sdist-only' },
};

const parts: DocumentParts = {
  toolVersion: '9.9.9',
  command: 'audit',
  project: 'shop',
  target: linux,
  inputs: [
    { path: 'requirements.txt', kind: 'requirements-txt', role: 'prod', primary: true },
    { path: 'pyproject.toml', kind: 'pyproject', role: 'prod', primary: false },
  ],
  environments: [
    { environment: environment('dev'), graph: weighedGraph(['web', 'test-runner'], universe) },
    { environment: environment('prod'), graph: weighedGraph(['web[speed]', 'built'], universe) },
  ],
  declared: [
    { declared: declaration('web[speed]==2.0', 7), environment: 'prod' },
    { declared: declaration('built', 3), environment: 'prod' },
    { declared: declaration('built', 3), environment: 'dev' },
    { declared: declaration('test-runner', 1, 'dev.txt'), environment: 'dev' },
  ],
};

const row = (name: string, given: DocumentParts = parts): PackageRow => {
  const found = buildDocument(given).packages.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

describe('buildDocument', () => {
  test('gives the rows of the headline environment alone, sorted, with every environment that holds them', () => {
    const { packages } = buildDocument(parts);
    expect(packages.map((one) => `${one.name} ${one.environments.join('+')}`)).toEqual([
      'built prod',
      'fast prod',
      'json-tool prod+dev',
      'web prod+dev',
    ]);
  });

  test('fills a row with all that the contract asks', () => {
    expect(row('web')).toEqual({
      name: 'web',
      version: '2.0+cpu',
      purl: 'pkg:pypi/web@2.0%2Bcpu',
      direct: true,
      environments: ['prod', 'dev'],
      extras: ['speed'],
      declaredAt: [{ path: 'requirements.txt', line: 7, column: 1 }],
      file: {
        kind: 'wheel',
        filename: 'web-2.0+cpu-py3-none-any.whl',
        sha256: 'ab'.repeat(32),
      },
      downloadBytes: 50,
      installedBytes: 100,
      diskBytes: 200,
      exclusiveBytes: 111,
      subtreeBytes: 111,
      bytecodeBytes: 300,
      known: true,
      from: 'central-directory',
      metadataFrom: 'metadata-file',
      unknownReason: null,
      composition: expect.objectContaining({ python: 100, tests: 0 }),
      requires: [
        { name: 'fast', specifier: '', extras: [], marker: expect.stringContaining('speed') },
        { name: 'json-tool', specifier: '<3,>=1', extras: [], marker: null },
      ],
      requiredBy: [],
      modules: ['web'],
      scripts: [],
    });
  });

  test('names a package of conda as conda does', () => {
    const rowOf = (version: string): PackageRow => {
      const graph = weighedGraph(['torch'], { torch: { size: 'conda', version } });
      const [torch] = graph.distributions;
      if (torch === undefined) throw new Error('torch is not there');
      const distributions = [{ ...torch, conda: 'pytorch' }];
      const environments = [
        { environment: environment('prod'), graph: { ...graph, distributions } },
      ];
      return row('torch', { ...parts, environments });
    };
    expect(rowOf('2.1.0')).toMatchObject({
      purl: 'pkg:conda/pytorch@2.1.0',
      unknownReason: 'conda',
      installedBytes: null,
    });
    expect(rowOf('unknown').purl).toBe('pkg:conda/pytorch');
  });

  test('says null and why for what is unknown, never 0', () => {
    expect(row('built')).toMatchObject({
      downloadBytes: null,
      installedBytes: null,
      exclusiveBytes: null,
      subtreeBytes: null,
      known: false,
      from: null,
      unknownReason: 'sdist-only',
      composition: null,
      file: null,
      direct: true,
    });
  });

  test('totals are those of prod, each environment with its own', () => {
    const document = buildDocument(parts);
    expect(document.totals).toMatchObject({
      packages: 4,
      installedBytes: 111,
      unknown: 1,
      lowerBound: true,
    });
    expect(document.environments.map(({ id, totals }) => [id, totals.installedBytes])).toEqual([
      ['prod', 111],
      ['dev', 160],
    ]);
    expect(document.environments[1]?.packages).toEqual([
      'json-tool==1.0',
      'test-runner==1.0',
      'web==2.0+cpu',
    ]);
  });

  test('speaks of another environment when asked to', () => {
    const document = buildDocument({ ...parts, headline: 'dev' });
    expect(document.environments[0]?.id).toBe('dev');
    expect(document.totals.installedBytes).toBe(160);
    expect(row('web', { ...parts, headline: 'dev' }).exclusiveBytes).toBe(0);
  });

  test('sorts declared rows by place and gives each its verdict', () => {
    const usage: Usage = {
      name: normalizeName('built'),
      verdict: 'unused',
      confidence: 'likely',
      evidence: [{ path: 'app.py', line: 1, note: 'import built' }],
      lookedFor: ['built'],
    };
    const { declared } = buildDocument({ ...parts, usages: new Map([['prod', [usage]]]) });
    expect(
      declared.map(
        (one) => `${one.path}:${one.line} ${one.environment} ${one.verdict} ${one.confidence}`,
      ),
    ).toEqual([
      'dev.txt:1 dev unknown possible',
      'requirements.txt:3 dev unknown possible',
      'requirements.txt:3 prod unused likely',
      'requirements.txt:7 prod unknown possible',
    ]);
    expect(declared[2]?.evidence).toHaveLength(1);
  });

  test('lists one place of a declaration once though two environments count it', () => {
    expect(row('built').declaredAt).toEqual([{ path: 'requirements.txt', line: 3, column: 1 }]);
  });

  test('does not mix in the version that another environment resolves to', () => {
    const other = { ...universe, web: { ...universe['web'], version: '3.0' } };
    const { packages } = buildDocument({
      ...parts,
      environments: [
        { environment: environment('prod'), graph: weighedGraph(['web'], universe) },
        { environment: environment('dev'), graph: weighedGraph(['web'], other) },
      ],
    });
    const rows = packages.filter((one) => one.name === 'web');
    expect(rows.map((one) => [one.version, one.environments])).toEqual([['2.0+cpu', ['prod']]]);
    expect(packages.find((one) => one.name === 'json-tool')?.requiredBy).toEqual(['web']);
  });

  test('sorts warnings and says each once', () => {
    const { warnings } = buildDocument({
      ...parts,
      warnings: [
        { code: 'b', message: 'second', path: 'x', line: 10 },
        { code: 'a', message: 'first', path: 'x', line: 9 },
        { code: 'b', message: 'second', path: 'x', line: 10 },
        { code: 'z', message: 'everywhere' },
      ],
    });
    expect(warnings.map((warning) => warning.message)).toEqual(['everywhere', 'first', 'second']);
  });

  test('is the same bytes whatever the order of what it was made of', () => {
    const reversed: DocumentParts = {
      ...parts,
      inputs: parts.inputs.toReversed(),
      environments: parts.environments.toReversed(),
      declared: parts.declared.toReversed(),
    };
    expect(JSON.stringify(buildDocument(reversed))).toBe(JSON.stringify(buildDocument(parts)));
  });

  test('holds an error and no packages where nothing could be resolved', () => {
    const error = { message: 'no version fits', requirements: [] };
    const document = buildDocument({ ...parts, environments: [], error });
    expect(document).toMatchObject({
      packages: [],
      totals: { packages: 0, lowerBound: true },
      error,
    });
    expect(buildDocument({ ...parts, environments: [] }).totals.lowerBound).toBe(false);
  });
});

describe('packageUrl', () => {
  test('encodes local versions and epochs as purl does', () => {
    expect(packageUrl('torch', '2.4.1+cpu')).toBe('pkg:pypi/torch@2.4.1%2Bcpu');
    expect(packageUrl('zope-interface', '1!2.0')).toBe('pkg:pypi/zope-interface@1!2.0');
  });
});
