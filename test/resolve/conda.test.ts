import { describe, expect, test } from 'vitest';
import { parseCondaEnvironment } from '../../src/inputs/conda-environment.ts';
import { parseCondaLock } from '../../src/inputs/conda-lock.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import type { PackageIndex } from '../../src/package-index/package-index.ts';
import { applyPins } from '../../src/resolve/lock-pins.ts';
import { resolve } from '../../src/resolve/resolver.ts';
import type { ResolvedGraph } from '../../src/types.ts';
import { fileOf } from '../inputs/lock-support.ts';
import { contextOf, mainOf, readRequirements } from '../inputs/support.ts';
import type { Releases } from '../support/memory-index.ts';
import { createMemoryIndex } from '../support/memory-index.ts';
import { linux } from '../support/weighed-graph.ts';

const options = {
  preReleases: false,
  noBinary: [],
  onlyBinary: [],
  preferences: new Map<never, never>(),
};

interface Case {
  /** Entries of `dependencies`. */
  readonly conda: readonly string[];
  /** Lines of the pip section. */
  readonly pip?: readonly string[];
  /** Lines of a requirements.txt that is installed too. */
  readonly besides?: readonly string[];
}

/** What comes of it: `name==version`, with `(conda)` where it is conda's, and the names that the index was asked for. */
interface Outcome {
  readonly graph: ResolvedGraph;
  readonly packages: readonly string[];
  readonly asked: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

async function resolveBoth(releases: Releases, { conda, pip = [], besides = [] }: Case) {
  const text = [
    'channels: [conda-forge]',
    'dependencies:',
    ...conda.map((entry) => `  - ${entry}`),
    ...(pip.length === 0 ? [] : ['  - pip:']),
    ...pip.map((line) => `      - ${line}`),
  ].join('\n');
  const input = await parseCondaEnvironment(
    fileOf('environment.yml', text),
    contextOf(createMemoryFiles({})),
  );
  const asked = new Set<string>();
  const inner = createMemoryIndex(releases, false);
  const index: PackageIndex = {
    ...inner,
    page: (name, explicit) => {
      asked.add(name);
      return inner.page(name, explicit);
    },
  };
  const requirements = [...mainOf(input), ...mainOf(readRequirements(besides.join('\n')))];
  const { constraints } = input;
  const answer = await resolve(
    { requirements, constraints, overrides: [], target: linux, options },
    { index },
  );
  return { answer, asked };
}

async function outcomeOf(releases: Releases, written: Case): Promise<Outcome> {
  const { answer, asked } = await resolveBoth(releases, written);
  if (!answer.solved) throw new Error(answer.conflict.message);
  return toOutcome(answer.graph, asked);
}

function toOutcome(graph: ResolvedGraph, asked: ReadonlySet<string>): Outcome {
  return {
    graph,
    asked,
    packages: graph.distributions.map(
      ({ name, version, unknownReason }) =>
        `${name}==${version}${unknownReason === 'conda' ? ' (conda)' : ''}`,
    ),
    warnings: graph.warnings.map(({ code, message }) => `${code}: ${message}`),
  };
}

const universe: Releases = {
  frames: { '1.0': ['numbers>=1.2'] },
  numbers: { '1.0': [], '1.5': [], '2.0': [] },
  strict: { '1.0': ['numbers==1.5'] },
  modern: { '1.0': ['numbers'], '2.0': ['numbers>=2'] },
  vision: { '1.0': ['torch>=1.8', 'opencv-python-headless'] },
  torch: { '2.0': ['numbers'] },
  clock: { '1.0': ['tzdata'] },
  tzdata: { '2024.1': [] },
  store: { '1.0': ['files[remote]'] },
  ringed: { '1.0': ['ring-a'] },
  files: { '1.0': ['net; extra == "remote"'] },
};

describe('what conda installs', () => {
  test('is listed and of unknown weight, and the index is asked for none of it', async () => {
    const { packages, asked, graph } = await outcomeOf(universe, {
      conda: ['numbers', 'openssl=1.1.1w=h7f_0', 'scipy==1.11.4', 'six=1.16'],
    });
    expect(packages).toEqual([
      'numbers==unknown (conda)',
      'openssl==1.1.1w (conda)',
      'scipy==1.11.4 (conda)',
      'six==unknown (conda)',
    ]);
    expect([...asked]).toEqual([]);
    expect(graph.roots.map(({ name }) => name).toSorted()).toEqual(
      graph.distributions.map(({ name }) => name),
    );
  });

  test('is told in one warning, by the names that conda has for it', async () => {
    const { warnings } = await outcomeOf(universe, { conda: ['pytorch', 'numbers'] });
    expect(warnings).toEqual([
      'conda: 2 conda packages are not weighed, nor what they bring: numbers, pytorch',
    ]);
  });

  test('is left out where its selector is for another platform', async () => {
    const { packages } = await outcomeOf(universe, { conda: ['numbers  # [win]', 'six'] });
    expect(packages).toEqual(['six==unknown (conda)']);
  });

  test('is one package where it is listed twice, in the version that one of them pins', async () => {
    const { packages } = await outcomeOf(universe, {
      conda: ['matplotlib', 'matplotlib-base==3.8.2'],
    });
    expect(packages).toEqual(['matplotlib==3.8.2 (conda)']);
  });

  test('keeps the names of conda beside those of distributions', async () => {
    const { graph } = await outcomeOf(universe, { conda: ['pytorch==2.1.0'] });
    expect(graph.distributions[0]).toMatchObject({ name: 'torch', conda: 'pytorch' });
  });
});

describe('what a package of pip needs', () => {
  test('is not fetched a second time where conda has it', async () => {
    const { packages, asked, graph, warnings } = await outcomeOf(universe, {
      conda: ['numbers'],
      pip: ['frames'],
    });
    expect(packages).toEqual(['frames==1.0', 'numbers==unknown (conda)']);
    expect([...asked]).toEqual(['frames']);
    expect(graph.distributions[0]?.dependencies).toEqual([{ name: 'numbers', extras: [] }]);
    expect(warnings).toContain(
      'conda-provides: taken to be there from conda, so not fetched from the index: numbers (for frames); names and versions are assumed to fit',
    );
  });

  test('is found under the name of its distribution, and under further ones', async () => {
    const { packages, warnings, graph } = await outcomeOf(universe, {
      conda: ['pytorch=2.1', 'opencv'],
      pip: ['vision'],
    });
    expect(packages).toEqual([
      'opencv-python==unknown (conda)',
      'opencv-python-headless==unknown (conda)',
      'torch==unknown (conda)',
      'vision==1.0',
    ]);
    expect(warnings.join()).toContain("torch (conda's pytorch, for vision)");
    // It does not go with the package that needs it.
    expect(graph.roots.map(({ name }) => name)).toContain('opencv-python-headless');
  });

  test('comes from the index where conda has nothing of that name', async () => {
    const { packages, warnings } = await outcomeOf(universe, { conda: ['six'], pip: ['frames'] });
    expect(packages).toEqual(['frames==1.0', 'numbers==2.0', 'six==unknown (conda)']);
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ['==1.5', 'frames', 'numbers==1.5 (conda)'],
    ['==1.0', 'frames', 'numbers==2.0'],
    ['=1.5', 'frames', 'numbers==unknown (conda)'],
    ['=1.0', 'frames', 'numbers==2.0'],
    ['<1.1', 'frames', 'numbers==2.0'],
    ['>=1.0', 'frames', 'numbers==unknown (conda)'],
    ['<=1.2', 'frames', 'numbers==unknown (conda)'],
    // Of an open version it cannot be told that it is just this one.
    ['', 'strict', 'numbers==1.5'],
    ['=1.5', 'strict', 'numbers==1.5'],
    ['==1.5', 'strict', 'numbers==1.5 (conda)'],
    ['=1.5=h7f_0', 'strict', 'numbers==1.5 (conda)'],
  ])('is met by numbers%s of conda, or not: %s', async (asked, root, expected) => {
    const { packages } = await outcomeOf(universe, {
      conda: [`"numbers${asked}"`],
      pip: [root],
    });
    expect(packages.find((one) => one.startsWith('numbers'))).toBe(expected);
  });

  test('is met by three numbers that conda pins, as hardly a version has a fourth', async () => {
    const releases = { tight: { '1.0': ['numbers==1.5.2'] }, numbers: { '1.5.2': [] } };
    const { packages } = await outcomeOf(releases, { conda: ['numbers=1.5.2'], pip: ['tight'] });
    expect(packages).toEqual(['numbers==unknown (conda)', 'tight==1.0']);
  });

  test('replaces what will not do, before an older version that needs less is tried', async () => {
    const { packages, warnings } = await outcomeOf(universe, {
      conda: ['numbers==1.5'],
      pip: ['modern'],
    });
    expect(packages).toEqual(['modern==2.0', 'numbers==2.0']);
    expect(warnings).toEqual([
      "conda-replaced: numbers is weighed as pip installs it, over that of conda (environment.yml:3): modern 2.0 needs numbers>=2, which conda's numbers==1.5 does not meet",
    ]);
  });

  test('is never a package that is no Python distribution, whatever it is called', async () => {
    const { packages, warnings } = await outcomeOf(universe, {
      conda: ['tzdata'],
      pip: ['clock'],
    });
    expect(packages).toEqual(['clock==1.0', 'tzdata==2024.1']);
    expect(warnings.join()).toContain("and conda's tzdata is no Python distribution");
  });

  test('for an extra of what conda has is not known, and that is told', async () => {
    const { packages, warnings } = await outcomeOf(universe, {
      conda: ['files'],
      pip: ['store'],
    });
    expect(packages).toEqual(['files==unknown (conda)', 'store==1.0']);
    expect(warnings.join()).toContain(
      'conda-extra: what files[remote] needs for its extras is not known',
    );
  });
});

describe('a lock of conda', () => {
  const entry = (name: string, version: string, manager: string, needs: readonly string[] = []) =>
    [
      `- name: ${name}`,
      `  version: '${version}'`,
      `  manager: ${manager}`,
      '  platform: linux-64',
      '  dependencies:',
      ...needs.map((need) => `    ${need}: ''`),
    ].join('\n');
  const text = [
    'version: 1',
    'metadata: {}',
    'package:',
    entry('python', '3.11.5', 'conda', ['openssl']),
    entry('numbers', '1.5', 'conda', ['libblas', 'python']),
    entry('libblas', '3.9.0', 'conda'),
    entry('openssl', '3.1', 'conda'),
    entry('frames', '1.0', 'pip', ['numbers']),
    entry('tzdata', '2024a', 'conda'),
    entry('ring-a', '1.0', 'conda', ['ring-b']),
    entry('ring-b', '1.0', 'conda', ['ring-a']),
  ].join('\n');

  async function resolveLocked(lines: readonly string[] | null): Promise<Outcome> {
    const input = await parseCondaLock(fileOf('conda-lock.yml', text));
    const manifest =
      lines === null
        ? input
        : await parseCondaEnvironment(
            fileOf('environment.yml', lines.join('\n')),
            contextOf(createMemoryFiles({})),
          );
    const pins = input.lock?.pins ?? [];
    const asWritten = { requirements: mainOf(manifest), constraints: [], overrides: [], pins };
    const { environment, preferences } = applyPins(asWritten, linux);
    const request = { ...environment, target: linux, options: { ...options, preferences } };
    const answer = await resolve(request, { index: createMemoryIndex(universe) });
    if (!answer.solved) throw new Error(answer.conflict.message);
    return toOutcome(answer.graph, new Set());
  }

  test('gives versions, and what conda packages need of each other', async () => {
    const lines = ['dependencies:', '  - python=3.11', '  - numbers', '  - pip: [frames]'];
    const { packages, graph, warnings } = await resolveLocked(lines);
    expect(packages).toEqual(['frames==1.0', 'libblas==3.9.0 (conda)', 'numbers==1.5 (conda)']);
    expect(graph.roots.map(({ name }) => name)).toEqual(['frames', 'numbers']);
    expect(graph.distributions.find(({ name }) => name === 'numbers')?.dependencies).toEqual([
      { name: 'libblas', extras: [] },
    ]);
    // What conda needs of its own is not pip's affair, and nothing is left open.
    expect(warnings).toEqual([
      'conda: 2 conda packages are not weighed: libblas, numbers',
      'conda-provides: taken to be there from conda, so not fetched from the index: numbers (for frames); names and versions are assumed to fit',
    ]);
  });

  test('provides what nobody listed: that is no root, or one if a package of pip alone needs it', async () => {
    const hidden = await resolveLocked(['channels: [a]', 'dependencies:', '  - pip: [frames]']);
    expect(hidden.packages).toEqual([
      'frames==1.0',
      'libblas==3.9.0 (conda)',
      'numbers==1.5 (conda)',
    ]);
    expect(hidden.graph.roots.map(({ name }) => name)).toEqual(['frames', 'numbers']);
  });

  test('may hold packages that need one another', async () => {
    const { packages, graph } = await resolveLocked(['dependencies:', '  - pip: [ringed]']);
    expect(packages).toEqual(['ring-a==1.0 (conda)', 'ring-b==1.0 (conda)', 'ringed==1.0']);
    // Nothing of a circle may be lost with the package of pip.
    expect(graph.roots.map(({ name }) => name)).toEqual(['ringed', 'ring-a', 'ring-b']);
  });

  test('alone stands for all that it holds', async () => {
    const { packages } = await resolveLocked(null);
    expect(packages).toEqual([
      'frames==1.0',
      'libblas==3.9.0 (conda)',
      'numbers==1.5 (conda)',
      'openssl==3.1 (conda)',
      'ring-a==1.0 (conda)',
      'ring-b==1.0 (conda)',
      'tzdata==2024a (conda)',
    ]);
  });
});

describe('what pip is asked for by name', () => {
  test('comes from the index, over what conda installed: conda calls pip install -U', async () => {
    const { packages, warnings } = await outcomeOf(universe, {
      conda: ['numbers=1.0', 'six'],
      pip: ['numbers>=1.2', 'frames'],
    });
    expect(packages).toEqual(['frames==1.0', 'numbers==2.0', 'six==unknown (conda)']);
    expect(warnings).toContain(
      'conda-replaced: numbers is weighed as pip installs it, over that of conda (environment.yml:3): environment.yml:6 asks pip for it',
    );
  });

  test('may stand in another file that is installed too', async () => {
    const { packages } = await outcomeOf(universe, {
      conda: ['numbers'],
      besides: ['numbers==1.5'],
    });
    expect(packages).toEqual(['numbers==1.5']);
  });

  test('in a line for another platform replaces nothing', async () => {
    const { packages } = await outcomeOf(universe, {
      conda: ['numbers'],
      pip: ['"numbers; sys_platform == \'win32\'"', 'frames'],
    });
    expect(packages).toEqual(['frames==1.0', 'numbers==unknown (conda)']);
  });

  test('and excludes itself is a conflict still, of which conda is no part', async () => {
    const { answer } = await resolveBoth(universe, {
      conda: ['numbers==1.5'],
      pip: ['strict', 'modern>=2'],
    });
    expect(answer.solved).toBe(false);
    const places = answer.solved ? [] : answer.conflict.requirements.map(({ raw }) => raw);
    expect(places).toEqual(['strict', 'modern>=2']);
  });
});
