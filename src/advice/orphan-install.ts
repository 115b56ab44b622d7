import { changedNames, reachedFrom } from '../image/changed-names.ts';
import { sumOf } from '../image/image-facts.ts';
import type { DistributionName } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { countOf, listFamilies, listNames } from './wording.ts';

/** pip takes out what it is told and nothing that came with it: what only that needed stays in the image. */
export const orphanInstall: AdviceRule = {
  code: 'DW114',
  rule: 'orphan-install',
  title: 'left behind in an image by what was uninstalled or replaced',
  severity: 'info',
  evaluate: ({ image, graph }) => {
    if (image?.earlier === null || image?.earlier === undefined) return [];
    const { earlier } = image;
    const changed = changedNames(image, earlier, graph);
    const [first] = changed;
    if (first === undefined) return [];
    const gone = new Set(changed.map(({ before }) => before.name));
    const staying = new Set(graph.distributions.map(({ name }) => name));
    // Of another build whose needs could not be read, only companions of the first are surely none of its own.
    const isOpen = changed.some(({ after }) => after !== null && after.metadataFrom === null);
    const orphans = [...reachedFrom(earlier.graph, gone)]
      .filter((name) => !gone.has(name) && !staying.has(name))
      .filter((name) => !isOpen || companions.test(name))
      .toSorted();
    if (orphans.length === 0) return [];
    const names = [...gone].toSorted();
    const removed = changed.filter(({ removedAt }) => removedAt !== null);
    const [removal] = removed;
    const verb = removal === undefined ? 'replacing' : 'uninstalling';
    const line = removal?.removedAt ?? first.replacedAt ?? earlier.line;
    const left = new Set<string>(orphans);
    return [
      imageFinding(orphanInstall, image.image.path, {
        packages: declaredAmong(
          names,
          image.declared.map(({ requirement }) => requirement.name),
        ),
        leaves: orphans,
        confidence: isOpen ? 'likely' : 'certain',
        message: `${verb} ${listNames(names)} leaves ${countOf(orphans.length, 'package')} in the image that only ${names.length === 1 ? 'it' : 'they'} needed: ${listFamilies(orphans)}`,
        lines: [line, earlier.installedAt],
        savedInstalledBytes: sumOf(earlier.graph, left),
        savedDownloadBytes: sumOf(earlier.graph, left, 'downloadBytes'),
        remedy: {
          kind: 'index',
          text: `install the ${names[0] ?? ''} that is meant before anything else brings another one (its index first, then -r): pip keeps what is there`,
        },
      }),
    ];
  },
};

const companions = /^(?:nvidia-|cuda-|triton$|pytorch-triton)/;

function declaredAmong(
  names: readonly string[],
  declared: readonly DistributionName[],
): readonly string[] {
  const known = new Set<string>(declared);
  return names.filter((name) => known.has(name));
}
