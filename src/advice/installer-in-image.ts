import type { ImageFacts } from '../image/image-facts.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import type { Finding } from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { countOf, listNames } from './wording.ts';

/** Poetry, uv and the like in the image itself: they are done once the rest is installed, and stay. */
export const installerInImage: AdviceRule = {
  code: 'DW136',
  rule: 'installer-in-image',
  title: 'programs that only install others and stay in the image of the product',
  severity: 'info',
  evaluate: ({ image }) => (image === null ? [] : [...ofIndex(image), ...ofImages(image)]),
};

/** From an index, so that they are weighed. */
function ofIndex({ image, besides }: ImageFacts): readonly Finding[] {
  return besides
    .filter(({ kind }) => kind === 'installer')
    .map((set) => {
      const { names, distributions, at } = set;
      const totals = totalsOf(distributions);
      const all = new Set<string>(distributions.map(({ name }) => name));
      const more = [...all].filter((name) => !names.some((own) => own === name)).length;
      const brought =
        more === 0 ? '' : `, with ${countOf(more, 'package')} that nothing else needs`;
      return imageFinding(installerInImage, image.path, {
        leaves: [...all].toSorted(),
        message: `${listNames(names)} ${names.length === 1 ? 'stays' : 'stay'} in the image${brought}, though all is installed by then`,
        locations: [at],
        savedInstalledBytes: totals.installedBytes,
        savedDownloadBytes: totals.downloadBytes,
        remedy: {
          kind: 'replace',
          text: `install in a stage before and take over the environment alone (COPY --from), unless programs are started through ${names.length === 1 ? 'it' : 'them'}`,
        },
      });
    });
}

/** `COPY --from=registry.test/astral-sh/uv:0.5 /uv /bin/`: programs of another image, whose bytes nobody here knows. */
function ofImages({ image }: ImageFacts): readonly Finding[] {
  return image.layers
    .filter(({ isInImage }) => isInImage)
    .flatMap(({ copies }) => copies)
    .flatMap(({ from, sources, target, line }) => {
      if (from === null || !imageOfUv.test(from)) return [];
      const [source = '/uv'] = sources;
      const names = sources.map(fileNameOf);
      const place = target.endsWith('/') ? `${target}${fileNameOf(source)}` : target;
      const [are, stay] = names.length === 1 ? ['is', 'stays'] : ['are', 'stay'];
      return [
        imageFinding(installerInImage, image.path, {
          message: `${listNames(names)} ${are} copied from ${from} and ${stay} in the image, though all is installed by then; what that weighs is in no figure`,
          lines: [line],
          remedy: {
            kind: 'replace',
            text: `mount it for the commands that need it: RUN --mount=from=${from},source=${source},target=${place} …, unless programs are started through it`,
          },
        }),
      ];
    });
}

const imageOfUv = /(?:^|\/)astral-sh\/uv(?:[:@]|$)/;
