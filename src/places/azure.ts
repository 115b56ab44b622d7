import type { PlaceKind } from './place.ts';
import { findLine, signAt, usualRuntime } from './place.ts';

/** A function app of Azure in Python (either programming model), unless it goes there as an image. */
export const functionApp: PlaceKind = {
  matches: /(?:^|\/)host\.json$/,
  mentions: 'version',
  isBeside: true,
  find({ lines }, { paths, linesOf, folder }) {
    const isPython =
      paths.has(`${folder}function_app.py`) ||
      [...paths].some(
        (path) =>
          path.startsWith(folder) &&
          /^[^/]+\/function\.json$/.test(path.slice(folder.length)) &&
          findLine(linesOf(path), /"scriptFile"\s*:\s*"[^"]+\.py"/) > 0,
      );
    const image = linesOf(`${folder}Dockerfile`);
    if (!isPython || findLine(image, /^\s*FROM\s+\S*azure-functions\//i) > 0) return [];
    return signAt('azure-functions', lines, /"version"\s*:/, usualRuntime(null));
  },
};
