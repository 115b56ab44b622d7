import { describe, expect, test } from 'vitest';
import { newerLighter } from '../../src/advice/newer-lighter.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { contextOf, remedy } from './support.ts';

const world = {
  extras: { size: 1_000_000, version: '0.7', requires: ['snowflakes'] },
  snowflakes: { size: 'sdist-only' },
} as const;
const newer = remedy(
  'newer-lighter',
  { extras: 'extras>=0.7' },
  {
    fit: 'release',
    confidence: 'possible',
    leaves: [normalizeName('snowflakes')],
    arrives: [{ name: normalizeName('extras'), version: '1.6' }],
  },
);

describe('newer-lighter (DW112)', () => {
  test('says which release, why it is lighter, and what keeps it out', () => {
    const context = contextOf(['extras<1.0'], world, { remedies: [newer] });
    expect(newerLighter.evaluate(context)).toMatchObject([
      {
        code: 'DW112',
        packages: ['extras'],
        leaves: ['snowflakes'],
        confidence: 'possible',
        message:
          'extras 1.6 is lighter than 0.7, as it needs 1 package less (extras<1.0 does not admit it); its changes are for you to read',
        remedy: { kind: 'upgrade', text: 'raise extras (requirements.txt:1) to 1.6' },
      },
    ]);
  });

  test('a release inside the bounds is one that a lock holds back', () => {
    const [found] = newerLighter.evaluate(contextOf(['extras'], world, { remedies: [newer] }));
    expect(found?.message).not.toContain('does not admit');
  });

  test('is silent on a few megabytes', () => {
    const remedies = [{ ...newer, savedInstalledBytes: 4_000_000 }];
    expect(newerLighter.evaluate(contextOf(['extras<1.0'], world, { remedies }))).toEqual([]);
  });
});
