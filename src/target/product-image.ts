/**
 * The image that a Dockerfile makes: its last stage with all that it stands on and takes over.
 */
import type { Warning } from '../types.ts';
import { fileNameOf, joinPath } from '../inputs/file-access.ts';
import { readBaseImage, type BaseImage } from './base-image.ts';
import { findStage, substitute, type Dockerfile, type Stage } from './dockerfile.ts';
import { bindingsOf, copiesOf, mountTargets, type CopiedPath } from './copies.ts';
import type { InstallCommand } from './install-command.ts';
import { toInstallCommands } from './install-commands.ts';
import { withVariables } from './install-variables.ts';
import { findMismatches, pythonOf, type InterpreterMismatch } from './interpreters.ts';
import { readShellCommands, type ShellCommand } from './shell-lines.ts';

/** What one instruction adds. */
export interface ImageLayer {
  readonly instruction: 'RUN' | 'COPY' | 'ADD';
  readonly line: number;
  /** In the image itself; false where the stage that it belongs to is only copied from. */
  readonly isInImage: boolean;
  /** Of the stage, counted from 0 in the file. */
  readonly stage: number;
  readonly user: string | null;
  /** Where its commands begin, from the root of the image. */
  readonly folder: string;
  /** ARG and ENV of its stage. */
  readonly variables: ReadonlyMap<string, string>;
  readonly commands: readonly ShellCommand[];
  readonly installs: readonly InstallCommand[];
  /** Targets of `--mount=type=cache` and the like: what lies there is in no layer. */
  readonly mounts: readonly string[];
  readonly copies: readonly CopiedPath[];
  /** What is there for this instruction alone: `--mount=type=bind`. */
  readonly bindings: readonly CopiedPath[];
}

/** What the final image of a Dockerfile holds. */
export interface ProductImage {
  readonly path: string;
  /** Of a job of CI: the folder in which the whole repository lies, for development too. Absent where it is copied. */
  readonly checkout?: string;
  readonly base: BaseImage;
  /** The image named by FROM at the end of the chain, as written after substitution. */
  readonly baseName: string;
  readonly baseLine: number;
  /** `linux/arm64`, null when not said. */
  readonly platform: string | null;
  /** Of a machine that is no container and no Linux: a name that `parsePlatformName` reads. */
  readonly system?: string;
  /** In the order they run, those of stages it copies environments from first. */
  readonly installs: readonly InstallCommand[];
  /** Mounts that are bound included. */
  readonly copies: readonly CopiedPath[];
  /** Environments that are copied to another interpreter than the one they were made with. */
  readonly mismatches: readonly InterpreterMismatch[];
  /** Those of the stages that it takes over first, in order. */
  readonly layers: readonly ImageLayer[];
  readonly warnings: readonly Warning[];
}

/** The final image, or that of a stage by name; null where the file has no stage to end on. */
export function readProductImage(
  dockerfile: Dockerfile,
  target: string | null = null,
): ProductImage | null {
  const warnings = [...dockerfile.warnings];
  const asked = target === null ? undefined : findStage(dockerfile.stages, target);
  const last = asked ?? dockerfile.stages.at(-1);
  if (last === undefined) return null;
  const chain = baseChain(dockerfile, last, warnings);
  const taken = stagesTakenOver(dockerfile, chain, warnings);
  const root = chain[0] ?? last;
  const base = readBaseImage(root.base);
  // Distroless and scratch images get their interpreter from the stage that built the environment.
  const named = [root, ...taken].find((stage) => readBaseImage(stage.base).pythonIsNamed);
  const python = base.pythonIsNamed || named === undefined ? root : named;
  const layers = [...taken, ...chain].flatMap((stage) =>
    layersOf(stage, dockerfile, chain.includes(stage)),
  );
  return {
    path: dockerfile.path,
    base: base.pythonIsNamed ? base : { ...base, ...pythonOf(python, chain, base) },
    baseName: root.base,
    baseLine: base.pythonIsNamed ? root.baseLine : python.baseLine,
    platform: chain.find(({ platform }) => platform !== null)?.platform ?? null,
    installs: layers.flatMap(({ installs }) => installs),
    copies: layers.flatMap(({ copies, bindings }) => [...bindings, ...copies]),
    mismatches: findMismatches(dockerfile, chain, (stage) => baseChain(dockerfile, stage, [])),
    layers,
    warnings,
  };
}

function layersOf(stage: Stage, { stages }: Dockerfile, isInImage: boolean): readonly ImageLayer[] {
  const { variables } = stage;
  let user: string | null = null;
  let folder = startFolder(stage, stages);
  return stage.instructions.flatMap((instruction): readonly ImageLayer[] => {
    const { name, line, text } = instruction;
    if (name === 'USER') user = substitute(text, variables).trim();
    if (name === 'WORKDIR') folder = workdir(folder, text, variables);
    if (name !== 'RUN' && name !== 'COPY' && name !== 'ADD') return [];
    const commands = name === 'RUN' ? readShellCommands(instruction, variables) : [];
    return [
      {
        instruction: name,
        line,
        isInImage,
        stage: stages.indexOf(stage),
        user,
        folder,
        variables,
        commands,
        installs: installsOf(commands, variables, folder),
        mounts: name === 'RUN' ? mountTargets(instruction, stage) : [],
        copies: copiesOf(instruction, stage, folder),
        bindings: bindingsOf(instruction, stage, folder),
      },
    ];
  });
}

/** Where the instructions of a stage begin: where those of the stage below it ended. */
function startFolder(stage: Stage, stages: readonly Stage[]): string {
  const below = findStage(stages.slice(0, stages.indexOf(stage)), stage.base);
  if (below === undefined) return '/';
  let folder = startFolder(below, stages);
  for (const { name, text } of below.instructions) {
    if (name === 'WORKDIR') folder = workdir(folder, text, below.variables);
  }
  return folder;
}

function workdir(folder: string, text: string, variables: ReadonlyMap<string, string>): string {
  return joinPath(
    folder,
    substitute(text, variables)
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2'),
  );
}

function installsOf(
  commands: readonly ShellCommand[],
  variables: ReadonlyMap<string, string>,
  start: string,
): readonly InstallCommand[] {
  return commands.flatMap((command) =>
    toInstallCommands(command).flatMap((install) => {
      const own = withVariables(install, [command.variables, variables]);
      return own === null ? [] : [{ ...own, folder: joinPath(start, command.folder) }];
    }),
  );
}

/** From the outermost base to the stage itself. A stage can only stand on an earlier one. */
function baseChain(dockerfile: Dockerfile, last: Stage, warnings: Warning[]): readonly Stage[] {
  const chain: Stage[] = [last];
  for (let current: Stage | undefined = last; current !== undefined;) {
    const position = dockerfile.stages.indexOf(current);
    const base: Stage | undefined = findStage(dockerfile.stages.slice(0, position), current.base);
    const later =
      base === undefined
        ? dockerfile.stages.slice(position).find(({ name }) => name === current?.base.toLowerCase())
        : undefined;
    if (later !== undefined) {
      const { path } = dockerfile;
      const message = `${path}:${current.baseLine}: FROM ${current.base} names a stage that stands later or is itself, so that the image cannot be built`;
      warnings.push({
        code: 'stage-cycle',
        message,
        path,
        line: current.baseLine,
        severity: 'error',
      });
    }
    if (base !== undefined) chain.unshift(base);
    current = base;
  }
  return chain;
}

/** Stages whose environments are copied in, with what those stand on; in the order of the file. */
function stagesTakenOver(
  dockerfile: Dockerfile,
  chain: readonly Stage[],
  warnings: Warning[],
): readonly Stage[] {
  const found = new Set<Stage>();
  const open = [...chain];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    for (const instruction of stage.instructions) {
      const taken = [...copiesOf(instruction, stage), ...bindingsOf(instruction, stage)];
      for (const copy of taken) {
        if (copy.from === null) continue;
        const before = dockerfile.stages.slice(0, dockerfile.stages.indexOf(stage));
        const source = findStage(before, copy.from);
        if (source === undefined || found.has(source) || chain.includes(source)) continue;
        const makes = (path: string): boolean =>
          holdsEnvironment(path) || exportsTo(source, path) || installsTo(source, path);
        if (!copy.sources.some(makes)) continue;
        for (const member of baseChain(dockerfile, source, warnings)) {
          if (!found.has(member) && !chain.includes(member)) open.push(member);
          if (!chain.includes(member)) found.add(member);
        }
      }
    }
  }
  return dockerfile.stages.filter((stage) => found.has(stage));
}

/** `pip install --target /layer`, `python -m venv /env`, `ENV VIRTUAL_ENV=/env`. */
function installsTo({ instructions, variables }: Stage, path: string): boolean {
  const folder = path.replace(/\/+$/, '');
  if (!/^\/./.test(folder)) return false;
  return instructions.some(({ name, text }) => {
    if (name !== 'RUN' && name !== 'ENV') return false;
    if (!/\b(?:pip[\d.]*|uv|venv|virtualenv|VIRTUAL_ENV|UV_PROJECT_ENVIRONMENT)\b/.test(text))
      return false;
    return substitute(text, variables)
      .split(/[\s="']+/)
      .some((word) => word.replace(/\/+$/, '') === folder);
  });
}

/** `poetry export -o requirements.txt`: what such a file names is installed later. */
function exportsTo({ instructions }: Stage, path: string): boolean {
  const file = fileNameOf(path);
  return (
    file.endsWith('.txt') &&
    instructions.some(
      ({ name, text }) =>
        name === 'RUN' && text.includes(file) && /\b(?:export|compile|requirements)\b/.test(text),
    )
  );
}

function holdsEnvironment(path: string): boolean {
  return /site-packages|dist-packages|venv|\.local|\/usr\/local(?:\/lib.*)?\/?$|\/install|\/wheel|\.whl$|\/dist(?:\/|$)|\/opt(?:\/|$)|\/app\/?$|\/deps|\/packages|\/python|^\/$|\/root/.test(
    path,
  );
}
