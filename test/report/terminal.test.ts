import { describe, expect, test } from 'vitest';
import { report } from '../../src/report/terminal.ts';
import type { EnvironmentRow, PackageRow } from '../../src/types.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  createPackage,
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
      /\+ about \d+ kB of \.pyc files/,
    );
  });

  test('takes the proven total of the proposal where there is one', () => {
    const totals = { ...trackmaster.totals, installedBytes: 400_000_000, packages: 40 };
    const proof = {
      resolved: true,
      changedVersions: [],
      unprovidedModules: [],
      importErrors: [],
      providedModules: [],
    };
    const row = { file: 'requirements-prod.txt', kind: 'prod', content: '' } as const;
    const splits = [{ ...row, packages: [], totals, proof }];
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
        for Python 3.11 · Linux x86_64 · glibc 2.28 (default)
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

  test.each([null, 0])(
    'does not say unused where no source was read (%s files)',
    (scannedFiles) => {
      const text = report.render(createDocument({ packages, declared, scannedFiles }), plain);
      expect(text).toContain('No Python source was read, so nothing is said about what is used.');
      expect(text).toContain('WEIGHT  what leaves if you drop it');
      expect(text).not.toContain('nothing unused');
      expect(text).not.toContain('why it stays');
    },
  );

  test('is not said where some of the input could not be read', () => {
    const warnings = [{ code: 'a', message: 'odd', severity: 'error' as const }];
    const text = report.render(createDocument({ packages, declared, warnings }), plain);
    expect(text).toContain('1 error on stderr: what it is about is in none of the figures');
    expect(text).toContain('443 MB installed');
    const empty = report.render(createDocument({ warnings }), plain);
    expect(empty).toContain('Nothing to weigh.');
    expect(empty).not.toContain('✓');
  });

  test('an empty project has its own sentence', () => {
    expect(report.render(createDocument(), plain)).toBe(
      '✓ orchard needs no packages; nothing to weigh.\n',
    );
    const warnings = [{ code: 'outside', message: 'not read' }];
    expect(report.render(createDocument({ warnings }), plain)).toBe(
      '! orchard needs no packages; nothing to weigh, but see the warnings.\n',
    );
  });

  test('a project that only needs tools says what those add', () => {
    const document = createDocument({ packages: [] });
    const tools = { ...document.totals, packages: 2, installedBytes: 5_000_000 };
    const environments = document.environments.flatMap((prod) => [
      prod,
      { ...prod, id: 'dev', totals: tools, packages: ['ruff==1.0', 'pytest==8.0'] },
    ]);
    expect(report.render({ ...document, environments }, plain)).toContain(
      '+2 packages, 5.0 MB for dev',
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
    expect(text).toContain('at least 5.23 GB installed');
    expect(text).toMatch(/gdal \(source\s+archive\s+only\)/);
  });

  test('where nothing is known there is no figure at all', () => {
    const rows = attribute([createPackage({ name: 'gdal', installedBytes: null })], ['gdal']);
    const text = report.render(createDocument({ packages: rows }), plain);
    expect(text).toContain('size unknown   1 package, 1 direct; 1 unknown');
    expect(text).toContain('No size could be read: gdal (source archive only).');
    expect(text).not.toContain('0 B');
  });

  test('of conda are counted where there are several', () => {
    const ofConda = ['numpy', 'scipy'].map((name) =>
      createPackage({ name, installedBytes: null, unknownReason: 'conda' }),
    );
    const render = (rows: readonly PackageRow[]): string =>
      report
        .render(
          createDocument({
            packages: attribute(
              rows,
              rows.map(({ name }) => name),
            ),
          }),
          plain,
        )
        .replaceAll('\n', ' ');
    expect(render([...packages, ...ofConda])).toContain(
      '4 unknown: 2 conda packages, gdal (source archive only), oven (from version control).',
    );
    expect(render([createPackage({ name: 'apple' }), ...ofConda])).toContain(
      '2 unknown: all conda packages.',
    );
    expect(render(ofConda)).toContain('No size could be read: all conda packages.');
    expect(render(ofConda.slice(1))).toContain('No size could be read: scipy (a conda package).');
  });

  test('are named once: by the note, where there is one', () => {
    const findings = [
      createFinding({
        rule: 'no-wheel',
        code: 'DW113',
        severity: 'info',
        packages: ['gdal'],
        message: 'gdal 3.8.0 has no wheel, only a source archive; its size is unknown',
        remedy: null,
      }),
    ];
    const text = report.render({ ...document, findings }, plain);
    expect(text.match(/gdal 3\.8\.0 has no wheel/g)).toHaveLength(1);
    expect(text).not.toContain('gdal (source archive only)');
    expect(text).toMatch(/oven \(from version\s+control\)/);
  });

  test('that leave make the saving a lower bound, not what stays', () => {
    const rows = packages.filter((row) => row.name !== 'gdal');
    const findings = [
      createFinding({ packages: ['oven'], leaves: ['oven'], savedInstalledBytes: 9 }),
    ];
    const text = report.render(createDocument({ packages: rows, findings }), plain);
    expect(text).toContain('at least 9 B can go');
    expect(text).toContain('→  5.23 GB stay');
    expect(text).toContain('frees ≥ 9 B');
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

  test('no line is wider than the terminal, and a long place keeps its file and line', () => {
    for (const width of [60, 80, 100]) {
      const text = report.render(document, { ...plain, width });
      expect(widest(text)).toBeLessThanOrEqual(width);
      expect(text).toContain('folder/requirements.txt:3');
      expect(text).toContain('main.py:7');
    }
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

  test('CHECK names what may be unused, and counts no bytes for it', () => {
    const findings = [
      createFinding({ packages: ['fig'], confidence: 'possible', savedInstalledBytes: 1_000_000 }),
    ];
    const text = report.render(createDocument({ ...base, findings }), plain);
    expect(text).toContain('CHECK   perhaps not used, nothing proves it: fig');
    expect(text).not.toContain('can go');
    expect(text).toContain('Nothing is surely unused; see CHECK.');
    expect(text).not.toContain('nothing unused');
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
    const document = createDocument({
      ...base,
      findings: [createFinding({ packages: ['fig'], savedInstalledBytes: 1_000_000 })],
    });
    const environments = document.environments.flatMap((prod) => [
      prod,
      {
        ...prod,
        id: 'dev',
        totals: { ...prod.totals, packages: 4, installedBytes: 29_000_000 },
        packages: [...prod.packages, 'ruff==1.0'],
      },
      { ...prod, id: 'extra:same' },
      { ...prod, id: 'prod', project: 'services/api' },
      { ...prod, id: 'requirements-gpu.txt', inputs: ['requirements-gpu.txt'] },
    ]);
    const text = report.render({ ...document, environments }, plain);
    expect(text).toContain('3 packages, 3 direct');
    expect(text).toContain('+1 package, 26 MB for dev');
    expect(text).toContain('also services/api (prod): 3.0 MB, 3 packages');
    expect(text).toContain('requirements-gpu.txt instead: 3.0 MB');
    expect(text).not.toContain('same');
  });

  test('jobs of CI have the machines of their matrix, and targets where these differ; nothing is said of code', () => {
    const document = createDocument({ ...base, scannedFiles: null });
    const { target, totals } = document;
    const windows = {
      ...target,
      os: 'windows',
      arch: 'amd64',
      libc: null,
      platformTag: 'win_amd64',
    };
    const job = {
      name: 'test',
      path: 'ci.yml',
      line: 3,
      machine: 'ubuntu-latest',
      target,
      others: [],
    };
    const lighter = { ...totals, installedBytes: 2_000_000 };
    const environments = document.environments.flatMap((prod) => [
      {
        ...prod,
        job: {
          ...job,
          others: [
            { machine: 'windows-latest', target: windows, totals: lighter },
            ...['macos-14', 'macos-15', 'macos-26'].map((machine) => ({
              machine,
              target,
              totals: null,
            })),
          ],
        },
      },
      { ...prod, id: 'job:lint', job: { ...job, name: 'lint' } },
      {
        ...prod,
        id: 'job:old',
        job: { ...job, name: 'old', target: { ...target, python: '3.8' } },
      },
      { ...prod, id: 'job:win', job: { ...job, name: 'win', target: windows } },
    ]);
    const lines = report.render({ ...document, environments }, plain).split('\n');
    const start = lines.findIndex((line) => line.includes('job test'));
    expect(lines.slice(start, lines.indexOf('', start))).toEqual([
      '  job test on ubuntu-latest, the most of its matrix (2.0 MB on windows-latest,',
      '  no solution on macos-14, no solution on macos-15 and 1 more)',
      '  job lint: 3.0 MB, 3 packages',
      '  job old: 3.0 MB, 3 packages, for Python 3.8',
      '  job win: 3.0 MB, 3 packages, for Python 3.11 · Windows amd64',
    ]);
    expect(lines.join()).not.toContain('No Python source');
  });

  test('services of a compose file stand with those that run the same image, and with targets where these differ', () => {
    const document = createDocument({ ...base });
    const { target } = document;
    const service = {
      names: ['api', 'beat'],
      path: 'compose.yml',
      line: 3,
      dockerfile: 'docker/Dockerfile',
      stage: 'prod',
      target,
    };
    const many = ['one', 'two', 'three', 'four', 'five'];
    const environments = document.environments.flatMap((prod) => [
      { ...prod, service },
      { ...prod, id: 'service:one', service: { ...service, names: many } },
      {
        ...prod,
        id: 'service:old',
        project: 'old',
        service: { ...service, names: ['old'], target: { ...target, python: '3.8' } },
      },
    ]);
    const shown = (rows: readonly EnvironmentRow[]): readonly string[] => {
      const lines = report.render({ ...document, environments: rows }, plain).split('\n');
      return lines.filter((line) => line.startsWith('  service'));
    };
    expect(shown(environments)).toEqual([
      '  services api, beat (docker/Dockerfile, stage prod)',
      '  service old: 3.0 MB, 3 packages, for Python 3.8',
      '  services one, two, three, four and 1 more: 3.0 MB, 3 packages',
    ]);
    const inline = { ...service, dockerfile: 'compose.yml', stage: null };
    expect(shown(environments.slice(0, 1).map((prod) => ({ ...prod, service: inline })))).toEqual([
      '  services api, beat (written out in the compose file)',
    ]);
    const finding = createFinding({ packages: ['fig'], savedInstalledBytes: 1_000_000 });
    const next = (rows: readonly EnvironmentRow[]): readonly string[] =>
      report
        .render({ ...document, findings: [finding], environments: rows }, plain)
        .split('\n')
        .filter((line) => line.includes('depweight'))
        .map((line) => line.trim().replace(/^Next +/, ''));
    expect(next(environments)).toEqual([
      expect.stringMatching(/^depweight split compose\.yml --env service:api {2}/),
      expect.stringMatching(/^depweight why fig compose\.yml --env service:api {2}/),
    ]);
    expect(next(environments.slice(0, 1))).toEqual([
      expect.stringMatching(/^depweight split compose\.yml {2}/),
      expect.stringMatching(/^depweight why fig compose\.yml {2}/),
    ]);
  });

  test('of environments that neither add to the headline nor stand in its place nothing is said', () => {
    const document = createDocument({
      ...base,
      findings: [createFinding({ packages: ['fig'], savedInstalledBytes: 1_000_000 })],
    });
    const environments = document.environments.flatMap((dev) => [
      { ...dev, id: 'dev' },
      {
        ...dev,
        id: 'prod',
        inputs: ['requirements.txt', 'pyproject.toml'],
        totals: { ...dev.totals, packages: 1 },
        packages: dev.packages.slice(0, 1),
      },
      // As many packages and one more, but one of the headline is not there.
      {
        ...dev,
        id: 'extra:gpu',
        totals: { ...dev.totals, packages: 4 },
        packages: [...dev.packages.slice(1), 'cuda==1.0', 'torch==2.0'],
      },
      {
        ...dev,
        id: 'group:docs',
        totals: { ...dev.totals, packages: 4 },
        packages: [...dev.packages.map((row) => row.replace(/==.*/, '==0.9')), 'sphinx==7.0'],
      },
    ]);
    const text = report.render({ ...document, environments }, { ...plain, all: true });
    expect(text).not.toContain('instead');
    expect(text).not.toContain('−');
    expect(text).not.toContain('gpu');
    expect(text).toContain('+1 package, 0 B with group docs');
  });

  test.each([
    [{ elapsedMs: 2140, receivedBytes: 22_700_000 }, '2.1 s, 23 MB transferred'],
    [{ elapsedMs: 301, receivedBytes: 0 }, '0.3 s, from the cache'],
    [{ elapsedMs: 301 }, '0.3 s'],
  ])('the last line says what the figures took: %j', (effort, words) => {
    const findings = [createFinding({ packages: ['fig'], savedInstalledBytes: 1_000_000 })];
    const document = createDocument({ ...base, findings });
    expect(report.render(document, { ...plain, ...effort }).trimEnd()).toMatch(
      new RegExp(`  ${words}$`),
    );
    expect(report.render(document, plain)).not.toContain(' s,');
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
