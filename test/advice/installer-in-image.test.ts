import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release, weightOf } from '../image/support.ts';

const universe = [
  release('flask', '1', 500),
  release('poetry', '1.8', 7000, ['solver']),
  release('solver', '1', 9000),
  release('uv', '1', 8000),
];
const files = { 'requirements.txt': 'flask\n' };
const head = 'FROM python:3.12-slim\nCOPY . .\n';

describe('installer-in-image (DW136)', () => {
  test('weighs the installers that stay, with what only they need', async () => {
    const document = await auditImage(
      `${head}RUN pip install poetry==1.8 uv\nRUN pip install -r requirements.txt\n`,
      files,
      universe,
    );
    const [finding, ...others] = findingsOf(document, 'installer-in-image');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'DW136',
      severity: 'info',
      leaves: ['poetry', 'solver', 'uv'],
      savedInstalledBytes: await weightOf(['poetry', 'uv'], universe),
      locations: [{ path: 'Dockerfile', line: 3 }],
    });
    expect(finding?.message).toContain('poetry and uv stay in the image, with 1 package that');
  });

  test('is silent without any, and where a stage that is copied from has them', async () => {
    const plain = `${head}RUN pip install -r requirements.txt\n`;
    expect(findingsOf(await auditImage(plain, files, universe), 'installer-in-image')).toEqual([]);
    const staged =
      'FROM python:3.12-slim AS build\nCOPY . .\nRUN pip install uv && pip install --target /deps -r requirements.txt\nFROM python:3.12-slim\nCOPY --from=build /deps /deps\n';
    const document = await auditImage(staged, files, universe);
    expect(findingsOf(document, 'installer-in-image')).toEqual([]);
    expect(document.environments[0]?.packages).toEqual(['flask==1']);
  });

  test('tells of programs that are copied from an image of uv, whose bytes are not known', async () => {
    const copy = 'COPY --from=registry.test/astral-sh/uv:0.5 /uv /uvx /bin/\n';
    const run = 'RUN uv pip install --system -r requirements.txt\n';
    const document = await auditImage(`${head}${copy}${run}`, files, universe);
    expect(findingsOf(document, 'installer-in-image')).toMatchObject([
      { savedInstalledBytes: null, locations: [{ path: 'Dockerfile', line: 3 }] },
    ]);
    const [finding] = findingsOf(document, 'installer-in-image');
    expect(finding?.message).toContain('uv and uvx are copied from registry.test/astral-sh/uv:0.5');
    const mounted = `RUN --mount=from=registry.test/astral-sh/uv:0.5,source=/uv,target=/bin/uv uv pip install --system -r requirements.txt\n`;
    const without = await auditImage(`${head}${mounted}`, files, universe);
    expect(findingsOf(without, 'installer-in-image')).toEqual([]);
  });
});
