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
  title: 'pinned by a command of an image to what other packages there do not allow',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null || !image.isWeighed) return [];
    const { path } = image.image;
    const pins = image.declared.filter(({ location }) => location.path === path);
    const lines = [...new Set(pins.map(({ location }) => location.line))];
    return lines.flatMap((line) => {
      const found = pins
        .filter(({ location }) => location.line === line)
        .map((pin) => ({
          pin,
          others: [...needsAgainst(context, pin), ...linesAgainst(image.declared, pin)],
        }))
        .filter(({ others }) => others.length > 0);
      if (found.length === 0) return [];
      const says = found.map(
        ({ pin, others }) =>
          `${pin.raw} stands against ${listNames(
            others.map(({ text }) => text),
            3,
          )}`,
      );
      const names = found.map(({ pin }) => pin.requirement.name).toSorted();
      return [
        imageFinding(conflictingPin, path, {
          packages: names,
          confidence: 'certain',
          message: `${says.join(', ')}: pip installs it all the same, and what needs the other version may fail`,
          lines: [line],
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
  const own = pin.requirement.specifiers.find(({ operator }) => operator === '==');
  const version = own?.version ?? null;
  if (version === null) return [];
  return declared
    .filter(
      ({ location, requirement }) =>
        location.path !== pin.location.path &&
        requirement.name === pin.requirement.name &&
        !specifierContains(requirement.specifiers, version),
    )
    .map(({ raw, location: { path, line } }) => ({
      text: `${raw} of ${path}:${line}`,
      evidence: placed(path, line, raw),
    }));
}
