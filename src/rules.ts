/** The names of all rules of advice, each in one place. */
import type { RuleName } from './types.ts';

/** Rules on how the image is built. */
export const IMAGE_RULES: readonly RuleName[] = [
  'orphan-install',
  'comes-back',
  'replaced-install',
  'conflicting-pin',
  'idle-constraints',
  'later-deletion',
  'wheelhouse-layer',
  'pip-cache',
  'compiled-bytecode',
  'dev-in-image',
  'apt-packages',
  'build-context',
  'python-mismatch',
  'base-image',
  'installer-in-image',
];

/** Rules on what jobs of CI install. */
export const CI_RULES: readonly RuleName[] = ['idle-ci-install', 'ci-cache'];

/** Every rule that `--fail-on` may name. */
export const RULES: readonly RuleName[] = [
  'unused',
  'dev-only',
  'indirect',
  'missing',
  'transitive-import',
  'misplaced-extra',
  'drift',
  'heavy',
  'alternative',
  'accelerator-build',
  'droppable-extra',
  'newer-lighter',
  'no-wheel',
  'unused-constraint',
  'strippable',
  'either-one',
  'musl-wheels',
  ...IMAGE_RULES,
  ...CI_RULES,
  'over-budget',
];
