/** Which jobs of CI install what the product of a project needs, and what they do with it. */
import { decodeFile, readText } from '../inputs/decode.ts';
import { joinPath, type FileAccess } from '../inputs/file-access.ts';
import { dockerfileKind } from '../inputs/dockerfile.ts';
import { findInstalled, findProject } from '../inputs/installed-files.ts';
import { mainSetOf } from '../inputs/related-files.ts';
import type { ParsedInput } from '../types.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { ReadText } from '../target/image-scripts.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { CiJob } from './ci-system.ts';
import { isCiPath, readCiJobs } from './index.ts';
import { imageOfJob } from './job-image.ts';
import { lintersOf } from './linters.ts';

/** A job that installs all that the product needs. */
export interface CiJobFacts {
  readonly path: string;
  readonly name: string;
  /** 1-based: of the first command that installs it. */
  readonly line: number;
  readonly tool: string;
  /** The programs that it runs where none of them needs what is installed; null where that is not sure. */
  readonly linters: readonly string[] | null;
  readonly hasCache: boolean;
  /** Its machine is new with every run. */
  readonly isHosted: boolean;
  /** What it installs on each kind of machine. */
  readonly images: readonly ProductImage[];
}

/** Where CI files lie. */
const FOLDERS = ['.github/workflows', '.forgejo/workflows', '.gitea/workflows', '.circleci', '.'];

/** The jobs of all CI files, in the order of their paths. */
export async function gatherCiFacts(
  project: ProjectInputs,
  files: FileAccess,
): Promise<readonly CiJobFacts[]> {
  const facts: CiJobFacts[] = [];
  for (const path of ciFiles(files)) {
    const decoded = decodeFile(path, files.read(path));
    if (!decoded.ok) continue;
    const { jobs } = await readCiJobs(decoded.file, files);
    const own = jobs.filter(({ isElsewhere }) => isElsewhere !== true);
    const around: Surroundings = {
      project,
      has: (name) => files.read(name).ok,
      read: (name) => readText(files, name),
    };
    facts.push(...joinFacts(own.flatMap((job) => factsOf(path, job, around) ?? [])));
  }
  return facts;
}

/** One for each job, whatever its matrix: what holds for all of its machines. */
function joinFacts(facts: readonly CiJobFacts[]): readonly CiJobFacts[] {
  const found = new Map<string, CiJobFacts>();
  for (const one of facts) {
    const other = found.get(one.name) ?? one;
    found.set(one.name, {
      ...other,
      linters: String(one.linters) === String(other.linters) ? other.linters : null,
      hasCache: one.hasCache && other.hasCache,
      isHosted: one.isHosted && other.isHosted,
      images: found.has(one.name) ? [...other.images, ...one.images] : other.images,
    });
  }
  return [...found.values()];
}

function ciFiles(files: FileAccess): readonly string[] {
  return FOLDERS.flatMap((folder) => {
    const listed = files.list(folder);
    if (!listed.ok) return [];
    return listed.entries
      .filter(({ kind }) => kind === 'file')
      .map(({ name }) => joinPath(folder, name))
      .filter(isCiPath)
      .toSorted();
  });
}

/** A project among the files of the repository. */
interface Surroundings {
  readonly project: ProjectInputs;
  readonly has: (path: string) => boolean;
  readonly read: ReadText;
}

function factsOf(path: string, job: CiJob, around: Surroundings): CiJobFacts | null {
  const image = imageOfJob(path, job, around.read);
  const install = image === null ? null : installOfProduct(image, around);
  if (image === null || install === null) return null;
  return {
    path,
    name: job.name,
    line: install.line,
    tool: install.tool,
    linters: lintersOf(job),
    hasCache: job.hasCache || job.calls.some(mayCache),
    isHosted: job.machine.isHosted,
    images: [image],
  };
}

/** What others wrote to set a machine up may keep downloads too. */
function mayCache(call: string): boolean {
  return /cache|setup|install|env/.test(call) && !call.startsWith('actions/setup-');
}

type Install = ProductImage['installs'][number];

/** The command that installs most of what is weighed, where the commands together install all of it; null where they do not. */
function installOfProduct(image: ProductImage, around: Surroundings): Install | null {
  const { inputs, primaries } = around.project;
  const files = primaries.flatMap((path) => inputs.find((input) => input.path === path) ?? []);
  // What a Dockerfile names itself is in no file that a job could install.
  const wanted = files.filter(({ kind }) => kind !== dockerfileKind);
  const found = wanted.map((input) => ({
    count: mainSetOf(input).length + (input.lock?.pins.length ?? 0),
    install: image.installs.find((install) => installs(input, { image, install }, around)),
  }));
  const [most] = found.toSorted((a, b) => b.count - a.count);
  return found.every(({ install }) => install !== undefined) ? (most?.install ?? null) : null;
}

/** Whether a command installs a file, be it with more. */
function installs(
  { path, kind }: ParsedInput,
  { image, install }: { readonly image: ProductImage; readonly install: Install },
  { project: { project, inputs, primary, manifest }, has }: Surroundings,
): boolean {
  const question = { project, inputs, has };
  const named = [
    ...install.requirementFiles.map((one) => findInstalled(question, image, install, one)),
    ...install.projects.map((one) => findProject(question, image, install, one.path)),
  ];
  const isIt = (other: string): boolean =>
    other === path || (other === manifest && path === primary);
  if (named.some((file) => file.kind === 'input' && isIt(file.input.path))) return true;
  const isSynced = install.sync !== null && kind !== 'requirements-txt';
  return isSynced && joinPath(image.checkout ?? '/', project) === install.folder;
}
