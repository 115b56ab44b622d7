/**
 * Which stage of a Dockerfile is the image of the product. Docker builds the last one where nothing names another; compose
 * files do, and where the last one looks like a stage for development, so may a Makefile, a script or a workflow.
 */
import { decodeFile } from '../inputs/decode.ts';
import { fileNameOf, folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import type { Warning } from '../types.ts';
import type { ComposeBuild } from '../compose/compose-service.ts';
import { findStage, type Dockerfile } from './dockerfile.ts';

/** The stage that counts, null for the last one, with the build that names it and what is to be said of it. */
export interface StageChoice {
  readonly target: string | null;
  readonly build: ComposeBuild | null;
  readonly warning: Warning | null;
}

const developmentWords =
  /(?:^|[-_.])(?:dev(?:el(?:op(?:ment)?)?|container)?|tests?|testing|tester|ci|lint(?:er)?|docs?|debug(?:ger)?|bench(?:marks?)?|local)(?:$|[-_.])/i;

/** True for names of stages and services that are there to develop or to test with: `dev`, `web-test`. */
export function isForDevelopment(name: string): boolean {
  return developmentWords.test(name);
}

/** `builds`: of this Dockerfile, those for production first. */
export function chooseStage(
  dockerfile: Dockerfile,
  builds: readonly ComposeBuild[],
  access: FileAccess,
): StageChoice {
  const last = dockerfile.stages.at(-1);
  const isDevelopment =
    last?.name !== null && last !== undefined && developmentWords.test(last.name);
  const named = builds.find(({ target }) => target === null || !developmentWords.test(target));
  const build = named ?? (isDevelopment ? builds[0] : undefined) ?? null;
  const target = build?.target ?? null;
  if (build !== null && target !== null && !(isDevelopment && developmentWords.test(target))) {
    const warning = isOtherStage(dockerfile, target) ? sayCompose(build, target) : null;
    return { target, build, warning };
  }
  if (!isDevelopment || last.name === null) return { target, build, warning: null };
  const found = findTargetElsewhere(dockerfile, access);
  if (found !== null) return { target: found.name, build, warning: sayFound(dockerfile, found) };
  return { target, build, warning: sayLast(dockerfile, last.name) };
}

/** A stage by that name which is not the last one. */
function isOtherStage({ stages }: Dockerfile, name: string): boolean {
  const stage = findStage(stages, name);
  return stage !== undefined && stage !== stages.at(-1);
}

function sayCompose({ path, line, service, dockerfile }: ComposeBuild, target: string): Warning {
  const message = `${path}:${line}: the service ${service} is the stage ${target} of ${dockerfile}, and that is what counts as the image`;
  return { code: 'image-target', message, path, line, column: 1 };
}

function sayFound({ path: dockerfile }: Dockerfile, { path, line, name }: NamedTarget): Warning {
  const message = `${path}:${line}: the stage ${name} of ${dockerfile} is built here, and that is what counts as the image; the last stage looks like one for development`;
  return { code: 'image-target', message, path, line, column: 1 };
}

function sayLast({ path, stages }: Dockerfile, name: string): Warning {
  const line = stages.at(-1)?.baseLine ?? 1;
  const others = stages.flatMap((stage) =>
    stage.name === null || developmentWords.test(stage.name) ? [] : [stage.name],
  );
  const rest =
    others.length === 0
      ? ''
      : `; if it is another one (${others.slice(-3).join(', ')}), a \`target\` in compose.yml says so`;
  const message = `${path}:${line}: the last stage, ${name}, looks like one for development, and counts as the image, as docker builds it where nothing names another${rest}`;
  return { code: 'image-target', message, path, line, column: 1 };
}

// ---------------------------------------------------------------------------------------------------------------------
// Builds outside of compose files

interface NamedTarget {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

const buildingFiles =
  /^(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|Jenkinsfile|package\.json|fly\.toml|.*\.(?:mk|sh|bash)|docker-bake\.(?:hcl|json)|(?:skaffold|Taskfile|taskfile|cloudbuild|bitbucket-pipelines|azure-pipelines|\.gitlab-ci)\.ya?ml)$/;
const buildingFolders: readonly string[] = [
  '.github/workflows',
  '.circleci',
  'scripts',
  'bin',
  'ci',
  'deploy',
  'docker',
];

/** The first stage that something in the repository builds and that is not for development. */
function findTargetElsewhere(dockerfile: Dockerfile, access: FileAccess): NamedTarget | null {
  const own = folderOf(dockerfile.path);
  for (const folder of new Set(['.', own, ...buildingFolders])) {
    const listed = access.list(folder);
    for (const { name, kind } of listed.ok ? listed.entries : []) {
      const isWorkflow = /^\.(?:github|circleci)/.test(folder) && /\.ya?ml$/.test(name);
      if (kind !== 'file' || !(isWorkflow || buildingFiles.test(name))) continue;
      const path = joinPath(folder, name);
      const decoded = decodeFile(path, access.read(path));
      const found = decoded.ok ? targetIn(path, decoded.file.text, dockerfile) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

// `docker build --target prod -f docker/Dockerfile .`; `target: prod` beside `file:` of a step, of bake and of skaffold; fly's `build-target`.
function targetIn(
  path: string,
  text: string,
  { stages, path: own }: Dockerfile,
): NamedTarget | null {
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const name = /(?:--target[= ]|^\s*(?:build-)?target\s*[:=])\s*["']?([A-Za-z][\w.-]*)/.exec(
      line,
    )?.[1];
    if (name === undefined || developmentWords.test(name)) continue;
    if (findStage(stages, name) === undefined) continue;
    const around = lines.slice(Math.max(0, index - 6), index + 7).join('\n');
    const file =
      /(?:^|\s)(?:-f|--file|file|dockerfile)(?:\s*[=:]\s*|\s+)["']?([\w./-]*(?:Docker|Container)file[\w.-]*)/i.exec(
        around,
      )?.[1];
    if (file === undefined || fileNameOf(file) === fileNameOf(own))
      return { path, line: index + 1, name };
  }
  return null;
}
