import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecisionQueue, takeNext } from '../../src/resolve/decision-queue.ts';
import type { Rank } from '../../src/resolve/priorities.ts';
import { comesBefore } from '../../src/resolve/priorities.ts';

const rank = fc.record({ level: fc.nat(3), order: fc.nat(5), packageOrder: fc.nat(20) });

test('packages are taken in the order of the ranks that they had when they changed last', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(fc.nat(15), rank), { maxLength: 8 }), { maxLength: 8 }),
      (rounds) => {
        const queue = createDecisionQueue();
        const waiting = new Map<number, Rank>();
        for (const round of rounds) {
          const ranks = new Map(round);
          for (const [packageId, found] of ranks) {
            queue.changed.add(packageId);
            waiting.set(packageId, { ...found, packageOrder: packageId });
          }
          const next = takeNext(
            queue,
            (packageId) => waiting.has(packageId),
            (packageId) => waiting.get(packageId) ?? { level: 0, order: 0, packageOrder: 0 },
          );
          const best = [...waiting].toSorted(([, a], [, b]) => (comesBefore(a, b) ? -1 : 1))[0];
          expect(next).toBe(best?.[0] ?? null);
          if (next !== null) waiting.delete(next);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('what was decided or dropped meanwhile is passed over, and comes back when it changes again', () => {
  const queue = createDecisionQueue();
  const rankOf = (packageId: number): Rank => ({ level: 0, order: packageId, packageOrder: 0 });
  for (const packageId of [1, 2]) queue.changed.add(packageId);
  expect(takeNext(queue, () => true, rankOf)).toBe(1);
  expect(takeNext(queue, () => false, rankOf)).toBeNull();
  queue.changed.add(2);
  expect(takeNext(queue, () => true, rankOf)).toBe(2);
  expect(takeNext(queue, () => true, rankOf)).toBeNull();
});
