import type { PlaceKind } from './place.ts';
import { findLine, signAt } from './place.ts';

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
    if (findLine(beside('heroku.yml'), /^\s*docker:/) > 0) return null;
    if (findLine(beside('manifest.yml'), /^applications:/) > 0) return null;
    const isBeanstalk = [...paths].some((path) =>
      /^\.(?:ebextensions|elasticbeanstalk)\//.test(path.slice(folder.length)),
    );
    return isBeanstalk ? null : signAt('heroku-slug', lines, /^(?:web|worker|release)\s*:/);
  },
};
