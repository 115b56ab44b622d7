import { describe, expect, test } from 'vitest';
import { unused } from '../../src/advice/unused.ts';
import { declaration } from '../support/weighed-graph.ts';
import { contextOf, usage } from './support.ts';

const audio = {
  torch: { size: 1_400_000, requires: ['cublas', 'sympy'] },
  torchaudio: { size: 12_000, requires: ['torch'] },
  cublas: { size: 600_000 },
  sympy: { size: 30_000 },
  web: { size: 5_000 },
};

describe('unused (DW101)', () => {
  test('is one finding for what can only leave together, with all that goes and its places', () => {
    const context = contextOf(['web', 'torch', 'torchaudio'], audio, {
      usages: [
        usage('web', 'used'),
        usage('torch', 'unused'),
        usage('torchaudio', 'unused', 'likely'),
      ],
    });
    expect(unused.evaluate(context)).toEqual([
      {
        code: 'DW101',
        rule: 'unused',
        packages: ['torch', 'torchaudio'],
        leaves: ['cublas', 'sympy'],
        severity: 'warning',
        confidence: 'likely',
        message:
          'torch and torchaudio are declared but used nowhere; what they bring in leaves only when all of them go; 2 packages that nothing else needs go too',
        locations: [
          { path: 'requirements.txt', line: 2, column: 1 },
          { path: 'requirements.txt', line: 3, column: 1 },
        ],
        evidence: [],
        savedInstalledBytes: 2_042_000,
        savedDownloadBytes: 1_021_000,
        remedy: {
          kind: 'remove',
          text: 'remove torch (requirements.txt:2), torchaudio (requirements.txt:3)',
        },
      },
    ]);
  });

  test('claims nothing for one that another used package needs', () => {
    const context = contextOf(['torch', 'torchaudio'], audio, {
      usages: [usage('torch', 'unused'), usage('torchaudio', 'used')],
    });
    expect(unused.evaluate(context)).toEqual([]);
  });

  test('is only information below 1 MB', () => {
    const context = contextOf(['web'], audio, { usages: [usage('web', 'unused')] });
    expect(unused.evaluate(context)).toMatchObject([
      { severity: 'info', savedInstalledBytes: 5_000, message: 'web is declared but used nowhere' },
    ]);
  });

  test('names every place of a name that is declared several times', () => {
    const context = contextOf(['web'], audio, {
      usages: [usage('web', 'unused')],
      declared: [
        declaration('web', 9),
        declaration("web; sys_platform == 'win32'", 4),
        declaration('web', 2, 'base.txt'),
      ],
    });
    const [finding] = unused.evaluate(context);
    expect(finding?.locations.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'base.txt:2',
      'requirements.txt:4',
      'requirements.txt:9',
    ]);
  });

  test('says how much of what leaves is unknown, and null where all is', () => {
    const context = contextOf(
      ['built', 'mixed'],
      {
        built: { size: 'sdist-only' },
        mixed: { size: 2_000_000, requires: ['other'] },
        other: { size: 'vcs' },
      },
      { usages: [usage('built', 'unused'), usage('mixed', 'unused')] },
    );
    const findings = unused.evaluate(context);
    expect(findings.map((one) => one.savedInstalledBytes)).toEqual([2_000_000, null]);
    expect(findings[0]?.message).toContain('the size of 1 of what leaves is unknown');
    expect(findings[1]?.severity).toBe('info');
  });

  test('says that a distribution stays where only its extra leaves', () => {
    const context = contextOf(
      ['server[standard]', 'framework'],
      {
        server: { requires: ["loop; extra == 'standard'"] },
        loop: { size: 30 },
        framework: { requires: ['server'] },
      },
      { usages: [usage('server', 'unused'), usage('framework', 'used')] },
    );
    expect(unused.evaluate(context)).toMatchObject([
      { packages: ['server'], leaves: ['loop'], savedInstalledBytes: 30 },
    ]);
    expect(unused.evaluate(context)[0]?.message).toContain(
      'server itself stays, as framework needs it; what leaves is server[standard]',
    );
  });

  test('a possible one is information of its own, never part of a group', () => {
    const context = contextOf(['torch', 'torchaudio'], audio, {
      usages: [usage('torch', 'unused', 'possible'), usage('torchaudio', 'unused')],
    });
    const findings = unused.evaluate(context);
    expect(findings.map((one) => [one.packages, one.confidence, one.savedInstalledBytes])).toEqual([
      [['torchaudio'], 'certain', 12_000],
      [['torch'], 'possible', 0],
    ]);
  });

  test('leaves alone what the target does not install', () => {
    const context = contextOf(['web'], audio, {
      usages: [usage('winonly', 'unused'), usage('macosonly', 'unused', 'possible')],
    });
    expect(unused.evaluate(context)).toEqual([]);
  });

  test('is silent where no source was scanned', () => {
    expect(unused.evaluate(contextOf(['web'], audio))).toEqual([]);
  });
});
