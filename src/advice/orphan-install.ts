import { changedNames, reachedFrom } from '../image/changed-names.ts';
import { sumOf } from '../image/image-facts.ts';
import type { DistributionName, WeighedGraph } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { dependentsOf } from './verdicts.ts';
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
    if (changed.length === 0) return [];
    const gone = new Set(changed.map(({ before }) => before.name));
    const staying = new Set(graph.distributions.map(({ name }) => name));
    // Of another build whose needs could not be read, only companions of the first are surely none of its own.
    const isOpen = changed.some(({ after }) => after !== null && after.metadataFrom === null);
    const orphans = [...reachedFrom(earlier.graph, gone)]
      .filter((name) => !gone.has(name) && !staying.has(name))
      .filter((name) => !isOpen || companions.test(name))
      .toSorted();
    if (orphans.length === 0) return [];
    // Of several that changed, those that left something behind are to be spoken of.
    const leaving = changed.filter(({ before }) => {
      const own = reachedFrom(earlier.graph, new Set([before.name]));
      return orphans.some((name) => own.has(name));
    });
    const names = leaving.map(({ before }) => before.name).toSorted();
    const removal = leaving.find(({ removedAt }) => removedAt !== null);
    const verb = removal === undefined ? 'replacing' : 'uninstalling';
    const line = removal?.removedAt ?? leaving[0]?.replacedAt ?? earlier.line;
    const left = new Set<string>(orphans);
    const kept = [...reachedFrom(earlier.graph, gone)].filter(
      (name) => staying.has(name) && !gone.has(name) && companions.test(name),
    );
    return [
      imageFinding(orphanInstall, image.image.path, {
        packages: declaredAmong(
          names,
          image.declared.map(({ requirement }) => requirement.name),
        ),
        leaves: orphans,
        confidence: isOpen ? 'likely' : 'certain',
        message: `${verb} ${listNames(names)} leaves ${countOf(orphans.length, 'package')} in the image that only ${names.length === 1 ? 'it' : 'they'} needed: ${listFamilies(orphans)}${sayKept(kept.toSorted(), graph, gone)}`,
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

/** `; triton stays for openai-whisper`: of the build that is gone as well, and no orphan. */
function sayKept(
  kept: readonly DistributionName[],
  graph: WeighedGraph,
  gone: ReadonlySet<DistributionName>,
): string {
  return kept
    .map((name) => {
      const holders = dependentsOf(graph, name).filter(
        (one) => ![...gone].some((own) => own === one),
      );
      return holders.length === 0
        ? ''
        : `; ${name} stays, as ${listNames(holders, 2)} ${holders.length === 1 ? 'needs' : 'need'} it`;
    })
    .join('');
}

const companions = /^(?:nvidia-|cuda-|triton$|pytorch-triton)/;

function declaredAmong(
  names: readonly string[],
  declared: readonly DistributionName[],
): readonly string[] {
  const known = new Set<string>(declared);
  return names.filter((name) => known.has(name));
}
