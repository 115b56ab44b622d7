/**
 * What shell commands install: pip, uv, poetry, pdm, pipenv, conda and mamba. Read from Dockerfiles; never run.
 */
import { splitWords } from '../inputs/requirements-options.ts';
import { substitute, type Instruction } from './dockerfile.ts';

/** One command that installs Python distributions. */
export interface InstallCommand {
  readonly tool: 'pip' | 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'conda';
  /** 1-based line in its file. */
  readonly line: number;
  /** As written: paths inside the image, relative to its working folder. */
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  /** Folders or files of projects: `.`, `/app`, with the extras asked for. */
  readonly projects: readonly {
    readonly path: string;
    readonly extras: readonly string[];
    readonly editable: boolean;
  }[];
  /** Requirements written out. */
  readonly packages: readonly string[];
  /** For `uv sync`, `poetry install` and the like: the project's own sets that are installed. */
  readonly sync: SyncOptions | null;
  readonly indexUrls: readonly string[];
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
  const texts = [{ text: instruction.text, line: instruction.line }, ...instruction.heredocs];
  return texts.flatMap(({ text, line }) => findInText(text, line, variables));
}

function findInText(
  text: string,
  firstLine: number,
  variables: ReadonlyMap<string, string>,
): readonly InstallCommand[] {
  const array = readExecForm(text);
  if (array !== null) return toCommand(array, firstLine, variables);
  const commands: InstallCommand[] = [];
  for (const { words, line } of splitCommands(text, firstLine))
    commands.push(...toCommand(words, line, variables));
  return commands;
}

function readExecForm(text: string): readonly string[] | null {
  const trimmed = text.replace(/^(?:--\w+=\S+\s+)+/, '').trim();
  if (!trimmed.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(trimmed.replaceAll('\n', ' '));
    return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : null;
  } catch {
    // Docker too takes what is no JSON array for a shell command (`[ -f x ] && ...`).
    return null;
  }
}

// Cut at `&&`, `||`, `;`, `|` and `&` outside quotes. A newline here is a continued line: a blank, as for the shell,
// but in a heredoc it ends a command; both read well enough when a line that starts a known command starts a new one.
function* splitCommands(
  text: string,
  firstLine: number,
): Generator<{ readonly words: readonly string[]; readonly line: number }> {
  let line = firstLine;
  let start = 0;
  let quote = '';
  let commandLine = firstLine;
  for (let index = 0; index <= text.length; index++) {
    const character = text.charAt(index);
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote && character !== '') quote = '';
    const atEnd = index === text.length;
    const cuts =
      atEnd ||
      (quote === '' &&
        (/[;&|()]/.test(character) || (character === '\n' && startsCommand(text, index + 1))));
    if (cuts) {
      const piece = text.slice(start, index);
      const words = splitWords(piece).map((word) => word.text);
      if (words.length > 0) yield { words, line: commandLine + leadingNewlines(piece) };
      start = index + 1;
    }
    if (character === '\n') line++;
    if (cuts) commandLine = line;
  }
}

function leadingNewlines(piece: string): number {
  const lead = /^\s*/.exec(piece)?.[0] ?? '';
  return lead.split('\n').length - 1;
}

function startsCommand(text: string, index: number): boolean {
  return /^\s*(?:python[\d.]*|pip[\d.]*|uv|poetry|pdm|pipenv|conda|conda-lock|mamba|micromamba|apt-get|apt|apk|rm|curl|wget|cd|echo|set|mkdir|if|fi|then|else|for|do|done|export)\s/.test(
    text.slice(index, index + 60),
  );
}

const wrappers: readonly string[] = [
  'sudo',
  'exec',
  'time',
  'then',
  'else',
  'do',
  'if',
  '!',
  'env',
  'command',
  'eval',
  '{',
  'nice',
];

function toCommand(
  written: readonly string[],
  line: number,
  variables: ReadonlyMap<string, string>,
): readonly InstallCommand[] {
  const words = written.map((word) => substitute(word, variables));
  let index = 0;
  // RUN --mount=..., VARIABLE=value, sudo ...
  while (
    index < words.length &&
    (/^--\w+=/.test(words[index] ?? '') ||
      /^[A-Za-z_]\w*=/.test(words[index] ?? '') ||
      wrappers.includes(words[index] ?? ''))
  )
    index++;
  const rest = words.slice(index).flatMap((word) => (word === '' ? [] : [word]));
  const command = dropInterpreter(rest);
  if (command === null) return [];
  const [name, verb, ...more] = command;
  if (name === undefined) return [];
  if (isWheelBuild(rest, name, verb)) return [readPip('pip', ['.'], line)];
  if (/^pip[\d.]*$/.test(name))
    return verb === 'install' || verb === 'wheel' || verb === 'download'
      ? [readPip('pip', more, line)]
      : [];
  if (name === 'uv') {
    if (verb === 'pip' && (more[0] === 'install' || more[0] === 'sync'))
      return [readPip('uv', more.slice(1), line, more[0] === 'sync')];
    return verb === 'sync' || verb === 'export' ? [readSync('uv', more, line)] : [];
  }
  if (name === 'poetry')
    return verb === 'install' || verb === 'sync' || verb === 'export'
      ? [readSync('poetry', more, line)]
      : [];
  if (name === 'pdm')
    return verb === 'install' || verb === 'sync' || verb === 'export'
      ? [readSync('pdm', more, line)]
      : [];
  if (/^(?:conda|mamba|micromamba)$/.test(name)) return readConda(command.slice(1), line);
  if (name === 'conda-lock' && verb === 'install') {
    const locks = more.filter((word) => /\.ya?ml$/i.test(word));
    return [ofConda(locks.length === 0 ? ['conda-lock.yml'] : locks.slice(-1), line)];
  }
  if (name === 'pipenv')
    return verb === 'install' || verb === 'sync' ? [readSync('pipenv', more, line)] : [];
  return [];
}

// An image builds the wheel of the project to install it, with what it needs: `poetry build && pip install dist/*.whl`.
function isWheelBuild(words: readonly string[], name: string, verb: string | undefined): boolean {
  if (/^(?:poetry|uv|pdm|hatch|flit)$/.test(name)) return verb === 'build';
  return name === 'pyproject-build' || (name === 'build' && words.includes('-m'));
}

// `python3 -m pip install`, `/opt/venv/bin/pip install`, `uv run ...`; shells with -c hold a command of their own.
function dropInterpreter(words: readonly string[]): readonly string[] | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  const name = first.slice(first.lastIndexOf('/') + 1);
  if (/^(?:python|pypy)[\d.]*$/.test(name)) {
    const module = rest.indexOf('-m');
    return module === -1 ? null : rest.slice(module + 1);
  }
  if (/^(?:ba|da|z)?sh$/.test(name)) {
    const command = rest.find((_, index) => /^-\w*c$/.test(rest[index - 1] ?? ''));
    return command === undefined
      ? null
      : dropInterpreter(splitWords(command).map((word) => word.text));
  }
  return [name, ...rest];
}

const pipValueOptions =
  /^(?:-t|--target|-i|--index-url|--extra-index-url|-f|--find-links|--platform|--python-version|--python|-p|--implementation|--abi|--prefix|--root|--trusted-host|--timeout|--retries|--cache-dir|-w|--wheel-dir|-d|--dest|--proxy|--cert|--progress-bar|--upgrade-strategy|--no-binary|--only-binary|--config-settings|-C|--global-option|--log|--src|--index|--default-index|--torch-backend|--index-strategy|--link-mode|--exclude-newer|--override|--build-constraint|-b|--group|--extra|--root-user-action|--python-platform|--only-group)$/;

function readPip(
  tool: 'pip' | 'uv',
  words: readonly string[],
  line: number,
  positionalFiles = false,
): InstallCommand {
  const requirementFiles: string[] = [];
  const constraintFiles: string[] = [];
  const projects: { path: string; extras: readonly string[]; editable: boolean }[] = [];
  const packages: string[] = [];
  const indexUrls: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const { option, value, taken } = readOption(words, index);
    index += taken;
    if (option === null) {
      const word = words[index] ?? '';
      if (/^\d?>/.test(word)) break;
      if (positionalFiles) requirementFiles.push(word);
      else if (isProjectPath(word)) projects.push({ ...splitProject(word), editable: false });
      else if (word !== '') packages.push(word);
    } else if (option === '-r' || option === '--requirement' || option === '--requirements')
      requirementFiles.push(value);
    else if (option === '-c' || option === '--constraint' || option === '--constraints')
      constraintFiles.push(value);
    else if (option === '-e' || option === '--editable') {
      if (isProjectPath(value)) projects.push({ ...splitProject(value), editable: true });
      else packages.push(value);
    } else if (/^(?:-i|--index-url|--extra-index-url|--index|--default-index)$/.test(option))
      indexUrls.push(value);
  }
  return {
    tool,
    line,
    requirementFiles,
    constraintFiles,
    projects,
    packages,
    sync: null,
    indexUrls,
  };
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
    (/^(?:\.{0,2}\/|file:)/.test(path) && !/\.(?:whl|tar\.gz|zip)$/.test(path))
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
  return {
    tool: 'conda',
    line,
    requirementFiles,
    constraintFiles: [],
    projects: [],
    packages: [],
    sync: null,
    indexUrls: [],
  };
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
    tool,
    line,
    requirementFiles: [],
    constraintFiles: [],
    projects: [],
    packages: [],
    sync: {
      withDevelopment,
      extras: values('--extra', '--extras', '-E').filter((extra) => extra !== ''),
      allExtras: has('--all-extras'),
      groups,
    },
    indexUrls: [],
  };
}
