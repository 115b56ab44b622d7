import {
  changedNames,
  installedBefore,
  isInLayerBelow,
  type ChangedName,
} from '../image/changed-names.ts';
import { sumOf, type EarlierSet, type ImageFacts } from '../image/image-facts.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** Installed by one command, taken out or replaced by a later one: it is downloaded for nothing, and stays in its layer. */
export const replacedInstall: AdviceRule = {
  code: 'DW121',
  rule: 'replaced-install',
  title: 'installed in an image and taken out or replaced by a later command',
  severity: 'info',
  evaluate: ({ image, graph }) => {
    if (image?.earlier === null || image?.earlier === undefined) return [];
    return describe(image, image.earlier, graph);
  },
};

const leastBytes = 1_000_000;

function describe(
  facts: ImageFacts,
  earlier: EarlierSet,
  graph: AdviceContext['graph'],
): ReturnType<AdviceRule['evaluate']> {
  const changed = changedNames(facts, earlier, graph);
  const [first] = changed;
  if (first === undefined) return [];
  const names = new Set<string>(changed.map(({ before }) => before.name));
  const download = sumOf(earlier.graph, names, 'downloadBytes');
  const line = first.removedAt ?? first.replacedAt ?? earlier.line;
  const isBelow = isInLayerBelow(facts, earlier.installedAt, line);
  if (!isBelow && download < leastBytes) return [];
  const what = listNames(changed.map(sayChange));
  const end = isBelow
    ? 'what was there first stays in the layer below'
    : 'what was there first is downloaded for nothing';
  return [
    imageFinding(replacedInstall, facts.image.path, {
      packages: declaredIn(facts, names),
      confidence: 'certain',
      message: `${what} by a later command: ${end}`,
      lines: [first.changedBy ?? line, installedBefore(facts.image, earlier)],
      savedInstalledBytes: isBelow ? sumOf(earlier.graph, names) : 0,
      savedDownloadBytes: download,
      remedy: {
        kind: 'index',
        text: 'install the build that is meant first, in one command with the rest or before it',
      },
    }),
  ];
}

function sayChange({ before, after }: ChangedName): string {
  return after === null
    ? `${before.name} ${before.version} is taken out again`
    : `${before.name} ${before.version} is replaced by ${after.version}`;
}

function declaredIn({ declared }: ImageFacts, names: ReadonlySet<string>): readonly string[] {
  const known = declared.map(({ requirement }) => requirement.name);
  return [...new Set(known.filter((name) => names.has(name)))].toSorted();
}
