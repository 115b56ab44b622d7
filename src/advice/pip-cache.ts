import { sumOf } from '../image/image-facts.ts';
import { cachingInstalls, installedBy } from '../image/install-layers.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** Downloads that an installer keeps for the next time, in an image that has none. */
export const pipCache: AdviceRule = {
  code: 'DW126',
  rule: 'pip-cache',
  title: 'downloads that stay in an image, as the cache of pip',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null) return [];
    const found = cachingInstalls(image);
    const installs = found.map(({ install }) => install);
    const names = installedBy(image, context, new Set(installs.map(({ line }) => line)));
    const [first] = found;
    if (first === undefined || names.size === 0) return [];
    const { tool } = first.install;
    const isPip = tool === 'pip' || tool === 'pipx';
    const bytes = sumOf(context.graph, names, 'downloadBytes');
    return [
      imageFinding(pipCache, image.image.path, {
        message: `${isPip ? 'pip' : tool} keeps each file that it downloads in the layer, where nothing will ask for it again`,
        lines: installs,
        savedInstalledBytes: bytes,
        savedDownloadBytes: bytes,
        remedy: {
          kind: 'add',
          text: `${isPip ? 'add --no-cache-dir' : 'delete its cache in the same RUN'}, or keep the cache outside: RUN --mount=type=cache,target=/root/.cache …`,
        },
      }),
    ];
  },
};
