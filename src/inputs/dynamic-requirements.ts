/**
 * What `dynamic = ["dependencies"]` and `["optional-dependencies"]` leave to the build backend, as far as a table says it:
 * the files of setuptools and of the hook `requirements_txt` of Hatch. Everything else a build computes, and none is run.
 *
 * Traps: a `file` is one path or a list; the files are requirement files, with `-r` and options; `attr` is Python code.
 */
import type { DeclaredRequirement } from '../types.ts';
import { toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { quoteText } from './quote.ts';
import { parseRequirementsTxt } from './requirements-txt.ts';
import { warnOfType, type TomlReading } from './toml-requirements.ts';
import { field, isTable, textsOf } from './toml.ts';

/** A set that a build backend puts together. */
export interface DynamicSet {
  readonly requirements: readonly DeclaredRequirement[];
  readonly includes: readonly string[];
  /** Not all of it could be read. */
  readonly partial: boolean;
}

const setuptools = ['tool', 'setuptools', 'dynamic'] as const;
const hooks = ['tool', 'hatch', 'metadata', 'hooks'] as const;

/** The main set. */
export function readDynamicMain(reading: TomlReading, context: InputContext): DynamicSet {
  const { root } = reading.document;
  const directive = field(root, ...setuptools, 'dependencies');
  if (directive !== undefined)
    return readDirective(reading, context, [...setuptools, 'dependencies'], directive);
  const path = [...hooks, 'requirements_txt', 'files'];
  const files = field(root, ...path);
  if (files !== undefined) return readFiles(reading, context, path, files);
  const message = `\`dependencies\` is dynamic: ${describeBuild(reading)} says what they are, which is not run`;
  reading.warnings.push(
    toWarning('dynamic-dependencies', reading.document.at(['project', 'dynamic']), message),
  );
  return { requirements: [], includes: [], partial: true };
}

/** The extras by their names as written. */
export function readDynamicExtras(
  reading: TomlReading,
  context: InputContext,
): ReadonlyMap<string, DynamicSet> {
  const { root } = reading.document;
  const extras = new Map<string, DynamicSet>();
  const path = [...setuptools, 'optional-dependencies'];
  for (const [name, directive] of entriesOf(field(root, ...path)))
    extras.set(name, readDirective(reading, context, [...path, name], directive));
  const hook = [...hooks, 'requirements_txt', 'optional-dependencies'];
  for (const [name, files] of entriesOf(field(root, ...hook)))
    extras.set(name, readFiles(reading, context, [...hook, name], files));
  return extras;
}

/** Says that the build computes extras. */
export function warnOfDynamicExtras({ document, warnings }: TomlReading): void {
  const message =
    '`optional-dependencies` is dynamic: the build of the project says what they are, which is not run';
  warnings.push(toWarning('dynamic-dependencies', document.at(['project', 'dynamic']), message));
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isTable(value) ? Object.entries(value) : [];
}

function describeBuild({ document }: TomlReading): string {
  const names = entriesOf(field(document.root, ...hooks)).map(([name]) => quoteText(name));
  return names.length === 0
    ? 'the build of the project'
    : `the metadata hook ${names.join(' or ')} of Hatch`;
}

function readDirective(
  reading: TomlReading,
  context: InputContext,
  path: readonly string[],
  directive: unknown,
): DynamicSet {
  const file = field(directive, 'file');
  if (file !== undefined) return readFiles(reading, context, [...path, 'file'], file);
  const name = quoteText(path.at(-1) ?? '');
  const message =
    field(directive, 'attr') === undefined
      ? `${name} is dynamic, but no \`file\` says what it is`
      : `${name} is read from Python code (\`attr\`), which is not run`;
  const place = reading.document.at(path);
  reading.warnings.push(toWarning('dynamic-dependencies', place, message));
  return { requirements: [], includes: [], partial: true };
}

function readFiles(
  reading: TomlReading,
  context: InputContext,
  path: readonly string[],
  value: unknown,
): DynamicSet {
  const files = typeof value === 'string' ? [value] : textsOf(value);
  if (files === null) {
    warnOfType(reading, path, 'a path or an array of paths', value);
    return { requirements: [], includes: [], partial: true };
  }
  const sets = files.map((file) => readFile(reading, context, path, file));
  return {
    requirements: sets.flatMap(({ requirements }) => requirements),
    includes: sets.flatMap(({ includes }) => includes),
    partial: sets.some(({ partial }) => partial),
  };
}

function readFile(
  { document, warnings }: TomlReading,
  context: InputContext,
  path: readonly string[],
  file: string,
): DynamicSet {
  const unread = { requirements: [], includes: [], partial: true };
  const target = joinPath(folderOf(document.path), file);
  const read = context.read(target);
  if (!read.ok) {
    const isOutside = read.problem === 'outside';
    const code = isOutside ? 'outside-repository' : 'unreadable-include';
    const warning = toWarning(code, document.at(path), `${quoteText(file)} ${read.detail}`);
    warnings.push(isOutside ? warning : { ...warning, severity: 'error' });
    return unread;
  }
  const decoded = decodeFile(target, read);
  if (!decoded.ok) {
    warnings.push(decoded.warning);
    return unread;
  }
  const { groups, includes, warnings: own } = parseRequirementsTxt(decoded.file, context);
  warnings.push(...own);
  return {
    requirements: groups.flatMap(({ requirements }) => requirements),
    includes: [target, ...includes],
    partial: groups.some(({ partial }) => partial === true),
  };
}
