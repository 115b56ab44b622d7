/**
 * What a set of requirements is for, read from the name of its file, extra or group, never from its content. The words are
 * rows of data/development-names.json.
 */
import developmentNames from '../../data/development-names.json' with { type: 'json' };
import type { Role } from '../types.ts';
import { fileNameOf, folderOf } from './file-access.ts';

type Words = Readonly<Record<'dev' | 'test' | 'docs' | 'lint', readonly string[]>>;
const roles = ['dev', 'test', 'docs', 'lint'] as const;
const names: Words = developmentNames.names;
const fileNames: Words = developmentNames.fileNames;

/** Words that a requirements file has besides the one that says its role. */
const neutralWords: readonly string[] = [
  'requirements',
  'requirement',
  'reqs',
  'req',
  'deps',
  'dependencies',
  'pip',
  'txt',
  'in',
  'lock',
];
const productWords: readonly string[] = ['prod', 'production', 'runtime', 'deploy', 'deployment'];

/** Role of a requirements file from its path: `requirements-dev.txt`, `requirements/docs.in`, `test-requirements.txt`. */
export function roleOfRequirementsFile(path: string): Role {
  const words = wordsOf(fileNameOf(path));
  if (words.includes('constraints') || words.includes('constraint')) return 'constraints';
  return roleOfWords(words, names) ?? roleOfWords(words, fileNames) ?? 'prod';
}

/** Role of an extra or a dependency group from its name; null for one that is part of the product. */
export function roleOfGroup(name: string): Role | null {
  return roleOfWords(wordsOf(name), names);
}

/** True where the file is named for production: `requirements-prod.txt`, `requirements/production.txt`. */
export function isNamedForProduction(path: string): boolean {
  return wordsOf(fileNameOf(path)).some((word) => productWords.includes(word));
}

/** What the files of a folder are for by its name, `docs` and `tests` for instance; null where nothing says it. */
export function roleOfFolder(folder: string): Role | null {
  for (const part of folder.split('/')) {
    const role = roleOfGroup(part);
    if (role !== null) return role;
  }
  return null;
}

/** True for a folder whose files are for development: `docs`, `tests`, `examples`. */
export function isDevelopmentFolder(folder: string): boolean {
  return (
    roleOfFolder(folder) !== null ||
    folder
      .split('/')
      .some((part) => /^(examples?|samples?|demos?|benchmarks?|scripts?|\.github)$/i.test(part))
  );
}

/** True for the folder that holds the requirements files of the project above it: `requirements/`, `reqs/`. */
export function isRequirementsFolder(folder: string): boolean {
  return (
    /^(requirements?|reqs?|deps|dependencies)$/i.test(fileNameOf(folder)) &&
    folderOf(folder) !== folder
  );
}

/** True for the lock that uv writes beside a script: `tool.py.lock`. */
export function isScriptLock(path: string): boolean {
  return /\.pyw?\.lock$/i.test(path);
}

/** True for roles that count into the environment `dev`. */
export function isDevelopmentRole(role: Role): boolean {
  return role === 'dev' || role === 'test' || role === 'docs' || role === 'lint';
}

function wordsOf(name: string): readonly string[] {
  const words: string[] = [];
  for (const word of name.toLowerCase().split(/[-_. ]+/)) {
    if (word !== '') words.push(word.replace(/\d+$/, ''));
  }
  return words;
}

function roleOfWords(words: readonly string[], table: Words): Role | null {
  const own = words.filter((word) => !neutralWords.includes(word));
  // `pre-commit` and `read-the-docs` are one name in two words.
  for (const word of [...own, own.join('')]) {
    const role = roles.find((candidate) => table[candidate].includes(word));
    if (role !== undefined) return role;
  }
  return null;
}
