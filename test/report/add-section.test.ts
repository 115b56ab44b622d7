import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import type { Finding } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  createPackage,
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
  parsePackages(
    [
      'fastapi 1 5 1',
      'pandas 1 5 1',
      'starlette 2 5 1 < fastapi',
      'numpy 2 5 1 < contour pandas',
    ].join('\n'),
  ),
  ['fastapi', 'pandas'],
);
const declared = [createDeclared({ name: 'fastapi' }), createDeclared({ name: 'pandas' })];

function missing(module: string, given: Partial<Finding> = {}): Finding {
  return createFinding({
    rule: 'missing',
    severity: 'error',
    confidence: 'likely',
    message: `${module} is imported, but nothing that is declared provides it`,
    evidence: [{ path: 'app/main.py', line: 9, note: `import ${module}` }],
    remedy: null,
    ...given,
  });
}

function transitive(module: string, name: string, path: string): Finding {
  return createFinding({
    rule: 'transitive-import',
    severity: 'info',
    message: `${module} is imported, but ${name}, which provides it, is not declared: it is there`,
    evidence: [{ path, line: 7, note: `import ${module}` }],
    remedy: { kind: 'add', text: `declare ${name}` },
  });
}

function render(findings: readonly Finding[], options = plain): string {
  return report.render(createDocument({ packages, declared, findings }), options);
}

describe('ADD', () => {
  test('has one row for a distribution, however many of its modules are imported', () => {
    const text = render([
      transitive('starlette.middleware', 'starlette', 'app/a.py'),
      transitive('starlette.sessions', 'starlette', 'app/b.py'),
      missing('yaml'),
    ]);
    expect(text).toContain('ADD     imported, not declared\n  yaml ');
    expect(text).toMatch(/ {2}yaml +app\/main\.py:9 +nothing that is declared provides it/);
    expect(text).toMatch(/ {2}starlette +app\/a\.py:7 \+1 +there only through fastapi\n/);
    expect(text.match(/starlette/g)).toHaveLength(1);
  });

  test('names a declared package among those that bring it in first', () => {
    expect(render([missing('x'), transitive('numpy', 'numpy', 'app/a.py')])).toContain(
      'there only through pandas and 1 more',
    );
  });

  test('says where it is of a package that is not installed by default', () => {
    const document = createDocument({
      packages,
      declared,
      findings: [missing('x'), transitive('yaml', 'pyyaml', 'app/a.py')],
    });
    const textFor = (...sets: readonly (readonly [string, number])[]): string => {
      const [headline] = document.environments;
      if (headline === undefined) throw new Error('there is no set');
      const others = sets.map(([id, count]) => ({
        ...headline,
        id,
        totals: { ...headline.totals, packages: count },
        packages: [...headline.packages, 'pyyaml==6.0'],
      }));
      return report.render({ ...document, environments: [headline, ...others] }, plain);
    };
    expect(textFor(['extra:dashboard', 9])).toContain('there only with extra dashboard\n');
    expect(textFor(['dev', 8], ['extra:all', 20], ['extra:dashboard', 9])).toContain(
      'there only with extra dashboard and 2 more\n',
    );
    expect(textFor(['dev', 8])).toContain('there only for dev\n');
  });

  test('counts imports that may fail instead of listing them', () => {
    const guarded = missing('sentry_sdk.integrations', {
      confidence: 'possible',
      severity: 'info',
    });
    const text = render([guarded, missing('yaml')]);
    expect(text).toContain('  + 1 imported only where it may fail: sentry_sdk\n');
    expect(render([guarded, missing('yaml')], { ...plain, all: true })).toMatch(
      /sentry_sdk +app\/main\.py:9 +nothing that is declared provides it, may fail/,
    );
  });

  test('is not there for imports that may fail alone: they are a note', () => {
    const guarded = missing('sentry_sdk', { confidence: 'possible', severity: 'info' });
    const text = render([guarded, createFinding({ packages: ['pandas'], savedInstalledBytes: 5 })]);
    expect(text).not.toContain('ADD');
    expect(text).toContain('NOTE    imported where it may fail, and not declared: sentry_sdk');
  });

  test('counts imports that a package of conda may answer', () => {
    const conda = createPackage({ name: 'scipy', installedBytes: null, unknownReason: 'conda' });
    const mayBe = missing('sklearn', { confidence: 'possible', severity: 'info' });
    const renderWith = (findings: readonly Finding[]): string =>
      report.render(createDocument({ packages: [...packages, conda], declared, findings }), plain);
    expect(renderWith([mayBe, transitive('numpy', 'numpy', 'app/a.py')])).toContain(
      '  + 1 imported that conda may bring: sklearn\n',
    );
    const alone = renderWith([mayBe, createFinding({ packages: ['pandas'] })]);
    expect(alone).toContain('NOTE    imported and not declared; conda may bring them: sklearn');
    expect(alone).not.toContain('depweight split');
  });

  test('counts only what it leaves out', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((module) => missing(module));
    expect(render(five)).toContain('… and 1 more module (--all lists them)');
    expect(render(five.slice(1))).not.toContain('more module');
    expect(render(five, { ...plain, all: true })).not.toContain('more module');
  });
});
