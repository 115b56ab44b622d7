import { withPlace } from '../inputs/uv-sources.ts';
import { evaluateMarker } from '../pep/marker.ts';
import type { DeclaredRequirement, TargetEnvironment } from '../types.ts';

/** Requirements whose place depends on the target, each at the place that it has there. */
export function placeRequirements(
  declared: readonly DeclaredRequirement[],
  { markers }: Pick<TargetEnvironment, 'markers'>,
): readonly DeclaredRequirement[] {
  if (declared.every(({ places }) => places === undefined)) return declared;
  return declared.map((one) => {
    const place = one.places?.find(
      ({ marker }) => marker === null || evaluateMarker(marker, markers, []),
    );
    return place === undefined ? one : withPlace(one, place);
  });
}
