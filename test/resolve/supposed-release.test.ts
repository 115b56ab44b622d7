import { describe, expect, test } from 'vitest';
import type { ProjectPage } from '../../src/package-index/package-index.ts';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import { createProjectPage } from '../../src/package-index/project-page.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { createRequiresPythonCheck } from '../../src/pep/requires-python.ts';
import { compatibleTags } from '../../src/pep/tags.ts';
import { buildPolicy } from '../../src/resolve/candidate-policy.ts';
import { createUniverse } from '../../src/resolve/candidates.ts';
import { chooseSupposed, wheelsNear } from '../../src/resolve/supposed-release.ts';
import { pageEntry } from '../support/page-entry.ts';
import { targetOf } from '../support/scenario.ts';

const target = targetOf({});
const tags = compatibleTags(target);

/** A page with these files of `tool`; `|>=3.99` after a name is its Requires-Python. */
function pageOf(files: readonly string[]): ProjectPage {
  const name = normalizeName('tool');
  const builder = createPageBuilder(name);
  for (const entry of files) {
    const [filename = '', requiresPython = null] = entry.split('|');
    builder.add(pageEntry(filename, { requiresPython, metadataFile: 1 }));
  }
  return createProjectPage(name, builder.finish(), null, { excludeNewer: null });
}

/** The version that is chosen for a requirement on `tool`. */
function chosen(requirement: string, files: readonly string[]): string | null {
  const options = { preReleases: false, noBinary: [], onlyBinary: [], preferences: new Map() };
  const set = { requirements: [], constraints: [], overrides: [], target, options };
  const policy = buildPolicy(set, tags, createRequiresPythonCheck(target.pythonFull));
  const universe = createUniverse(pageOf(files), policy);
  const at = chooseSupposed(universe, parseRequirement(requirement).specifiers, false);
  return at === null ? null : (universe.versions[at]?.text ?? null);
}

const pure = (version: string, requiresPython = ''): string =>
  `tool-${version}-py3-none-any.whl${requiresPython === '' ? '' : `|${requiresPython}`}`;

describe('chooseSupposed', () => {
  const releases = [pure('1.0'), pure('1.5'), pure('2.0rc1'), pure('2.0', '>=3.99')];

  test.each([
    ['tool', '1.5'],
    ['tool<1.5', '1.0'],
    ['tool==1.0', '1.0'],
    ['tool>=2', '2.0'],
    ['tool==1.5+cpu', '1.5'],
    ['tool==1.2', '1.5'],
    ['tool==9.0', '2.0'],
    ['tool>9,<10', '2.0'],
    ['tool==7.*', '2.0'],
  ])('%s: %s', (requirement, expected) => {
    expect(chosen(requirement, releases)).toBe(expected);
  });

  test('finds nothing on an empty page', () => {
    expect(chosen('tool', [])).toBeNull();
    expect(chosen('tool==1', [])).toBeNull();
  });
});

describe('wheelsNear', () => {
  const wheels = (files: readonly string[], version: string): readonly string[] => {
    const page = pageOf(files);
    const at = page.releases.findIndex((release) => release.version.text === version);
    return [...wheelsNear(page, at, tags)].map(({ file }) => file.filename);
  };

  test('gives its own wheels first: for the target, for its platform, for others', () => {
    const windows = 'tool-1.0-cp311-cp311-win_amd64.whl';
    const later = 'tool-1.0-cp312-cp312-manylinux_2_17_x86_64.whl';
    const fitting = 'tool-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
    expect(wheels([windows, later, fitting], '1.0')).toEqual([fitting, later]);
    expect(wheels([windows, later], '1.0')).toEqual([later, windows]);
  });

  test('goes on with the nearest releases, the newer first, and leaves out pre-releases', () => {
    const files = ['1.0', '1.1', '1.3', '1.4rc1', '1.5'].map((version) => pure(version));
    expect(wheels([...files, 'tool-1.2.tar.gz'], '1.2')).toEqual([
      pure('1.3'),
      pure('1.1'),
      pure('1.0'),
      pure('1.5'),
    ]);
    expect(wheels([pure('1.0'), 'tool-1.4rc1.tar.gz', pure('1.4rc2')], '1.4rc1')).toEqual([
      pure('1.4rc2'),
      pure('1.0'),
    ]);
  });

  test('gives nothing where there is no wheel', () => {
    expect(wheels(['tool-1.2.tar.gz'], '1.2')).toEqual([]);
    expect(wheels(['tool-1.2.tar.gz'], '9')).toEqual([]);
  });
});
