import { describe, expect, test } from 'vitest';
import { acceleratorBuild } from '../../src/advice/accelerator-build.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { contextOf, remedy } from './support.ts';

const world = {
  torch: { size: 1_400_000_000, version: '2.1.0', requires: ['nvidia-cudnn-cu12'] },
  'nvidia-cudnn-cu12': { size: 'sdist-only' },
  whisper: { requires: ['torch'] },
} as const;
const leaves = [normalizeName('nvidia-cudnn-cu12')];
const cuda = remedy('accelerator-build', {}, { leaves, atLeast: true });

describe('accelerator-build (DW110)', () => {
  test('tells the way to the build for the CPU for pip, uv and poetry', () => {
    const context = contextOf(['torch==2.1.0'], world, { remedies: [cuda] });
    const [found] = acceleratorBuild.evaluate(context);
    expect(found).toMatchObject({
      code: 'DW110',
      packages: ['torch'],
      leaves: ['nvidia-cudnn-cu12'],
      locations: [{ path: 'requirements.txt', line: 1 }],
      message:
        'torch is the build for CUDA; the one for the CPU comes without 1 package (nvidia-cudnn-cu12) and is lighter itself; nothing here asks for a GPU',
    });
    expect(found?.remedy?.kind).toBe('index');
    for (const way of ['pip: ', 'torch==2.1.0+cpu', 'uv: ', '--torch-backend=cpu', 'poetry: '])
      expect(found?.remedy?.text).toContain(way);
  });

  test('names the build for the CPU where another one is pinned', () => {
    const cu121 = { ...world, torch: { ...world.torch, version: '2.4.1+cu121' } };
    const [found] = acceleratorBuild.evaluate(contextOf(['torch'], cu121, { remedies: [cuda] }));
    expect(found?.remedy?.text).toContain('torch==2.4.1+cpu');
  });

  test('points at who brings torch where nobody declares it, which has to be done first', () => {
    const [found] = acceleratorBuild.evaluate(contextOf(['whisper'], world, { remedies: [cuda] }));
    expect(found?.packages).toEqual(['whisper']);
    expect(found?.remedy?.text).toMatch(/^declare torch, then /);
  });

  test('says what speaks of a GPU', () => {
    const against = [{ path: 'app.py', line: 3, note: '"cuda" needs it' }];
    const remedies = [{ ...cuda, against, confidence: 'possible' as const }];
    const [found] = acceleratorBuild.evaluate(contextOf(['torch'], world, { remedies }));
    expect(found?.message).toMatch(/for you where nothing runs on a GPU; but see app\.py:3$/);
    expect(found).toMatchObject({ confidence: 'possible', evidence: against });
  });

  test('names the other distribution where the build has another name', () => {
    const remedies = [remedy('accelerator-build', { torch: 'torch-cpu==2.1.0' })];
    const [found] = acceleratorBuild.evaluate(contextOf(['torch'], world, { remedies }));
    expect(found?.remedy?.text).toBe('replace torch (requirements.txt:1) by torch-cpu==2.1.0');
  });

  test('is silent without remedies', () => {
    expect(acceleratorBuild.evaluate(contextOf(['torch'], world))).toEqual([]);
  });
});
