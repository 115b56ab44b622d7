import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/split.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { SplitRow } from '../../src/types.ts';
import { createDocument } from './documents.ts';
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
const proof: SplitRow['proof'] = {
  resolved: true,
  changedVersions: [],
  unprovidedModules: [],
  importErrors: [],
  providedModules: [],
};
const prod: SplitRow = {
  file: 'requirements-prod.txt',
  kind: 'prod',
  packages: [],
  content: [
    '# Written by depweight; `depweight split --write` makes it again.',
    '# Web framework',
    'fastapi',
    'uvicorn',
    '',
    '# Audio',
    'librosa',
    'soundfile',
    'numpy',
    'scipy',
    '',
  ].join('\n'),
  totals: { ...trackmaster.totals, packages: 43, installedBytes: 442_000_000 },
  proof,
};
const dev: SplitRow = {
  file: 'requirements-dev.txt',
  kind: 'dev',
  packages: [],
  content: '-r requirements-prod.txt\npytest==7.4.3 \\\n    --hash=sha256:00\n',
  totals: { ...trackmaster.totals, packages: 46, installedBytes: 443_000_000 },
  proof,
};
const document = { ...trackmaster, command: 'split', splits: [prod, dev] };

describe('split', () => {
  test('looks like this', async () => {
    await expect(report.render(document, plain)).toMatchFileSnapshot('snapshots/split.txt');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const lines = report.render(document, { ...plain, width }).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });

  test('counts lines that ask for something, not comments, options or continuations', () => {
    const text = report.render(document, plain);
    expect(text).toMatch(/requirements-prod\.txt +9 → 6 +43 +442 MB/);
    expect(text).toMatch(/requirements-dev\.txt +1 +46 +443 MB/);
  });

  test('names what changes when versions are free, and what used to hold it', () => {
    const changed = {
      ...prod,
      proof: {
        ...proof,
        changedVersions: [
          { name: 'numpy', before: '1.26.4', after: '2.4.0', cappedBy: 'scipy==1.11.4' },
        ],
      },
    };
    const text = report.render({ ...document, splits: [changed] }, plain);
    expect(text).toContain('numpy 1.26.4 → 2.4.0, which scipy==1.11.4 used to cap');
    expect(text).not.toContain('same versions');
  });

  test('names the files that are proven where one is not', () => {
    const changedVersions = [{ name: 'numpy', before: '1', after: '2', cappedBy: null }];
    const changed = {
      ...prod,
      file: 'requirements-minimal.txt',
      proof: { ...proof, changedVersions },
    };
    const proven = (splits: readonly SplitRow[]): string =>
      report.render({ ...document, splits }, plain).replaceAll(/\s+/g, ' ');
    expect(proven([prod, dev, changed])).toContain(
      'free: requirements-prod.txt, requirements-dev.txt give the same versions',
    );
    expect(proven([prod, changed])).toContain(
      'free: requirements-prod.txt gives the same versions',
    );
  });

  test('a proposal that is not proven says so', () => {
    const broken = {
      ...prod,
      proof: {
        resolved: false,
        changedVersions: [],
        unprovidedModules: ['yaml'],
        importErrors: [],
        providedModules: [],
      },
    };
    const text = report.render({ ...document, splits: [broken] }, plain);
    expect(text).toContain('NOT proven');
    expect(text).toContain('does NOT provide yaml');
  });

  test('says what was written, what stayed and what was refused', () => {
    const splits: SplitRow[] = [
      { ...prod, status: 'written' },
      { ...dev, status: 'unchanged' },
    ];
    const written = report.render({ ...document, splits }, plain);
    expect(written).toContain('Written');
    expect(written).toContain('as it was');
    expect(written).not.toContain('Run again');
    const refused = report.render(
      { ...document, splits: [{ ...prod, status: 'refused', refusal: 'it was written by hand' }] },
      plain,
    );
    const foreseen = report.render(
      { ...document, splits: [{ ...prod, refusal: 'it is written by hand' }, dev] },
      plain,
    );
    expect(foreseen).toContain('Would write');
    expect(foreseen).toContain('requirements-prod.txt would not be written: it is written by hand');
    expect(foreseen).not.toContain('Run again');
    expect(refused).toContain('Not written');
    expect(refused).toContain('requirements-prod.txt is not written: it was written by hand');
  });

  test('an edit of a file that is there is shown as a diff, with its other sets', () => {
    const { totals } = trackmaster;
    const edit: SplitRow = {
      ...prod,
      file: 'pyproject.toml',
      kind: 'manifest',
      diff: '--- a/pyproject.toml\n+++ b/pyproject.toml\n@@ -1 +1 @@\n-torch\u001b[2J\n+web\n',
      sets: [
        { environment: 'prod', before: totals, after: prod.totals },
        { environment: 'extra:ml', before: null, after: totals },
      ],
    };
    const text = report.render({ ...document, splits: [edit] }, plain);
    expect(text).toMatch(/\n {4}extra:ml .* 5\.23 GB {3}new\n/);
    expect(text).toContain('\n@@ -1 +1 @@\n-torch');
    expect(text).not.toContain('\u001b');
  });

  test.each([
    [
      'proposed',
      'Run again with --write to create 1 file and edit pyproject.toml; then lock again: uv lock.',
    ],
    ['written', 'Now lock again: uv lock.'],
    ['refused', ''],
  ] as const)('says what to run next where an edit is %s', (status, next) => {
    const edit: SplitRow = { ...prod, file: 'pyproject.toml', kind: 'manifest', diff: '-a\n' };
    const lock = { path: 'uv.lock', kind: 'uv-lock', role: 'prod', primary: true } as const;
    const splits = [prod, edit].map((split) => ({ ...split, status }));
    const inputs = [...document.inputs, lock];
    const text = report.render({ ...document, inputs, splits }, { ...plain, width: 100 });
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    expect(/(?:Run|Now) .*/.exec(last)?.[0] ?? '').toBe(next);
  });

  test('a row of a pyproject.toml is no line of the requirements file beside it', () => {
    const again = trackmaster.declared.map((one) => ({ ...one, path: 'pyproject.toml' }));
    const declared = [...trackmaster.declared, ...again];
    expect(report.render({ ...document, declared }, plain)).toMatch(
      /requirements-prod\.txt +9 → 6/,
    );
  });

  test('says what installing and importing came to', () => {
    const verification = {
      tool: 'uv 0.13.9',
      python: '3.11',
      packages: 2,
      installedBytes: 1_500_000,
      imported: ['yaml'],
      failed: [{ module: 'cv2', error: 'ImportError: libGL.so.1' }],
      leftOut: ['inotify==0.2.10'],
    };
    const split = { ...prod, proof: { ...proof, verification } };
    const text = report.render({ ...document, splits: [split] }, plain).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'installed with uv 0.13.9 for Python 3.11, 2 packages, 1.5 MB of files; 1 module imported, 1 NOT: - cv2: ImportError: libGL.so.1 Not installed, as there is no wheel: inotify==0.2.10.',
    );
  });

  test('cuts long files short unless --all is given', () => {
    const content = Array.from({ length: 60 }, (_, index) => `package-${index}`).join('\n');
    const long = { ...document, splits: [{ ...prod, content }] };
    const text = report.render(long, plain);
    expect(text).toContain('… 59 lines as before\n    package-59\n  - torch==2.1.0');
    expect(text).not.toContain('package-58');
    expect(report.render(long, { ...plain, all: true })).toContain('package-59');
  });

  test('a long file in which nothing changes shows its start', () => {
    const content = Array.from({ length: 60 }, (_, index) => `package-${index}`).join('\n');
    const same = { ...document, findings: [], splits: [{ ...prod, content }] };
    expect(report.render(same, plain)).toContain('… 42 lines as before (--all lists them)');
  });

  test('what two files declare leaves once, where the text came from', () => {
    const declared = trackmaster.declared.flatMap((row) => [
      { ...row, path: 'pyproject.toml' },
      row,
    ]);
    const content = declared.map(({ raw }) => raw).filter((raw) => !raw.startsWith('torch'));
    const twice = { ...document, declared, splits: [{ ...prod, content: content.join('\n') }] };
    expect(report.render(twice, plain).match(/- torch==2\.1\.0/g)).toHaveLength(1);
  });

  test('hostile content cannot act on the terminal', () => {
    const content = 'a\u001b[2J\n::error::x\nb @ https://u:hunter2@index.test/b.whl\n';
    const text = report.render({ ...document, splits: [{ ...prod, content }] }, plain);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain('hunter2');
  });

  test('nothing to split is one sentence', () => {
    expect(report.render(createDocument({ command: 'split' }), plain)).toBe(
      '✓ orchard: nothing to split; nothing unused, nothing only for development.\n',
    );
    expect(report.render(createDocument({ command: 'split', scannedFiles: 0 }), plain)).toContain(
      'no Python source was read',
    );
    const error = { message: 'no', requirements: [] };
    expect(report.render(createDocument({ command: 'split', error }), plain)).toContain(
      'do not fit',
    );
  });
});
