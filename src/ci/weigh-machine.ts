/** What a job of CI installs, held against the disk of the machine that it runs on. */
import { weighPlaces } from '../places/weigh-places.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type { ResolvedProject } from '../resolve/project.ts';
import type { UsageParts } from '../usage-stage.ts';
import type { CiJob } from './ci-system.ts';

/** The row of the machine, none where nothing is known of that. */
export function weighMachine(
  path: string,
  { machine: { preset, line } }: CiJob,
  { environments, target }: ResolvedProject,
): UsageParts {
  const [headline] = environments;
  if (preset === null || headline === undefined) return {};
  const { environment, graph } = headline;
  const location = { path, line, column: 1 };
  const places = weighPlaces([{ preset, locations: [location] }], {
    environment: environment.id,
    graph,
    held: createHeldResolver(graph, target),
    leaving: new Set(),
    partial: environment.partial === true,
  });
  return { places };
}
