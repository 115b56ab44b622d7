/**
 * What shell commands install: pip, pipx, uv, poetry, pdm, pipenv, conda and mamba. Read from Dockerfiles; never run.
 */
import type { Instruction } from './dockerfile.ts';
import { emptyInstall, type InstallCommand } from './install-command.ts';
import { readPip } from './pip-arguments.ts';
import { readShellCommands, type ShellCommand } from './shell-lines.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';
import { readSync } from './sync-commands.ts';

/** The install commands of a RUN instruction, in order. */
export function findInstallCommands(
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
): readonly InstallCommand[] {
  return readShellCommands(instruction, variables).flatMap(toInstallCommands);
}

/** What one command installs or takes out. */
export function toInstallCommands({
  words,
  line,
  isModule,
}: ShellCommand): readonly InstallCommand[] {
  const [name = '', verb, ...rest] = textsOf(words);
  const more = words.slice(2);
  if (isWheelBuild(name, verb, isModule)) return [readPip('pip', [{ text: '.', line }], line)];
  if (name === 'setup.py')
    return /^(?:install|develop)$/.test(verb ?? '')
      ? [readPip('pip', [{ text: '.', line }], line)]
      : [];
  if (name === 'pip-sync') return [readPipSync(words.slice(1), line)];
  if (name === 'hatch' && verb === 'dep' && rest[1] === 'requirements')
    return [readPip('pip', [{ text: '.', line }], line)];
  if (/^pip[\d.]*$/.test(name)) return readPipVerb('pip', words.slice(1), line);
  if (name === 'pipx') return verb === 'install' ? [readPip('pipx', more, line)] : [];
  if (name === 'uv') return readUv(verb, more, line);
  if (name === 'poetry' || name === 'pdm' || name === 'pipenv') {
    const isAdding = verb === 'add' || (name === 'pipenv' && verb === 'install');
    const added = isAdding ? readPip(name, more, line).packages : [];
    if (added.length > 0) return [{ ...emptyInstall(name, line), packages: added }];
    const syncs =
      name === 'pipenv' ? /^(?:install|sync|requirements)$/ : /^(?:install|sync|export)$/;
    if (!syncs.test(verb ?? '')) return [];
    const sync = readSync(name, rest, line);
    // An export of poetry holds what is for development only where that is asked for.
    return [name === 'poetry' && verb === 'export' ? withoutDefaultGroups(sync) : sync];
  }
  if (/^(?:conda|mamba|micromamba)$/.test(name)) return readConda(textsOf(words.slice(1)), line);
  if (name === 'conda-lock' && verb === 'install') {
    const locks = rest.filter((word) => /\.ya?ml$/i.test(word));
    return [ofConda(locks.length === 0 ? ['conda-lock.yml'] : locks.slice(-1), line)];
  }
  return [];
}

/** `pip-sync` takes requirements.txt where no file is named. */
function readPipSync(words: readonly ShellWord[], line: number): InstallCommand {
  const read = readPip('pip', words, line, true);
  return read.requirementFiles.length > 0
    ? read
    : { ...read, requirementFiles: ['requirements.txt'] };
}

function readPipVerb(
  tool: 'pip' | 'uv',
  words: readonly ShellWord[],
  line: number,
): readonly InstallCommand[] {
  const [verb, ...more] = words;
  switch (verb?.text) {
    case 'install':
      return [readPip(tool, more, line)];
    case 'sync':
      return tool === 'uv' ? [readPip(tool, more, line, true)] : [];
    case 'wheel':
    case 'download':
      return [{ ...readPip(tool, more, line), onlyFetches: true }];
    case 'uninstall': {
      const { packages, options } = readPip(tool, more, line);
      return [{ ...emptyInstall(tool, line), removes: textsOf(packages), options }];
    }
    case undefined:
    default:
      return [];
  }
}

function readUv(
  verb: string | undefined,
  more: readonly ShellWord[],
  line: number,
): readonly InstallCommand[] {
  if (verb === 'pip') return readPipVerb('uv', more, line);
  if (verb === 'tool' && more[0]?.text === 'install') return [readPip('pipx', more.slice(1), line)];
  if (verb === 'add')
    return [{ ...emptyInstall('uv', line), packages: readPip('uv', more, line).packages }];
  if (verb === 'run') return readUvRun(textsOf(more), line);
  return verb === 'sync' || verb === 'export' ? [readSync('uv', textsOf(more), line)] : [];
}

// It syncs the project first; an environment of its own, or a script, is none of the project.
function readUvRun(words: readonly string[], line: number): readonly InstallCommand[] {
  const isOwn = /^(?:--no-sync|--no-project|--isolated|--script|-s)$/;
  if (words.some((word) => isOwn.test(word))) return [];
  const { sync, ...command } = readSync('uv', words, line);
  return [{ ...command, sync: sync === null ? null : { ...sync, isImplied: true } }];
}

/** Makes the archives of a project: `uv build`, `python -m build`. */
export function isBuild({ words, isModule }: ShellCommand): boolean {
  const [name = '', verb] = textsOf(words);
  return isWheelBuild(name, verb, isModule);
}

// An image builds the wheel of the project to install it, with what it needs: `poetry build && pip install dist/*.whl`.
function isWheelBuild(name: string, verb: string | undefined, isModule: boolean): boolean {
  if (/^(?:poetry|uv|pdm|hatch|flit)$/.test(name)) return verb === 'build';
  return name === 'pyproject-build' || (name === 'build' && isModule);
}

// `conda env create -f environment.yml`, `micromamba install -y -n base -f /tmp/env.yaml`; a list of packages is no file of ours.
function readConda(words: readonly string[], line: number): readonly InstallCommand[] {
  const verbs = words.filter((word) => !word.startsWith('-'));
  const isEnv = verbs[0] === 'env' && (verbs[1] === 'create' || verbs[1] === 'update');
  if (!isEnv && !/^(?:create|install|update)$/.test(verbs[0] ?? '')) return [];
  const files = words.flatMap((word, index) => {
    if (word === '-f' || word === '--file') return [words[index + 1] ?? ''];
    return /^--file=|^-f(?=.)/.test(word) ? [word.replace(/^(?:--file=|-f=?)/, '')] : [];
  });
  const environments = files.filter((file) => /\.ya?ml$/i.test(file));
  // `conda env create` takes this one where none is named.
  if (environments.length === 0 && isEnv && files.length === 0)
    environments.push('environment.yml');
  return environments.length === 0 ? [] : [ofConda(environments, line)];
}

function ofConda(requirementFiles: readonly string[], line: number): InstallCommand {
  return { ...emptyInstall('conda', line), requirementFiles };
}

function withoutDefaultGroups(command: InstallCommand): InstallCommand {
  const { sync } = command;
  return sync === null ? command : { ...command, sync: { ...sync, withDefaultGroups: false } };
}
