import { changeBetween, differenceOf } from '../../src/compare/weight-change.ts';
import { compareFindings } from '../../src/diff/compare-findings.ts';
import { withCauses } from '../../src/diff/what-brings.ts';
import type { AuditDocument, DiffDocument } from '../../src/types.ts';
import { createDocument, parsePackages } from './documents.ts';

/** What one side of a difference is made of, as in `parsePackages`. */
interface SideParts {
  readonly packages: string;
  readonly parts?: Partial<AuditDocument>;
}

/** The document of `diff` for two sides of packages, with their findings. */
export function createDiff(
  before: SideParts,
  after: SideParts,
  given: Partial<DiffDocument> = {},
): DiffDocument {
  const [old, now] = [before, after].map(({ packages, parts = {} }) =>
    createDocument({
      command: 'diff',
      ...parts,
      packages: packages === '' ? [] : parsePackages(packages),
    }),
  );
  if (old === undefined || now === undefined) throw new Error('Two sides are compared');
  const change = changeBetween(old, now);
  const names = [...change.added, ...change.removed, ...change.changed].map(({ name }) => name);
  return {
    ...now,
    ...change,
    added: withCauses(change.added, now, new Set(names)),
    removed: withCauses(change.removed, old, new Set(names)),
    difference: differenceOf(change),
    presence: 'both',
    targetBefore: null,
    ...compareFindings(old.findings, now.findings),
    ref: { name: 'main', commit: '0123456789abcdef0123456789abcdef01234567', mergeBase: false },
    ...given,
  };
}
