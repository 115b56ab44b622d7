import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { measureOf } from '../../src/budget/check-budgets.ts';
import { explainPackage } from '../../src/commands/explain-package.ts';
import { changeBetween } from '../../src/compare/weight-change.ts';
import { withCauses } from '../../src/diff/what-brings.ts';
import { report as audit } from '../../src/report/terminal.ts';
import { report as tree } from '../../src/report/tree.ts';
import { report as why } from '../../src/report/why.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import type { AuditDocument, EnvironmentRow } from '../../src/types.ts';
import { auditImage, findingsOf, release, weightOf } from './support.ts';

const universe = [
  release('flask', '1', 500),
  release('frame', '1', 5000, ['numbers-x', 'dates']),
  release('numbers-x', '1', 40_000),
  release('dates', '1', 3000),
  release('poetry', '1.8', 7000, ['solver', 'dates']),
  release('solver', '1', 9000),
  release('wheel', '0.4', 100),
  release('pytest', '8', 800),
];
const files = { 'requirements.txt': 'flask\nframe\n' };
const head = 'FROM python:3.12-slim\nCOPY . .\n';
const installed = `${head}RUN pip install -r requirements.txt\n`;
const options: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};
const isValid = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8')),
);

function production({ environments }: AuditDocument): EnvironmentRow {
  const [first] = environments;
  if (first === undefined) throw new Error('there is no environment');
  return first;
}

function sumOfRows({ packages }: AuditDocument): number {
  return packages.reduce((bytes, row) => bytes + (row.installedBytes ?? 0), 0);
}

describe('what an uninstall leaves behind', () => {
  const taken = `${installed}RUN pip uninstall -y frame\n`;

  test('is in the totals, in the rows and in every budget', async () => {
    const document = await auditImage(taken, files, universe);
    const left = await weightOf(['numbers-x', 'dates'], universe);
    const flask = await weightOf(['flask'], universe);
    expect(production(document).besides).toMatchObject([
      { kind: 'left-behind', names: ['frame'], path: 'Dockerfile', line: 4 },
    ]);
    expect(production(document).besides?.[0]?.totals.installedBytes).toBe(left);
    expect(document.totals.installedBytes).toBe(flask + left);
    expect(document.totals.packages).toBe(3);
    expect(sumOfRows(document)).toBe(document.totals.installedBytes);
    expect(production(document).packages).toEqual(['dates==1', 'flask==1', 'numbers-x==1']);
    expect(measureOf(document, 'installed').value).toBe(flask + left);
    expect(document.packages.map(({ name, besides }) => [name, besides])).toEqual([
      ['dates', 'left-behind'],
      ['flask', undefined],
      ['numbers-x', 'left-behind'],
    ]);
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  });

  test('is told by audit, tree and why, each with the line that left it', async () => {
    const document = await auditImage(taken, files, universe);
    expect(audit.render(document, options)).toContain(
      'of it 44 kB in 2 packages left behind by frame (Dockerfile:4)',
    );
    expect(tree.render(document, options)).toMatch(
      /Besides: 2 packages left behind by frame \(Dockerfile:4\)\nnumbers-x 1 +40 kB/,
    );
    const facts = explainPackage(document, 'numbers-x');
    expect(facts).toMatchObject({ paths: [], removal: { leaves: ['numbers-x'] } });
    const told = why.render({ ...document, ...facts }, options);
    expect(told.replaceAll(/\s+/g, ' ')).toContain(
      'Is in the image one of 2 packages left behind by frame (Dockerfile:4)',
    );
    expect(told).not.toContain('Brought in by');
    expect(told).toMatch(/If you remove\n {2}numbers-x {3}−40 kB, 1 package/);
  });

  test('is part of a difference, with the place that brought it', async () => {
    const before = await auditImage(installed, { 'requirements.txt': 'flask\n' }, universe);
    const after = await auditImage(taken, files, universe);
    const { added } = changeBetween(before, after);
    const causes = withCauses(added, after, new Set(added.map(({ name }) => name)));
    expect(causes.map(({ name, declaredAt }) => [name, declaredAt[0]?.line])).toEqual([
      ['dates', 4],
      ['numbers-x', 4],
    ]);
  });

  test.each([
    [
      'before a file is installed',
      'RUN pip install frame==1\nRUN pip uninstall -y frame\nRUN pip install -r requirements.txt\n',
      3,
    ],
    [
      'where a later command named a version',
      'RUN pip install -r requirements.txt\nRUN pip install frame==1\nRUN pip uninstall -y frame\n',
      3,
    ],
    [
      'in the command that brought it',
      'RUN pip install -r requirements.txt && pip install frame && pip uninstall -y frame\n',
      3,
    ],
    [
      'with a part of what came with it',
      'RUN pip install -r requirements.txt frame\nRUN pip uninstall -y frame dates\n',
      2,
    ],
    [
      'in a stage that is copied',
      'FROM python:3.12-slim AS last\nCOPY --from=0 /usr/local /usr/local\n',
      3,
    ],
  ])('is the same %s', async (_, run, count) => {
    const isCopied = run.startsWith('FROM');
    const stage = `${head}RUN pip install -r requirements.txt frame && pip uninstall -y frame\n`;
    const document = await auditImage(
      isCopied ? `${stage}${run}` : `${head}${run}`,
      { 'requirements.txt': 'flask\n' },
      universe,
    );
    const names = document.packages.map(({ name }) => name);
    expect(names).toEqual(count === 3 ? ['dates', 'flask', 'numbers-x'] : ['flask', 'numbers-x']);
    expect(
      findingsOf(document, 'replaced-install')
        .map(({ message }) => message)
        .join(''),
    ).not.toContain('replaced by');
  });

  test('that is needed afterwards is no difference', async () => {
    const before = await auditImage(taken, files, universe);
    const needing = 'flask\nframe\nnumbers-x\n';
    const after = await auditImage(taken, { 'requirements.txt': needing }, universe);
    expect(after.packages.find(({ name }) => name === 'numbers-x')?.besides).toBeUndefined();
    expect(changeBetween(before, after)).toMatchObject({ added: [], removed: [], changed: [] });
  });

  test('is nothing where another package of the set needs it', async () => {
    const more = [...universe, release('plot', '1', 100, ['numbers-x', 'dates'])];
    const document = await auditImage(taken, { 'requirements.txt': 'flask\nframe\nplot\n' }, more);
    expect(production(document).besides).toBeUndefined();
  });
});

describe('installers of the image itself', () => {
  const manifest = {
    'pyproject.toml':
      '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask", "dates"]\n[dependency-groups]\ndev = ["pytest"]\n',
  };

  test('count with what they need, and twice where the set has an environment of its own', async () => {
    const document = await auditImage(
      `${head}RUN pip install poetry==1.8\nRUN poetry install --only main\n`,
      manifest,
      universe,
    );
    const all = await weightOf(['poetry'], universe);
    expect(production(document).besides).toMatchObject([
      { kind: 'installer', names: ['poetry'], line: 3, totals: { packages: 3 } },
    ]);
    expect(document.totals.installedBytes).toBe(
      all + (await weightOf(['flask', 'dates'], universe)),
    );
    expect(document.packages.filter(({ name }) => name === 'dates')).toMatchObject([
      { direct: true },
      { direct: false, besides: 'installer' },
    ]);
    expect(explainPackage(document, 'dates')?.paths).toEqual([['dates']]);
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  });

  test('share what the set has too where both lie in one environment', async () => {
    for (const told of [
      'RUN poetry config virtualenvs.create false && poetry install --only main\n',
      'ENV POETRY_VIRTUALENVS_CREATE=false\nRUN poetry install --only main\n',
      'RUN pip install .\n',
    ]) {
      const document = await auditImage(
        `${head}RUN pip install poetry==1.8\n${told}`,
        manifest,
        universe,
      );
      const rows = document.packages.filter(({ besides }) => besides !== undefined);
      expect(rows.map(({ name }) => name)).toEqual(['poetry', 'solver']);
    }
  });

  test('are none where a stage that is only copied from has them, or they are taken out again', async () => {
    const builder =
      'FROM python:3.12-slim AS build\nWORKDIR /app\nRUN pip install poetry\nCOPY . .\nRUN POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --only main\nFROM python:3.12-slim\nCOPY --from=build /app/.venv /app/.venv\n';
    const copied = await auditImage(builder, manifest, universe);
    expect(production(copied).packages).toEqual(['dates==1', 'flask==1']);
    const taken = await auditImage(
      `${head}RUN pip install wheel && pip install . && pip uninstall -y wheel\n`,
      manifest,
      universe,
    );
    expect(production(taken).besides).toBeUndefined();
  });

  test('are there where the place that they were installed to is copied', async () => {
    const copying = (path: string): Promise<AuditDocument> =>
      auditImage(
        `FROM python:3.12-slim AS build\nCOPY . .\nRUN pip install poetry && python -m venv /venv && /venv/bin/pip install .\nFROM python:3.12-slim\nCOPY --from=build ${path} ${path}\nCOPY --from=build /venv /venv\n`,
        manifest,
        universe,
      );
    const environment = production(await copying('/venv'));
    expect(environment.packages).toEqual(['dates==1', 'flask==1']);
    const [installers] = production(await copying('/usr/local')).besides ?? [];
    // `dates` lies in both places.
    expect(installers).toMatchObject({ names: ['poetry'], totals: { packages: 3 } });
  });

  test('replace what the base has, and add what it has not', async () => {
    const upgraded = (tag: string): Promise<AuditDocument> =>
      auditImage(
        `FROM python:${tag}\nCOPY . .\nRUN pip install --upgrade pip wheel\nRUN pip install .\n`,
        manifest,
        universe,
      );
    expect(production(await upgraded('3.11-slim')).besides).toBeUndefined();
    expect(production(await upgraded('3.12-slim')).besides).toMatchObject([{ names: ['wheel'] }]);
  });

  test('are not counted for what the base has, and leave behind what they came with', async () => {
    const more = [...universe, release('pipenv', '1', 600, ['wheel', 'solver'])];
    const run = 'RUN pip install pipenv && pip install . && pip uninstall -y pipenv\n';
    const image = `${head}${run}`.replace('3.12', '3.11');
    const document = await auditImage(image, manifest, more);
    expect(production(document).besides).toMatchObject([
      { kind: 'left-behind', names: ['pipenv'], packages: ['solver==1'] },
    ]);
    expect(findingsOf(document, 'installer-in-image')).toEqual([]);
  });

  test('are said to be unknown where they have no solution', async () => {
    const document = await auditImage(
      `${head}RUN pip install poetry==9 && pip install .\n`,
      manifest,
      universe,
    );
    expect(production(document).besides).toBeUndefined();
    expect(document.warnings).toContainEqual(
      expect.objectContaining({ code: 'image-install-unread', path: 'Dockerfile', line: 3 }),
    );
    expect(document.totals.lowerBound).toBe(true);
  });
});

test('programs of pipx have environments of their own, each with all that it needs', async () => {
  const image = `${head}RUN pipx install frame && uv tool install poetry-like\nRUN pip install -r requirements.txt\n`;
  const more = [...universe, release('poetry-like', '1', 900, ['dates'])];
  const document = await auditImage(image, { 'requirements.txt': 'flask\ndates\n' }, more);
  expect(production(document).besides).toMatchObject([
    { kind: 'program', names: ['frame'], packages: ['dates==1', 'frame==1', 'numbers-x==1'] },
    { kind: 'program', names: ['poetry-like'], packages: ['dates==1', 'poetry-like==1'] },
  ]);
  expect(document.totals.packages).toBe(7);
  expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  // Nothing else makes the set of an image that has programs alone.
  const alone = await auditImage('FROM python:3.12\nRUN pipx install frame\n', {}, more);
  expect(production(alone).packages).toEqual(['dates==1', 'frame==1', 'numbers-x==1']);
});
