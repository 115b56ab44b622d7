import { sumOf } from '../image/image-facts.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { countOf, listNames } from './wording.ts';

/** Poetry, uv and the like in the image itself: they are done once the rest is installed, and stay. */
export const installerInImage: AdviceRule = {
  code: 'DW136',
  rule: 'installer-in-image',
  title: 'programs that only install others and stay in the image of the product',
  severity: 'info',
  evaluate: ({ image }) => {
    const set = image?.besides.find(({ kind }) => kind === 'installer');
    if (image === null || set === undefined) return [];
    const { names, distributions, at } = set;
    const graph = { roots: [], distributions, warnings: [] };
    const all = new Set<string>(distributions.map(({ name }) => name));
    const more = [...all].filter((name) => !names.some((own) => own === name)).length;
    const brought = more === 0 ? '' : `, with ${countOf(more, 'package')} that nothing else needs`;
    return [
      imageFinding(installerInImage, image.image.path, {
        leaves: [...all].toSorted(),
        message: `${listNames(names)} ${names.length === 1 ? 'stays' : 'stay'} in the image${brought}, though all is installed by then`,
        locations: [at],
        savedInstalledBytes: sumOf(graph, all),
        savedDownloadBytes: sumOf(graph, all, 'downloadBytes'),
        remedy: {
          kind: 'replace',
          text: `install in a stage before and take over the environment alone (COPY --from), unless programs are started through ${names.length === 1 ? 'it' : 'them'}`,
        },
      }),
    ];
  },
};
