import type { PlaceKind } from './place.ts';
import { versionIn } from './heroku.ts';
import { findLine, usualRuntime } from './place.ts';

/** Vercel: a front end has a vercel.json too, so Python has to be named, or lie where it is taken for a function. */
export const vercel: PlaceKind = {
  matches: /(?:^|\/)(?:vercel|now)\.json$/,
  mentions: '',
  isBeside: true,
  find({ lines }, { paths, folder, linesOf }) {
    const line = findLine(lines, /@(?:vercel|now)\/python|[\w*\]]\.py"/);
    const runtime = usualRuntime(versionIn(linesOf(`${folder}.python-version`)));
    if (line > 0) return [{ preset: 'vercel-python', line, runtime }];
    const functions = `${folder}api/`;
    const isThere = [...paths].some((path) => path.startsWith(functions) && path.endsWith('.py'));
    return isThere ? [{ preset: 'vercel-python', line: 1, runtime }] : [];
  },
};
