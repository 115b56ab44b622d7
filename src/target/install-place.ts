/**
 * Where in an image the commands of installers put what they install.
 *
 * Traps: pip takes the interpreter that it belongs to, whatever `VIRTUAL_ENV` says; uv takes `VIRTUAL_ENV`, and syncs into
 * `.venv` of the project all the same; a program without a folder is the first on PATH, which may hold folders of programs
 * alone; where a tool asks its configuration of the machine nothing is told.
 */
import { joinPath } from '../inputs/file-access.ts';
import type { InstallPlace } from './install-command.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf } from './shell-pieces.ts';

/** What a command stands in. */
export interface InstallSurroundings {
  /** In which the instruction begins, from the root of the image. */
  readonly folder: string;
  /** USER, null for root. */
  readonly user: string | null;
  /** Virtual environments that were made before. */
  readonly environments: ReadonlySet<string>;
  /** `poetry config virtualenvs.create false` was run before. */
  readonly poetryIsGlobal: boolean;
}

/** The places, one of which it is; null where nothing tells. */
export function placesOfInstall(
  command: ShellCommand,
  around: InstallSurroundings,
): readonly InstallPlace[] | null {
  const [name = '', verb = '', ...rest] = textsOf(command.words);
  const asked = createQuestion(command, around);
  if (/^pip[\d.]*$/.test(name)) return placesOfPip(verb, asked);
  if (name === 'pip-sync' || name === 'setup.py') return placesOfPip('install', asked);
  if (name === 'pipx') return [...homes(asked), ...asked.folders('PIPX_HOME')];
  if (name === 'uv') return placesOfUv(verb, rest[0] ?? '', asked);
  if (name === 'poetry') return placesOfPoetry(verb, asked);
  if (name === 'pipenv') return placesOfPipenv(verb, asked);
  if (isBuild(name, verb, command.isModule)) return [builtIn(asked)];
  if (/^(?:conda|mamba|micromamba)$/.test(name)) {
    const prefix = asked.option('-p', '--prefix');
    return prefix === null || prefix === '' ? null : [asked.prefix(prefix)];
  }
  return null;
}

/** The environment that a command makes: `python -m venv X`, `virtualenv X`, `uv venv`; null for all others. */
export function environmentMadeBy(command: ShellCommand, folder: string): string | null {
  const [name = '', verb = ''] = textsOf(command.words);
  const isUv = name === 'uv' && verb === 'venv';
  if (!isUv && !(name === 'venv' && command.isModule) && name !== 'virtualenv') return null;
  const words = textsOf(command.words).slice(isUv ? 2 : 1);
  const path = words.find(
    (word, at) =>
      !word.startsWith('-') &&
      !/^(?:-p|--python|--prompt|--seed-package)$/.test(words[at - 1] ?? ''),
  );
  if (path === undefined && !isUv) return null;
  return joinPath(joinPath(folder, command.folder), path ?? '.venv');
}

/** Archives that a command installs, from the root of the image: `pip install dist/*.whl`. */
export function archivesOf(command: ShellCommand, folder: string): readonly string[] {
  const words = textsOf(command.words);
  if (!words.includes('install')) return [];
  return words
    .filter((word) => !/^-|:\/\//.test(word) && /\.(?:whl|tar\.gz|zip)\b|\/[^=]*[*?]/.test(word))
    .map((word) => joinPath(joinPath(folder, command.folder), word));
}

/** True for `poetry config virtualenvs.create false`. */
export function makesPoetryGlobal({ words }: ShellCommand): boolean {
  return /^poetry config(?: --\w+)? virtualenvs\.create false/.test(textsOf(words).join(' '));
}

interface Question {
  readonly command: ShellCommand;
  readonly around: InstallSurroundings;
  /** Of an option, null where it is not given. */
  readonly option: (...names: readonly string[]) => string | null;
  readonly has: (...names: readonly string[]) => boolean;
  readonly variable: (name: string) => string | undefined;
  readonly isSet: (name: string) => boolean;
  readonly prefix: (path: string) => InstallPlace;
  readonly flat: (path: string) => InstallPlace;
  /** The folder that a variable names, if any. */
  readonly folders: (variable: string) => readonly InstallPlace[];
}

function createQuestion(command: ShellCommand, around: InstallSurroundings): Question {
  const words = textsOf(command.words);
  const inImage = (path: string): string => joinPath(joinPath(around.folder, command.folder), path);
  const variable = (name: string): string | undefined =>
    command.variables.get(name) ?? command.known.get(name);
  const prefix = (path: string): InstallPlace => ({ path: inImage(path), kind: 'prefix' });
  return {
    command,
    around,
    option(...names) {
      for (const [at, word] of words.entries()) {
        const value = words[at + 1] ?? '';
        // A variable that nothing sets leaves no word at all.
        if (names.includes(word)) return value.startsWith('-') ? '' : value;
        const name = names.find((one) => one.startsWith('--') && word.startsWith(`${one}=`));
        if (name !== undefined) return word.slice(name.length + 1);
        const short = names.find((one) => /^-\w$/.test(one) && word.startsWith(one));
        if (short !== undefined) return word.slice(2).replace(/^=/, '');
      }
      return null;
    },
    has: (...names) => words.some((word) => names.includes(word)),
    variable,
    isSet: (name) => /^(?:1|true|t|yes|y|on)$/i.test(variable(name) ?? ''),
    prefix,
    flat: (path) => ({ path: inImage(path), kind: 'flat' }),
    folders: (name) => {
      const path = variable(name) ?? '';
      return path === '' ? [] : [prefix(path)];
    },
  };
}

/** Where interpreters keep packages that come with the image: which of these it is makes no odds. */
const systemPrefixes: readonly string[] = ['/usr/local', '/usr', '/opt/conda', '/var/lang'];

function system(asked: Question): readonly InstallPlace[] {
  const { user } = asked.around;
  const own = systemPrefixes.map((path): InstallPlace => ({ path, kind: 'prefix' }));
  // pip falls back to the home of a user who may not write there.
  return user === null || isRoot(user) ? own : [...own, ...homes(asked)];
}

function isRoot(user: string): boolean {
  return /^(?:root|0)?(?::.*)?$/.test(user);
}

function homes({ around: { user }, variable }: Question): readonly InstallPlace[] {
  const name = user?.split(':', 1)[0] ?? '';
  const usual = user === null || isRoot(user) ? '/root' : `/home/${name}`;
  const home = variable('HOME') ?? usual;
  return [{ path: joinPath(home, '.local'), kind: 'prefix' }];
}

function placesOfPip(verb: string, asked: Question): readonly InstallPlace[] | null {
  const { option, variable, has, isSet, flat } = asked;
  if (verb === 'wheel')
    return [flat(option('-w', '--wheel-dir') ?? variable('PIP_WHEEL_DIR') ?? '.')];
  if (verb === 'download') return [flat(option('-d', '--dest') ?? variable('PIP_DEST') ?? '.')];
  const target = option('-t', '--target') ?? variable('PIP_TARGET');
  const prefix = option('--prefix') ?? variable('PIP_PREFIX') ?? option('--root');
  // Of a variable that nothing sets nothing is left.
  if (target === '' || prefix === '') return null;
  if (target !== undefined) return [flat(target)];
  if (typeof prefix === 'string') return [asked.prefix(prefix)];
  if (has('--user') || isSet('PIP_USER')) {
    const base = asked.folders('PYTHONUSERBASE');
    return base.length > 0 ? base : homes(asked);
  }
  const python = option('--python');
  if (python !== null) return ofInterpreter(python, asked);
  return ofProgram(asked);
}

/** Of the interpreter that a program belongs to: the one in its folder, else the first on PATH. */
function ofProgram(asked: Question): readonly InstallPlace[] | null {
  const { program } = asked.command;
  // `conda run -n x pip install`: an environment that only its tool knows.
  if (!/(?:^|\/)(?:pip|python|pypy)[\d.]*$|(?:^|\/)pip-sync$/.test(program)) return null;
  return program.includes('/') ? ofInterpreter(program, asked) : ofPath(asked);
}

/** Folders that hold tools and no interpreter. */
const toolFolders =
  /(?:poetry|pipx|\buv\b|cargo|rust|node|npm|nvm|yarn|pnpm|\bgo\b|cuda|nvidia|java|\.local)\b[^:]*$/;

function ofPath(asked: Question): readonly InstallPlace[] | null {
  const { around, variable, prefix } = asked;
  const folders = (variable('PATH') ?? '').split(':').filter((folder) => folder !== '');
  const active = variable('VIRTUAL_ENV');
  const known = new Set([
    ...around.environments,
    ...(active === undefined ? [] : [prefix(active).path]),
  ]);
  for (const written of folders) {
    const folder = /^(.*)\/s?bin\/?$/.exec(written)?.[1];
    const path = folder === undefined ? null : prefix(folder === '' ? '/' : folder).path;
    if (path !== null && known.has(path)) return [prefix(path)];
    if (path !== null && isSystem(path)) return system(asked);
    // Nobody knows whether there is an interpreter.
    if (/venv|virtualenv|\benv\b|python|conda/.test(written)) return null;
    if (!toolFolders.test(written)) return null;
  }
  return system(asked);
}

function isSystem(path: string): boolean {
  return path === '/' || systemPrefixes.includes(path);
}

/** `/venv/bin/python` belongs to `/venv`; a name or version that a tool looks up tells nothing. */
function ofInterpreter(written: string, asked: Question): readonly InstallPlace[] | null {
  const folder = /^(.*?)\/*s?bin\/[^/]*$/.exec(written)?.[1];
  if (folder === undefined) {
    const { path } = asked.prefix(written);
    return asked.around.environments.has(path) ? [asked.prefix(path)] : null;
  }
  const { path } = asked.prefix(folder === '' ? '/' : folder);
  return isSystem(path) ? system(asked) : [{ path, kind: 'prefix' }];
}

function placesOfUv(verb: string, next: string, asked: Question): readonly InstallPlace[] | null {
  const { option, variable, has, isSet, flat, prefix } = asked;
  if (verb === 'tool') return [...homes(asked), ...asked.folders('UV_TOOL_DIR')];
  if (verb === 'build') return [builtIn(asked)];
  if (verb === 'pip' && (next === 'install' || next === 'sync')) {
    const target = option('-t', '--target');
    const own = option('--prefix');
    if (target === '' || own === '') return null;
    if (target !== null) return [flat(target)];
    if (own !== null) return [prefix(own)];
    const python = option('-p', '--python') ?? variable('UV_PYTHON');
    if (python?.includes('/') === true) return ofInterpreter(python, asked);
    if (has('--system') || isSet('UV_SYSTEM_PYTHON')) return system(asked);
    if (python !== undefined) return null;
    const active = asked.folders('VIRTUAL_ENV');
    return active.length > 0 ? active : ofFolders(asked, '.');
  }
  if (verb !== 'sync' && verb !== 'run' && verb !== 'add') return null;
  const named = asked.folders('UV_PROJECT_ENVIRONMENT');
  if (has('--active') && asked.folders('VIRTUAL_ENV').length > 0)
    return asked.folders('VIRTUAL_ENV');
  return named.length > 0 ? named : ofFolders(asked, option('--project', '--directory') ?? '.');
}

/** `.venv` of a folder or of one above, where the root of a workspace may be. */
function ofFolders({ flat }: Question, written: string): readonly InstallPlace[] {
  const places: InstallPlace[] = [];
  for (let { path } = flat(written); ; path = joinPath(path, '..')) {
    places.push({ path: joinPath(path, '.venv'), kind: 'prefix' });
    if (path === '/' || path === '.') return places;
  }
}

function placesOfPoetry(verb: string, asked: Question): readonly InstallPlace[] | null {
  const { around, variable, isSet } = asked;
  if (verb === 'build') return [builtIn(asked)];
  if (verb !== 'install' && verb !== 'sync' && verb !== 'add') return null;
  const isGlobal =
    around.poetryIsGlobal || /^(?:0|false|no)$/i.test(variable('POETRY_VIRTUALENVS_CREATE') ?? '');
  const active = asked.folders('VIRTUAL_ENV');
  if (active.length > 0) return active;
  if (isGlobal) return system(asked);
  // Its configuration may also lie in a file of the project or of the machine.
  return isSet('POETRY_VIRTUALENVS_IN_PROJECT') ? ofFolders(asked, '.') : null;
}

function placesOfPipenv(verb: string, asked: Question): readonly InstallPlace[] | null {
  const { has, isSet } = asked;
  if (verb !== 'install' && verb !== 'sync') return null;
  if (has('--system') || isSet('PIPENV_SYSTEM')) return system(asked);
  return isSet('PIPENV_VENV_IN_PROJECT') ? ofFolders(asked, '.') : null;
}

function isBuild(name: string, verb: string, isModule: boolean): boolean {
  if (name === 'pyproject-build' || (name === 'build' && isModule)) return true;
  return verb === 'build' && /^(?:pdm|hatch|flit)$/.test(name);
}

function builtIn({ option, flat }: Question): InstallPlace {
  return flat(option('-o', '--outdir', '--out-dir', '--output', '-d', '--dest') ?? 'dist');
}
