import { describe, expect, it } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import type { Overrule } from '../../src/types.ts';
import { collectOverrules, findStaleOverrules } from '../../src/usage/overrules.ts';
import type { Scene } from '../imports/support.ts';
import { declare, evidenceOf, judgeScene, scanTree, verdicts } from '../imports/support.ts';

function configured(name: string, reason = '', line = 7): Overrule {
  const location = { path: 'pyproject.toml', line, column: 1 };
  return { name: normalizeName(name), reason, location, from: 'configuration' };
}

const graph = {
  flask: { modules: ['flask'] },
  subject: { modules: ['subject'], needs: ['inner'] },
  inner: { modules: ['inner'] },
};
const files = { 'app.py': 'import flask\n' };

function sceneOf(scene: Partial<Scene>): Scene {
  return { files, declared: ['flask', 'subject'], graph, ...scene };
}

describe('an overrule', () => {
  it('by a comment keeps what nothing uses, with the place and the reason', async () => {
    const scene = sceneOf({ declared: ['flask', 'subject  # keep loaded by name', 'inner'] });
    expect(await verdicts(scene)).toEqual({
      flask: 'used certain',
      subject: 'used certain',
      inner: 'indirect certain',
    });
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'requirements.txt:2 # depweight: keep (loaded by name)',
    ]);
  });

  it('by the configuration does the same', async () => {
    const overrules = [configured('Subject', 'the plugin loads it')];
    const scene = sceneOf({ overrules });
    expect((await verdicts(scene))['subject']).toBe('used certain');
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'pyproject.toml:7 kept by the configuration (the plugin loads it)',
    ]);
    expect((await judgeScene(scene)).staleOverrules).toEqual([]);
  });

  it('keeps in production what only tests import', async () => {
    const tests = { ...files, 'tests/test_app.py': 'import subject\n' };
    const scene = sceneOf({ files: tests, declared: ['flask', 'subject  # keep'] });
    expect((await verdicts(scene))['subject']).toBe('used certain');
    expect((await judgeScene(scene)).staleOverrules).toEqual([]);
  });

  it('leaves the better evidence of an import alone', async () => {
    const scene = sceneOf({ declared: ['flask  # keep', 'subject'] });
    expect(await evidenceOf(scene, 'flask')).toEqual(['app.py:1 import flask']);
  });
});

describe('an overrule that no longer matters', () => {
  it.each([
    ['an import', 'import flask, subject\n', 'app.py:1, import subject'],
    ['a guarded import', 'try:\n    import subject\nexcept ImportError: pass\n', 'app.py:2'],
  ])('is told with its place and %s', async (_, code, place) => {
    const scene = sceneOf({ files: { 'app.py': code }, declared: ['subject  # keep'] });
    const { staleOverrules } = await judgeScene(scene);
    expect(staleOverrules).toHaveLength(1);
    expect(staleOverrules[0]).toMatch(/^requirements\.txt:1: the comment `depweight: keep` is not/);
    expect(staleOverrules[0]).toContain(`it is used anyway (${place}`);
  });

  it('is told where a feature of another library needs the distribution', async () => {
    const scene = sceneOf({
      files: { 'app.py': 'from fastapi import FastAPI, UploadFile\n' },
      declared: ['fastapi', 'python-multipart  # keep'],
      graph: { fastapi: { modules: ['fastapi'] }, 'python-multipart': {} },
    });
    expect((await judgeScene(scene)).staleOverrules).toEqual([
      expect.stringContaining('app.py:1, UploadFile of fastapi needs it'),
    ]);
  });

  it('is told for a name that is not declared any more', async () => {
    const { staleOverrules } = await judgeScene(sceneOf({ overrules: [configured('gone')] }));
    expect(staleOverrules).toEqual([
      'pyproject.toml:7: keep = "gone" is not needed: no file declares it any more',
    ]);
  });

  it('is not told where it keeps a mere pin from being called indirect', async () => {
    const scene = sceneOf({
      files: { 'app.py': 'import subject' },
      declared: ['subject', 'inner  # keep pinned for security'],
    });
    expect((await judgeScene(scene)).staleOverrules).toEqual([]);
  });
});

describe('the configuration at the top of several projects', () => {
  const scan = scanTree(files);
  const input = async (overrules: readonly Overrule[]): Promise<readonly string[]> => {
    const declared = declare(['flask']);
    const judged = {
      declared,
      overrules: collectOverrules(declared, overrules),
      graph: { roots: [], distributions: [], warnings: [] },
      scan: await scan,
      python: '3.12',
    };
    const names = new Set([normalizeName('elsewhere')]);
    const told = (project: string, isFirst: boolean): readonly string[] =>
      findStaleOverrules(judged, { project, isFirst, declared: names }).map(
        ({ message }) => `${project}: ${message.replace(/^.*?: /, '')}`,
      );
    return [...told('api', true), ...told('worker', false)];
  };

  it('may keep what another project declares', async () => {
    expect(await input([configured('elsewhere')])).toEqual([]);
  });

  it('is told once of a name that none of them declares', async () => {
    expect(await input([configured('gone')])).toEqual([
      'api: keep = "gone" is not needed: no file declares it any more',
    ]);
  });
});
