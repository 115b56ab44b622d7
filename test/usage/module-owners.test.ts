import { describe, expect, it } from 'vitest';
import { indexModules, modulesOf } from '../../src/usage/module-owners.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { invent } from '../imports/support.ts';

const index = indexModules(
  [
    invent('attrs', { modules: ['attr', 'attrs'] }),
    invent('pyyaml', { modules: ['_yaml', 'yaml'] }),
    invent('google-cloud-storage', { modules: ['google.cloud.storage'] }),
    invent('google-cloud-bigquery', {
      modules: ['google.cloud.bigquery', 'google.cloud.bigquery_v2'],
    }),
    invent('opencv-python', { modules: ['cv2'] }),
    invent('opencv-python-headless', { modules: ['cv2'] }),
    invent('messy', { modules: ['messy', 'tests', 'docs'] }),
    invent('testing', { modules: ['testing'] }),
  ].map((distribution) => modulesOf(distribution)),
);

function owners(module: string, ...names: readonly string[]): readonly string[] {
  return index.owners({ module, names });
}

describe('indexModules', () => {
  it('finds owners by the modules of the wheels', () => {
    expect(owners('attr')).toEqual(['attrs']);
    expect(owners('yaml', 'safe_load')).toEqual(['pyyaml']);
    expect(owners('yaml.loader')).toEqual(['pyyaml']);
    expect(owners('pyyaml')).toEqual([]);
    expect(owners('yamlx')).toEqual([]);
  });

  it('tells the distributions of a namespace apart', () => {
    expect(owners('google.cloud.storage.blob')).toEqual(['google-cloud-storage']);
    expect(owners('google.cloud', 'bigquery')).toEqual(['google-cloud-bigquery']);
    expect(owners('google.cloud', 'storage', 'bigquery')).toEqual([
      'google-cloud-storage',
      'google-cloud-bigquery',
    ]);
    expect(owners('google.cloud', 'vision')).toEqual([]);
    expect(owners('google.auth')).toEqual([]);
    expect(owners('google.cloud')).toEqual(['google-cloud-storage', 'google-cloud-bigquery']);
    expect(owners('google.cloud', '*')).toHaveLength(2);
  });

  it('names all that offer one module', () => {
    expect(owners('cv2')).toEqual(['opencv-python', 'opencv-python-headless']);
  });

  it('does not believe in folders shipped by mistake, unless they are all', () => {
    expect(owners('tests.helpers')).toEqual([]);
    expect(owners('testing')).toEqual(['testing']);
  });

  it('finds dotted names of strings and commands', () => {
    expect(index.ownersOfName('attr.converters.default')).toEqual(['attrs']);
    expect(index.ownersOfName('')).toEqual([]);
  });
});

describe('modulesOf', () => {
  it('keeps stubs apart', () => {
    expect(modulesOf(invent('types-requests', { modules: ['requests-stubs'] }))).toMatchObject({
      modules: [],
      stubs: ['requests'],
      known: true,
    });
  });

  it('takes another source where no wheel tells, and says so', () => {
    const unread = invent('openai-whisper', { modules: null });
    expect(modulesOf(unread)).toMatchObject({ modules: [], known: false, other: null });
    const list = {
      modules: ['whisper', 'whisper-stubs'],
      scripts: ['whisper'],
      entryPoints: {},
      source: 'the wheel of openai-whisper 1.0',
      accuses: true,
    };
    const others = new Map([[normalizeName('openai-whisper'), list]]);
    expect(modulesOf(unread, others)).toMatchObject({
      modules: ['whisper'],
      stubs: ['whisper'],
      scripts: ['whisper'],
      known: false,
      other: list,
    });
    expect(modulesOf(invent('openai-whisper'), others)).toMatchObject({ known: true, other: null });
  });
});
