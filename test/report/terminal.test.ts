import { describe, expect, test } from 'vitest';
import { report } from '../../src/report/terminal.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  createPackage,
  totalsOf,
} from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

function widest(text: string): number {
  return Math.max(...text.split('\n').map(displayWidth));
}

describe('a project where something can go', () => {
  const trackmaster = createTrackmaster();

  test('looks like this at 80 columns', async () => {
    await expect(report.render(trackmaster, plain)).toMatchFileSnapshot(
      'snapshots/trackmaster.txt',
    );
  });

  test('looks like this in colour', async () => {
    const text = report.render(trackmaster, { ...plain, color: true });
    await expect(text).toMatchFileSnapshot('snapshots/trackmaster.color.txt');
  });

  test('says the same with and without colour', () => {
    const text = report.render(trackmaster, { ...plain, color: true });
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(report.render(trackmaster, plain));
  });

  test.each([60, 72, 80, 100])('keeps within %d columns', (width) => {
    expect(widest(report.render(trackmaster, { ...plain, width }))).toBeLessThanOrEqual(width);
  });

  test('counts in IEC units when asked to', () => {
    const text = report.render(trackmaster, { ...plain, units: 'iec' });
    expect(text).toContain('4.87 GiB installed');
    expect(text).not.toMatch(/\d (kB|MB|GB)/);
  });

  test('--bytecode says what .pyc files add', () => {
    expect(report.render(trackmaster, { ...plain, bytecode: true })).toMatch(
      /\+ \d+ kB of \.pyc files/,
    );
  });

  test('takes the proven total of the proposal where there is one', () => {
    const totals = { ...trackmaster.totals, installedBytes: 400_000_000, packages: 40 };
    const proof = { resolved: true, changedVersions: [], unprovidedModules: [] };
    const splits = [{ file: 'requirements-prod.txt', content: '', totals, proof }];
    expect(report.render({ ...trackmaster, splits }, plain)).toContain('400 MB stay');
  });

  test('never offers a command that is not built', () => {
    expect(report.render(trackmaster, plain)).not.toContain('depweight check');
  });
});

describe('nothing to do', () => {
  const packages = attribute(
    [createPackage({ name: 'apple', installedBytes: 443_000_000 })],
    ['apple'],
  );
  const declared = [createDeclared({ name: 'apple' })];

  test('is one verdict and the target', () => {
    expect(report.render(createDocument({ packages, declared }), plain)).toMatchInlineSnapshot(`
      "✓ orchard weighs 443 MB, 1 package; nothing unused, nothing only for
        development.
        for Python 3.11 · Linux x86_64 · glibc 2.28
      "
    `);
  });

  test('counts the notes that it keeps for --all', () => {
    const findings = [createFinding({ rule: 'heavy', code: 'DW108', severity: 'info' })];
    const text = report.render(createDocument({ packages, declared, findings }), plain);
    expect(text).toContain('1 note (--all lists them)');
  });

  test('an unused package of a few bytes is still not nothing', () => {
    const findings = [
      createFinding({ packages: ['apple'], severity: 'info', savedInstalledBytes: 10 }),
    ];
    expect(report.render(createDocument({ packages, declared, findings }), plain)).toContain(
      'REMOVE',
    );
  });

  test('does not say unused where there was no source to read', () => {
    const text = report.render(createDocument({ packages, declared, scannedFiles: null }), plain);
    expect(text).toContain('No Python source was found');
    expect(text).not.toContain('nothing unused');
  });

  test('an empty project has its own sentence', () => {
    expect(report.render(createDocument(), plain)).toBe(
      '✓ orchard needs no packages; nothing to weigh.\n',
    );
  });
});

describe('unknown sizes', () => {
  const packages = attribute(
    [
      createPackage({ name: 'apple', installedBytes: 5_230_000_000 }),
      createPackage({ name: 'gdal', version: '3.8.0', installedBytes: null }),
      createPackage({ name: 'oven', installedBytes: null, unknownReason: 'vcs' }),
    ],
    ['apple', 'gdal', 'oven'],
  );
  const declared = ['apple', 'gdal', 'oven'].map((name) => createDeclared({ name }));
  const document = createDocument({
    packages,
    declared,
    findings: [
      createFinding({ packages: ['oven'], savedInstalledBytes: null, severity: 'warning' }),
    ],
  });

  test('look like this', async () => {
    await expect(report.render(document, plain)).toMatchFileSnapshot('snapshots/unknown.txt');
  });

  test('are in the headline, in the table and in the last line, and never 0', () => {
    const text = report.render(document, plain);
    expect(text).toContain('at least 5.23 GB installed');
    expect(text).toContain('3 packages, 3 direct; 2 unknown');
    expect(text).toMatch(/gdal +3\.8\.0 +\?/);
    expect(text.replaceAll('\n', ' ')).toContain(
      '2 unknown: gdal (source archive only), oven (from version control)',
    );
    expect(text).not.toMatch(/gdal.* 0 B/);
  });

  test('are told even where there is nothing to do', () => {
    const text = report.render({ ...document, findings: [] }, plain);
    expect(text).toContain('weighs at least 5.23 GB');
    expect(text).toMatch(/gdal \(source archive\s+only\)/);
  });
});

describe('hundreds of packages', () => {
  const names = Array.from(
    { length: 400 },
    (_, index) => `package-${String(index).padStart(3, '0')}`,
  );
  const packages = attribute(
    names.map((name, index) => createPackage({ name, installedBytes: (index + 1) * 1_000_000 })),
    names,
  );
  const findings = names.slice(0, 300).map((name, index) =>
    createFinding({
      packages: [name],
      locations: [{ path: 'requirements.txt', line: index + 1, column: 1 }],
      savedInstalledBytes: (index + 1) * 1_000_000,
      rule: index % 2 === 0 ? 'unused' : 'dev-only',
    }),
  );
  const document = createDocument({
    packages,
    findings,
    declared: names.map((name) => createDeclared({ name })),
  });

  test('fit on one screen, and what was left out is counted', () => {
    const text = report.render(document, plain);
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    expect(text).toContain('… and 145 more packages, 21.');
    expect(text).toContain('… and 93 more packages');
  });

  test('--all lists every one of them', () => {
    const text = report.render(document, { ...plain, all: true });
    for (const name of names) expect(text).toContain(name);
  });
});

describe('hostile and awkward names', () => {
  const evil = 'evil\u001b[2J\u202egnp\n::error::x';
  const packages = attribute(
    [
      createPackage({ name: evil, installedBytes: 2_000_000 }),
      createPackage({ name: '日本語パッケージ', installedBytes: 3_000_000 }),
      createPackage({
        name: `very-${'long-'.repeat(20)}name`,
        version: '1.0+local.very.long.version',
      }),
    ],
    [evil, '日本語パッケージ', `very-${'long-'.repeat(20)}name`],
  );
  const document = createDocument({
    project: 'p\u001b]0;x\u0007',
    packages,
    declared: packages.map(({ name }) =>
      createDeclared({
        name,
        evidence: [{ path: `${'deep/'.repeat(30)}main.py`, line: 7, note: 'import x' }],
      }),
    ),
    findings: [
      createFinding({
        packages: [evil],
        locations: [{ path: `${'folder/'.repeat(12)}requirements.txt`, line: 3, column: 1 }],
        savedInstalledBytes: 2_000_000,
      }),
    ],
  });

  test('reach the terminal as visible text', () => {
    const text = report.render(document, plain);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).not.toMatch(/^::/m);
    expect(text).toContain('evil␛[2J<U+202E>gnp');
  });

  test('keep the columns of the table aligned', () => {
    const lines = report.render(document, plain).split('\n');
    const start = lines.findIndex((line) => line.startsWith('KEEP'));
    const table = lines.slice(start + 1, start + 4);
    const columns = table.map((line) =>
      displayWidth(line.slice(0, line.search(/why it stays|…deep|…/))),
    );
    expect(table).toHaveLength(3);
    expect(Math.max(...table.map(displayWidth))).toBeLessThanOrEqual(80);
    expect(columns.every((column) => column > 0)).toBe(true);
  });

  test('a place that has no room keeps a line of its own, whole', () => {
    expect(report.render(document, plain)).toContain(`${'folder/'.repeat(12)}requirements.txt:3`);
  });
});

describe('other sections', () => {
  const packages = attribute(
    [
      createPackage({ name: 'apple' }),
      createPackage({ name: 'pear' }),
      createPackage({ name: 'fig' }),
    ],
    ['apple', 'pear', 'fig'],
  );
  const declared = packages.map(({ name }) => createDeclared({ name }));
  const base = { packages, declared };

  test('ADD names what is imported and not declared', () => {
    const findings = [
      createFinding({
        rule: 'missing',
        severity: 'error',
        packages: ['plum'],
        message: 'plum is imported, but nothing installs it',
        evidence: [{ path: 'app/main.py', line: 9, note: 'import plum' }],
      }),
    ];
    const text = report.render(createDocument({ ...base, findings }), plain);
    expect(text).toContain('ADD     imported, not declared');
    expect(text).toContain('  app/main.py:9  plum is imported, but nothing installs it');
    expect(text).toContain('✓ nothing unused');
  });

  test('CHECK names what may be unused, and counts no bytes for it', () => {
    const findings = [
      createFinding({ packages: ['fig'], confidence: 'possible', savedInstalledBytes: 1_000_000 }),
    ];
    const text = report.render(createDocument({ ...base, findings }), plain);
    expect(text).toContain('CHECK   perhaps not used, nothing proves it: fig');
    expect(text).not.toContain('can go');
  });

  test('a verdict that is only likely says so', () => {
    const findings = [
      createFinding({ packages: ['fig'], confidence: 'likely', savedInstalledBytes: 9 }),
    ];
    expect(report.render(createDocument({ ...base, findings }), plain)).toContain('(likely)');
  });

  test('NOTE puts several findings of one rule on one line, errors first', () => {
    const findings = [
      createFinding({
        rule: 'indirect',
        packages: ['pear'],
        severity: 'info',
        message: 'pear is a pin',
      }),
      createFinding({
        rule: 'indirect',
        packages: ['apple'],
        severity: 'info',
        message: 'apple is a pin',
      }),
      createFinding({
        rule: 'drift',
        severity: 'warning',
        message: 'fig differs',
        locations: [{ path: 'pyproject.toml', line: 4, column: 1 }],
      }),
    ];
    const text = report.render(createDocument({ ...base, findings }), plain);
    expect(text).toContain('NOTE    fig differs (pyproject.toml:4)');
    expect(text).toContain('        2 declared, but only other packages need them: pear, apple');
  });

  test('NOTE gives the bytes of strippable files', () => {
    const findings = [
      createFinding({
        rule: 'strippable',
        severity: 'info',
        savedInstalledBytes: 31_600_000,
        message: '7 % of what stays are test suites inside wheels',
      }),
      createFinding({ rule: 'drift', severity: 'warning', message: 'fig differs' }),
    ];
    const text = report.render(createDocument({ ...base, findings }), plain);
    expect(text).toContain('32 MB: 7 % of what stays are test suites');
  });

  test('other environments are told apart by what they add', () => {
    const [prod] = createDocument(base).environments;
    const tool = createPackage({
      name: 'ruff',
      installedBytes: 26_000_000,
      environments: ['dev'],
      direct: false,
    });
    const environments =
      prod === undefined
        ? []
        : [
            prod,
            { ...prod, id: 'dev', totals: { ...prod.totals, installedBytes: 29_000_000 } },
            { ...prod, id: 'prod', project: 'services/api', totals: totalsOf(packages) },
            { ...prod, id: 'requirements-gpu.txt', inputs: ['requirements-gpu.txt'] },
          ];
    const text = report.render(
      createDocument({
        ...base,
        packages: [...packages, tool],
        totals: totalsOf(packages),
        environments,
        findings: [createFinding({ packages: ['fig'], savedInstalledBytes: 1_000_000 })],
      }),
      plain,
    );
    expect(text).toContain('3 packages, 3 direct');
    expect(text).toContain('+ 1 package, 26 MB for dev');
    expect(text).toContain('also services/api (prod): 3.0 MB, 3 packages');
    expect(text).toContain('instead with requirements-gpu.txt: 3.0 MB');
  });

  test('disk blocks are told where they take over 10 % more', () => {
    const document = createDocument({
      ...base,
      findings: [createFinding({ packages: ['fig'], savedInstalledBytes: 1 })],
    });
    const totals = { ...document.totals, installedBytes: 210_000_000, diskBytes: 362_000_000 };
    expect(report.render({ ...document, totals }, plain)).toContain('362 MB on disk');
    const near = { ...totals, diskBytes: 215_000_000 };
    expect(report.render({ ...document, totals: near }, plain)).not.toContain('on disk');
  });

  test('without a solution there are no weights, but the places', () => {
    const text = report.render(
      createDocument({
        error: {
          message: 'numpy cannot be both',
          requirements: [{ raw: 'numpy==1.19', path: 'requirements.txt', line: 9, column: 1 }],
        },
        findings: [createFinding({ packages: ['fig'], savedInstalledBytes: null })],
      }),
      plain,
    );
    expect(text).toContain('No weights: these requirements do not fit together.');
    expect(text).toContain('requirements.txt:9   numpy==1.19');
    expect(text).toContain('REMOVE');
    expect(text).not.toContain('0 B');
  });
});
