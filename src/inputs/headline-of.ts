/** What one of several things that a file builds or runs comes to. */
import type { Environment } from '../types.ts';
import type { ProjectInputs } from './project.ts';

/** The environment that stands for it. */
export function headlineOf({ environments, headline }: ProjectInputs): Environment | undefined {
  return environments.find(({ id }) => id === headline) ?? environments[0];
}

/** How much it asks for. Of a lock all that it holds counts, and so it is more than any list by hand. */
export function requirementsOf(project: ProjectInputs): number {
  const { requirements = [], locked } = headlineOf(project) ?? {};
  return requirements.length + (locked?.facts.pins.length ?? 0);
}

/** The project with that environment alone. */
export function onlyHeadline(project: ProjectInputs): ProjectInputs {
  const own = headlineOf(project);
  return own === undefined ? project : { ...project, headline: own.id, environments: [own] };
}
