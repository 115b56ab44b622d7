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
    return image.declared
      .filter(({ location }) => location.path === path)
      .flatMap((pin) => {
        const others = [...needsAgainst(context, pin), ...linesAgainst(image.declared, pin)];
        if (others.length === 0) return [];
        const { name } = pin.requirement;
        return [
          imageFinding(conflictingPin, path, {
            packages: [name],
            confidence: 'certain',
            message: `${pin.raw} stands against ${listNames(
              others.map(({ text }) => text),
              3,
            )}: pip installs it all the same, and what needs the other version may fail`,
            lines: [pin.location.line],
            evidence: others.flatMap(({ evidence }) => evidence ?? []),
            savedInstalledBytes: 0,
            savedDownloadBytes: 0,
            remedy: {
              kind: 'replace',
              text: `pin ${name} to a version that all of them allow, and install it in one command with them`,
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
