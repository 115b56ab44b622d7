import { describe, expect, test } from 'vitest';
import {
  compatRows,
  planCompat,
  type CompatRequest,
  type SplitWishes,
} from '../../src/edit/compat-files.ts';
import type { SplitRow } from '../../src/types.ts';

const totals = {
  packages: 1,
  downloadBytes: 1,
  installedBytes: 1,
  diskBytes: 1,
  bytecodeBytes: 0,
  unknown: 0,
  lowerBound: false,
};
const proof = {
  resolved: true,
  changedVersions: [],
  unprovidedModules: [],
  importErrors: [],
  providedModules: [],
};
const row = (kind: SplitRow['kind']): SplitRow => ({
  file: `requirements-${kind}.txt`,
  kind,
  content: '',
  totals,
  packages: [`${kind}==1`],
  proof,
});

function request(
  path: string,
  wishes: Partial<SplitWishes>,
  more: Partial<CompatRequest> = {},
): CompatRequest {
  const primary = { path, text: 'web\r\n' };
  const existing = path === 'requirements.txt' ? primary : null;
  const asked = {
    style: null,
    compat: 'none',
    keepOriginal: false,
    perEntryPoint: false,
    ...wishes,
  } as const;
  return { wishes: asked, primary, isRequirements: true, existing, ...more };
}

describe('planCompat', () => {
  const both = { compat: 'dev', keepOriginal: true } as const;

  test.each<[string, CompatRequest, string, string | null]>([
    ['nothing is asked', request('requirements.txt', {}), 'requirements.txt', null],
    [
      'a copy beside it',
      request('requirements.txt', { keepOriginal: true }),
      'requirements.txt',
      'requirements.txt',
    ],
    [
      'it is replaced',
      request('requirements.txt', both),
      'requirements-original.txt',
      'requirements.txt',
    ],
    [
      'it is replaced by force',
      request('requirements.txt', { compat: 'dev' }),
      'requirements.txt',
      null,
    ],
    [
      'the copy is the source already',
      request('requirements-original.txt', both),
      'requirements-original.txt',
      null,
    ],
    ['the source has another name', request('base.txt', both), 'base.txt', 'base.txt'],
    [
      'a pyproject.toml is the source, and a requirements.txt in the way',
      request('pyproject.toml', both, {
        isRequirements: false,
        existing: { path: 'requirements.txt', text: 'old\n' },
      }),
      'pyproject.toml',
      'requirements.txt',
    ],
    [
      'a pyproject.toml alone',
      request('pyproject.toml', both, { isRequirements: false }),
      'pyproject.toml',
      null,
    ],
  ])('where %s', (_, asked, source, copied) => {
    const plan = planCompat(asked);
    expect([plan.source, plan.copied?.path ?? null]).toEqual([source, copied]);
  });
});

describe('compatRows', () => {
  const made = (asked: CompatRequest, kinds: readonly SplitRow['kind'][]): readonly SplitRow[] =>
    compatRows(asked, planCompat(asked), kinds.map(row), { totals, packages: ['all==1'] });

  test('has the copy before what takes its place, with the line ends of the source', () => {
    const rows = made(request('requirements.txt', { compat: 'prod', keepOriginal: true }), [
      'prod',
      'dev',
    ]);
    expect(rows.map(({ kind, copyOf }) => [kind, copyOf])).toEqual([
      ['original', 'requirements.txt'],
      ['compat', undefined],
    ]);
    expect(rows[1]?.content).toMatch(
      /--compat prod\r\n#[^\r\n]*\r\n-r requirements-prod\.txt\r\n$/,
    );
    expect(rows[1]?.packages).toEqual(['prod==1']);
  });

  test('leads to the production file where nothing is for development only', () => {
    const [compat] = made(request('base.txt', { compat: 'dev' }), ['prod']);
    expect(compat?.content).toContain('\n-r requirements-prod.txt');
  });

  test('leads nowhere where nothing is proposed', () => {
    expect(made(request('requirements.txt', { compat: 'dev' }), [])).toEqual([]);
  });
});
