import { describe, expect, test } from 'vitest';
import { devOnly } from '../../src/advice/dev-only.ts';
import { contextOf, usage } from './support.ts';

const universe = {
  runner: { size: 500, requires: ['pluggy'] },
  'runner-async': { size: 5, requires: ['runner'] },
  pluggy: { size: 20 },
  client: { size: 80 },
  sdk: { size: 1, requires: ['client'] },
};

describe('dev-only (DW102)', () => {
  test('moves together what needs each other, with its evidence', () => {
    const context = contextOf(['runner', 'runner-async', 'sdk'], universe, {
      usages: [usage('runner', 'dev-only'), usage('runner-async', 'dev-only', 'likely')],
    });
    expect(devOnly.evaluate(context)).toMatchObject([
      {
        packages: ['runner', 'runner-async'],
        leaves: ['pluggy'],
        severity: 'warning',
        confidence: 'likely',
        savedInstalledBytes: 525,
        evidence: [{ note: 'import runner' }, { note: 'import runner-async' }],
        remedy: {
          kind: 'move',
          text: 'move runner (requirements.txt:1), runner-async (requirements.txt:2) to the development requirements',
        },
      },
    ]);
  });

  test('says that it stays installed where the product needs it through another', () => {
    const context = contextOf(['client', 'sdk'], universe, {
      usages: [usage('client', 'dev-only'), usage('sdk', 'used')],
    });
    expect(devOnly.evaluate(context)).toMatchObject([
      {
        packages: ['client'],
        savedInstalledBytes: 0,
        message: 'client is needed for development only; it stays installed, as sdk needs it',
      },
    ]);
  });

  test('is silent where nothing is for development only', () => {
    expect(
      devOnly.evaluate(contextOf(['sdk'], universe, { usages: [usage('sdk', 'used')] })),
    ).toEqual([]);
  });

  test('cannot tell the bytes of what has no known size', () => {
    const context = contextOf(
      ['built'],
      { built: { size: 'sdist-only' } },
      { usages: [usage('built', 'dev-only')] },
    );
    expect(devOnly.evaluate(context)[0]?.savedInstalledBytes).toBeNull();
  });
});
