import { describe, expect, test } from 'vitest';
import type { PackageIndex, ProjectPage } from '../../src/package-index/package-index.ts';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import { createProjectPage } from '../../src/package-index/project-page.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import type { ResolveAnswer } from '../../src/resolve/resolve-request.ts';
import { resolve } from '../../src/resolve/resolver.ts';
import type { DeclaredRequirement } from '../../src/types.ts';
import { pageEntry } from '../support/page-entry.ts';
import { linux } from '../support/weighed-graph.ts';

const digest = (letter: string): string => letter.repeat(64);

/** File names of one project and their SHA-256, empty where the index does not tell it. */
type Listing = Readonly<Record<string, string>>;

function pageOf(name: string, listing: Listing): ProjectPage {
  const builder = createPageBuilder(normalizeName(name));
  for (const [filename, sha256] of Object.entries(listing))
    builder.add(pageEntry(filename, { sha256, metadataFile: 1 }));
  return createProjectPage(normalizeName(name), builder.finish(), null, { excludeNewer: null });
}

/** An index of projects that depend on nothing. */
function indexOf(projects: Readonly<Record<string, Listing>>): PackageIndex {
  return {
    page(name) {
      const listing = projects[name];
      return listing === undefined
        ? { status: 'not-found' }
        : { status: 'found', page: pageOf(name, listing) };
    },
    metadata: (name, file) => ({
      known: true,
      from: 'metadata-file',
      value: {
        name,
        version: file.version.text,
        requiresPython: null,
        requiresDist: [],
        providesExtras: [],
        repairs: [],
      },
    }),
    wheel: () => ({ known: false, reason: 'not-weighed' }),
  };
}

function ask(
  projects: Readonly<Record<string, Listing>>,
  lines: readonly (readonly [raw: string, ...hashes: string[]])[],
): Promise<ResolveAnswer> {
  const requirements = lines.map(([raw, ...hashes], at): DeclaredRequirement => ({
    requirement: parseRequirement(raw),
    raw,
    location: { path: 'requirements.txt', line: at + 1, column: 1 },
    source: 'index',
    editable: false,
    hashes,
    index: null,
    keep: null,
  }));
  const options = { preReleases: false, noBinary: [], onlyBinary: [], preferences: new Map() };
  return resolve(
    { requirements, constraints: [], overrides: [], target: linux, options },
    { index: indexOf(projects) },
  );
}

/** `name version filename-or-reason` of everything that was chosen. */
function chosenIn(answer: ResolveAnswer): readonly string[] {
  if (!answer.solved) throw new Error(answer.conflict.message);
  return answer.graph.distributions.map(
    ({ name, version, file, unknownReason }) =>
      `${name} ${version} ${file?.filename ?? unknownReason ?? ''}`,
  );
}

const web: Listing = {
  'web-1.0-py3-none-any.whl': digest('1'),
  'web-2.0-py3-none-any.whl': digest('2'),
  'web-2.0.tar.gz': digest('3'),
};

describe('hashes of requirements', () => {
  test('choose among the files of the pinned version', async () => {
    expect(chosenIn(await ask({ web }, [['web==2.0', `sha256:${digest('2')}`]]))).toEqual([
      'web 2.0 web-2.0-py3-none-any.whl',
    ]);
    expect(chosenIn(await ask({ web }, [['web==2.0', `sha256:${digest('3')}`]]))).toEqual([
      'web 2.0 web-2.0.tar.gz',
    ]);
  });

  test('are compared without regard to case', async () => {
    const listing = { 'web-1.0-py3-none-any.whl': digest('a') };
    expect(chosenIn(await ask({ web: listing }, [['web==1.0', `sha256:${digest('A')}`]]))).toEqual([
      'web 1.0 web-1.0-py3-none-any.whl',
    ]);
  });

  test('choose among the versions of a range', async () => {
    expect(chosenIn(await ask({ web }, [['web>=1', `sha256:${digest('1')}`]]))).toEqual([
      'web 1.0 web-1.0-py3-none-any.whl',
    ]);
  });

  test('that exclude every file of the pinned version leave it unknown, and the rest is resolved', async () => {
    const cli = { 'cli-1.0-py3-none-any.whl': digest('c') };
    const answer = await ask({ web, cli }, [
      ['web==2.0', `sha256:${digest('f')}`, `sha256:${digest('e')}`],
      ['cli'],
    ]);
    expect(chosenIn(answer)).toEqual(['cli 1.0 cli-1.0-py3-none-any.whl', 'web 2.0 hash-excluded']);
    if (!answer.solved) throw new Error('no solution');
    const [warning] = answer.graph.warnings;
    expect(warning).toMatchObject({ code: 'hash-excluded', severity: 'warning' });
    expect(warning?.message).toContain('requirements.txt:1');
  });

  test('of another version of the name do not stand for the pinned one', async () => {
    expect(chosenIn(await ask({ web }, [['web==2.0', `sha256:${digest('1')}`]]))).toEqual([
      'web 2.0 hash-excluded',
    ]);
  });

  test('of wheels for other targets alone leave the version unknown', async () => {
    const listing = {
      'web-1.0-cp311-cp311-win_amd64.whl': digest('1'),
      'web-1.0-py3-none-any.whl': digest('2'),
    };
    expect(chosenIn(await ask({ web: listing }, [['web==1.0', `sha256:${digest('1')}`]]))).toEqual([
      'web 1.0 hash-excluded',
    ]);
  });

  test('do not hide a version that is not there, nor a file that would not fit anyway', async () => {
    const missing = await ask({ web }, [['web==3.0', `sha256:${digest('f')}`]]);
    expect(missing.solved).toBe(false);
    const windows = { 'web-1.0-cp311-cp311-win_amd64.whl': digest('1') };
    const unfit = await ask({ web: windows }, [['web==1.0', `sha256:${digest('f')}`]]);
    expect(unfit.solved).toBe(false);
  });

  test('exclude no file whose hash the index does not tell', async () => {
    const listing = { 'web-1.0-py3-none-any.whl': '' };
    expect(chosenIn(await ask({ web: listing }, [['web==1.0', `sha256:${digest('f')}`]]))).toEqual([
      'web 1.0 web-1.0-py3-none-any.whl',
    ]);
  });

  test('of other kinds exclude nothing, since an index tells SHA-256 alone', async () => {
    const line = ['web==1.0', `sha256:${digest('f')}`, `sha512:${'b'.repeat(128)}`] as const;
    expect(chosenIn(await ask({ web }, [line]))).toEqual(['web 1.0 web-1.0-py3-none-any.whl']);
  });

  test('of a line for another platform do not count', async () => {
    const answer = await ask({ web }, [
      ['web==1.0; sys_platform == "win32"', `sha256:${digest('1')}`],
      ['web==2.0; sys_platform == "linux"', `sha256:${digest('f')}`],
    ]);
    expect(chosenIn(answer)).toEqual(['web 2.0 hash-excluded']);
  });

  test('of several lines for one name add up', async () => {
    const answer = await ask({ web }, [
      ['web==2.0', `sha256:${digest('f')}`],
      ['web', `sha256:${digest('2')}`],
    ]);
    expect(chosenIn(answer)).toEqual(['web 2.0 web-2.0-py3-none-any.whl']);
  });
});
