import { describe, expect, test } from 'vitest';
import { droppableExtra } from '../../src/advice/droppable-extra.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { contextOf, remedy } from './support.ts';

const world = {
  uvicorn: { requires: ['uvloop; extra == "standard"'] },
  uvloop: { size: 'no-wheel-for-target' },
} as const;
const dropped = remedy(
  'droppable-extra',
  { uvicorn: 'uvicorn==1.0' },
  { leaves: [normalizeName('uvloop')], condition: 'a slower event loop' },
);

describe('droppable-extra (DW111)', () => {
  test('says what the extra brings and what is lost without it', () => {
    const context = contextOf(['uvicorn[standard]==1.0'], world, { remedies: [dropped] });
    expect(droppableExtra.evaluate(context)).toMatchObject([
      {
        code: 'DW111',
        packages: ['uvicorn'],
        leaves: ['uvloop'],
        severity: 'info',
        message:
          'uvicorn[standard] brings what nothing here uses: uvloop; without it: a slower event loop',
        remedy: { kind: 'extra', text: 'replace uvicorn (requirements.txt:1) by uvicorn==1.0' },
      },
    ]);
  });

  test('claims less where the code does not tell', () => {
    const remedies = [{ ...dropped, fit: 'unchecked' as const, confidence: 'possible' as const }];
    const [found] = droppableExtra.evaluate(contextOf(['uvicorn[standard]'], world, { remedies }));
    expect(found?.message).toMatch(/^uvicorn\[standard\] may not be needed: uvloop; /);
  });

  test('is silent without remedies', () => {
    expect(droppableExtra.evaluate(contextOf(['uvicorn[standard]'], world))).toEqual([]);
  });
});
