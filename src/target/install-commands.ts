/**
 * What shell commands install: pip, pipx, uv, poetry, pdm, pipenv, conda and mamba. Read from Dockerfiles; never run.
 */
import type { Instruction } from './dockerfile.ts';
import { readShellCommands, type ShellCommand } from './shell-lines.ts';
import { textsOf, type ShellWord } from './shell-pieces.ts';

/** One command that installs Python distributions, or takes them out again. */
export interface InstallCommand {
  readonly tool: 'pip' | 'pipx' | 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'conda';
  /** 1-based line in its file. */
  readonly line: number;
  /** Where it runs in the image, from its root. */
  readonly folder: string;
  /** As written: paths inside the image, relative to its working folder. */
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  /** Folders or files of projects: `.`, `/app`, with the extras asked for; `*` for all of them. */
  readonly projects: readonly {
    readonly path: string;
    readonly extras: readonly string[];
    readonly editable: boolean;
  }[];
  /** Requirements written out, each with its own line. */
  readonly packages: readonly ShellWord[];
  /** For `uv sync`, `poetry install` and the like: the project's own sets that are installed. */
  readonly sync: SyncOptions | null;
  /** `--index-url`: asked in place of the default one. */
  readonly indexUrl: string | null;
  /** `--extra-index-url`, and `--index` of uv: asked beside it. */
  readonly extraIndexUrls: readonly string[];
  /** Names that are taken out: such a command installs nothing. */
  readonly removes: readonly string[];
  /** Options without their values: `--no-cache-dir`, `--no-deps`. */
  readonly options: readonly string[];
  /** Only builds or downloads archives: `pip wheel`, `pip download`. */
  readonly onlyFetches: boolean;
}

/** Which sets of a project a syncing command installs. */
export interface SyncOptions {
  readonly withDevelopment: boolean;
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly groups: readonly string[];
}

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
    if (added.length > 0) return [{ ...nothing(name, line), packages: added }];
    const syncs =
      name === 'pipenv' ? /^(?:install|sync|requirements)$/ : /^(?:install|sync|export)$/;
    if (!syncs.test(verb ?? '')) return [];
    const sync = readSync(name, rest, line);
    // An export of poetry holds what is for development only where that is asked for.
    return [name === 'poetry' && verb === 'export' ? withoutDevelopment(sync) : sync];
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

function nothing(tool: InstallCommand['tool'], line: number): InstallCommand {
  return {
    tool,
    line,
    folder: '/',
    requirementFiles: [],
    constraintFiles: [],
    projects: [],
    packages: [],
    sync: null,
    indexUrl: null,
    extraIndexUrls: [],
    removes: [],
    options: [],
    onlyFetches: false,
  };
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
      return [{ ...nothing(tool, line), removes: textsOf(packages), options }];
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
    return [{ ...nothing('uv', line), packages: readPip('uv', more, line).packages }];
  return verb === 'sync' || verb === 'export' ? [readSync('uv', textsOf(more), line)] : [];
}

// An image builds the wheel of the project to install it, with what it needs: `poetry build && pip install dist/*.whl`.
function isWheelBuild(name: string, verb: string | undefined, isModule: boolean): boolean {
  if (/^(?:poetry|uv|pdm|hatch|flit)$/.test(name)) return verb === 'build';
  return name === 'pyproject-build' || (name === 'build' && isModule);
}

const pipValueOptions =
  /^(?:-t|--target|-i|--index-url|--extra-index-url|-f|--find-links|--platform|--python-version|--python|-p|--implementation|--abi|--prefix|--root|--trusted-host|--timeout|--retries|--cache-dir|-w|--wheel-dir|-d|--dest|--proxy|--cert|--progress-bar|--upgrade-strategy|--no-binary|--only-binary|--config-settings|-C|--global-option|--log|--src|--index|--default-index|--torch-backend|--index-strategy|--link-mode|--exclude-newer|--override|--build-constraint|-b|--group|--extra|--root-user-action|--python-platform|--only-group|--no-group|--no-extra|--python-preference|--keyring-provider|--resolution|--prerelease|--fork-strategy|--refresh-package|--upgrade-package|-P|--reinstall-package|--no-binary-package|--no-build-package|--no-build-isolation-package|--no-sources-package|--config-setting|--config-settings-package|--config-file|--exclude-newer-package|--excludes|--build-constraints|--overrides|--allow-insecure-host|--directory|--project|--color|--preview-features|--use-feature|--use-deprecated|--exists-action|--client-cert|--report|--resume-retries|--uploaded-prior-to|--install-option|--build-option|--pip-args|--suffix)$/;

function readPip(
  tool: InstallCommand['tool'],
  given: readonly ShellWord[],
  line: number,
  positionalFiles = false,
): InstallCommand {
  const words = textsOf(given);
  const requirementFiles: string[] = [];
  const constraintFiles: string[] = [];
  const projects: { path: string; extras: readonly string[]; editable: boolean }[] = [];
  const packages: ShellWord[] = [];
  const extraIndexUrls: string[] = [];
  const options: string[] = [];
  const extras: string[] = [];
  let indexUrl: string | null = null;
  const place = (text: string, at: number, editable: boolean): void => {
    if (isProjectPath(text)) projects.push({ ...splitProject(text), editable });
    else if (text !== '' && !isArchive(text))
      packages.push({ text, line: given[at]?.line ?? line });
  };
  for (let index = 0; index < words.length; index++) {
    const { option, value, taken } = readOption(words, index);
    index += taken;
    if (option === null) {
      const word = words[index] ?? '';
      if (/^(?:\d?>|<)/.test(word)) break;
      if (positionalFiles) requirementFiles.push(word);
      else place(word, index, false);
      continue;
    }
    options.push(option);
    if (/^(?:-r|--requirements?)$/.test(option)) requirementFiles.push(value);
    else if (/^(?:-c|--constraints?)$/.test(option)) constraintFiles.push(value);
    else if (option === '-e' || option === '--editable') place(value, index, true);
    else if (/^(?:-i|--index-url|--default-index)$/.test(option)) indexUrl = value;
    else if (option === '--extra-index-url' || option === '--index') extraIndexUrls.push(value);
    else if (option === '--extra') extras.push(value);
  }
  return {
    ...nothing(tool, line),
    requirementFiles: requirementFiles.filter((file) => !isManifest(file)),
    constraintFiles,
    projects: [
      ...projects,
      ...requirementFiles.filter(isManifest).map((file) => ofManifest(file, extras, options)),
    ],
    packages,
    indexUrl,
    extraIndexUrls,
    options,
  };
}

function isManifest(file: string): boolean {
  return /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(file);
}

/** `uv pip install -r pyproject.toml --extra web`: what the project needs, without the project itself. */
function ofManifest(
  file: string,
  extras: readonly string[],
  options: readonly string[],
): InstallCommand['projects'][number] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) || '/' : '.';
  const all = options.includes('--all-extras') ? ['*'] : [];
  return { path: folder, extras: [...extras, ...all], editable: false };
}

/** A file or pattern of files that an earlier command made: what they hold is counted there. */
function isArchive(word: string): boolean {
  if (/^[a-z+]+:|@/i.test(word)) return false;
  return /\.(?:whl|tar\.gz|zip)(?:\[[^\]]*\])?$/.test(word) || /\/[^=]*[*?]/.test(word);
}

function readOption(
  words: readonly string[],
  index: number,
): { readonly option: string | null; readonly value: string; readonly taken: number } {
  const word = words[index] ?? '';
  if (!word.startsWith('-') || word === '-') return { option: null, value: '', taken: 0 };
  const equals = word.indexOf('=');
  if (word.startsWith('--') && equals !== -1)
    return { option: word.slice(0, equals), value: word.slice(equals + 1), taken: 0 };
  const short = /^-([rce])(.+)$/.exec(word);
  if (short !== null)
    return { option: `-${short[1]}`, value: (short[2] ?? '').replace(/^=/, ''), taken: 0 };
  const takesValue =
    pipValueOptions.test(word) ||
    /^(?:-r|--requirements?|-c|--constraints?|-e|--editable)$/.test(word);
  return takesValue
    ? { option: word, value: words[index + 1] ?? '', taken: 1 }
    : { option: word, value: '', taken: 0 };
}

function isProjectPath(word: string): boolean {
  const path = word.replace(/\[[^\]]*\]$/, '');
  return (
    path === '.' ||
    path === '..' ||
    (/^(?:\.{0,2}\/|file:)/.test(path) && !/[*?]|\.(?:whl|tar\.gz|zip)$/.test(path))
  );
}

function splitProject(word: string): { readonly path: string; readonly extras: readonly string[] } {
  const match = /^(.*?)(?:\[([^\]]*)\])?$/.exec(word);
  const extras = (match?.[2] ?? '').split(',').map((extra) => extra.trim());
  return { path: match?.[1] ?? word, extras: extras.filter((extra) => extra !== '') };
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
  return { ...nothing('conda', line), requirementFiles };
}

function withoutDevelopment(command: InstallCommand): InstallCommand {
  const { sync } = command;
  return sync === null ? command : { ...command, sync: { ...sync, withDevelopment: false } };
}

function readSync(
  tool: 'uv' | 'poetry' | 'pdm' | 'pipenv',
  words: readonly string[],
  line: number,
): InstallCommand {
  const has = (...names: readonly string[]): boolean => words.some((word) => names.includes(word));
  const values = (...names: readonly string[]): readonly string[] =>
    words.flatMap((word, index) => {
      if (names.includes(word)) return (words[index + 1] ?? '').split(/[,\s]+/);
      const name = names.find((candidate) => word.startsWith(`${candidate}=`));
      return name === undefined ? [] : word.slice(name.length + 1).split(/[,\s]+/);
    });
  const excluded = values('--without', '--no-group');
  const only = values('--only', '--only-group');
  // pipenv installs development packages only when asked; the others unless told not to.
  const withDevelopment =
    tool === 'pipenv'
      ? has('--dev', '-d')
      : !has('--no-dev', '--no-default-groups', '--prod', '--production') &&
        only.length === 0 &&
        !excluded.includes('dev');
  const groups = [...values('--group', '--with', '-G'), ...only].filter(
    (group) => group !== '' && group !== 'main' && group !== 'default',
  );
  return {
    ...nothing(tool, line),
    sync: {
      withDevelopment,
      extras: values('--extra', '--extras', '-E').filter((extra) => extra !== ''),
      allExtras: has('--all-extras'),
      groups,
    },
    options: words.filter((word) => word.startsWith('-')),
  };
}
