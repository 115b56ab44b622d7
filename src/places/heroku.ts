import type { PlaceKind } from './place.ts';
import { findLine, signAt, usualRuntime } from './place.ts';

/**
 * A Procfile for Heroku. Elastic Beanstalk and Cloud Foundry read one too, and show themselves beside it; an app that
 * Heroku builds from a Dockerfile has no slug.
 */
export const procfile: PlaceKind = {
  matches: /(?:^|\/)Procfile$/,
  mentions: ':',
  isBeside: true,
  find({ lines }, { paths, linesOf, folder }) {
    const beside = (name: string): readonly string[] =>
      paths.has(`${folder}${name}`) ? linesOf(`${folder}${name}`) : [];
    if (findLine(beside('heroku.yml'), /^\s*docker:/) > 0) return [];
    if (findLine(beside('manifest.yml'), /^applications:/) > 0) return [];
    const isBeanstalk = [...paths].some((path) =>
      /^\.(?:ebextensions|elasticbeanstalk)\//.test(path.slice(folder.length)),
    );
    if (isBeanstalk) return [];
    const runtime = usualRuntime(
      versionIn(linesOf(`${folder}runtime.txt`)) ?? versionIn(linesOf(`${folder}.python-version`)),
    );
    return signAt('heroku-slug', lines, /^(?:web|worker|release)\s*:/, runtime);
  },
};

/** The first version of CPython that stands alone in a line. */
export function versionIn(lines: readonly string[]): string | null {
  const [found = null] = lines.flatMap(
    (text) => /^\s*(?:c?python-)?(3\.\d{1,2})(?:\.\d+)?\s*(?:#.*)?$/.exec(text)?.[1] ?? [],
  );
  return found;
}
