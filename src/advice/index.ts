/** The list of rules, and all that they find. */
import type { Finding } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { acceleratorBuild } from './accelerator-build.ts';
import { alternative } from './alternative.ts';
import { aptPackages } from './apt-packages.ts';
import { baseImage } from './base-image.ts';
import { buildContext } from './build-context.ts';
import { ciCache } from './ci-cache.ts';
import { comesBack } from './comes-back.ts';
import { compiledBytecode } from './compiled-bytecode.ts';
import { conflictingPin } from './conflicting-pin.ts';
import { devInImage } from './dev-in-image.ts';
import { devOnly } from './dev-only.ts';
import { drift } from './drift.ts';
import { droppableExtra } from './droppable-extra.ts';
import { eitherOne } from './either-one.ts';
import { heavy } from './heavy.ts';
import { idleConstraints } from './idle-constraints.ts';
import { idleCiInstall } from './idle-ci-install.ts';
import { indirect } from './indirect.ts';
import { installerInImage } from './installer-in-image.ts';
import { laterDeletion } from './later-deletion.ts';
import { misplacedExtra } from './misplaced-extra.ts';
import { missing } from './missing.ts';
import { muslWheels } from './musl-wheels.ts';
import { newerLighter } from './newer-lighter.ts';
import { noWheel } from './no-wheel.ts';
import { overBudget } from './over-budget.ts';
import { orphanInstall } from './orphan-install.ts';
import { pipCache } from './pip-cache.ts';
import { pythonMismatch } from './python-mismatch.ts';
import { replacedInstall } from './replaced-install.ts';
import { strippable } from './strippable.ts';
import { transitiveImport } from './transitive-import.ts';
import { unused } from './unused.ts';
import { unusedConstraint } from './unused-constraint.ts';
import { wheelhouseLayer } from './wheelhouse-layer.ts';

/** Every rule, by code. */
export const adviceRules: readonly AdviceRule[] = [
  unused,
  devOnly,
  indirect,
  missing,
  transitiveImport,
  misplacedExtra,
  drift,
  heavy,
  alternative,
  acceleratorBuild,
  droppableExtra,
  newerLighter,
  noWheel,
  orphanInstall,
  unusedConstraint,
  strippable,
  overBudget,
  comesBack,
  replacedInstall,
  conflictingPin,
  idleConstraints,
  laterDeletion,
  wheelhouseLayer,
  pipCache,
  compiledBytecode,
  devInImage,
  aptPackages,
  buildContext,
  pythonMismatch,
  baseImage,
  idleCiInstall,
  ciCache,
  eitherOne,
  installerInImage,
  muslWheels,
] satisfies readonly AdviceRule[];

/** What all rules find, by code; within a rule the weightiest first. */
export function advise(context: AdviceContext): readonly Finding[] {
  return adviceRules.flatMap((rule) => rule.evaluate(context));
}
