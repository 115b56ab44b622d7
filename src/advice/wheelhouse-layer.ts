import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { installedBy } from '../image/install-layers.ts';
import type { ImageLayer } from '../target/image-layers.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** Wheels that are copied into an image to be installed there: they stay in the layer of the copy, whatever deletes them later. */
export const wheelhouseLayer: AdviceRule = {
  code: 'DW125',
  rule: 'wheelhouse-layer',
  title: 'wheels that stay in a layer of an image after they were installed',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null) return [];
    return wheelCopies(image).map(({ layer, from, folder, installedAt }) => {
      const fetching = image.image.installs.filter(({ onlyFetches }) => onlyFetches);
      const lines = new Set([installedAt, ...fetching.map(({ line }) => line)]);
      const bytes = sumOf(context.graph, installedBy(image, context, lines), 'downloadBytes');
      const source = from === null ? '' : `from=${from},`;
      return imageFinding(wheelhouseLayer, image.image.path, {
        message: `the wheels in ${folder} stay in this layer after they are installed (line ${installedAt}), beside what they were unpacked to`,
        lines: [layer.line, installedAt],
        savedInstalledBytes: bytes === 0 ? null : bytes,
        savedDownloadBytes: bytes === 0 ? null : bytes,
        remedy: {
          kind: 'replace',
          text: `mount them in place of the COPY: RUN --mount=type=bind,${source}source=${folder},target=${folder} pip install …`,
        },
      });
    });
  },
};

interface WheelCopy {
  readonly layer: ImageLayer;
  readonly from: string | null;
  /** Where they lie in the image, as written. */
  readonly folder: string;
  /** Line of the command that installs them. */
  readonly installedAt: number;
}

function wheelCopies({ image: { layers } }: ImageFacts): readonly WheelCopy[] {
  const own = layers.filter(({ isInImage }) => isInImage);
  return own.flatMap((layer, at) =>
    layer.copies.flatMap(({ from, sources, target }): WheelCopy[] => {
      if (!sources.some((source) => /\.whl$|(?:^|\/)wheel(?:s|house)?(?:\/|$)/.test(source)))
        return [];
      const folder = target.replace(/\/+$/, '') || '/';
      const installing = own
        .slice(at + 1)
        .find(({ commands }) =>
          commands.some(
            ({ words }) =>
              /^(?:pip[\d.]*|uv)$/.test(words[0]?.text ?? '') &&
              textsOf(words).some((word) => word.includes(folder) || word.endsWith('.whl')),
          ),
        );
      const line = installing?.installs[0]?.line ?? installing?.line;
      return line === undefined ? [] : [{ layer, from, folder, installedAt: line }];
    }),
  );
}
