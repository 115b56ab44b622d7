/** Reads a Dockerfile or a file of a CI system that the user named: what its commands install is the project. */
import { findBuildContext } from '../target/build-context.ts';
import { readImages } from '../target/hints.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput, Warning } from '../types.ts';
import { buildProject } from './build-project.ts';
import { decodeFile, readText } from './decode.ts';
import type { FileAccess } from './file-access.ts';
import { dockerfileFormat } from './index.ts';
import { sayArrived, sayUnread } from './image-messages.ts';
import type { ProjectInputs, ReadProjectOptions, RepositoryInputs } from './project.ts';
import { createContext, readAll } from './read-files.ts';
import { readForImages } from './read-project.ts';

/** What the image of a Dockerfile installs, whatever else the repository declares. */
export async function readNamedImage(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const { images, warnings } = await readImages(access, [path], options);
  const [image] = images;
  if (image === undefined) {
    const read = await readForImages(access, options, images);
    return { ...read, projects: [], warnings: [...read.warnings, ...warnings] };
  }
  const context = createContext(access, options);
  const [named] = await readAll([{ path, format: dockerfileFormat }], context);
  const { project, repository } = await readImageProject(access, image, options, named);
  return { ...repository, projects: [project], warnings: [...repository.warnings, ...warnings] };
}

/** The project that an image installs. `named`: what stands for it where no file of the repository is installed. */
export async function readImageProject(
  access: FileAccess,
  found: ProductImage,
  options: ReadProjectOptions,
  named?: ParsedInput,
): Promise<{ readonly project: ProjectInputs; readonly repository: RepositoryInputs }> {
  const folder = findBuildContext(found, (path) => access.read(path).ok || access.list(path).ok);
  const image = { ...found, context: folder };
  const images = [image];
  const repository = await readForImages(access, options, images);
  const context = createContext(access, options);
  const installed = repository.projects
    .filter(({ weighedImage }) => weighedImage !== null)
    .toSorted((a, b) => b.primaries.length - a.primaries.length);
  const parts = { folder, inputs: [], images, context, options };
  const [project = await buildProject({ ...parts, ...(named === undefined ? {} : { named }) })] =
    installed;
  const scope = { folder, dockerfile: image.path };
  // What is named is taken as it is, without the choice that tells of these.
  const said = installed.length === 0 ? [...sayUnread(image), ...sayArrived(image, [])] : [];
  const warnings = [...project.warnings, ...said];
  return { project: { ...project, scope, warnings }, repository };
}

/** What the jobs of a CI file install: that of the one that asks for most, and each of the others as an environment of its own. */
export async function readNamedCi(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const none = { projects: [], dockerfiles: [], outputs: [] };
  const decoded = decodeFile(path, access.read(path));
  if (!decoded.ok) return { ...none, warnings: [decoded.warning] };
  const { readCiJobs } = await import('../ci/index.ts');
  const { joinJobs, readRows } = await import('../ci/join-jobs.ts');
  const { sayInnerEnvironments, sayUnknownCalls } = await import('../ci/unknown-calls.ts');
  const context = createContext(access, options);
  const { jobs, warnings: read } = await readCiJobs(decoded.file, context);
  const readInstalled = async (image: ProductImage): Promise<ProjectInputs | null> => {
    const { project } = await readImageProject(access, image, options);
    return project.primaries.length > 0 ? project : null;
  };
  const text = (file: string): string | null => readText(access, file);
  const installed = await readRows(path, jobs, { readInstalled, readText: text });
  const warnings = [
    ...read,
    ...sayUnknownCalls(path, jobs, text),
    ...sayInnerEnvironments(path, jobs, text),
  ];
  const project = joinJobs(installed);
  if (project !== null) return { ...none, projects: [project], warnings };
  const message = `${path}: no job installs anything that could be followed`;
  const nothing: Warning = { code: 'no-dependencies', message, path, severity: 'error' };
  return { ...none, warnings: [...warnings, nothing] };
}
