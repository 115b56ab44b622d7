import { describe, expect, test } from 'vitest';
import {
  absent,
  changedVersions,
  proveSplit,
  unprovidedModules,
} from '../../src/edit/prove-split.ts';
import type { SplitProposal } from '../../src/edit/plan-splits.ts';
import { names, weighedGraph } from '../support/weighed-graph.ts';
import { split } from './support.ts';

const universe = {
  numpy: { version: '1.26' },
  scipy: { requires: ['numpy>=1.20,<1.28'] },
  librosa: { requires: ['numpy>=1.20'] },
  torch: { version: '2.1', requires: ['numpy<2'] },
};

function proposalOf(text: string, unused: readonly string[]): SplitProposal {
  const { prod } = split(text, { unused, invented: universe });
  if (prod === undefined) throw new Error('no production file');
  return prod;
}

const newer = weighedGraph(['librosa'], { ...universe, numpy: { version: '2.4' } });

describe('changedVersions', () => {
  test('is empty where the free resolution is the same', () => {
    const proposal = proposalOf('librosa\nscipy\n', []);
    expect(changedVersions(proposal, weighedGraph(['librosa', 'scipy'], universe))).toEqual([]);
  });

  test('names the removed line that used to cap a version', () => {
    const proposal = proposalOf('librosa\nnumpy==1.26\n', ['numpy']);
    expect(changedVersions(proposal, newer)).toEqual([
      { name: 'numpy', before: '1.26', after: '2.4', cappedBy: 'numpy==1.26 (requirements.txt:2)' },
    ]);
  });

  test('names the removed distribution whose requirement used to cap it', () => {
    const proposal = proposalOf('librosa\nscipy\ntorch\n', ['torch', 'scipy']);
    expect(changedVersions(proposal, newer)[0]?.cappedBy).toBe('scipy 1.0 needs numpy<1.28,>=1.20');
  });

  test('does not name one that admits the new version', () => {
    const proposal = proposalOf('librosa\ntorch\n', ['torch']);
    const free = weighedGraph(['librosa'], { ...universe, numpy: { version: '1.27' } });
    expect(changedVersions(proposal, free)).toEqual([
      { name: 'numpy', before: '1.26', after: '1.27', cappedBy: null },
    ]);
  });

  test('tells what is in one of them only', () => {
    const proposal = proposalOf('librosa\n', []);
    const free = weighedGraph(['librosa'], {
      librosa: { requires: ['pooch'] },
      pooch: { version: '3' },
    });
    expect(changedVersions(proposal, free)).toEqual([
      { name: 'numpy', before: '1.26', after: absent, cappedBy: null },
      { name: 'pooch', before: absent, after: '3', cappedBy: null },
    ]);
  });
});

describe('unprovidedModules', () => {
  const graph = weighedGraph(['storage', 'yaml-tool', 'built-thing'], {
    storage: { modules: ['google.cloud.storage'] },
    'yaml-tool': { modules: ['yaml', '_yaml'] },
    'built-thing': { size: 'sdist-only' },
  });
  const all = new Set(names('storage', 'yaml-tool', 'built-thing'));

  test('takes a module, its parents and what lies in it as provided', () => {
    expect(
      unprovidedModules(graph, all, [
        'yaml',
        'yaml.nodes',
        'google.cloud',
        'google.cloud.storage.blob',
      ]),
    ).toEqual([]);
  });

  test('lists what no distribution of the set provides, once and sorted', () => {
    expect(
      unprovidedModules(graph, new Set(names('storage')), ['yaml', 'google.api', 'yaml', 'abc']),
    ).toEqual(['abc', 'google.api', 'yaml']);
  });

  test('does not accuse what may be in a distribution of unknown content', () => {
    expect(unprovidedModules(graph, all, ['built_thing.core', 'other'])).toEqual(['other']);
  });
});

describe('proveSplit', () => {
  test('resolves the text without includes and puts the row together', async () => {
    const proposal = proposalOf('librosa\ntorch\n', ['torch']);
    const asked: string[] = [];
    const imports = ['librosa', 'torch'].map((module, index) => ({
      module,
      path: 'app.py',
      line: index + 1,
      guarded: false,
      lazy: true,
    }));
    const row = await proveSplit(proposal, imports, async (text) => {
      asked.push(text);
      return newer;
    });
    expect(asked).toEqual(['librosa\n']);
    expect(row).toEqual({
      file: 'requirements-prod.txt',
      kind: 'prod',
      content: proposal.content,
      totals: proposal.totals,
      packages: ['librosa==1.0', 'numpy==1.26'],
      proof: {
        resolved: true,
        changedVersions: [
          { name: 'numpy', before: '1.26', after: '2.4', cappedBy: 'torch 2.1 needs numpy<2' },
        ],
        unprovidedModules: ['torch'],
        importErrors: [{ module: 'torch', path: 'app.py', line: 2, guarded: false, lazy: true }],
        providedModules: ['librosa'],
      },
    });
  });

  test('is not proven when the free resolution has no solution', async () => {
    const row = await proveSplit(proposalOf('librosa\n', []), [], async () => null);
    expect(row.proof).toEqual({
      resolved: false,
      changedVersions: [],
      unprovidedModules: [],
      importErrors: [],
      providedModules: [],
    });
  });

  test('is not proven when something that is needed is not held', async () => {
    const proposal = proposalOf('librosa\n', []);
    const [numpy] = names('numpy');
    if (numpy === undefined) throw new Error('no name');
    const broken = { ...proposal.held, missing: [{ name: numpy, by: null }] };
    const row = await proveSplit({ ...proposal, held: broken }, [], async () => proposal.graph);
    expect(row.proof.resolved).toBe(false);
  });
});
