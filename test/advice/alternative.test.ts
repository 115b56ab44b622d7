import { describe, expect, test } from 'vitest';
import { alternative } from '../../src/advice/alternative.ts';
import { contextOf, remedy } from './support.ts';

const world = { 'opencv-python': { size: 190_000_000 }, numpy: {} };

describe('alternative (DW109)', () => {
  test('says what does the same, where the line stands, and what was measured', () => {
    const remedies = [remedy('alternative', { 'opencv-python': 'opencv-python-headless==4.8.0' })];
    const context = contextOf(['numpy', 'opencv-python==4.8.0'], world, { remedies });
    expect(alternative.evaluate(context)).toEqual([
      {
        code: 'DW109',
        rule: 'alternative',
        packages: ['opencv-python'],
        leaves: [],
        severity: 'info',
        confidence: 'likely',
        message:
          'opencv-python can be opencv-python-headless, with the same imports: no windows, and no use of that was found',
        locations: [{ path: 'requirements.txt', line: 2, column: 1 }],
        evidence: [],
        savedInstalledBytes: 40_000_000,
        savedDownloadBytes: 20_000_000,
        remedy: {
          kind: 'replace',
          text: 'replace opencv-python (requirements.txt:2) by opencv-python-headless==4.8.0',
        },
      },
    ]);
  });

  test('says that other code is needed, and that the other is there already', () => {
    const change = { fit: 'rewrite', confidence: 'possible', condition: 'another API' } as const;
    const instead = contextOf(['numpy'], world).graph.roots.map(({ name }) => name);
    const remedies = [remedy('alternative', { 'opencv-python': null }, { ...change, instead })];
    const [found] = alternative.evaluate(
      contextOf(['opencv-python', 'numpy'], world, { remedies }),
    );
    expect(found?.message).toBe('opencv-python could be numpy, with other code: another API');
    expect(found?.remedy?.text).toBe(
      'remove opencv-python (requirements.txt:1): numpy is declared already',
    );
  });

  test('leaves the judgement to the reader where nothing in the code tells', () => {
    const change = { fit: 'unchecked', confidence: 'possible' } as const;
    const remedies = [remedy('alternative', { 'opencv-python': 'x' }, change)];
    const [found] = alternative.evaluate(contextOf(['opencv-python'], world, { remedies }));
    expect(found?.message).toBe('opencv-python can be x, where this will do: no windows');
  });

  test('is silent on other remedies, and where there are none', () => {
    const remedies = [remedy('newer-lighter', { numpy: 'numpy' })];
    expect(alternative.evaluate(contextOf(['numpy'], world, { remedies }))).toEqual([]);
    expect(alternative.evaluate(contextOf(['numpy'], world))).toEqual([]);
  });
});
