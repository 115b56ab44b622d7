/**
 * The list of input formats. The order is that of preference where two match one file.
 */
import { isCiPath } from '../ci/index.ts';
import { isComposeName } from '../compose/compose-name.ts';
import { isDockerfileName } from '../target/dockerfile-name.ts';
import { fileNameOf, folderOf } from './file-access.ts';
import type { InputFormat } from './input.ts';
import { requirementsTxt } from './requirements-txt.ts';
import { isRequirementsFolder, isScriptLock } from './roles.ts';

/** Every format that depweight reads. */
export const inputFormats: readonly InputFormat[] = [
  {
    name: 'pyproject',
    kind: 'manifest',
    matches: (path) => fileNameOf(path) === 'pyproject.toml',
    load: async () => (await import('./pyproject.ts')).pyproject,
  },
  {
    name: 'requirements-txt',
    kind: 'manifest',
    matches: isRequirementsPath,
    // Nearly every project has one: a chunk of its own would only cost.
    load: () => Promise.resolve(requirementsTxt),
  },
  {
    name: 'setup-cfg',
    kind: 'manifest',
    matches: (path) => fileNameOf(path) === 'setup.cfg',
    load: async () => (await import('./setup-cfg.ts')).setupCfg,
  },
  {
    name: 'setup-py',
    kind: 'manifest',
    matches: (path) => fileNameOf(path) === 'setup.py',
    load: async () => (await import('./setup-py.ts')).setupPy,
  },
  {
    name: 'uv-lock',
    kind: 'lock',
    matches: (path) => fileNameOf(path) === 'uv.lock',
    load: async () => (await import('./uv-lock.ts')).uvLock,
  },
  {
    name: 'pylock',
    kind: 'lock',
    matches: (path) => /^pylock(?:\.[^.]+)?\.toml$/.test(fileNameOf(path)),
    load: async () => (await import('./pylock.ts')).pylock,
  },
  {
    name: 'poetry-lock',
    kind: 'lock',
    matches: (path) => fileNameOf(path) === 'poetry.lock',
    load: async () => (await import('./poetry-lock.ts')).poetryLock,
  },
  {
    name: 'pdm-lock',
    kind: 'lock',
    matches: (path) => fileNameOf(path) === 'pdm.lock',
    load: async () => (await import('./pdm-lock.ts')).pdmLock,
  },
  {
    name: 'pipfile',
    kind: 'manifest',
    matches: (path) => fileNameOf(path) === 'Pipfile',
    load: async () => (await import('./pipfile.ts')).pipfile,
  },
  {
    name: 'pipfile-lock',
    kind: 'lock',
    matches: (path) => fileNameOf(path) === 'Pipfile.lock',
    load: async () => (await import('./pipfile-lock.ts')).pipfileLock,
  },
  {
    name: 'conda-lock',
    kind: 'lock',
    matches: (path) => /(?:^|[-_.])conda-lock(?:[-_.].*)?\.ya?ml$/.test(fileNameOf(path)),
    load: async () => (await import('./conda-lock.ts')).condaLock,
  },
  {
    name: 'conda-environment',
    kind: 'manifest',
    matches: isCondaEnvironmentPath,
    load: async () => (await import('./conda-environment.ts')).condaEnvironment,
  },
];

/** Dockerfiles; where they are merely found, the projects that they install take in what they say. */
export const dockerfileFormat: InputFormat = {
  name: 'dockerfile',
  kind: 'manifest',
  matches: (path) => isDockerfileName(fileNameOf(path)),
  load: async () => (await import('./dockerfile.ts')).dockerfile,
};

/** Formats of files that are read where somebody names them, and not where they are merely found. */
const namedFormats: readonly InputFormat[] = [
  {
    name: 'ci',
    kind: 'manifest',
    matches: isCiPath,
    load: async () => (await import('./ci-file.ts')).ciFile,
  },
  {
    name: 'compose',
    kind: 'manifest',
    matches: (path) => isComposeName(fileNameOf(path)),
    load: async () => (await import('./compose-file.ts')).composeFile,
  },
  {
    name: 'inline-script',
    kind: 'manifest',
    matches: (path) => /\.pyw?$/i.test(path),
    load: async () => (await import('./inline-script.ts')).inlineScript,
  },
  {
    name: 'uv-lock',
    kind: 'lock',
    matches: isScriptLock,
    load: async () => (await import('./uv-lock.ts')).uvLock,
  },
  dockerfileFormat,
];

/**
 * The format of a file that was named by the user: any text file may be a list of requirements, or a script if
 * `isScript` says so of its text.
 */
export function findFormatOfNamedFile(
  path: string,
  isScript: () => boolean = () => false,
): InputFormat | undefined {
  const format = [...inputFormats, ...namedFormats].find(({ matches }) => matches(path));
  if (format !== undefined) return format;
  if (isScript()) return namedFormats.find(({ name }) => name === 'inline-script');
  if (/\.ya?ml$/i.test(path)) return inputFormats.find(({ name }) => name === 'conda-environment');
  return /\.(?:txt|in|pip|requirements)$/i.test(path) || !/\.[^/]*$/.test(fileNameOf(path))
    ? inputFormats.find(({ name }) => name === 'requirements-txt')
    : undefined;
}

// `requirements.txt`, `dev-requirements.txt`, `requirements_test.in`, `reqs.txt`, and anything in `requirements/`.
function isRequirementsPath(path: string): boolean {
  const name = fileNameOf(path).toLowerCase();
  if (!/\.(?:txt|in|pip)$/.test(name)) return false;
  const stem = name.replace(/\.(?:txt|in|pip)$/, '');
  const words = stem.split(/[-_. ]+/);
  if (words.some((word) => word === 'requirements' || word === 'requirement' || word === 'reqs'))
    return true;
  return isRequirementsFolder(folderOf(path)) && !/^(?:readme|license|changelog)/.test(name);
}

// `environment.yml`, `environment-dev.yaml`, `conda.yml`, `gpu_env.yml`. What is inside decides; templates are not YAML yet.
function isCondaEnvironmentPath(path: string): boolean {
  const [, stem] = /^(.*)\.ya?ml$/.exec(fileNameOf(path).toLowerCase()) ?? [];
  if (stem === undefined || stem.endsWith('.devenv') || isCiPath(path)) return false;
  return /(?:^|[-_.])(?:conda|environments?|envs?)(?:[-_.\d]|$)/.test(stem);
}
