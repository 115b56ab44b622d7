import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { Finding } from '../../src/types.ts';
import { attribute, createDocument, createFinding, parsePackages } from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const packages = attribute(parsePackages('flask 3 1000000 1'), ['flask']);

function ofImage(line: number, given: Partial<Finding> = {}): Finding {
  return createFinding({
    rule: 'orphan-install',
    packages: [],
    leaves: [],
    severity: 'info',
    confidence: 'certain',
    message: 'uninstalling torch leaves 18 packages in the image that only it needed: 15 nvidia-*',
    locations: [{ path: 'docker/Dockerfile', line, column: 1 }],
    savedInstalledBytes: 3_230_000_000,
    remedy: { kind: 'index', text: 'install the torch that is meant first' },
    ...given,
  });
}

function render(findings: readonly Finding[], options: Partial<RenderOptions> = {}): string {
  const document = createDocument({ packages, findings, scannedFiles: 3 });
  return report.render(document, { ...plain, ...options });
}

describe('IMAGE', () => {
  test('gives the line, what it would free, what is wrong and what to do', () => {
    const text = render([ofImage(58), ofImage(7, { savedInstalledBytes: 0, remedy: null })]);
    expect(text).toContain('IMAGE   docker/Dockerfile, by line; what each would free');
    expect(text).toMatch(/^ {2}:58 {5}3\.23 GB {2}uninstalling torch leaves/m);
    expect(text).toContain('→ install the torch that is meant first');
    expect(text.indexOf(':58')).toBeLessThan(text.indexOf(':7 '));
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('names the script where one holds the line', () => {
    const alone = { path: 'bin/setup.sh', line: 3, column: 1 };
    const both = ofImage(3, {
      locations: [alone, { path: 'docker/Dockerfile', line: 12, column: 1 }],
    });
    expect(render([both])).toMatch(/^ {2}:12 {5}3\.23 GB {2}bin\/setup\.sh:3: uninstalling torch/m);
    const inScript = ofImage(3, { locations: [alone] });
    const text = render([inScript, ofImage(58, { savedInstalledBytes: 2_000_000 })]);
    expect(text).toContain('IMAGE   docker/Dockerfile, by line');
    expect(text).toMatch(/^ {10}3\.23 GB {2}bin\/setup\.sh:3: uninstalling torch/m);
  });

  test('shows the heaviest five, and all of them where that is asked', () => {
    const findings = [1, 2, 3, 4, 5, 6, 7].map((line) => ofImage(line));
    expect(render(findings)).toContain('… and 2 more findings (--all lists them)');
    expect(render(findings, { all: true })).toContain('  :7 ');
  });

  test('leaves a project that is well at one line where it is about little', () => {
    const little = render([ofImage(3, { savedInstalledBytes: 0 })]);
    expect(little).toMatch(/^✓/);
    expect(little).toContain('1 note');
    expect(render([ofImage(3)])).not.toMatch(/^✓/);
  });

  test('cuts no sentence, however long it is', () => {
    const message = `${'leaves this and that '.repeat(20)}behind`;
    const long = ofImage(3, { message, remedy: { kind: 'add', text: `${'do '.repeat(90)}it` } });
    const text = render([long]);
    expect(text.replace(/\s+/g, ' ')).toContain(message);
    expect(text.replace(/\s+/g, ' ')).toContain('do do it');
    expect(text).not.toContain('…');
  });

  test('lists files with their bytes, and the lines to be added', () => {
    const parts = [
      { path: 'data/', bytes: 30_000_000, kept: null },
      { path: 'models/', bytes: 4_000_000, kept: 'app/main.py:2 names it' },
      ...Array.from({ length: 7 }, (_, at) => ({ path: `x${at}`, bytes: 200_000, kept: null })),
      { path: 'tests/', bytes: 14, kept: null },
    ];
    const remedy = {
      kind: 'add' as const,
      text: 'add to .dockerignore:',
      snippet: { path: '.dockerignore', lines: ['data', 'tests'] },
    };
    const text = render([ofImage(3, { parts, remedy })]);
    expect(text).toMatch(/^ +30 MB {2}data\/$/m);
    expect(text).toMatch(/^ +4\.0 MB {2}models\/ stays: app\/main\.py:2 names it$/m);
    expect(text).toMatch(/^ +600 kB {2}… in 4 more \(--all\)$/m);
    expect(text).toMatch(/^ {21}data\n {21}tests$/m);
    expect(text).not.toContain('14 B');
    expect(render([ofImage(3, { parts, remedy })], { all: true })).toContain('14 B  tests/');
  });

  test('names the base with what it weighs where that is known', () => {
    const base = ofImage(1, {
      rule: 'base-image',
      message: 'python:3.12-alpine is the smaller base to download, but none has a wheel',
      savedInstalledBytes: null,
      savedDownloadBytes: 25_150_280,
      evidence: [
        {
          path: 'docker/Dockerfile',
          line: 1,
          note: 'python:3.12-slim: 43188023 bytes compressed, 2026-08-05',
        },
      ],
      remedy: null,
    });
    const text = render([ofImage(58), base]);
    expect(text).toContain('on python:3.12-slim (43 MB compressed, 2026-08-05)');
    expect(text).toMatch(/:1 {8}25 MB {2}python:3\.12-alpine/);
  });

  test('has no row of its own for what the head says', () => {
    const base = ofImage(1, {
      rule: 'base-image',
      message: 'the base is python:3.12-alpine, which is in no other figure',
      savedInstalledBytes: null,
      savedDownloadBytes: null,
      evidence: [
        {
          path: 'docker/Dockerfile',
          line: 1,
          note: 'python:3.12-alpine: 18037743 bytes compressed, 2026-09-17',
        },
      ],
      remedy: null,
    });
    for (const all of [false, true]) {
      const text = render([ofImage(58), base], { all });
      expect(text).toContain('on python:3.12-alpine (18 MB compressed');
      expect(text).not.toContain('no other figure');
      expect(text).not.toContain('more finding');
    }
    expect(render([base])).not.toContain('IMAGE');
    expect(render([base], { all: true })).toMatch(/^IMAGE.*\(18 MB compressed, 2026-09-17\)$/m);
  });

  test('tells of another base of unknown size last, with what there is to compare, and not alone', () => {
    const note = (name: string, bytes: number): Finding['evidence'][number] => ({
      path: 'docker/Dockerfile',
      line: 1,
      note: `to compare ${name}: ${bytes} bytes compressed, 2026-08-05`,
    });
    const base = ofImage(1, {
      rule: 'base-image',
      message: 'an Alpine base (musl) may be smaller',
      savedInstalledBytes: null,
      savedDownloadBytes: null,
      remedy: null,
      evidence: [note('python:3.12-slim', 43_188_023), note('python:3.12-alpine', 18_037_743)],
    });
    const text = render([ofImage(58), base]).replace(/\s+/g, ' ');
    expect(text).toContain(
      'may be smaller (to compare: python:3.12-slim 43 MB, python:3.12-alpine 18 MB, compressed)',
    );
    // The figures of others are not those of this base.
    expect(text).toContain('IMAGE docker/Dockerfile, by line');
    expect(render([base])).not.toContain('Alpine');
    expect(render([base], { all: true })).toContain('Alpine');
  });

  test('what has to be built on the base itself is worth a line', () => {
    const base = ofImage(1, {
      rule: 'base-image',
      message: 'on musl 1 package has no wheel and is built: crc32c',
      savedInstalledBytes: null,
      savedDownloadBytes: null,
      remedy: null,
    });
    const own = { path: 'docker/Dockerfile', line: 1, note: 'x: 5 bytes compressed, 2026-08-05' };
    const head = ofImage(1, { ...base, message: 'the base is x', evidence: [own] });
    const text = render([head, base, ofImage(58)]);
    expect(text).toContain('on x (5 B compressed, 2026-08-05)');
    expect(text).toContain('crc32c');
    expect(text).not.toContain('the base is x');
  });
});
