/** What a job of CI installs, held against the disk of the machine that it runs on. */
import { weighPlaces } from '../places/weigh-places.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type { ResolvedProject } from '../resolve/project.ts';
import type { UsageParts } from '../usage-stage.ts';
import type { CiJob } from './ci-system.ts';

/** The row of the machine, none where nothing is known of that. */
export async function weighMachine(
  path: string,
  { machine: { preset, line } }: CiJob,
  { environments, target, resolveAt }: ResolvedProject,
): Promise<UsageParts> {
  const [headline] = environments;
  if (preset === null || headline === undefined) return {};
  const { environment, graph } = headline;
  const locations = [{ path, line, column: 1 }];
  const places = await weighPlaces([{ preset, runtime: null, locations }], {
    environment,
    graph,
    held: createHeldResolver(graph, target),
    target,
    leaving: new Set(),
    resolveAt,
  });
  return { places };
}
