/** The images of a compose file as one project. */
import { headlineOf, requirementsOf } from '../inputs/headline-of.ts';
import type { ComposeInputs, ProjectInputs, ServiceInputs } from '../inputs/project.ts';
import { listNames } from '../inputs/quote.ts';
import { isForDevelopment } from '../target/stage-choice.ts';
import type { Environment, Warning } from '../types.ts';
import type { ComposeService } from './compose-service.ts';
import type { ServiceImage } from './service-images.ts';

/** The code of what is said of the services. */
export const servicesWarning = 'compose-services';

/** An image with what it installs. */
export function toServiceInputs(
  { services, build, image }: ServiceImage,
  project: ProjectInputs,
): ServiceInputs {
  const names = services.map(({ name }) => name);
  const [first] = services;
  const { service, path, line, dockerfile, target } = build;
  return {
    id: `service:${service}`,
    names,
    place: first?.place ?? { path, line, column: 1 },
    dockerfile,
    stage: target,
    project: { ...project, image, weighedImage: project.weighedImage === null ? null : image },
  };
}

/**
 * The image that asks for most is the headline, each of the others an environment `service:NAME`; one that is there for
 * development, or that is started only where a profile is asked for, stands behind the others. Null for none.
 */
export function joinServices(
  { images, ...left }: ComposeInputs,
  services: readonly ComposeService[],
): ProjectInputs | null {
  const isAsked = (name: string): boolean =>
    services.some((service) => service.name === name && service.profiles.length > 0);
  const isOptional = ({ names, stage }: ServiceInputs): boolean =>
    (stage !== null && isForDevelopment(stage)) ||
    names.every((name) => isForDevelopment(name) || isAsked(name));
  const sorted = images.toSorted(
    (a, b) =>
      Number(isOptional(a)) - Number(isOptional(b)) ||
      requirementsOf(b.project) - requirementsOf(a.project),
  );
  const [most, ...rest] = sorted;
  if (most === undefined) return null;
  const { project } = most;
  const others = rest.flatMap((one): readonly Environment[] => {
    const own = headlineOf(one.project);
    return own === undefined ? [] : [{ ...own, id: one.id, project: project.project }];
  });
  return {
    ...project,
    environments: [...project.environments, ...others],
    services: { ...left, images: sorted },
  };
}

/** Which image is weighed, and what is not. `chosen`: by `--env`. */
export function sayServices(
  weighed: ServiceInputs,
  { images, ...left }: ComposeInputs,
  isChosen = false,
): Warning {
  const rest = images.filter((one) => one !== weighed);
  const [second] = rest;
  const most = second === undefined || isChosen ? '' : ', which asks for most';
  const others = listNames(rest.map(({ names: [first = ''] }) => first));
  const how =
    rest.length === 1 ? `\`--env ${second?.id ?? ''}\`` : `each by \`--env service:NAME\``;
  const beside = second === undefined ? '' : `; beside it ${others} (${how})`;
  const foreign =
    left.foreign.length === 0 ? '' : `; not read, as no build is named: ${listNames(left.foreign)}`;
  const empty =
    left.empty.length === 0 ? '' : `; nothing of Python is installed in ${listNames(left.empty)}`;
  const count = weighed.names.length === 1 ? 'the service' : 'the services';
  const message = `what is weighed is the image of ${count} ${listNames(weighed.names)}${most}${beside}${foreign}${empty}`;
  const { path, line } = weighed.place;
  return { code: servicesWarning, message, path, line };
}
