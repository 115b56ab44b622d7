import { describe, expect, test } from 'vitest';
import type { AuditRequest } from '../src/audit-env.ts';
import type { AuditDocument } from '../src/types.ts';
import { auditFiles, serveFor } from './support/audit-files.ts';
import type { UniverseDistribution } from './support/index-server.ts';

/** Audits files in memory against an index on loopback. */
async function run(
  files: Readonly<Record<string, string>>,
  distributions: readonly UniverseDistribution[],
  request: Partial<AuditRequest> = {},
): Promise<AuditDocument> {
  return auditFiles(files, await serveFor(distributions), request);
}

const pins = (document: AuditDocument): readonly string[] =>
  document.packages.map(({ name, version }) => `${name}==${version}`);
const native = (...pythons: readonly string[]): NonNullable<UniverseDistribution['files']> =>
  pythons.map((python) => ({ tags: `${python}-${python}-manylinux_2_17_x86_64` }));

describe('the Python of the target', () => {
  test('is the newest for which every declared name has a usable file, and the document says why', async () => {
    const document = await run({ 'requirements.txt': 'native==1.0\n' }, [
      { name: 'native', version: '1.0', files: native('cp310', 'cp311') },
    ]);
    expect(document.target.python).toBe('3.11');
    expect(document.target.from).toContain('native==1.0');
    expect(document.error).toBeNull();
  });

  test('is that of the conda environment that is weighed, whatever else names one', async () => {
    const files = {
      'environment.yml': 'channels: [a]\ndependencies:\n  - python=3.10\n  - pip: [native]\n',
      '.python-version': '3.12\n',
      Dockerfile: 'FROM python:3.9\nRUN conda env create -f environment.yml\n',
    };
    const universe = [{ name: 'native', version: '1.0' }];
    const weighed = await run(files, universe);
    expect([weighed.target.python, weighed.target.from]).toEqual([
      '3.10',
      'environment.yml:3; platform: Dockerfile:1',
    ]);
    // Of another set it is the last that is asked.
    const { '.python-version': _, Dockerfile: __, ...beside } = files;
    const requirements = { 'requirements.txt': 'native\n' };
    expect((await run({ ...beside, ...requirements }, universe)).target).toMatchObject({
      python: '3.10',
      from: 'environment.yml:3',
    });
    const hinted = { ...beside, ...requirements, '.python-version': '3.12\n' };
    expect((await run(hinted, universe)).target.python).toBe('3.12');
  });

  test('steps below a release that has a source archive only', async () => {
    const document = await run({ 'requirements.txt': 'native==1.0\n' }, [
      { name: 'native', version: '1.0', files: native('cp312'), sdist: {} },
    ]);
    expect(document.target.python).toBe('3.12');
    expect(document.totals.unknown).toBe(0);
  });

  test('is told where it is asked for against requires-python, and the set resolved all the same', async () => {
    const text =
      "[project]\nname='app'\nversion='1'\nrequires-python='>=3.12'\ndependencies=['pure']\n";
    const document = await run({ 'pyproject.toml': text }, [{ name: 'pure', version: '1.0' }], {
      python: '3.11',
    });
    expect(pins(document)).toEqual(['pure==1.0']);
    expect(document.warnings).toContainEqual(
      expect.objectContaining({ code: 'python-outside', line: 4 }),
    );
  });

  test('never steps when it is asked for', async () => {
    const document = await run(
      { 'requirements.txt': 'native==1.0\n' },
      [{ name: 'native', version: '1.0', files: native('cp311') }],
      { python: '3.13' },
    );
    expect(document.target.python).toBe('3.13');
    expect(document.error?.message).toContain('native');
    expect(document.packages).toEqual([]);
  });

  test('comes from the Dockerfile of the product, glibc too', async () => {
    const files = {
      'requirements.txt': 'tool\n',
      Dockerfile:
        'FROM python:3.10-slim-bookworm\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n',
    };
    const { target } = await run(files, [{ name: 'tool', version: '1.0' }]);
    expect(target).toMatchObject({ python: '3.10', platformTag: 'manylinux_2_36_x86_64' });
    expect(target.from).toContain('Dockerfile:1');
  });
});

describe('environments', () => {
  const files = {
    'pyproject.toml': [
      '[project]',
      'name = "app"',
      'requires-python = ">=3.9"',
      'dependencies = ["web"]',
      '[project.optional-dependencies]',
      'fast = ["speed"]',
      '[dependency-groups]',
      'dev = ["checker"]',
      '',
    ].join('\n'),
  };
  const world: readonly UniverseDistribution[] = [
    { name: 'web', version: '1.0' },
    { name: 'web', version: '2.0' },
    { name: 'speed', version: '1.0', requiresDist: ['web<2'] },
    { name: 'checker', version: '3.0' },
  ];

  test('are resolved each for itself; the headline speaks of prod', async () => {
    const document = await run(files, world);
    const listed = Object.fromEntries(
      document.environments.map(({ id, packages }) => [id, packages]),
    );
    expect(listed['prod']).toEqual(['web==2.0']);
    expect(listed['dev']).toEqual(['checker==3.0', 'web==2.0']);
    expect(listed['extra:fast']).toEqual(['speed==1.0', 'web==1.0']);
    expect(document.totals.packages).toBe(1);
  });

  test('one that has no solution is a warning, and the others are reported', async () => {
    const broken = world.map((one) =>
      one.name === 'speed' ? { ...one, requiresDist: ['web>=9'] } : one,
    );
    const document = await run(files, broken);
    expect(document.error).toBeNull();
    expect(document.environments.map(({ id }) => id)).not.toContain('extra:fast');
    expect(document.warnings.map(({ code }) => code)).toContain('environment-conflict');
  });

  test('one that nobody declared is an error with the names that there are', async () => {
    await expect(run(files, world, { environment: 'extra:nope' })).rejects.toMatchObject({
      code: 'unknown-environment',
      hint: expect.stringContaining('extra:fast'),
    });
  });

  test('a tree reads no code and resolves the headline alone', async () => {
    const document = await run(files, world, { command: 'tree', readsSources: false });
    expect(document.environments.map(({ id }) => id)).toEqual(['prod']);
    expect(document.scannedFiles).toBeNull();
    expect(pins(document)).toEqual(['web==2.0']);
  });

  test('--no-weights resolves and asks for no wheel', async () => {
    const document = await run(files, world, { weights: false, readsSources: false });
    expect(pins(document)).toEqual(['web==2.0']);
    expect(document.packages.every(({ installedBytes }) => installedBytes === null)).toBe(true);
  });
});

describe('findings rest on the module lists of the wheels', () => {
  const world: readonly UniverseDistribution[] = [
    { name: 'pillow-like', version: '1.0', files: [{ contents: { 'PILLIKE/__init__.py': 'x' } }] },
    {
      name: 'unused',
      version: '1.0',
      files: [{ contents: { 'unused/__init__.py': 'y'.repeat(2_000_000) } }],
    },
  ];

  test('an import under another name than that of the distribution is a use', async () => {
    const document = await run(
      { 'requirements.txt': 'pillow-like\nunused\n', 'app.py': 'from PILLIKE import x\n' },
      world,
    );
    expect(
      document.findings.filter(({ rule }) => rule === 'unused').map(({ packages }) => packages),
    ).toEqual([['unused']]);
  });

  test('lacks nothing that another file of the project declares', async () => {
    const files = {
      'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["router"]\n',
      'requirements.txt': 'router\npython-gitlab\n',
      'a.py': 'import router, gitlab, yaml\n',
    };
    const { findings } = await run(files, [{ name: 'router', version: '1.0' }]);
    const missing = findings.filter(({ rule }) => rule === 'missing');
    expect(missing.map(({ message }) => message.split(' ', 1)[0])).toEqual(['yaml']);
  });

  test('a project in another folder of the repository is used where its code is imported', async () => {
    const shared = '[project]\nname = "acme-shared"\nversion = "1"\n';
    const files = {
      'services/api/requirements.txt':
        'router\n-e ../../libs/shared\n-e ../../libs/other\n../../libs/third\npinned\n',
      'services/api/main.py': 'import router\nfrom shared.models import X\n',
      'libs/shared/pyproject.toml': `${shared}dependencies = ["pinned"]\n`,
      'libs/third/setup.py': 'from setuptools import setup\nsetup(name="acme-third")',
      'libs/third/acme_third.py': '',
      'libs/shared/src/shared/__init__.py': '',
      'libs/shared/src/shared/models.py': 'X = 1',
      'libs/other/pyproject.toml': shared.replace('shared', 'other'),
      'libs/other/other.py': '',
    };
    const distributions = ['router', 'pinned'].map((name) => ({ name, version: '1.0' }));
    const { projects = [] } = await run(files, distributions);
    const api = projects.find(({ path }) => path === 'services/api');
    expect(
      api?.declared.map(({ name, verdict, evidence }) => [name, verdict, evidence[0]?.line]),
    ).toEqual([
      ['router', 'used', 1],
      ['acme-shared', 'used', 2],
      ['acme-other', 'unused', 3],
      ['acme-third', 'unused', 4],
      ['pinned', 'indirect', 5],
    ]);
  });

  test('what a project in another folder requires is needed though the set has no solution', async () => {
    const files = {
      'api/requirements.txt': 'router==9\n../shared\npinned\n',
      'api/main.py': 'import router, acme_shared',
      'shared/pyproject.toml':
        '[project]\nname = "acme-shared"\nversion = "1"\ndependencies = ["pinned"]\n',
      'shared/acme_shared.py': 'import pinned',
    };
    const distributions = ['router', 'pinned'].map((name) => ({ name, version: '1.0' }));
    const { projects = [] } = await run(files, distributions);
    const api = projects.find(({ path }) => path === 'api');
    expect(api?.error?.message).toContain('router');
    expect(api?.declared.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['router', 'used'],
      ['acme-shared', 'used'],
      ['pinned', 'indirect'],
    ]);
  });

  test('what a set takes from the project below is used where the code of that imports it', async () => {
    const files = {
      'requirements.txt': '-r app/requirements.txt\nother\n',
      'main.py': 'import other\n',
      'app/requirements.txt': 'router\nidle\n',
      'app/__init__.py': 'import router\n',
    };
    const distributions = ['router', 'other', 'idle'].map((name) => ({ name, version: '1.0' }));
    const { projects = [] } = await run(files, distributions);
    const whole = projects.find(({ path }) => path === '.');
    expect(whole?.declared.map(({ name, verdict }) => `${name} ${verdict}`).toSorted()).toEqual([
      'idle unused',
      'other used',
      'router used',
    ]);
    expect(whole?.declared.find(({ name }) => name === 'idle')?.confidence).toBe('possible');
    // Of `other` the code above is the user, though the file of the project below declares it too.
    const part = projects.find(({ path }) => path === 'app');
    expect(part?.declared.map(({ name, confidence }) => `${name} ${confidence}`)).toEqual([
      'router certain',
      'idle possible',
    ]);
  });

  test('a pin is there for the version that its own file pins', async () => {
    const files = {
      'requirements-cpu.txt': 'router==2.0\nextra-one\nextra-two\n',
      'requirements-gpu.txt': 'router==1.0\nextra-one\nextra-two\nbackport\n',
      'a.py': 'import router, extra_one, extra_two\n',
    };
    const { declared } = await run(files, [
      { name: 'router', version: '2.0' },
      { name: 'router', version: '1.0', requiresDist: ['backport'] },
      { name: 'extra-one', version: '1.0' },
      { name: 'extra-two', version: '1.0' },
      { name: 'backport', version: '1.0' },
    ]);
    expect(declared.filter(({ name }) => name === 'backport')).toMatchObject([
      { verdict: 'indirect' },
    ]);
  });

  test('where there is no source, nothing is called unused', async () => {
    const document = await run({ 'requirements.txt': 'pillow-like\nunused\n' }, world);
    expect(document.findings.filter(({ rule }) => rule === 'unused')).toEqual([]);
  });

  test('a name of which the module list is unknown is never certainly unused', async () => {
    const document = await run({ 'requirements.txt': 'ghost\n', 'app.py': 'import os\n' }, world);
    const confidences = document.findings
      .filter(({ packages }) => packages.includes('ghost'))
      .map(({ confidence }) => confidence);
    expect(confidences.every((confidence) => confidence === 'possible')).toBe(true);
    expect(document.packages).toMatchObject([{ name: 'ghost', unknownReason: 'not-on-index' }]);
  });
});

describe('what stands in the other environments', () => {
  test('is told too: a name that no index has makes the audit incomplete', async () => {
    const files = {
      'requirements.txt': 'web==1.0\n',
      'requirements-dev.txt': 'no-such-tool\n',
    };
    const document = await run(files, [{ name: 'web', version: '1.0' }]);
    expect(document.warnings).toContainEqual(
      expect.objectContaining({
        severity: 'incomplete',
        message: expect.stringContaining('no-such-tool'),
      }),
    );
  });

  test('is resolved by the indexes that its own files name', async () => {
    const other = await serveFor([{ name: 'private-tool', version: '3.0' }]);
    const files = {
      'requirements.txt': 'web==1.0\n',
      'requirements-dev.txt': `--extra-index-url ${other.indexUrl}\nprivate-tool\n`,
    };
    const document = await run(files, [{ name: 'web', version: '1.0' }]);
    const development = document.environments.find(({ id }) => id === 'dev');
    expect(development?.packages).toContain('private-tool==3.0');
  });
});

describe('the set that is shown', () => {
  test('is the largest one where nothing is declared for production', async () => {
    const files = {
      'pyproject.toml':
        '[project]\nname = "p"\nversion = "1"\n[project.optional-dependencies]\nweb = ["web"]\n',
    };
    const document = await run(files, [{ name: 'web', version: '1.0' }]);
    expect(pins(document)).toEqual(['web==1.0']);
    expect(document.warnings.map(({ code }) => code)).toContain('no-production-set');
  });
});

describe('the target', () => {
  test('says where Python and platform come from when these are two places', async () => {
    const files = { 'requirements.txt': 'web\n', '.python-version': '3.12\n' };
    const document = await run(files, [{ name: 'web', version: '1.0' }], { platform: 'macos' });
    expect(document.target.from).toBe('.python-version:1; platform: --platform');
  });
});

describe('a set that is for other targets', () => {
  test('is told, as it is not the same as needing nothing', async () => {
    const lock =
      'version: 1\npackage:\n- {name: a, version: "1.0", manager: pip, platform: osx-arm64}\n';
    const document = await run({ 'conda-lock.yml': lock }, [{ name: 'a', version: '1.0' }]);
    expect(document.packages).toEqual([]);
    const told = document.warnings.find(({ code }) => code === 'nothing-for-target');
    expect(told).toMatchObject({ path: 'conda-lock.yml', line: 3 });
    expect(told?.message).toMatch(
      /^nothing that conda-lock\.yml asks for is for Python 3\.\d+ on manylinux_2_28_x86_64; --platform/,
    );
    const there = await run({ 'conda-lock.yml': lock }, [{ name: 'a', version: '1.0' }], {
      platform: 'macos',
    });
    expect(pins(there)).toEqual(['a==1.0']);
  });
});
