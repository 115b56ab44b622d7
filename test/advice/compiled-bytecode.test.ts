import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';

const universe = [release('flask', '1', 5000)];
const files = { 'requirements.txt': 'flask\n' };
const dockerfile = (run: string, head = ''): string =>
  `FROM python:3.12\n${head}COPY . .\nRUN ${run} -r requirements.txt\n`;

describe('compiled-bytecode', () => {
  test('weighs the .pyc files, and knows that a variable does not keep pip from writing them', async () => {
    const document = await auditImage(
      dockerfile('pip install', 'ENV PYTHONDONTWRITEBYTECODE=1\n'),
      files,
      universe,
    );
    expect(document.totals.bytecodeBytes).toBeGreaterThan(0);
    const [finding] = findingsOf(document, 'compiled-bytecode');
    expect(finding).toMatchObject({
      code: 'DW127',
      savedInstalledBytes: document.totals.bytecodeBytes,
      locations: [{ path: 'Dockerfile', line: 4 }],
    });
    expect(finding?.message).toContain('PYTHONDONTWRITEBYTECODE does not');
  });

  test('weighs what an extra brings with the command that names it', async () => {
    const project =
      '[project]\nname = "x"\nversion = "1"\noptional-dependencies = {web = ["flask"]}\n';
    const run = 'FROM python:3.12\nCOPY . .\nRUN pip install .[web]\n';
    const document = await auditImage(run, { 'pyproject.toml': project }, universe);
    const [finding] = findingsOf(document, 'compiled-bytecode');
    expect(finding?.savedInstalledBytes).toBe(document.totals.bytecodeBytes);
    expect(document.totals.bytecodeBytes).toBeGreaterThan(0);
  });

  test.each([
    ['an option of uv', 'uv pip install --compile-bytecode', ''],
    ['a variable of uv', 'uv pip install', 'ENV UV_COMPILE_BYTECODE=1\n'],
    ['a variable of the command', 'UV_COMPILE_BYTECODE=1 uv pip install', ''],
    ['an option of pip', 'pip install --compile', ''],
    ['compileall', 'python -m compileall -q && pip install', ''],
    ['compileall of packages', 'python -m compileall -q /usr/local/lib && pip install', ''],
  ])('is silent where %s asks for it', async (_, run, head) => {
    const document = await auditImage(dockerfile(run, head), files, universe);
    expect(findingsOf(document, 'compiled-bytecode')).toEqual([]);
    expect(document.totals.bytecodeBytes).toBeGreaterThan(0);
  });

  test('is silent where nothing is compiled, or it is deleted in the same layer', async () => {
    for (const text of [
      dockerfile('pip install --no-compile'),
      dockerfile('uv pip install'),
      dockerfile('pip install', 'ENV PIP_NO_COMPILE=0\n'),
      dockerfile('pip install', 'ENV PIP_COMPILE=off\n'),
      dockerfile("find / -name '*.pyc' -delete; pip install"),
    ]) {
      expect(findingsOf(await auditImage(text, files, universe), 'compiled-bytecode')).toEqual([]);
    }
  });

  test.each([
    ['PIP_NO_COMPILE=1, as pip takes it for the value of `compile`', 'ENV PIP_NO_COMPILE=1\n', ''],
    ['compileall of the own code', '', 'python -m compileall -q /app && '],
  ])('speaks beside %s', async (_, head, before) => {
    const document = await auditImage(dockerfile(`${before}pip install`, head), files, universe);
    expect(findingsOf(document, 'compiled-bytecode')).toHaveLength(1);
  });
});
