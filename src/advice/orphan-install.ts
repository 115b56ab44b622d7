import { installedBefore } from '../image/changed-names.ts';
import { sumOf } from '../image/image-facts.ts';
import { findLeftBehind, type LeftBehind } from '../image/left-behind.ts';
import type { DistributionName, Finding, WeighedGraph } from '../types.ts';
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
    const earlier = image?.earlier ?? null;
    const left = earlier && image && findLeftBehind(image.image, earlier, graph);
    if (!left || image === null || earlier === null) return [];
    const { orphans, leaving, kept, isOpen, line } = left;
    const names = leaving.map(({ before }) => before.name);
    const isRemoval = leaving.some(({ removedAt }) => removedAt !== null);
    const change = leaving.find(({ removedAt }) => removedAt !== null) ?? leaving[0];
    const at = change?.changedBy ?? null;
    const verb = isRemoval ? 'uninstalling' : 'replacing';
    const bytes = new Set<string>(orphans);
    return [
      imageFinding(orphanInstall, image.image.path, {
        packages: declaredAmong(
          names,
          image.declared.map(({ requirement }) => requirement.name),
        ),
        leaves: orphans,
        confidence: isOpen ? 'likely' : 'certain',
        message: `${verb} ${listNames(names)} leaves ${countOf(orphans.length, 'package')} in the image that only ${names.length === 1 ? 'it' : 'they'} needed: ${listFamilies(orphans)}${sayKept(kept, graph, new Set(names))}`,
        lines: [at ?? line, installedBefore(image.image, earlier)],
        savedInstalledBytes: sumOf(earlier.graph, bytes),
        savedDownloadBytes: sumOf(earlier.graph, bytes, 'downloadBytes'),
        remedy: remedyOf(left, earlier.graph),
      }),
    ];
  },
};

function remedyOf(
  { leaving, orphans }: LeftBehind,
  { roots }: WeighedGraph,
): NonNullable<Finding['remedy']> {
  const back = leaving.find(({ after }) => after !== null);
  if (back !== undefined)
    return {
      kind: 'index',
      text: `install the ${back.before.name} that is meant before anything else brings another one (its index first, then -r): pip keeps what is there`,
    };
  // What was asked for by name, not what came with it and is uninstalled as well.
  const first =
    leaving.find(({ before }) => roots.some(({ name }) => name === before.name)) ?? leaving[0];
  return {
    kind: 'remove',
    text: `do not install ${first?.before.name ?? ''} in the first place, or take out what came with it in the same command: pip uninstall -y ${[...leaving.map(({ before }) => before.name), ...orphans].join(' ')}`,
  };
}

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

function declaredAmong(
  names: readonly string[],
  declared: readonly DistributionName[],
): readonly string[] {
  const known = new Set<string>(declared);
  return names.filter((name) => known.has(name));
}
