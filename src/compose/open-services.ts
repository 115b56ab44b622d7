/** The images of a compose file, each for the target that it is built for: one is judged, the others are weighed beside it. */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { EnvironmentResult } from '../document.ts';
import { DepweightError } from '../errors.ts';
import { onlyHeadline } from '../inputs/headline-of.ts';
import type { ComposeInputs, ProjectInputs, ServiceInputs } from '../inputs/project.ts';
import { resolveProject, type OpenEnvironment, type ResolvedProject } from '../resolve/project.ts';
import type { TargetEnvironment, Warning } from '../types.ts';
import { sayServices } from './join-services.ts';

/** What the whole pipeline found for one image. */
interface Halves<Usage> {
  readonly project: ProjectInputs;
  readonly resolved: ResolvedProject;
  readonly usage: Usage;
}

interface Ports {
  readonly env: AuditEnv;
  readonly openEnvironment: OpenEnvironment;
}

type ComposeProject = ProjectInputs & { readonly services: ComposeInputs };

/** The image that is judged, and how the others join it. */
export interface OpenServices {
  readonly wanted: AuditRequest;
  readonly weighed: ProjectInputs;
  readonly join: <Usage extends { readonly environments?: readonly EnvironmentResult[] }>(
    halves: Halves<Usage>,
  ) => Promise<Halves<Usage>>;
}

/** What is asked of which image. */
interface Weighed extends Pick<OpenServices, 'wanted' | 'weighed'> {
  readonly one: ServiceInputs;
}

/** The image that a request is about. Throws DepweightError for a service that is not there. */
export function chooseWeighed(request: AuditRequest, project: ComposeProject): Weighed {
  const chosen = chooseService(request, project);
  const [most] = project.services.images;
  const one = chosen ?? most;
  if (one === undefined) throw new Error('a compose file without an image is no project');
  const said = sayServices(one, project.services, one !== most);
  return {
    one,
    wanted: chosen === null ? request : { ...request, environment: null },
    weighed: { ...one.project, warnings: [...one.project.warnings, said] },
  };
}

/** Opens a compose file for the pipeline. Throws DepweightError for a service that is not there. */
export function openServices(
  request: AuditRequest,
  project: ComposeProject,
  ports: Ports,
): OpenServices {
  const { one, wanted, weighed } = chooseWeighed(request, project);
  return {
    wanted,
    weighed,
    async join({ project: judged, resolved, usage }) {
      const others = request.readsSources
        ? await weighOthers(request, one, { project, ports })
        : [];
      const [first, ...own] = usage.environments ?? resolved.environments;
      const beside = others.flatMap(({ result }) => result);
      const environments =
        first === undefined ? [] : [withService(first, one, resolved.target), ...own, ...beside];
      return {
        project: judged,
        resolved: {
          ...resolved,
          environments,
          warnings: [...resolved.warnings, ...others.flatMap(({ warnings }) => warnings)],
        },
        usage: usage.environments === undefined ? usage : { ...usage, environments },
      };
    },
  };
}

/** The image that `--env service:NAME` means, null where the headline's is meant. */
function chooseService(
  { environment }: AuditRequest,
  { environments, services }: ComposeProject,
): ServiceInputs | null {
  const name = /^service:(.*)$/s.exec(environment ?? '')?.[1];
  if (name === undefined) return null;
  const found = services.images.find(({ names }) => names.includes(name));
  if (found !== undefined) return found;
  const known = [
    ...environments.map(({ id }) => id).filter((id) => !id.startsWith('service:')),
    ...services.images.flatMap(({ names }) => names.map((one) => `service:${one}`)),
  ];
  throw new DepweightError('unknown-environment', {
    kind: 'environment',
    name: environment ?? '',
    hint: `there are ${known.join(', ')}`,
  });
}

interface WeighedService {
  readonly result: readonly EnvironmentResult[];
  readonly warnings: readonly Warning[];
}

async function weighOthers(
  request: AuditRequest,
  one: ServiceInputs,
  { project, ports }: { readonly project: ComposeProject; readonly ports: Ports },
): Promise<readonly WeighedService[]> {
  const alone = { ...request, environment: null, readsSources: false };
  const weighed: WeighedService[] = [];
  for (const other of project.services.images) {
    if (other === one) continue;
    const own = onlyHeadline(other.project);
    const { environments, target, error } = await resolveProject(
      alone,
      own,
      ports.env,
      ports.openEnvironment,
    );
    const [first] = environments;
    if (first !== undefined && error === null) {
      const environment = { ...first.environment, id: other.id };
      const result = [withService({ ...first, environment }, other, target)];
      weighed.push({ result, warnings: [] });
      continue;
    }
    const message = `the image of the service ${other.names.join(', ')} has no solution, so it is left out: ${error?.message ?? 'nothing is asked for'}`;
    const { path, line } = other.place;
    weighed.push({ result: [], warnings: [{ code: 'environment-conflict', message, path, line }] });
  }
  return weighed;
}

function withService(
  result: EnvironmentResult,
  { names, place: { path, line }, dockerfile, stage }: ServiceInputs,
  target: TargetEnvironment,
): EnvironmentResult {
  return { ...result, service: { names, path, line, dockerfile, stage, target } };
}
