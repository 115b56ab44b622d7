import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';

const universe = [release('flask', '1', 5000)];
const files = { 'requirements.txt': 'flask\n' };
const build =
  'FROM python:3.12 AS builder\nCOPY . .\nRUN pip wheel --wheel-dir /wheels -r requirements.txt\nFROM python:3.12\n';

describe('wheelhouse-layer', () => {
  test.each([
    'pip install --no-cache-dir /wheels/*',
    'pip install --no-index --find-links=/wheels -r requirements.txt',
  ])('weighs the wheels that %s leaves in the layer of the copy', async (run) => {
    const document = await auditImage(
      `${build}COPY --from=builder /wheels /wheels\nRUN ${run} && rm -rf /wheels\n`,
      files,
      universe,
    );
    const [finding] = findingsOf(document, 'wheelhouse-layer');
    expect(finding).toMatchObject({
      code: 'DW125',
      savedInstalledBytes: document.totals.downloadBytes,
      locations: [{ path: 'Dockerfile', line: 5 }, { line: 6 }],
    });
    expect(finding?.remedy?.text).toContain('from=builder,source=/wheels,target=/wheels');
  });

  test('is silent about wheels that are mounted, and about what is copied unpacked', async () => {
    const mounted = `${build}RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install /wheels/*\n`;
    const unpacked = `${build}COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages\n`;
    for (const text of [mounted, unpacked]) {
      expect(findingsOf(await auditImage(text, files, universe), 'wheelhouse-layer')).toEqual([]);
    }
  });
});
