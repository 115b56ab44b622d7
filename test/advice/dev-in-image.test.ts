import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/types.ts';
import { auditImage, findingsOf, release, weightOf } from '../image/support.ts';

const universe = [
  release('flask', '1', 500),
  release('pytest', '1', 5000, ['pluggy']),
  release('pluggy', '1', 700),
];
const head = 'FROM python:3.12\nCOPY . .\n';
const manifest = `[project]
name = "x"
version = "1"
dependencies = ["flask"]
[project.optional-dependencies]
dev = ["pytest"]
`;

describe('dev-in-image', () => {
  test('weighs a file for development that the image installs', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip install -r requirements-dev.txt\n`,
      { 'requirements.txt': 'flask\n', 'requirements-dev.txt': '-r requirements.txt\npytest\n' },
      universe,
    );
    expect(findingsOf(document, 'dev-in-image')).toMatchObject([
      {
        code: 'DW128',
        packages: ['pytest'],
        leaves: ['pluggy'],
        locations: [{ path: 'Dockerfile', line: 4 }],
        savedInstalledBytes: await weightOf(['pytest'], universe),
      },
    ]);
  });

  const dev = {
    'requirements.txt': 'flask\n',
    'requirements-dev.txt': '-r requirements.txt\npytest\npluggy\nspare\n',
    'app.py': 'import flask\n',
    'tests/test_app.py': 'import pytest\n',
  };
  const both = `${head}RUN pip install -r requirements.txt -r requirements-dev.txt\n`;
  const more = [...universe, release('spare', '1', 300)];

  test('what a file for development alone declares is for development, whoever installs it', async () => {
    const document = await auditImage(both, dev, more);
    const verdicts = document.declared.map(
      ({ name, verdict, confidence }) => `${name} ${verdict} ${confidence}`,
    );
    expect(verdicts.toSorted()).toEqual([
      'flask used certain',
      'pluggy dev-only likely',
      'pytest dev-only certain',
      'spare dev-only certain',
    ]);
    expect(document.findings.map(({ rule }) => rule)).not.toContain('unused');
    const saved = await weightOf(['pytest', 'spare'], more);
    const [inImage] = findingsOf(document, 'dev-in-image');
    expect(inImage).toMatchObject({ savedInstalledBytes: saved });
    const moves = findingsOf(document, 'dev-only');
    expect(
      moves.reduce((sum, { savedInstalledBytes }) => sum + (savedInstalledBytes ?? 0), 0),
    ).toBe(saved);
    expect(moves[0]?.remedy).toEqual({
      kind: 'remove',
      text: 'leave requirements-dev.txt to a stage or an image of its own (Dockerfile:3)',
    });
  });

  test('what the product uses of such a file is needed, and has to stand elsewhere', async () => {
    const files = { ...dev, 'app.py': 'import flask\nimport spare\n' };
    const document = await auditImage(both, files, more);
    const [finding] = findingsOf(document, 'dev-in-image');
    expect(finding).toMatchObject({
      packages: ['pluggy', 'pytest'],
      savedInstalledBytes: await weightOf(['pytest'], more),
    });
    expect(finding?.message).toContain('spare, which the product needs, has to stand elsewhere');
  });

  test('an image that is started with the tests needs what they need', async () => {
    const document = await auditImage(`${both}CMD ["pytest", "-q"]\n`, dev, more);
    expect(document.declared.map(({ verdict }) => verdict)).not.toContain('dev-only');
    expect(findingsOf(document, 'dev-in-image')).toEqual([]);
    const named = both.replace('FROM python:3.12', 'FROM python:3.12 AS test');
    const other = await auditImage(`${named}CMD ["pytest", "-q"]\n`, dev, more);
    expect(findingsOf(other, 'dev-in-image')).toHaveLength(1);
  });

  test('a file that nobody installs in an image is judged as before', async () => {
    const document = await auditImage(`${head}RUN pip install -r requirements.txt\n`, dev, more);
    const spare = document.declared.find(({ name }) => name === 'spare');
    expect(spare).toMatchObject({ verdict: 'used', confidence: 'possible' });
  });

  test('weighs an extra for development', async () => {
    const document = await auditImage(
      `${head}RUN pip install .[dev]\n`,
      { 'pyproject.toml': manifest },
      universe,
    );
    expect(findingsOf(document, 'dev-in-image')).toMatchObject([{ packages: ['pytest'] }]);
    const plain = await auditImage(
      `${head}RUN pip install .\n`,
      { 'pyproject.toml': manifest },
      universe,
    );
    expect(findingsOf(plain, 'dev-in-image')).toEqual([]);
  });

  test('weighs what poetry and uv install unless they are told not to', async () => {
    const groups = { 'pyproject.toml': `${manifest}[dependency-groups]\ndev = ["pytest"]\n` };
    const document = await auditImage(`${head}RUN uv sync\n`, groups, universe);
    const [finding] = findingsOf(document, 'dev-in-image');
    expect(finding).toMatchObject({
      packages: ['pytest'],
      leaves: ['pluggy'],
      savedInstalledBytes: await weightOf(['pytest'], universe),
    });
    // The image gets them, so that they count.
    expect(document.environments[0]?.packages).toContain('pytest==1');
    expect(finding?.remedy?.text).toContain('--no-dev');
    for (const run of ['uv sync --no-dev', 'uv export --no-dev', 'poetry install --only main']) {
      const told = await auditImage(`${head}RUN ${run}\n`, groups, universe);
      expect(findingsOf(told, 'dev-in-image')).toEqual([]);
    }
  });

  test('tells of groups for development that are asked for by name', async () => {
    const groups = {
      'pyproject.toml': `${manifest}[dependency-groups]\ndev = ["pytest"]\nweb = ["pluggy"]\n`,
    };
    for (const run of ['pip install . --group dev', 'uv sync --only-dev', 'uv sync --all-groups']) {
      const document = await auditImage(`${head}RUN ${run}\n`, groups, universe);
      const [finding] = findingsOf(document, 'dev-in-image');
      expect(finding).toMatchObject({ packages: ['pytest'], locations: [{ line: 3 }] });
      expect(finding?.message).toContain('the group dev is for development');
    }
    const web = await auditImage(`${head}RUN pip install --group web\n`, groups, universe);
    expect(findingsOf(web, 'dev-in-image')).toEqual([]);
  });

  test('tells of what `uv run` installs unasked behind `uv sync --no-dev`', async () => {
    const groups = { 'pyproject.toml': `${manifest}[dependency-groups]\ndev = ["pytest"]\n` };
    const runs = `${head}RUN uv sync --no-dev\nRUN uv run app.py\n`;
    const document = await auditImage(runs, groups, universe);
    expect(findingsOf(document, 'dev-in-image')).toMatchObject([{ locations: [{ line: 4 }] }]);
    const told = `ENV UV_NO_DEV=1\n`;
    const free = await auditImage(runs.replace('COPY', `${told}COPY`), groups, universe);
    expect(findingsOf(free, 'dev-in-image')).toEqual([]);
  });

  test('weighs of the groups only those that uv installs unasked', async () => {
    const groups = `${manifest}[dependency-groups]\ndev = ["pluggy"]\ndocs = ["pytest"]\n`;
    const found = async (settings: string): Promise<readonly Finding[]> => {
      const files = { 'pyproject.toml': `${groups}${settings}` };
      return findingsOf(await auditImage(`${head}RUN uv sync\n`, files, universe), 'dev-in-image');
    };
    expect(await found('')).toMatchObject([{ packages: ['pluggy'] }]);
    expect(await found('[tool.uv]\ndefault-groups = []\n')).toEqual([]);
    expect(await found('[tool.uv]\ndefault-groups = "all"\n')).toMatchObject([
      { packages: ['pluggy'], remedy: { text: 'add --no-dev' } },
      { packages: ['pytest'], remedy: { text: 'add --no-group docs' } },
    ]);
  });

  test('leaves out what poetry installs only on request, and what is refused by name', async () => {
    const optional = '[tool.poetry.group.docs]\noptional = true\n';
    const groups = `${manifest}[dependency-groups]\ntest = ["pluggy"]\ndocs = ["pytest"]\n${optional}`;
    const namesAfter = async (run: string): Promise<readonly string[]> => {
      const document = await auditImage(
        `${head}RUN ${run}\n`,
        { 'pyproject.toml': groups },
        universe,
      );
      return document.packages.filter(({ direct }) => direct).map(({ name }) => name);
    };
    const own = await namesAfter('poetry install --only main');
    expect(await namesAfter('poetry install')).toEqual([...own, 'pluggy'].toSorted());
    expect(await namesAfter('poetry install --without test')).toEqual(own);
    expect(await namesAfter('poetry install --with docs')).toEqual(
      [...own, 'pluggy', 'pytest'].toSorted(),
    );
  });
});
