/** Reads a compose file that the user named: what the images of its services install is the project. */
import { joinServices, toServiceInputs } from '../compose/join-services.ts';
import { readServices } from '../compose/read-services.ts';
import { imagesOfServices, type ServiceImage } from '../compose/service-images.ts';
import type { Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { installsSomething } from './dockerfile.ts';
import type { FileAccess } from './file-access.ts';
import type { ReadProjectOptions, RepositoryInputs, ServiceInputs } from './project.ts';
import { listNames } from './quote.ts';
import { readImageProject } from './read-named-image.ts';

/** The services with what each installs; that of the one that asks for most is the headline. */
export async function readNamedCompose(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const { services, warnings: read } = await readServices(path, access);
  const { images, warnings: unread } = imagesOfServices(services, access, options.architecture);
  const found: ServiceInputs[] = [];
  const followed: Warning[] = [];
  const empty: string[] = [];
  for (const one of images) {
    const { image } = one;
    const { project } = await readImageProject(access, image, options);
    const installs = image.installs.some(installsSomething);
    if (project.primaries.length > 0) found.push(toServiceInputs(one, project));
    else if (installs) followed.push(sayLost(one));
    else empty.push(...one.services.map(({ name }) => name));
  }
  const built = new Set(images.flatMap((one) => one.services.map(({ name }) => name)));
  const left = services.filter(({ name, build }) => build === null && !built.has(name));
  const leftServices = { foreign: left.map(({ name }) => name), empty };
  const project = joinServices({ ...leftServices, images: found }, services);
  const warnings = [...read, ...unread, ...followed];
  const none = { dockerfiles: [], outputs: [] };
  if (project !== null) return { ...none, projects: [project], warnings };
  return {
    ...none,
    projects: [],
    warnings: [...warnings, sayNothing(path, leftServices, warnings)],
  };
}

function sayLost({ services, build: { path, line }, image }: ServiceImage): Warning {
  const names = listNames(services.map(({ name }) => name));
  const message = `${names} ${services.length === 1 ? 'is' : 'are'} not weighed: what ${image.path} installs could not be followed`;
  return toWarning('compose-unread', { path, line, column: 1 }, message);
}

function sayNothing(
  path: string,
  { foreign, empty }: { readonly foreign: readonly string[]; readonly empty: readonly string[] },
  warnings: readonly Warning[],
): Warning {
  const reasons = [
    ...(foreign.length === 0 ? [] : [`no build is named for ${listNames(foreign)}`]),
    ...(empty.length === 0 ? [] : [`nothing of Python is installed in ${listNames(empty)}`]),
    ...warnings.filter(({ code }) => code === 'compose-unread').map(({ message }) => message),
  ];
  const why = reasons.length === 0 ? 'it names no services' : reasons.join('; ');
  const message = `${path} builds no image with Python packages that could be followed: ${why}`;
  return { code: 'no-dependencies', message, path, severity: 'error' };
}
