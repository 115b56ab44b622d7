import { describe, expect, test } from 'vitest';
import { unusedConstraint } from '../../src/advice/unused-constraint.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { declaration } from '../support/weighed-graph.ts';
import { contextOf } from './support.ts';

const world = { flask: { size: 'sdist-only' } } as const;
const installed = new Set([normalizeName('flask')]);
const line = (raw: string, at: number) => declaration(raw, at, 'constraints.txt');

describe('unused-constraint (DW115)', () => {
  test('is one finding for a file, with the lines that hold nothing', () => {
    const constraints = [line('flask<3', 1), line('alembic==1.14', 2), line('torch<2', 3)];
    const context = contextOf(['flask'], world, { constraints, installed });
    expect(unusedConstraint.evaluate(context)).toMatchObject([
      {
        code: 'DW115',
        severity: 'info',
        message:
          'constraints.txt constrains 2 packages that nothing here installs: alembic and torch',
        locations: [
          { path: 'constraints.txt', line: 2 },
          { path: 'constraints.txt', line: 3 },
        ],
      },
    ]);
  });

  test('is silent where all hold something, and where nothing was resolved', () => {
    const constraints = [line('flask<3', 1)];
    const of = (more: object) => unusedConstraint.evaluate(contextOf(['flask'], world, more));
    expect(of({ constraints, installed })).toEqual([]);
    expect(of({ constraints: [line('torch<2', 1)] })).toEqual([]);
  });
});
