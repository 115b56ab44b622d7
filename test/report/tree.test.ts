import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import { report } from '../../src/report/tree.ts';
import { attribute, createDocument, createPackage, parsePackages } from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};
const trackmaster = createTrackmaster();

describe('the tree', () => {
  test('looks like this', async () => {
    await expect(report.render(trackmaster, plain)).toMatchFileSnapshot('snapshots/tree.txt');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const lines = report.render(trackmaster, { ...plain, width }).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });

  test('names every package, and marks each one but the first time', () => {
    const text = report.render(trackmaster, plain);
    for (const { name, version } of trackmaster.packages) {
      const lines = text
        .split('\n')
        .filter(
          (line) => line.includes(` ${name} ${version}`) || line.startsWith(`${name} ${version}`),
        );
      expect(lines.filter((line) => !line.includes('(*)'))).toHaveLength(1);
    }
  });

  test('is sorted by what each reaches, then by name', () => {
    const packages = attribute(parsePackages('b 1 5 1\na 1 5 1\nc 1 900 1'), ['a', 'b', 'c']);
    const text = report.render(createDocument({ packages }), plain);
    expect(text.indexOf('\nc 1')).toBeLessThan(text.indexOf('\na 1'));
    expect(text.indexOf('\na 1')).toBeLessThan(text.indexOf('\nb 1'));
  });

  test('a cycle is drawn once', () => {
    const packages = attribute(parsePackages('a 1 5 1 < b\nb 1 5 1 < a'), ['a']);
    const text = report.render(createDocument({ packages }), { ...plain, weights: false });
    expect(text).toContain('a 1\n└─ b 1\n   └─ a 1 (*)\n');
  });

  test('a chain of ten thousand neither overflows nor fills the screen with lines', () => {
    const packages = Array.from({ length: 10_000 }, (_, index) =>
      createPackage({ name: `p${index}`, requiredBy: index === 0 ? [] : [`p${index - 1}`] }),
    );
    const text = report.render(createDocument({ packages }), plain);
    expect(text).toContain('(9999) p9999');
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
  });

  test('unknown sizes are question marks with their reason', () => {
    const packages = attribute(parsePackages('gdal 3.8.0 ? ?'), ['gdal']);
    const text = report.render(createDocument({ packages }), plain);
    expect(text).toMatch(/gdal 3\.8\.0 \(source archive only\) +\? +\? +\?/);
    expect(text).toContain('totals are lower bounds');
  });

  test('--no-weights shows no sizes at all', () => {
    const text = report.render(trackmaster, { ...plain, weights: false });
    expect(text).not.toMatch(/\d (B|kB|MB|GB)\b/);
    expect(text).toContain('68 packages, 9 direct');
  });

  test('--no-weights does not say of each package that it was not weighed', () => {
    const packages = [
      createPackage({ name: 'a', installedBytes: null, unknownReason: 'not-weighed' }),
    ];
    const text = report.render(createDocument({ packages }), { ...plain, weights: false });
    expect(text).toContain('\na 1.0\n');
  });

  test('shows the extras that are installed', () => {
    const packages = [createPackage({ name: 'uvicorn', extras: ['standard'] })];
    expect(report.render(createDocument({ packages }), plain)).toContain('uvicorn[standard] 1.0');
  });

  test('hostile names reach the terminal as visible text', () => {
    const packages = [createPackage({ name: 'a\u001b[2J\u202eb' })];
    expect(report.render(createDocument({ packages }), plain)).toContain('a␛[2J<U+202E>b');
  });

  test.each([true, false])('a conflict has no weights and no counts (weights: %s)', (weights) => {
    const requirements = [{ raw: 'numpy==1.19', path: 'requirements.txt', line: 9, column: 1 }];
    const error = { message: 'numpy cannot be both', requirements };
    const document = createDocument({ error, environments: [] });
    const text = report.render(document, { ...plain, weights });
    expect(text).toContain('  No weights: these requirements do not fit together.\n');
    expect(text).toContain('    requirements.txt:9   numpy==1.19\n');
    expect(text).not.toMatch(/installed|0 packages/);
  });

  test('nothing to draw is no tree', () => {
    expect(report.render(createDocument(), plain)).toContain('0 packages, 0 direct');
  });
});
