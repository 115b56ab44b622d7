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
      leaves: ['pluggy', 'pytest'],
      savedInstalledBytes: await weightOf(['pytest'], universe),
    });
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
    expect(await found('')).toMatchObject([{ leaves: ['pluggy'] }]);
    expect(await found('[tool.uv]\ndefault-groups = []\n')).toEqual([]);
    expect(await found('[tool.uv]\ndefault-groups = "all"\n')).toMatchObject([
      { leaves: ['pluggy', 'pytest'] },
    ]);
  });
});
