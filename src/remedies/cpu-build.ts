/**
 * The build of PyTorch without CUDA. Its wheels are on an index of their own, so that what leaves is what the build for CUDA
 * alone requires; the wheel itself is lighter too, by an amount that is not known here.
 *
 * Traps: aarch64 is no sign of a CPU build (torch has CUDA builds for it since 2.11); a local version says which build it is
 * (`2.4.1+cpu`, `+cu121`, `+rocm6.0`); other packages may need triton or an nvidia package for themselves.
 */
import { COMPANION } from '../accelerators/companions.ts';
import { resolveHeld } from '../resolve/held.ts';
import type { DistributionName, WeighedDistribution } from '../types.ts';
import { sumOfKnown } from '../weigh/attribution.ts';
import { downloadBytesOf } from '../weigh/totals.ts';
import { GPU } from './lighter-table.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Remedy } from './remedy.ts';

const torch = 'torch' as DistributionName;

/** Empty where torch is not there, or brings nothing for a GPU. */
export function cpuBuilds(context: RemedyContext): readonly Remedy[] {
  const { graph, roots, target, staying, code } = context;
  const own = staying.find(({ name }) => name === torch);
  if (own === undefined || /\+(?:cpu|rocm|xpu)/.test(own.version)) return [];
  const lighter = { ...graph, distributions: graph.distributions.map(withoutCompanions) };
  const { names } = resolveHeld(lighter, roots, target);
  const leaving = staying.filter(({ name }) => COMPANION.test(name) && !names.has(name));
  const known = leaving.flatMap(({ weight }) => (weight.known ? weight.value.installedBytes : []));
  if (known.length === 0) return [];
  const against = code.find(GPU);
  return [
    {
      rule: 'accelerator-build',
      fit: 'same-import',
      replacements: [],
      added: [],
      instead: [torch],
      condition: 'no GPU',
      against,
      confidence: against.length === 0 ? 'likely' : 'possible',
      savedInstalledBytes: known.reduce((sum, bytes) => sum + bytes, 0),
      savedDownloadBytes: sumOfKnown(leaving.map(downloadBytesOf)),
      atLeast: true,
      leaves: leaving.map(({ name }) => name).toSorted(),
      arrives: [],
    },
  ];
}

function withoutCompanions(distribution: WeighedDistribution): WeighedDistribution {
  if (distribution.name !== torch) return distribution;
  const isOther = ({ name }: { readonly name: DistributionName }): boolean => !COMPANION.test(name);
  return {
    ...distribution,
    requires: distribution.requires.filter(isOther),
    dependencies: distribution.dependencies.filter(isOther),
  };
}
