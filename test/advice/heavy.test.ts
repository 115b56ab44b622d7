import { describe, expect, test } from 'vitest';
import { heavy } from '../../src/advice/heavy.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { contextOf, usage } from './support.ts';

const MB = 1_000_000;

describe('heavy (DW108)', () => {
  test('tells the directs by what is there for them alone, heaviest first', () => {
    const context = contextOf(['audio', 'plots', 'small', 'array'], {
      audio: { size: 1 * MB, requires: ['compiler', 'array'] },
      compiler: { size: 130 * MB },
      array: { size: 60 * MB },
      plots: { size: 20 * MB },
      small: { size: 2 * MB },
    });
    const findings = heavy.evaluate(context);
    expect(findings.map((one) => [one.packages, one.savedInstalledBytes])).toEqual([
      [['audio'], 131 * MB],
      [['plots'], 20 * MB],
    ]);
    expect(findings[0]).toMatchObject({
      leaves: ['compiler'],
      severity: 'info',
      message: 'audio and 1 package that only it needs make up 62 % of what is installed',
    });
    expect(findings[1]?.message).toBe('plots makes up 9 % of what is installed');
  });

  test('leaves out what can go or move', () => {
    const context = contextOf(
      ['torch', 'runner'],
      { torch: { size: 900 * MB }, runner: { size: 100 * MB } },
      { usages: [usage('torch', 'unused'), usage('runner', 'dev-only')] },
    );
    expect(heavy.evaluate(context)).toEqual([]);
  });

  test('tells at most five', () => {
    const names = Array.from({ length: 9 }, (_, i) => `p${i}`);
    const universe = Object.fromEntries(names.map((name) => [name, { size: 50 * MB }]));
    expect(heavy.evaluate(contextOf(names, universe)).map((one) => one.packages[0])).toEqual([
      'p0',
      'p1',
      'p2',
      'p3',
      'p4',
    ]);
  });

  test('tells one of unknown size by what it is known to bring', () => {
    const context = contextOf(['whisper'], {
      whisper: { size: 'sdist-only', requires: ['torch'] },
      torch: { size: 900 * MB },
    });
    expect(heavy.evaluate(context)).toMatchObject([
      { packages: ['whisper'], savedInstalledBytes: 900 * MB },
    ]);
  });

  test('says how many names of it are used, where that was counted', () => {
    const usedNames = new Map([[normalizeName('extras'), 4]]);
    const [found] = heavy.evaluate(
      contextOf(['extras'], { extras: { size: 165 * MB } }, { usedNames }),
    );
    expect(found?.message).toMatch(/; 4 names of it used$/);
  });
});
