/** The layers of an image: what each instruction copies, runs and installs, in order. */
import { joinPath } from '../inputs/file-access.ts';
import { bindingsOf, copiesOf, mountTargets, type CopiedPath } from './copies.ts';
import { findStage, substitute, type Stage } from './dockerfile.ts';
import type { InstallCommand } from './install-command.ts';
import { toInstallCommands } from './install-commands.ts';
import {
  archivesOf,
  environmentMadeBy,
  makesPoetryGlobal,
  placesOfInstall,
} from './install-place.ts';
import { withVariables } from './install-variables.ts';
import { scriptsInImage, type ReadText } from './image-scripts.ts';
import { createScriptFinder, type UnreadScript } from './script-finder.ts';
import { readShellCommands, type ShellCommand } from './shell-lines.ts';
import { WrittenFiles } from './written-files.ts';
import { takeWritten } from './written-requirements.ts';

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

/** The stages that make an image, in order. */
export interface ImageStages {
  /** Folders of the repository that the build may start from, the likeliest first. */
  readonly contexts: readonly string[];
  /** All of them, as a stage is told by its place. */
  readonly all: readonly Stage[];
  /** Those of which something is taken, then those that the image stands on. */
  readonly used: readonly Stage[];
  readonly isInImage: (stage: Stage) => boolean;
  /** Reads files of the repository. */
  readonly readText: ReadText;
}

/** The layers, and the scripts that seem to install and cannot be read. */
export function readLayers({ contexts, all, used, isInImage, readText }: ImageStages): {
  readonly layers: readonly ImageLayer[];
  readonly unread: readonly UnreadScript[];
} {
  const unread: UnreadScript[] = [];
  const files = new WrittenFiles();
  const copies: CopiedPath[] = [];
  const madeBefore = new Map<Stage, MadeSoFar>();
  const layers = used.flatMap((stage) => {
    const { variables } = stage;
    let user: string | null = null;
    let folder = startFolder(stage, all);
    const made = madeBefore.get(findStage(all.slice(0, all.indexOf(stage)), stage.base) ?? stage);
    const state = {
      environments: new Set(made?.environments),
      poetryIsGlobal: made?.poetryIsGlobal ?? false,
    };
    madeBefore.set(stage, state);
    return stage.instructions.flatMap((instruction): readonly ImageLayer[] => {
      const { name, line, text } = instruction;
      if (name === 'USER') user = substitute(text, variables).trim();
      if (name === 'WORKDIR') folder = workdir(folder, text, variables);
      if (name !== 'RUN' && name !== 'COPY' && name !== 'ADD') return [];
      const own = copiesOf(instruction, stage, folder);
      const bindings = bindingsOf(instruction, stage, folder);
      copies.push(...bindings, ...own);
      files.replace(own);
      files.copy(instruction, own, variables);
      const scripts = scriptsInImage({ contexts, copies, files, readText });
      const finder = createScriptFinder(scripts, folder, unread);
      const commands = name === 'RUN' ? readShellCommands(instruction, variables, finder) : [];
      return [
        {
          instruction: name,
          line,
          isInImage: isInImage(stage),
          stage: all.indexOf(stage),
          user,
          folder,
          variables,
          commands,
          installs: installsOf(commands, { variables, folder, user, files, state }),
          mounts: name === 'RUN' ? mountTargets(instruction, stage) : [],
          copies: own,
          bindings,
        },
      ];
    });
  });
  return { layers, unread };
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

/** What the commands of a stage so far have set up for those that install. */
interface MadeSoFar {
  readonly environments: Set<string>;
  poetryIsGlobal: boolean;
}

function installsOf(
  commands: readonly ShellCommand[],
  {
    variables,
    folder,
    user,
    files,
    state,
  }: Pick<ImageLayer, 'variables' | 'folder' | 'user'> & {
    readonly files: WrittenFiles;
    readonly state: MadeSoFar;
  },
): readonly InstallCommand[] {
  return commands.flatMap((command) => {
    files.write(command, folder);
    const made = environmentMadeBy(command, folder);
    if (made !== null) state.environments.add(made);
    state.poetryIsGlobal ||= makesPoetryGlobal(command);
    return toInstallCommands(command).flatMap((install) => {
      const own = withVariables(install, [command.variables, variables]);
      if (own === null) return [];
      const places = placesOfInstall(command, { folder, user, ...state });
      const { script } = command;
      const archives = archivesOf(command, folder);
      const placed = { ...own, folder: joinPath(folder, command.folder), script, places, archives };
      return [takeWritten(placed, { files, command })];
    });
  });
}
