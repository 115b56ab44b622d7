import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { ResolveAnswer, ResolveOptions } from '../../src/resolve/resolve-request.ts';
import { resolve } from '../../src/resolve/resolver.ts';
import type { DeclaredRequirement, DistributionName, Version } from '../../src/types.ts';
import type { Question } from '../support/check-resolution.ts';
import { findFaults, hasSolution } from '../support/check-resolution.ts';
import type { Releases } from '../support/memory-index.ts';
import { createMemoryIndex } from '../support/memory-index.ts';
import { linux } from '../support/weighed-graph.ts';

const plain: ResolveOptions = {
  preReleases: false,
  noBinary: [],
  onlyBinary: [],
  preferences: new Map(),
};

function declare(
  texts: readonly string[],
  path = 'requirements.txt',
): readonly DeclaredRequirement[] {
  return texts.map((raw, at) => ({
    requirement: parseRequirement(raw),
    raw,
    location: { path, line: at + 1, column: 1 },
    source: 'index',
    editable: false,
    hashes: [],
    index: null,
    keep: null,
  }));
}

interface Asked {
  readonly roots: readonly string[];
  readonly constraints?: readonly string[];
  readonly preferences?: Readonly<Record<string, string>>;
  readonly delayed?: boolean;
}

function ask(
  releases: Releases,
  { roots, constraints = [], preferences = {}, delayed = false }: Asked,
): Promise<ResolveAnswer> {
  const preferred = new Map<DistributionName, Version>();
  for (const [name, text] of Object.entries(preferences)) {
    const version = parseVersion(text);
    if (version !== null) preferred.set(normalizeName(name), version);
  }
  return resolve(
    {
      requirements: declare(roots),
      constraints: declare(constraints, 'constraints.txt'),
      overrides: [],
      target: linux,
      options: { ...plain, preferences: preferred },
    },
    { index: createMemoryIndex(releases, delayed) },
  );
}

function pinsOf(answer: ResolveAnswer): Readonly<Record<string, string>> {
  if (!answer.solved) throw new Error(answer.conflict.message);
  return Object.fromEntries(answer.graph.distributions.map(({ name, version }) => [name, version]));
}

// ---- random worlds --------------------------------------------------------------------------------------------------

const names = ['a', 'b', 'c', 'd', 'e'] as const;
const versions = ['1.0', '2.0', '3.0rc1', '3.0'] as const;

const specifier = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('==', '>=', '<=', '<', '!=', '~='), fc.constantFrom(...versions))
      .map(([operator, version]) => operator + version),
  },
);
const marker = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('; extra == "x"', '; extra == "y"') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('; sys_platform == "linux"', '; sys_platform == "win32"'),
  },
);
const extras = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('[x]', '[y]', '[x,y]') },
);

/** `ghost` is a name that no index has. */
function requirement(pool: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...pool), extras, specifier, marker)
    .map(([name, extra, specifiers, condition]) => `${name}${extra}${specifiers}${condition}`);
}

function world(
  pool: readonly string[],
): fc.Arbitrary<{ releases: Releases; roots: string[]; constraints: string[] }> {
  const requires = fc.array(requirement(pool), { maxLength: 3 });
  const project = fc.dictionary(fc.constantFrom(...versions), requires, { minKeys: 1, maxKeys: 4 });
  return fc.record({
    releases: fc.record(Object.fromEntries(names.map((name) => [name, project]))),
    roots: fc.array(
      requirement(names).filter((text) => !text.includes('extra ==')),
      { minLength: 1, maxLength: 3 },
    ),
    constraints: fc.array(
      fc.tuple(fc.constantFrom(...names), specifier).map(([name, specifiers]) => name + specifiers),
      { maxLength: 1 },
    ),
  });
}

function questionOf({
  releases,
  roots,
  constraints,
}: {
  releases: Releases;
  roots: readonly string[];
  constraints: readonly string[];
}): Question {
  return {
    releases,
    roots: roots.map((text) => parseRequirement(text)),
    constraints: constraints.map((text) => parseRequirement(text)),
    markers: linux.markers,
  };
}

describe('in random worlds', () => {
  test('it finds a solution exactly where trying everything finds one, and the solution is right', async () => {
    let solved = 0;
    let unsolved = 0;
    await fc.assert(
      fc.asyncProperty(world(names), fc.boolean(), async (asked, delayed) => {
        const question = questionOf(asked);
        const answer = await ask(asked.releases, { ...asked, delayed });
        expect(answer.solved).toBe(hasSolution(question));
        if (answer.solved) {
          solved++;
          expect(findFaults(question, answer.graph)).toEqual([]);
        } else {
          unsolved++;
          expect(answer.conflict.message.length).toBeGreaterThan(10);
          expect(answer.conflict.requirements.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1500 },
    );
    // The worlds are of both kinds, or the property says little.
    expect(Math.min(solved, unsolved)).toBeGreaterThan(50);
  });

  test('a name that no index has is a leaf only where nothing can do without it', async () => {
    await fc.assert(
      fc.asyncProperty(world([...names, 'ghost']), async (asked) => {
        const question = questionOf(asked);
        const answer = await ask(asked.releases, asked);
        const withoutGhost = hasSolution(question);
        expect(answer.solved).toBe(withoutGhost || hasSolution(question, new Set(['ghost'])));
        if (!answer.solved) return;
        const hasGhost = answer.graph.distributions.some(({ name }) => name === 'ghost');
        expect(hasGhost).toBe(!withoutGhost);
        expect(findFaults(question, answer.graph)).toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  test('the same question has the same answer, whether the index answers at once or later', async () => {
    await fc.assert(
      fc.asyncProperty(world(names), async (asked) => {
        const first = await ask(asked.releases, asked);
        expect(await ask(asked.releases, { ...asked, delayed: true })).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  test('preferring the versions of an answer gives that answer again', async () => {
    await fc.assert(
      fc.asyncProperty(world(names), async (asked) => {
        const first = await ask(asked.releases, asked);
        if (!first.solved) return;
        const pins = pinsOf(first);
        expect(pinsOf(await ask(asked.releases, { ...asked, preferences: pins }))).toEqual(pins);
      }),
      { numRuns: 200 },
    );
  });
});

// ---- size -----------------------------------------------------------------------------------------------------------

describe('large trees', () => {
  test('a chain of 5,000 distributions is followed to its end in bounded time', async () => {
    const length = 5000;
    const releases: Record<string, Record<string, string[]>> = {};
    for (let at = 0; at < length; at++) {
      releases[`link-${at}`] = { '1.0': at + 1 < length ? [`link-${at + 1}`] : [] };
    }
    const started = performance.now();
    const answer = await ask(releases, { roots: ['link-0'] });
    expect(Object.keys(pinsOf(answer))).toHaveLength(length);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('a thousand releases that all fail are given up one by one in bounded time', async () => {
    const releases = {
      app: Object.fromEntries(
        Array.from({ length: 1000 }, (_, at) => [`1.${at}`, [`base==${at + 2}`]]),
      ),
      base: { '1': [] },
    };
    const started = performance.now();
    const answer = await ask(releases, { roots: ['app', 'base'] });
    expect(answer.solved).toBe(false);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('a name with 3,000 releases asked for by 300 others is no burden', async () => {
    const base = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`${at}.0`, []]));
    const others = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`user-${at}`, { '1.0': [`base>=${at},<2900`] }]),
    );
    const roots = Object.keys(others);
    const started = performance.now();
    const pins = pinsOf(await ask({ base, ...others }, { roots }));
    expect(pins['base']).toBe('2899.0');
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('hard conflicts', () => {
  /** How many versions were decided for until there was an answer. */
  async function decisionsFor(
    releases: Releases,
    roots: readonly string[],
    mostSteps?: number,
  ): Promise<{ readonly answer: ResolveAnswer; readonly decisions: number }> {
    let decisions = 0;
    const answer = await resolve(
      {
        requirements: declare(roots),
        constraints: [],
        overrides: [],
        target: linux,
        options: plain,
      },
      {
        index: createMemoryIndex(releases),
        onDecision: () => void decisions++,
        ...(mostSteps === undefined ? {} : { mostSteps }),
      },
    );
    return { answer, decisions };
  }

  /** `count` releases of a name, the number of each in what it requires. */
  const series = (
    count: number,
    requires: (at: number) => readonly string[],
  ): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`1.${at}`, requires(at)]));

  test('a client whose every release pins its core, which all need an old library, cost a decision each', async () => {
    const releases = {
      client: series(300, (at) => [`core==1.${at}`]),
      core: series(300, () => ['transport<2']),
      transport: { '1.0': [], '2.0': [] },
    };
    const { answer, decisions } = await decisionsFor(releases, ['client', 'transport>=2']);
    expect(answer.solved).toBe(false);
    expect(answer.solved ? [] : answer.conflict.message.split('\n')).toEqual([
      'no version of transport fits: requirements.txt:2 asks for transport >=2, but every version of core needs transport <2',
      '  core is wanted by every version of client (core==1.299, core==1.298 or one of 298 others), by requirements.txt:1',
    ]);
    expect(answer.solved ? null : answer.conflict.hint).toBe(
      'requirements.txt:2 could ask for transport <2, as the others do; the newest such is 1.0',
    );
    expect(decisions).toBeLessThanOrEqual(2 * 300 + 10);
  });

  test('five layers that pin one another cost no more than their releases', async () => {
    const layers = [0, 1, 2, 3, 4];
    const releases = {
      ...Object.fromEntries(
        layers.map((layer) => [
          `layer-${layer}`,
          series(60, (at) => [layer < 4 ? `layer-${layer + 1}==1.${at}` : `end==1.${at}`]),
        ]),
      ),
      end: series(60, () => ['base<1']),
      base: { '1.0': [] },
    };
    const { answer, decisions } = await decisionsFor(releases, ['layer-0', 'base']);
    expect(answer.solved).toBe(false);
    expect(decisions).toBeLessThanOrEqual(7 * 60);
  });

  test('the oldest release is found behind a thousand that do not fit', async () => {
    const releases = {
      app: series(1000, (at) => [at === 0 ? 'base<2' : 'base>=2']),
      base: { '1.0': [], '2.0': [] },
    };
    const { answer, decisions } = await decisionsFor(releases, ['app', 'base<2']);
    expect(pinsOf(answer)).toEqual({ app: '1.0', base: '1.0' });
    expect(decisions).toBeLessThanOrEqual(1010);
  });

  test('a puzzle that would take for ever is given up, in words', async () => {
    // Eight that have seven places to be at, each for one alone.
    const places = [0, 1, 2, 3, 4, 5, 6];
    const guests = Array.from({ length: 8 }, (_, at) => `guest-${at}`);
    const releases = {
      ...Object.fromEntries(
        guests.map((guest, at) => [guest, series(7, (place) => [`place-${place}==1.${at}`])]),
      ),
      ...Object.fromEntries(places.map((place) => [`place-${place}`, series(8, () => [])])),
    };
    const { answer } = await decisionsFor(releases, guests, 50_000);
    if (answer.solved) throw new Error('there is no solution');
    expect(answer.conflict.message).toMatch(
      /^no set of versions was found in 50000 steps, and the search was given up; .*: guest-\d/,
    );
    expect(answer.conflict.requirements).not.toEqual([]);
  });

  test('others have their turn while a search goes on', async () => {
    const releases = {
      app: series(3000, (at) => [`base==${at + 2}`]),
      base: { '1': [] },
    };
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 0);
    const request = {
      requirements: declare(['app', 'base']),
      constraints: [],
      overrides: [],
      target: linux,
      options: plain,
    };
    const index = createMemoryIndex(releases);
    await expect(resolve(request, { index, signal: abort.signal })).rejects.toThrow(/abort/i);
  });
});

// ---- interruption and failures --------------------------------------------------------------------------------------

test('an interrupted resolution stops', async () => {
  const abort = new AbortController();
  const index = createMemoryIndex({ a: { '1.0': ['b'] }, b: { '1.0': [] } }, true);
  const answer = resolve(
    { requirements: declare(['a']), constraints: [], overrides: [], target: linux, options: plain },
    {
      index: { ...index, metadata: (...words) => (abort.abort(), index.metadata(...words)) },
      signal: abort.signal,
    },
  );
  await expect(answer).rejects.toThrow(/abort/i);
});

test('a failure of the index is thrown on, and by nobody a second time', async () => {
  const index = createMemoryIndex(
    { a: { '1.0': ['b', 'c'] }, b: { '1.0': [] }, c: { '1.0': [] } },
    true,
  );
  const broken = {
    ...index,
    page: (name: DistributionName) =>
      name === 'a' ? index.page(name) : Promise.reject(new Error(`no ${name}`)),
  };
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  try {
    const request = {
      requirements: declare(['a']),
      constraints: [],
      overrides: [],
      target: linux,
      options: plain,
    };
    await expect(resolve(request, { index: broken })).rejects.toThrow('no b');
    await new Promise((later) => setTimeout(later, 20));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', listener);
  }
});

test('decisions are told as they are made', async () => {
  const told: string[] = [];
  await resolve(
    { requirements: declare(['a']), constraints: [], overrides: [], target: linux, options: plain },
    {
      index: createMemoryIndex({ a: { '1.0': ['b'] }, b: { '2.0': [] } }),
      onDecision: (name, version) => told.push(`${name} ${version}`),
    },
  );
  expect(told).toEqual(['a 1.0', 'b 2.0']);
});

// ---- places ---------------------------------------------------------------------------------------------------------

test('an address that is meant for another platform is none on this one', async () => {
  const [elsewhere, here] = declare([
    'a @ https://index.test/a-9.0-py3-none-any.whl ; sys_platform == "win32"',
    'a==1.0 ; sys_platform == "linux"',
  ]);
  if (elsewhere === undefined || here === undefined) throw new Error('two were declared');
  for (const requirements of [
    [{ ...elsewhere, source: 'url' as const }, here],
    [here, { ...elsewhere, source: 'url' as const }],
  ]) {
    const request = { requirements, constraints: [], overrides: [], target: linux, options: plain };
    const index = createMemoryIndex({ a: { '1.0': [], '2.0': [] } }, false);
    expect(pinsOf(await resolve(request, { index }))).toEqual({ a: '1.0' });
  }
});

test('warnings speak of what was chosen, not of what was tried', async () => {
  const releases = {
    a: { '1.0': ['b[x]'] },
    b: { '1.0': ['c; extra == "x"'], '2.0': ['d>5'] },
    c: { '1.0': [] },
    d: { '1.0': [] },
  };
  const answer = await ask(releases, { roots: ['a'] });
  expect(pinsOf(answer)).toMatchObject({ b: '1.0' });
  const messages = answer.solved ? answer.graph.warnings.map(({ message }) => message) : [];
  expect(messages.filter((message) => message.includes('b 2.0'))).toEqual([]);
});
