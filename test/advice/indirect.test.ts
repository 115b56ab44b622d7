import { describe, expect, test } from 'vitest';
import { indirect } from '../../src/advice/indirect.ts';
import { contextOf, usage } from './support.ts';

const universe = {
  pydantic: { size: 9 },
  fastapi: { requires: ['pydantic'] },
  lonely: { size: 3 },
};

describe('indirect (DW103)', () => {
  test('says who needs it and that removing the line frees nothing', () => {
    const context = contextOf(['pydantic', 'fastapi'], universe, {
      usages: [usage('pydantic', 'indirect', 'likely')],
    });
    expect(indirect.evaluate(context)).toMatchObject([
      {
        code: 'DW103',
        packages: ['pydantic'],
        severity: 'info',
        confidence: 'likely',
        message:
          'pydantic is declared but not imported; it is installed anyway, as fastapi needs it',
        savedInstalledBytes: 0,
        remedy: null,
      },
    ]);
  });

  test('takes in an unused one that a used one needs, once', () => {
    const context = contextOf(['pydantic', 'fastapi'], universe, {
      usages: [usage('pydantic', 'unused'), usage('fastapi', 'used')],
    });
    expect(indirect.evaluate(context).map((one) => one.packages)).toEqual([['pydantic']]);
  });

  test('leaves to the rule of the unused what nothing holds', () => {
    const context = contextOf(['lonely'], universe, { usages: [usage('lonely', 'unused')] });
    expect(indirect.evaluate(context)).toEqual([]);
  });
});
