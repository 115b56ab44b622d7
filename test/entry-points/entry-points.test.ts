import { describe, expect, test } from 'vitest';
import { findPrograms } from '../../src/entry-points/entry-points.ts';
import { createFirstPartyGraph } from '../../src/entry-points/first-party-graph.ts';
import { findMisplacedExtras } from '../../src/entry-points/misplaced-extras.ts';
import { reachFrom } from '../../src/entry-points/reach.ts';
import { weighEntryPoints } from '../../src/entry-points/weigh-entry-points.ts';
import { scanSources } from '../../src/imports/scan-project.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { DistributionName, ImportScan, UsageEvidence } from '../../src/types.ts';
import type { ProgramNeeds } from '../../src/entry-points/program-needs.ts';
import { indexModules, modulesOf } from '../../src/usage/module-owners.ts';
import { usage } from '../advice/support.ts';
import { memoryAccess } from '../imports/support.ts';
import { linux, weighedGraph } from '../support/weighed-graph.ts';

const scan = (files: Readonly<Record<string, string>>): Promise<ImportScan> =>
  scanSources(memoryAccess(files), {});

const service = {
  Dockerfile: 'FROM python:3.11\nCMD ["uvicorn", "app.main:app"]\n',
  'compose.yml': 'services:\n  worker:\n    command: python -m worker.loop\n',
  'app/__init__.py': '',
  'app/main.py': 'import fastapi\nfrom app import db\nfrom .models import User\n',
  'app/db.py': 'import sqlalchemy\n',
  'app/models.py': 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n',
  'worker/__init__.py': 'import logging\n',
  'worker/loop.py': 'from worker import whisper\nfrom app.db import engine\n',
  'worker/whisper.py': 'def run():\n    import torch\n',
};

describe('entry points', () => {
  test('are targets of servers and modules that are run, each with its place', async () => {
    const found = await scan(service);
    const programs = findPrograms(found).entryPoints;
    expect(
      programs.map(({ name, path, places: [{ path: from, line }] }) => [name, path, from, line]),
    ).toEqual([
      ['app.main', 'app/main.py', 'Dockerfile', 2],
      ['worker.loop', 'worker/loop.py', 'compose.yml', 3],
    ]);
  });

  test('are scripts of the package, and no plugins that others load', async () => {
    const found = await scan({
      'pyproject.toml':
        '[project.scripts]\ntool = "pkg.cli:main"\n[project.entry-points."x.plugins"]\na = "pkg.plugin:A"\n',
      'src/pkg/__init__.py': '',
      'src/pkg/cli.py': '',
      'src/pkg/plugin.py': '',
    });
    const programs = findPrograms(found).entryPoints;
    expect(programs).toMatchObject([{ name: 'pkg.cli', path: 'src/pkg/cli.py', isScript: true }]);
  });

  test('in setup.cfg are told apart by their group', async () => {
    const found = await scan({
      'setup.cfg':
        '[options.entry_points]\nconsole_scripts =\n    tool = pkg.cli:main\nx.plugins =\n    a = pkg.plugin:A\n',
      'pkg/__init__.py': '',
      'pkg/cli.py': '',
      'pkg/plugin.py': '',
    });
    const programs = findPrograms(found).entryPoints;
    expect(programs.map(({ name }) => name)).toEqual(['pkg.cli']);
  });

  test('are notebooks, and nothing of tests, CI or calls of developers', async () => {
    const notebook = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });
    const found = await scan({
      'explore.ipynb': notebook,
      Makefile: 'run:\n\tpython -m app.main\n',
      '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: python -m app.main\n',
      'app/__init__.py': '',
      'app/main.py': '',
    });
    const programs = findPrograms(found).entryPoints;
    expect(programs.map(({ name }) => name)).toEqual(['explore.ipynb']);
  });
});

describe('the reach of a program', () => {
  test('goes through packages, relative imports and imports in functions, never by type checking', async () => {
    const found = await scan(service);
    const graph = createFirstPartyGraph(found);
    const reach = reachFrom(graph, 'worker/loop.py', 'all');
    expect(reach.files).toEqual([
      'worker/loop.py',
      'worker/__init__.py',
      'worker/whisper.py',
      'app/db.py',
      'app/__init__.py',
    ]);
    expect(reach.imports.map(({ module }) => module)).toEqual(['logging', 'torch', 'sqlalchemy']);
    const api = reachFrom(graph, 'app/main.py', 'all').imports.map(({ module }) => module);
    expect(api).toEqual(['fastapi', 'sqlalchemy', 'typing']);
  });

  test('at the start has no functions, conditions and tries', async () => {
    const found = await scan({
      'a.py':
        'import one\nif x:\n    import two\ntry:\n    import three\nexcept ImportError:\n    pass\nclass C:\n    import four\ndef f():\n    import five\n',
    });
    const { imports } = reachFrom(createFirstPartyGraph(found), 'a.py', 'at-start');
    expect(imports.map(({ module }) => module)).toEqual(['one', 'four']);
  });

  test('ends in circles', async () => {
    const found = await scan({ 'a.py': 'import b\n', 'b.py': 'import a\nimport one\n' });
    const reach = reachFrom(createFirstPartyGraph(found), 'a.py', 'all');
    expect(reach.files).toEqual(['a.py', 'b.py']);
  });
});

describe('what a program weighs', () => {
  const world = {
    fastapi: { size: 10, requires: ['starlette'] },
    starlette: { size: 5 },
    sqlalchemy: { size: 20 },
    torch: { size: 1000, requires: ['nvidia'] },
    nvidia: { size: 3000 },
    uvicorn: { size: 7 },
  };
  const graph = weighedGraph(['fastapi', 'sqlalchemy', 'uvicorn'], world);
  const names = (...given: readonly string[]): ReadonlySet<DistributionName> =>
    new Set(given.map(normalizeName));
  const [api, worker] = [
    { name: 'app.main', path: 'app/main.py', isScript: false, places: [at('Dockerfile')] },
    { name: 'worker.loop', path: 'worker/loop.py', isScript: false, places: [at('compose.yml')] },
  ] as const;
  const needs: readonly ProgramNeeds[] = [
    { program: api, files: new Set(['app/main.py']), without: names(), imported: names('fastapi') },
    {
      program: worker,
      files: new Set(['worker/loop.py', 'worker/whisper.py']),
      without: names('fastapi', 'uvicorn'),
      // Imported and not declared.
      imported: names('sqlalchemy', 'torch', 'elsewhere'),
    },
  ];

  test('is what it does not do without and what it imports, with all that these need', () => {
    const installed = weighedGraph(['fastapi', 'sqlalchemy', 'uvicorn', 'torch'], world);
    const whole = { ...installed, roots: graph.roots };
    const rows = weighEntryPoints({ needs, usages: [], graph: whole, target: linux });
    expect(
      rows.map((row) => [row.name, row.files, row.declared, row.totals.installedBytes]),
    ).toEqual([
      ['worker.loop', 2, ['sqlalchemy'], 4020],
      ['app.main', 1, ['fastapi', 'sqlalchemy', 'uvicorn'], 42],
    ]);
  });

  test('has nothing that is unused or for development only', () => {
    const usages = [usage('sqlalchemy', 'unused'), usage('uvicorn', 'dev-only')];
    const rows = weighEntryPoints({ needs, usages, graph, target: linux });
    expect(rows.find(({ name }) => name === 'app.main')?.declared).toEqual(['fastapi']);
  });

  test('is told with the extra that it takes something of at its start, of which it needs only that', () => {
    const whole = {
      ...world,
      rich: { size: 300, requires: ['pygments'] },
      pygments: { size: 40 },
      camera: { size: 9000 },
    };
    const extraSet = (extra: string, ...added: readonly string[]) => ({
      extra,
      graph: weighedGraph(['fastapi', 'sqlalchemy', 'uvicorn', ...added], whole),
    });
    const needsRich = needs.map((one) =>
      one.program === worker
        ? { ...one, without: names('fastapi', 'uvicorn'), imported: names('sqlalchemy', 'rich') }
        : one,
    );
    const extras = {
      sets: [
        extraSet('all', 'rich', 'camera', 'torch'),
        extraSet('shots', 'rich', 'camera'),
        extraSet('other', 'torch'),
      ],
      takenBy: (program: { readonly name: string }) =>
        program.name === 'worker.loop' ? names('rich') : names(),
    };
    const input = { needs: needsRich, usages: [], graph, target: linux };
    const rows = weighEntryPoints({ ...input, extras });
    expect(
      rows.map((row) => [row.name, row.extra, row.declared, row.totals.installedBytes]),
    ).toEqual([
      ['worker.loop', 'shots', ['rich', 'sqlalchemy'], 360],
      ['app.main', undefined, ['fastapi', 'sqlalchemy', 'uvicorn'], 42],
    ]);
    const nowhere = { ...extras, sets: extras.sets.slice(2) };
    expect(weighEntryPoints({ ...input, extras: nowhere }).map(({ extra }) => extra)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('is not told of a single program', () => {
    const one = { needs: needs.slice(0, 1), usages: [], graph, target: linux };
    expect(weighEntryPoints(one)).toEqual([]);
  });
});

function at(path: string): UsageEvidence {
  return { path, line: 1, note: 'runs it' };
}

describe('what only an extra declares', () => {
  const project = {
    'pyproject.toml': '[project.scripts]\ntool = "pkg.cli:main"\n',
    'pkg/__init__.py': '',
    'pkg/cli.py': 'from pkg import show\n',
    'pkg/show.py': 'import rich\n',
  };
  const extras = new Map([[normalizeName('rich'), ['pretty']]]);
  const graph = weighedGraph(['click'], { click: {} });
  const installed = weighedGraph(['click', 'rich'], { click: {}, rich: {} });
  const index = indexModules(installed.distributions.map((one) => modulesOf(one)));
  const input = { graph, index, target: linux, extras };

  test('and a command imports at once is told with both places', async () => {
    expect(findMisplacedExtras({ ...input, programs: findPrograms(await scan(project)) })).toEqual([
      {
        name: 'rich',
        extras: ['pretty'],
        command: 'pkg.cli',
        commandAt: { path: 'pyproject.toml', line: 2, note: 'entry point in pkg.cli' },
        places: [{ path: 'pkg/show.py', line: 1, note: 'import rich' }],
      },
    ]);
  });

  test('is where it belongs behind a try, in a function, or where the base has it too', async () => {
    const lazy = { ...project, 'pkg/show.py': 'def f():\n    import rich\n' };
    const tried = {
      ...project,
      'pkg/show.py': 'try:\n    import rich\nexcept ImportError:\n    rich = None\n',
    };
    for (const files of [lazy, tried])
      expect(findMisplacedExtras({ ...input, programs: findPrograms(await scan(files)) })).toEqual(
        [],
      );
    const present = { ...input, graph: installed };
    expect(
      findMisplacedExtras({ ...present, programs: findPrograms(await scan(project)) }),
    ).toEqual([]);
  });
});
