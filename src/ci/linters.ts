/** What a job runs, where all of that reads the source alone. */
import { splitPieces, textsOf } from '../target/shell-pieces.ts';
import type { CiJob } from './ci-system.ts';

/** Programs that look at source without importing it or what it imports. Those that follow imports (mypy, pylint) are none. */
const LINTERS: ReadonlySet<string> = new Set([
  'autoflake',
  'autopep8',
  'bandit',
  'black',
  'codespell',
  'darglint',
  'docformatter',
  'djlint',
  'flake8',
  'isort',
  'pycodestyle',
  'pydocstyle',
  'pyflakes',
  'pyupgrade',
  'radon',
  'ruff',
  'typos',
  'vulture',
  'yamllint',
  'yapf',
]);

/** Programs that use nothing that was installed. */
const PLAIN: ReadonlySet<string> = new Set([
  'apt',
  'apt-get',
  'cat',
  'cd',
  'cp',
  'curl',
  'echo',
  'exit',
  'export',
  'false',
  'find',
  'git',
  'ls',
  'mkdir',
  'mv',
  'pipx',
  'printf',
  'pwd',
  'rm',
  'set',
  'source',
  'tar',
  'true',
  'wc',
  'wget',
]);

/** Commands of installers that look at nothing that is installed: `pip check` and `uv build` are none. */
const INSTALLERS: Readonly<Record<string, RegExp>> = {
  pip: /^(?:install|uninstall|download|cache|config)$/,
  uv: /^(?:sync|pip (?:install|sync|uninstall)|venv|lock|tool install|python install|cache \w+)$/,
  poetry: /^(?:install|config|lock|env \w+|self \w+|cache \w+)$/,
  pipenv: /^(?:install|sync)$/,
  conda: /^(?:install|create|activate|config|env (?:create|update)|update)$/,
};

/** Actions that do no more than prepare a machine, or run a linter of their own. */
const PLAIN_CALLS =
  /^actions\/(?:checkout|setup-python|setup-node|cache|upload-artifact|download-artifact)@|^astral-sh\/(?:setup-uv|ruff-action)@|(?:^|\/)(?:[\w-]*[-/])?(?:bandit|black|flake8|isort|ruff|codespell|yamllint)(?:[-\w]*)?@/;

/** Runners of what is installed: `uv run ruff`. */
const RUNNERS: ReadonlySet<string> = new Set([
  'uv',
  'poetry',
  'pdm',
  'pipenv',
  'hatch',
  'uvx',
  'pipx',
]);

/** The linters that a job runs, sorted; null where it runs anything that may need more, or cannot be understood. */
export function lintersOf({ scripts, calls }: CiJob): readonly string[] | null {
  if (!calls.every((call) => PLAIN_CALLS.test(call))) return null;
  const found = new Set<string>();
  for (const { text, line } of scripts) {
    for (const { words } of splitPieces(text, line, true)) {
      const program = programOf(textsOf(words));
      if (program === null) continue;
      if (LINTERS.has(program)) found.add(program);
      else if (!PLAIN.has(program) && !isInstall(textsOf(words), program)) return null;
    }
  }
  return found.size === 0 ? null : [...found].toSorted();
}

/** The program of a command without what only wraps it; null where there is none. */
export function programOf(words: readonly string[]): string | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  if (
    /^[A-Za-z_]\w*=/.test(first) ||
    /^(?:sudo|env|time|exec|!|if|then|else|fi|do|done)$/.test(first)
  )
    return programOf(rest);
  const name = first.slice(first.lastIndexOf('/') + 1);
  if (RUNNERS.has(name) && rest[0] === 'run') return programOf(rest.slice(1).filter(isNoOption));
  if (name === 'uvx') return programOf(rest.filter(isNoOption));
  if (name === 'uv' && rest[0] === 'tool' && rest[1] === 'run')
    return programOf(rest.slice(2).filter(isNoOption));
  if (!/^python[\d.]*$/.test(name)) return name;
  const at = rest.indexOf('-m');
  return at === -1 ? name : programOf(rest.slice(at + 1));
}

function isNoOption(word: string): boolean {
  return !word.startsWith('-');
}

function isInstall(words: readonly string[], program: string): boolean {
  const known = INSTALLERS[program.replace(/^pip[\d.]+$/, 'pip')];
  if (known === undefined) return false;
  const at = words.findIndex((word) => word === program || word.endsWith(`/${program}`));
  const rest = words.slice(at + 1);
  const [first = '', second = ''] = rest.filter(isNoOption);
  // Nothing but options: `pip --version`.
  return first === '' ? rest.length > 0 : known.test(first) || known.test(`${first} ${second}`);
}
