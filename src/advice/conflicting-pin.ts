import { isOfImage } from '../inputs/dockerfile.ts';
import type { ImageFacts } from '../image/image-facts.ts';
import { areAgainst } from '../inputs/replaced-requirements.ts';
import { formatRequirement } from '../pep/requirement.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type { DeclaredRequirement, Requirement, UsageEvidence, WeighedGraph } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { listNames } from './wording.ts';

/** pip installs what the last command pins, and only warns where what is there already needs another version. */
export const conflictingPin: AdviceRule = {
  code: 'DW122',
  rule: 'conflicting-pin',
  title: 'put by a command of an image to a version that other packages there do not allow',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null || !image.isWeighed) return [];
    const pins = pinsOf(image);
    const places = new Set(pins.map(({ location }) => `${location.path}:${location.line}`));
    return [...places].flatMap((place) => {
      const found = pins
        .filter(({ location }) => place === `${location.path}:${location.line}`)
        .map((pin) => ({
          pin,
          others: [...needsAgainst(context, pin), ...linesAgainst(image.declared, pin)],
        }))
        .filter(({ others }) => others.length > 0);
      const [first] = found;
      if (first === undefined) return [];
      const says = found.map(
        ({ pin, others }) =>
          `${pin.raw} stands against ${listNames(
            others.map(({ text }) => text),
            3,
          )}`,
      );
      const names = found.map(({ pin }) => pin.requirement.name).toSorted();
      const { location } = first.pin;
      const command = image.image.installs.find(
        ({ script }) => script?.path === location.path && script.line === location.line,
      );
      return [
        imageFinding(conflictingPin, command === undefined ? location.path : image.image.path, {
          packages: names,
          confidence: 'certain',
          message: `${says.join(', ')}: pip installs it all the same, and what needs the other version may fail`,
          lines: [command ?? location.line],
          evidence: found.flatMap(({ others }) => others.flatMap(({ evidence }) => evidence ?? [])),
          savedInstalledBytes: 0,
          savedDownloadBytes: 0,
          remedy: {
            kind: 'replace',
            text: `pin ${listNames(names)} to what all of them allow, in one command with them`,
          },
        }),
      ];
    });
  },
};

/** What commands of the image name, and what stands in the place of something else, each once. */
function pinsOf({ image, declared, overrides }: ImageFacts): readonly DeclaredRequirement[] {
  const standing = overrides.filter(({ requirement }) => requirement.specifiers.length > 0);
  const names = new Set(standing.map(({ requirement }) => requirement.name));
  const own = declared.filter(
    ({ location, requirement: { name, specifiers } }) =>
      isOfImage(location, image) && !(specifiers.length === 0 && names.has(name)),
  );
  const known = new Set(own.map(({ requirement }) => requirement.name));
  return [...own, ...standing.filter(({ requirement }) => !known.has(requirement.name))];
}

interface Against {
  readonly text: string;
  readonly evidence?: UsageEvidence;
}

function needsAgainst(
  { graph, target }: AdviceContext,
  { requirement }: DeclaredRequirement,
): readonly Against[] {
  const version = versionOf(graph, requirement);
  if (version === null) return [];
  return graph.distributions.flatMap((one) =>
    one.requires
      .filter(
        (need) =>
          need.name === requirement.name &&
          (need.marker === null || evaluateMarker(need.marker, target.markers, [...one.extras])) &&
          !specifierContains(need.specifiers, version),
      )
      .slice(0, 1)
      .map((need) => ({
        text: `${formatRequirement({ ...need, marker: null, markerText: null })} of ${one.name} ${one.version}`,
      })),
  );
}

function versionOf(
  { distributions }: WeighedGraph,
  { name }: Requirement,
): ReturnType<typeof parseVersion> {
  return parseVersion(distributions.find((one) => one.name === name)?.version ?? '');
}

/** Files that the image installs as well and that pin it otherwise. */
function linesAgainst(
  declared: readonly DeclaredRequirement[],
  pin: DeclaredRequirement,
): readonly Against[] {
  return declared
    .filter(
      ({ location, requirement }) =>
        location.path !== pin.location.path &&
        requirement.name === pin.requirement.name &&
        areAgainst(requirement, pin.requirement),
    )
    .map(({ raw, location: { path, line } }) => ({
      text: `${raw} of ${path}:${line}`,
      evidence: placed(path, line, raw),
    }));
}
