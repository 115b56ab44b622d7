import type { PlaceKind } from './place.ts';
import { findLine, signAt } from './place.ts';

const INSTALLS =
  /\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba|hatch)\b.{0,80}?\b(?:install|sync|run)\b|\b(?:tox|nox)\b|docker(?:\/build-push-action|\s+build)/;

/** A workflow on a Linux runner of GitHub that installs the project, or builds its image. */
export const workflow: PlaceKind = {
  matches: /^\.github\/workflows\/[^/]+\.ya?ml$/,
  mentions: 'ubuntu-',
  find: ({ lines }) =>
    findLine(lines, INSTALLS) === 0
      ? []
      : signAt(
          'github-runner',
          lines,
          /^\s*(?:-\s*)?runs-on:\s*\[?\s*["']?ubuntu-(?:latest|slim|\d\d\.\d\d)(?:-arm)?["']?\s*\]?\s*(?:#|$)/,
        ),
};
