/**
 * requirements.txt as pip documents it: one requirement a line, options for the file and for a requirement, other files by
 * `-r` and `-c`.
 *
 * Traps:
 * - Paths of `-r` and `-c` are relative to the file that names them; a file reached twice counts once; cycles end.
 * - `-c` adds no packages; what a constraint file includes by `-r` is a constraint too.
 * - `${NAME}` is replaced only in upper case with braces; its value is a secret and appears in no message.
 * - One requirement with `--hash` makes pip want a hash for all.
 */
import { isValidName } from '../pep/name.ts';
import { isSingletonSpecifiers } from '../pep/specifier.ts';
import { isPlainHttp } from '../settings/redact-url.ts';
import type {
  DeclaredRequirement,
  IndexOptions,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
  Warning,
} from '../types.ts';
import { declareRequirement, nameAnew, toWarning } from './declare.ts';
import { findCompiledFrom } from './compiled-header.ts';
import { decodeFile } from './decode.ts';
import { fillInVariables } from './environment-variables.ts';
import { folderOf, joinPath, type ReadResult } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { readKeepComment } from './keep-comment.ts';
import { findProjectName } from './project-name.ts';
import { escapeHidden, quoteText } from './quote.ts';
import { isArchiveName, toLocalPath } from './requirement-source.ts';
import { parseHash, withOption } from './requirements-index-options.ts';
import { placeInLine, splitRequirementLines, type LogicalLine } from './requirements-lines.ts';
import {
  findLimit,
  findOptionsStart,
  isRequirementOption,
  parseOptions,
  type ReadOption,
} from './requirements-options.ts';
import { roleOfRequirementsFile } from './roles.ts';

type Mode = 'requirements' | 'constraints';

/** What is gathered over a file and all that it includes. */
interface Gathering {
  readonly context: InputContext;
  readonly requirements: DeclaredRequirement[];
  readonly constraints: DeclaredRequirement[];
  readonly warnings: Warning[];
  readonly includes: Set<string>;
  /** `mode realPath` of the files read. */
  readonly seen: Set<string>;
  options: IndexOptions;
  /** Something that is required could not be read. */
  partial: boolean;
}

/** The file being read. */
interface Reading {
  readonly file: InputFile;
  readonly mode: Mode;
  /** Real paths from the first file to this one. */
  readonly chain: readonly string[];
  /** First line of each include in this file. */
  readonly included: Map<string, number>;
  /** Times each text was seen; errors so far. */
  readonly repeats: Map<string, number>;
  errors: number;
}

const mostErrors = 20;
const mostRepeats = 50;
const deepestInclude = 100;
const depweightHeader = /^# Written by depweight\b/;

/** requirements*.txt and .in files. */
export const requirementsTxt: Input = {
  name: 'requirements-txt',
  parse: (file, context) => parseRequirementsTxt(file, context),
};

/** What a requirement file and the files that it includes say. Never throws for bad text. */
export function parseRequirementsTxt(file: InputFile, context: InputContext): ParsedInput {
  const role = roleOfRequirementsFile(file.path);
  const { requirements, partial, ...rest } = gather(file, context, (gathering, reading) =>
    readFile(gathering, reading),
  );
  const compiledFrom = findCompiledFrom(file);
  return {
    path: file.path,
    kind: 'requirements-txt',
    role,
    locked: false,
    groups: [
      { kind: 'main', name: null, role, requirements, ...(partial === true ? { partial } : {}) },
    ],
    ...rest,
    overrides: [],
    projectName: null,
    requiresPython: null,
    ...(compiledFrom === null ? {} : { compiledFrom }),
    writtenByDepweight: depweightHeader.test(file.text),
  };
}

/** What requirement lines and the files that they include say. */
export type RequirementSet = Pick<
  ParsedInput,
  'constraints' | 'options' | 'includes' | 'warnings'
> &
  Pick<RequirementGroup, 'requirements' | 'partial'>;

/**
 * What requirement lines say that stand in a file of another format (the `pip:` section of environment.yml). The places of
 * their pieces are those in that file; paths are relative to its folder.
 */
export function readRequirementLines(
  file: InputFile,
  lines: Iterable<LogicalLine>,
  context: InputContext,
): RequirementSet {
  return gather(file, context, (gathering, reading) => readLines(gathering, reading, lines));
}

function gather(
  file: InputFile,
  context: InputContext,
  read: (gathering: Gathering, reading: Reading) => void,
): RequirementSet {
  const gathering: Gathering = {
    context,
    requirements: [],
    constraints: [],
    warnings: [],
    includes: new Set(),
    seen: new Set([`requirements ${file.realPath}`]),
    options: {},
    partial: false,
  };
  read(gathering, {
    file,
    mode: 'requirements',
    chain: [file.realPath],
    included: new Map(),
    repeats: new Map(),
    errors: 0,
  });
  warnOfMissingHashes(gathering);
  const { requirements, partial, constraints, options, includes, warnings } = gathering;
  return {
    requirements,
    ...(partial ? { partial } : {}),
    constraints,
    options,
    includes: [...includes],
    warnings,
  };
}

function readFile(gathering: Gathering, reading: Reading): void {
  const { file } = reading;
  gathering.warnings.push(...file.warnings);
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(file.text)) {
    const place = { path: file.path, line: 1, column: 1 };
    gathering.warnings.push({
      ...toWarning(
        'invalid-requirement',
        place,
        'the file is a web page, not a list of requirements',
      ),
      severity: 'error',
    });
    return;
  }
  readLines(gathering, reading, splitRequirementLines(file.text));
}

function readLines(gathering: Gathering, reading: Reading, lines: Iterable<LogicalLine>): void {
  for (const line of lines) readLine(gathering, reading, line);
  if (reading.errors <= mostErrors) return;
  const { path } = reading.file;
  const message = `${reading.errors - mostErrors} more lines of ${path} cannot be read as requirements`;
  gathering.warnings.push({ code: 'invalid-requirement', message, path, severity: 'error' });
}

function readLine(gathering: Gathering, reading: Reading, line: LogicalLine): void {
  const start = line.text.search(/\S/);
  const at = (offset: number): SourceLocation => ({
    path: reading.file.path,
    ...placeInLine(line, offset),
  });
  if (line.oddity !== null) gathering.warnings.push(toWarning('odd-line', at(start), line.oddity));
  if (line.text.charAt(start) === '-') {
    readFileOptions(gathering, reading, line, at);
    return;
  }
  const end = findOptionsStart(line.text);
  const text = line.text.slice(start, end).trimEnd();
  const { options, problems } = parseOptions(line.text.slice(end), end);
  for (const { offset, problem } of problems)
    gathering.warnings.push(toWarning('unknown-option', at(offset), escapeHidden(problem)));
  const hashes = readHashes(gathering, options, at);
  for (const option of options) sayOfRequirementOption(gathering, option, at);
  addRequirement(gathering, reading, {
    text,
    line,
    at: (offset) => at(start + offset),
    hashes,
    editable: false,
  });
}

interface Found {
  readonly text: string;
  readonly line: LogicalLine;
  readonly at: (offset: number) => SourceLocation;
  readonly hashes: readonly string[];
  readonly editable: boolean;
}

function addRequirement(gathering: Gathering, reading: Reading, found: Found): void {
  const { text, at } = found;
  if (isRepeated(gathering, reading, text, at)) return;
  const { declared, warnings } = declareRequirement({
    text,
    expanded: expandVariables(gathering, text, at),
    folder: folderOf(reading.file.path),
    at,
    hashes: found.hashes,
    editable: found.editable,
    keep: readKeepComment(found.line.comment),
  });
  addWarnings(gathering, reading, warnings);
  if (declared === null || !isReachable(gathering, reading, declared)) {
    gathering.partial ||= reading.mode === 'requirements';
    return;
  }
  if (reading.mode === 'requirements') {
    gathering.requirements.push(withOwnName(gathering, declared));
    return;
  }
  if (declared.requirement.extras.length > 0) {
    const message = `${quoteText(declared.raw)} is a constraint: its extras count for nothing (pip refuses them)`;
    addWarnings(gathering, reading, [toWarning('constraint-extras', declared.location, message)]);
  }
  gathering.constraints.push(withOwnName(gathering, declared));
}

// A folder is called what its project is called.
function withOwnName(gathering: Gathering, declared: DeclaredRequirement): DeclaredRequirement {
  const { url } = declared.requirement;
  if (
    declared.source !== 'local' ||
    url === null ||
    isArchiveName(url) ||
    declared.raw.includes('@')
  ) {
    return declared;
  }
  const name = findProjectName(gathering.context, url.replace(/^file:/, ''));
  if (name === null || !isValidName(name)) return declared;
  return { ...declared, requirement: nameAnew(declared.requirement, name) };
}

function addWarnings(gathering: Gathering, reading: Reading, warnings: readonly Warning[]): void {
  for (const warning of warnings) {
    if (warning.severity === 'error' && ++reading.errors > mostErrors) continue;
    gathering.warnings.push(warning);
  }
}

// A file of 200,000 equal lines is one requirement, not as many.
function isRepeated(
  gathering: Gathering,
  reading: Reading,
  text: string,
  at: Found['at'],
): boolean {
  const times = (reading.repeats.get(text) ?? 0) + 1;
  reading.repeats.set(text, times);
  if (times === mostRepeats + 1) {
    gathering.warnings.push(
      toWarning(
        'repeated-requirement',
        at(0),
        `${quoteText(text)} stands here for the ${times}st time; further ones are not counted`,
      ),
    );
  }
  return times > mostRepeats;
}

// A path that leads nowhere is an error; an editable one outside of the repository is merely not ours to read.
function isReachable(
  gathering: Gathering,
  reading: Reading,
  declared: DeclaredRequirement,
): boolean {
  const { url } = declared.requirement;
  if (declared.source !== 'local' || url === null) return true;
  const path = url.replace(/^file:|#.*$/g, '');
  const read = gathering.context.read(path);
  const isFolder = !read.ok && read.problem === 'folder';
  // What is too large to be read as text is a wheel like any other.
  const isThere = read.ok || read.problem === 'too-large';
  if (isThere ? isArchiveName(path) : isFolder) return true;
  const quoted = quoteText(declared.raw);
  if (!read.ok && read.problem === 'outside') {
    const isProjectOutside =
      declared.editable || /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@/.test(declared.raw);
    const message = `${quoted} ${read.detail}; it is left out`;
    const warning = toWarning('outside-repository', declared.location, message);
    addWarnings(gathering, reading, [
      isProjectOutside ? warning : { ...warning, severity: 'error' },
    ]);
    return false;
  }
  const reason = read.ok ? 'is neither a folder nor an archive that pip installs' : read.detail;
  const message = `${quoted}: ${escapeHidden(path)} ${reason}`;
  addWarnings(gathering, reading, [
    { ...toWarning('invalid-requirement', declared.location, message), severity: 'error' },
  ]);
  return false;
}

// ---------------------------------------------------------------------------------------------------------------------
// Options

function readFileOptions(
  gathering: Gathering,
  reading: Reading,
  line: LogicalLine,
  at: Found['at'],
): void {
  const { options, problems } = parseOptions(line.text);
  for (const { offset, problem } of problems)
    gathering.warnings.push(toWarning('unknown-option', at(offset), escapeHidden(problem)));
  const hashes = readHashes(gathering, options, at);
  const isRequirement = options.some(({ name }) => name === 'editable');
  for (const option of options) {
    if (option.name === 'requirement' || option.name === 'constraint')
      includeFile(gathering, reading, option, at);
    else if (option.name === 'editable') {
      const text = editableText(line.text, option, options);
      addRequirement(gathering, reading, {
        text,
        line,
        at: (offset) => at(option.valueOffset + offset),
        hashes,
        editable: true,
      });
    } else if (isRequirement) sayOfRequirementOption(gathering, option, at);
    else applyOption(gathering, reading, option, at);
  }
}

// Behind a requirement pip takes a few options, and passes over the others without a word.
function sayOfRequirementOption(gathering: Gathering, option: ReadOption, at: Found['at']): void {
  const place = at(option.offset);
  const limit = findLimit(option.name);
  if (!isRequirementOption(option.name)) {
    const message = `--${option.name} behind a requirement is ignored, as pip does; it takes a line of its own`;
    gathering.warnings.push(toWarning('misplaced-option', place, message));
  } else if (limit !== null) gathering.warnings.push(toWarning(limit.code, place, limit.message));
}

// `-e ./x ; python_version > "3"`: the marker is not a word of its own for pip, so everything up to the next option counts.
function editableText(text: string, option: ReadOption, options: readonly ReadOption[]): string {
  const next = options.find(({ offset }) => offset > option.offset);
  const rest = text.slice(option.valueOffset, next?.offset).trim();
  return rest.includes(';') ? rest : option.value;
}

function applyOption(
  gathering: Gathering,
  reading: Reading,
  option: ReadOption,
  at: Found['at'],
): void {
  const place = at(option.offset);
  const value = expandVariables(gathering, option.value, () => place);
  const folder = folderOf(reading.file.path);
  gathering.options = withOption(gathering.options, { name: option.name, value, folder });
  const limit = findLimit(option.name);
  if (limit !== null) gathering.warnings.push(toWarning(limit.code, place, limit.message));
  if (option.name === 'hash') {
    const message = '--hash stands without a requirement and is ignored';
    gathering.warnings.push(toWarning('misplaced-option', place, message));
  }
  if (option.name.endsWith('index-url') && isPlainHttp(value)) {
    const message = 'the index is asked by plain http: what comes back can be changed on the way';
    gathering.warnings.push(toWarning('plain-http', place, message));
  }
}

function readHashes(
  gathering: Gathering,
  options: readonly ReadOption[],
  at: Found['at'],
): readonly string[] {
  const given = options.filter(({ name }) => name === 'hash');
  return given.flatMap((option) => readHash(gathering, option, at));
}

function readHash(gathering: Gathering, option: ReadOption, at: Found['at']): readonly string[] {
  const hash = parseHash(option.value);
  if ('value' in hash) return [hash.value];
  const message = `the hash is ignored: ${hash.problem}`;
  gathering.warnings.push(toWarning('unknown-hash', at(option.offset), message));
  return [];
}

function warnOfMissingHashes({ requirements, options, warnings }: Gathering): void {
  const fromIndex = requirements.filter(({ editable, source }) => !editable && source !== 'local');
  const hashed = fromIndex.find(({ hashes }) => hashes.length > 0);
  if (hashed === undefined && options.requireHashes !== true) return;
  const open = fromIndex.find(
    ({ hashes, requirement, source }) =>
      source === 'index' && hashes.length > 0 && !isSingletonSpecifiers(requirement.specifiers),
  );
  if (open !== undefined) {
    const message = `${quoteText(open.raw)} has a hash and is not pinned by ==: pip refuses such a line`;
    warnings.push(toWarning('unpinned-hash', open.location, message));
  }
  const missing = fromIndex.filter(({ hashes }) => hashes.length === 0);
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length === 1 ? '' : ` (and ${missing.length - 1} more)`;
  warnings.push(
    toWarning(
      'missing-hash',
      first.location,
      `${quoteText(first.raw)}${more} has no hash while others have: pip refuses such a file`,
    ),
  );
}

function expandVariables(gathering: Gathering, text: string, at: Found['at']): string {
  return fillInVariables(text, gathering.context.variables, (name, written) => {
    const message = `the environment variable ${name} is not set; \`${written}\` stays as it is`;
    gathering.warnings.push(toWarning('unset-variable', at(0), message));
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Includes

function includeFile(
  gathering: Gathering,
  reading: Reading,
  option: ReadOption,
  at: Found['at'],
): void {
  const place = at(option.offset);
  const shown = `${option.name === 'requirement' ? '-r' : '-c'} ${quoteText(option.value)}`;
  const add = (code: string, message: string, severity: Warning['severity'] = 'error'): void => {
    gathering.warnings.push({ ...toWarning(code, place, `${shown} ${message}`), severity });
  };
  const isConstraint = reading.mode === 'constraints' || option.name === 'constraint';
  if (/^(?:https?|ftp):\/\//i.test(option.value)) {
    gathering.partial ||= !isConstraint;
    add('remote-include', 'is not fetched; what it requires is missing here', 'warning');
    return;
  }
  const folder = folderOf(reading.file.path);
  const written = expandVariables(gathering, option.value, () => place);
  const path = /^file:/i.test(written) ? toLocalPath(written, folder) : joinPath(folder, written);
  const read = gathering.context.read(path);
  if (!read.ok) {
    gathering.partial ||= !isConstraint;
    const isOutside = read.problem === 'outside';
    const code = isOutside ? 'outside-repository' : 'unreadable-include';
    add(code, read.detail, isOutside ? 'warning' : 'error');
    return;
  }
  const mode = isConstraint ? 'constraints' : 'requirements';
  const key = `${mode} ${read.realPath}`;
  const firstLine = reading.included.get(key);
  reading.included.set(key, firstLine ?? place.line);
  const cycleStart = reading.chain.indexOf(read.realPath);
  if (cycleStart !== -1) {
    const cycle = [...reading.chain.slice(cycleStart), read.realPath].map(escapeHidden);
    add(
      'include-cycle',
      `includes a file that leads here (${cycle.join(' -> ')}); it is read once`,
    );
    return;
  }
  if (firstLine !== undefined) {
    const first = `${reading.file.path}:${firstLine}`;
    add('repeated-include', `is included again (first at ${first}); it is read once`, 'warning');
    return;
  }
  if (reading.chain.length >= deepestInclude) {
    add('include-depth', `is the ${deepestInclude}th file of a chain; it is not followed`);
    return;
  }
  if (mode === 'requirements') gathering.includes.add(path);
  if (gathering.seen.has(key)) return;
  gathering.seen.add(key);
  readIncluded(gathering, reading, { path, read, mode });
}

interface Included {
  readonly path: string;
  readonly read: ReadResult;
  readonly mode: Mode;
}

function readIncluded(
  gathering: Gathering,
  reading: Reading,
  { path, read, mode }: Included,
): void {
  const decoded = decodeFile(path, read);
  if (!decoded.ok) {
    gathering.warnings.push(decoded.warning);
    gathering.partial ||= mode === 'requirements';
    return;
  }
  const { file } = decoded;
  const chain = [...reading.chain, file.realPath];
  readFile(gathering, { file, mode, chain, included: new Map(), repeats: new Map(), errors: 0 });
}
