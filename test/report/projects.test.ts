import { describe, expect, test } from 'vitest';
import { formatJson } from '../../src/report/json.ts';
import { documentsOf, warningsOf, worstExitCode } from '../../src/report/documents.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { AuditDocument, ProjectDocument } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  createPackage,
} from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

/** A project with one heavy package that goes and one that stays. */
function projectAt(path: string, given: Partial<AuditDocument> = {}): ProjectDocument {
  const packages = attribute(
    [
      createPackage({ name: 'apple', installedBytes: 3_000_000 }),
      createPackage({ name: 'melon', installedBytes: 40_000_000 }),
    ],
    ['apple', 'melon'],
  );
  const place = { path: `${path}/requirements.txt`, line: 2, column: 1 };
  const document = createDocument({
    project: path === '.' ? 'orchard' : path.slice(path.lastIndexOf('/') + 1),
    packages,
    declared: [
      createDeclared({ name: 'apple' }),
      createDeclared({ name: 'melon', verdict: 'unused' }),
    ],
    findings: [
      createFinding({
        packages: ['melon'],
        locations: [place],
        savedInstalledBytes: 40_000_000,
      }),
    ],
    ...given,
  });
  const { schemaVersion: _1, tool: _2, command: _3, ...parts } = document;
  return { path, ...parts };
}

const clean: Partial<AuditDocument> = { findings: [] };

function failed(path: string): ProjectDocument {
  const error = { message: 'no version of fig fits: fig==2 and fig<2', requirements: [] };
  return { ...projectAt(path, { packages: [], environments: [], findings: [] }), error };
}

function orchard(projects: readonly ProjectDocument[]): AuditDocument {
  const [first] = projects;
  const { path: _, target, ...parts } = first ?? projectAt('.');
  return createDocument({ ...parts, ...(target === null ? {} : { target }), projects });
}

describe('several projects', () => {
  const missing = createFinding({
    rule: 'missing',
    severity: 'error',
    message: 'yaml is imported, but nothing that is declared provides it',
    locations: [{ path: 'services/worker/w.py', line: 7, column: 1 }],
    savedInstalledBytes: null,
  });
  const document = orchard([
    projectAt('.', clean),
    projectAt('services/api'),
    failed('services/old'),
    projectAt('services/worker', { findings: [missing], scannedFiles: 40 }),
    projectAt('docs', { ...clean, scannedFiles: 0 }),
  ]);

  test('are a table and what is to be done in each', () => {
    expect(report.render(document, plain)).toMatchInlineSnapshot(`
      "orchard  5 projects, 49 Python files
        for Python 3.11 · Linux x86_64 · glibc 2.28 (default)

        project          installed  packages   can go
        .                    43 MB         2        –
        services/api         43 MB         2    40 MB
        services/old     no version of fig fits: fig==2 and fig<2
        services/worker      43 MB         2        –
        docs                 43 MB         2  no code

      services/api
        REMOVE  melon                                                      frees 40 MB

      services/worker
        ADD     yaml                                            services/worker/w.py:7

      Next  depweight audit services/api  its whole report (--all: of each)

      Exact: all 8 sizes read from the wheels, none estimated. pip adds .pyc files on
      top unless told not to (--bytecode shows how much).
      "
    `);
  });

  test('have a line for what would be lighter, and for a command that fails without an extra', () => {
    const lighter = createFinding({
      rule: 'alternative',
      severity: 'info',
      packages: ['melon'],
      savedInstalledBytes: 30_000_000,
    });
    const misplaced = createFinding({
      rule: 'misplaced-extra',
      packages: ['apple'],
      locations: [{ path: 'api/pyproject.toml', line: 4, column: 1 }],
      savedInstalledBytes: null,
    });
    const findings = [misplaced, lighter, { ...lighter, message: 'another way' }];
    const text = report.render(
      orchard([projectAt('api', { findings }), projectAt('web', clean)]),
      plain,
    );
    expect(text).toMatch(
      / {2}FIX {5}apple +api\/pyproject\.toml:4\n {2}LIGHTER melon +up to −30 MB\n/,
    );
  });

  test('have a line on the image, by rule and line of the Dockerfile', () => {
    const orphans = createFinding({
      rule: 'orphan-install',
      packages: ['apple'],
      leaves: [],
      severity: 'info',
      confidence: 'certain',
      message: 'uninstalling apple leaves 3 packages in the image',
      locations: [{ path: 'api/Dockerfile', line: 4, column: 1 }],
      savedInstalledBytes: 3_000_000_000,
    });
    const text = report.render(
      orchard([projectAt('api', { findings: [orphans] }), projectAt('web', clean)]),
      plain,
    );
    expect(text).toMatch(/ {2}IMAGE {3}orphan-install \(api\/Dockerfile:4\) +up to −3\.00 GB\n/);
  });

  test('are whole reports with --all', () => {
    const text = report.render(document, { ...plain, all: true });
    expect(text.match(/^(?:KEEP|WEIGHT)/gm)).toHaveLength(4);
    expect(text).toContain('depweight split services/api');
    expect(text).toContain('depweight why melon services/api');
    expect(text).toContain('No weights: these requirements do not fit together.');
  });

  test.each([60, 80, 100])('keep within %d columns and about 30 lines', (width) => {
    const many = Array.from({ length: 60 }, (_, index) =>
      projectAt(`services/with/a/rather/long/path/to/a/service-number-${index}`),
    );
    const options = { ...plain, width };
    for (const shown of [document, orchard(many), orchard([failed('a'), failed('b')])]) {
      const lines = report.render(shown, options).split('\n');
      expect(lines.length).toBeLessThanOrEqual(33);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    }
    expect(report.render(orchard(many), options)).toContain('more projects');
  });

  test('say which target each has where they differ', () => {
    const other = { ...document.target, python: '3.9', from: 'api/.python-version:1' };
    const text = report.render(
      orchard([projectAt('web'), projectAt('api', { target: other })]),
      plain,
    );
    expect(text).toContain('each for a target of its own');
    expect(text).toContain(
      'api  for Python 3.9 · Linux x86_64 · glibc 2.28 (api/.python-version:1)',
    );
  });

  test('show why a project could not be looked at', () => {
    const warnings = [{ code: 'unknown-environment', message: 'there is no environment x' }];
    const without = { ...projectAt('api', { ...clean, warnings }), target: null };
    expect(report.render(orchard([projectAt('web'), without]), plain)).toMatch(
      /^ {2}api +there is no environment x$/m,
    );
  });

  test('have their strings sanitised', () => {
    const text = report.render(orchard([projectAt('a\u001b[31mb'), projectAt('c')]), plain);
    expect(text).not.toContain('\u001b');
  });
});

describe('one product, the rest for development', () => {
  const document = orchard([projectAt('.'), projectAt('docs', clean), failed('examples/old')]);

  test('is the report on the product, with a line for each of the others', () => {
    const text = report.render(document, plain);
    expect(text).toContain('REMOVE  declared, never imported');
    expect(text).toContain('KEEP');
    expect(text).toContain(
      [
        'ALSO    other projects of this repository (--all prints each report)',
        '  project       installed  packages  can go',
        '  docs              43 MB         2       –',
        '  examples/old  no version of fig fits: fig==2 and fig<2',
      ].join('\n'),
    );
    expect(text.indexOf('ALSO')).toBeLessThan(text.indexOf('Next'));
  });

  test('names the folder in what to call next where the product is not at the top', () => {
    const text = report.render(orchard([projectAt('backend'), projectAt('docs', clean)]), plain);
    expect(text).toContain('depweight split backend');
  });
});

describe('the document of several projects', () => {
  test('has the rows of each in order, and `projects` last', () => {
    const declared = [createDeclared({ name: 'b', line: 2 }), createDeclared({ name: 'a' })];
    const text = formatJson(orchard([projectAt('.'), projectAt('api', { declared })]));
    const { projects, ...rest }: AuditDocument = JSON.parse(text);
    expect(Object.keys(JSON.parse(text)).at(-1)).toBe('projects');
    expect(Object.keys(projects?.[1] ?? {}).slice(0, 3)).toEqual(['path', 'project', 'target']);
    expect(projects?.[1]?.declared.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(rest.project).toBe('orchard');
  });

  test('tells a warning once, whoever repeats it', () => {
    const odd = { code: 'odd', message: 'odd', path: 'a.txt', line: 1 };
    const own = { ...odd, path: 'b.txt' };
    const projects = [projectAt('.', { warnings: [odd] }), projectAt('b', { warnings: [own] })];
    const document = createDocument({ warnings: [odd], projects });
    expect(warningsOf(document)).toEqual([odd, own]);
    expect(documentsOf(document)).toBe(projects);
    expect(documentsOf(createDocument())).toHaveLength(1);
  });

  test.each([
    [[0, 0], 0],
    [[0, 3, 1], 1],
    [[3, 0], 3],
    [[1, 2, 3], 2],
  ] as const)('of exits %j the worst is %d', (codes, worst) => {
    expect(worstExitCode(codes)).toBe(worst);
  });
});
