/**
 * environment.yml: what `conda env create` installs, and in its `pip:` section what pip then installs on top.
 *
 * Traps:
 * - An entry of `dependencies` is conda's own language, not PEP 508: `numpy=1.26` means 1.26 and all that begins with it.
 * - `python=3.11` is the interpreter, no package: it says for which Python all the rest is.
 * - The `pip:` section is a requirements file in pieces (conda writes it to one beside environment.yml): `-r`, `-c`, `-e`,
 *   indexes and hashes are all allowed, and paths are relative to the folder of environment.yml.
 * - Comments like `# [win]` and keys like `sel(win)` are selectors for conda-lock and micromamba; conda itself ignores them.
 * - Other tools have an environment.yml or env.yaml too: only one with `dependencies` in conda's form is ours.
 */
import { formatMarker } from '../pep/marker.ts';
import { ParseError } from '../pep/parse-error.ts';
import { formatSpecifiers, specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import { redactUrl } from '../settings/redact-url.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Marker,
  ParsedInput,
  SourceLocation,
  Specifier,
  Warning,
} from '../types.ts';
import { distributionsOfConda, nameOfConda } from './conda-names.ts';
import { joinMarkers, readSelector } from './conda-selectors.ts';
import { parseCondaSpec, type CondaSpec } from './conda-spec.ts';
import { toWarning } from './declare.ts';
import { emptyInput } from './empty-input.ts';
import { fileNameOf } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { readKeepComment } from './keep-comment.ts';
import { escapeHidden, quoteText } from './quote.ts';
import { splitRequirementLines, type LogicalLine } from './requirements-lines.ts';
import { readRequirementLines } from './requirements-txt.ts';
import { roleOfRequirementsFile } from './roles.ts';
import { describeYaml, entryOf, parseYaml, type YamlNode, type YamlText } from './yaml.ts';

const kind = 'conda-environment';

/** environment.yml and its like. */
export const condaEnvironment: Input = {
  name: kind,
  parse: (file, context) => parseCondaEnvironment(file, context),
};

/** The largest of real ones have some 50,000. */
const mostCharacters = 1_000_000;
/** Values that aliases unfold to: a few lines can mean billions. */
const mostValues = 100_000;
const longestSpec = 1000;
const mostErrors = 20;
const mostRepeats = 50;

/** What a conda environment says; no groups where the file is none. Loads the YAML parser. Never throws for bad text. */
export async function parseCondaEnvironment(
  file: InputFile,
  context: InputContext,
): Promise<ParsedInput> {
  const role = roleOfRequirementsFile(file.path);
  const empty: ParsedInput = { ...emptyInput(file.path, kind), role };
  if (!/\bdependencies\b/.test(file.text)) return empty;
  const reading: Reading = { file, warnings: [...file.warnings], repeats: new Map(), errors: 0 };
  const dependencies = await findDependencies(reading);
  if (dependencies === null) return { ...empty, warnings: reading.warnings };
  if (dependencies === 'of another tool') return empty;
  const found = readDependencies(reading, dependencies);
  const lines = found.pipLines.flatMap(toLogicalLines);
  const { partial, requirements: ofPip, ...pip } = readRequirementLines(file, lines, context);
  const requirements = [...found.declared, ...restrict(ofPip, found.pipMarkers, file)];
  return {
    ...empty,
    groups: [
      { kind: 'main', name: null, role, requirements, ...(partial === true ? { partial } : {}) },
    ],
    ...pip,
    constraints: [...found.otherNames, ...pip.constraints],
    ...found.python,
    warnings: [...reading.warnings, ...pip.warnings],
  };
}

interface Reading {
  readonly file: InputFile;
  readonly warnings: Warning[];
  /** Times each text was seen. */
  readonly repeats: Map<string, number>;
  errors: number;
}

function reject(reading: Reading, place: SourceLocation, message: string): void {
  reading.errors += 1;
  if (reading.errors > mostErrors) return;
  reading.warnings.push({
    ...toWarning('invalid-requirement', place, message),
    severity: 'error',
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// The file

/** The value of `dependencies`; null where the file has a fault that was told. */
async function findDependencies(
  reading: Reading,
): Promise<readonly YamlNode[] | 'of another tool' | null> {
  const { file } = reading;
  const isNamedSo = /environment|conda/i.test(fileNameOf(file.path));
  if (file.text.length > mostCharacters) {
    if (!isNamedSo) return 'of another tool';
    const place = { path: file.path, line: 1, column: 1 };
    reject(
      reading,
      place,
      `the file has ${file.text.length} characters: no environment is so long`,
    );
    return null;
  }
  const { root, warnings } = await parseYaml(file);
  const isOurs = isNamedSo || /^(?:channels|prefix)\s*:/m.test(file.text);
  if (root === null) {
    if (!isOurs || warnings.length === 0) return 'of another tool';
    reading.warnings.push(...warnings);
    return null;
  }
  const dependencies = entryOf(root, 'dependencies');
  if (dependencies === undefined || !(isOurs || hasPipSection(dependencies)))
    return 'of another tool';
  reading.warnings.push(...warnings);
  if (dependencies.size > mostValues) {
    reject(reading, dependencies.place, 'aliases make `dependencies` too large to be read');
    return null;
  }
  if (dependencies.kind === 'list') return dependencies.items;
  // An empty list may be written so.
  if (dependencies.kind === 'other' && dependencies.what === 'nothing') return [];
  const message = `\`dependencies\` is ${describeYaml(dependencies)}, not a list of packages`;
  reject(reading, dependencies.place, message);
  return null;
}

function hasPipSection(dependencies: YamlNode): boolean {
  return (
    dependencies.kind === 'list' &&
    dependencies.items.some((item) => entryOf(item, 'pip')?.kind === 'list')
  );
}

/** What stands in the list. */
interface Found {
  readonly declared: DeclaredRequirement[];
  /** Further distributions that a package holds, for needs of pip's packages. */
  readonly otherNames: DeclaredRequirement[];
  readonly pipLines: YamlText[];
  /** Selectors of the pip section, by line. */
  readonly pipMarkers: Map<number, Marker>;
  python: Pick<ParsedInput, 'python'> | Pick<ParsedInput, 'requiresPython' | 'requiresPythonAt'>;
}

function readDependencies(reading: Reading, items: readonly YamlNode[]): Found {
  const found: Found = {
    declared: [],
    otherNames: [],
    pipLines: [],
    pipMarkers: new Map(),
    python: {},
  };
  for (const item of items) readItem(reading, found, item, null);
  if (reading.errors > mostErrors) {
    const { path } = reading.file;
    const message = `${reading.errors - mostErrors} more entries of ${escapeHidden(path)} cannot be read`;
    reading.warnings.push({ code: 'invalid-requirement', message, path, severity: 'error' });
  }
  return found;
}

function readItem(reading: Reading, found: Found, item: YamlNode, condition: Marker | null): void {
  if (item.kind === 'text') {
    readPackage(reading, found, item, joinMarkers(condition, readSelector(item.comment)));
    return;
  }
  if (item.kind !== 'table') {
    if (item.kind === 'other' && item.isTold) return;
    reject(
      reading,
      item.place,
      `an entry of \`dependencies\` is ${describeYaml(item)}, not a package`,
    );
    return;
  }
  for (const { key, place, value } of item.entries) {
    const selector = /^sel\((.*)\)$/.exec(key)?.[1];
    const marker = selector === undefined ? null : (readSelector(`[${selector}]`) ?? null);
    if (key === 'pip') readPipSection(reading, found, value, condition);
    else if (marker === null) {
      const message = `${quoteText(key)} is no section that depweight reads; it is left out`;
      reading.warnings.push(toWarning('unknown-section', place, message));
    } else {
      const chosen = value.kind === 'list' ? value.items : [value];
      for (const one of chosen)
        if (one.kind === 'text') readItem(reading, found, one, joinMarkers(condition, marker));
    }
  }
}

function readPipSection(
  reading: Reading,
  found: Found,
  section: YamlNode,
  condition: Marker | null,
): void {
  if (section.kind !== 'list') {
    if (section.kind === 'other' && section.what === 'nothing') return;
    reject(
      reading,
      section.place,
      `\`pip\` is ${describeYaml(section)}, not a list of requirements`,
    );
    return;
  }
  for (const item of section.items) {
    if (item.kind !== 'text') {
      const message = `an entry of \`pip\` is ${describeYaml(item)}, not a requirement`;
      reject(reading, item.place, message);
      continue;
    }
    found.pipLines.push(item);
    const marker = joinMarkers(condition, readSelector(item.comment));
    if (marker !== null) found.pipMarkers.set(item.place.line, marker);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Packages of conda

function readPackage(reading: Reading, found: Found, item: YamlText, marker: Marker | null): void {
  const spec = isRepeated(reading, item) ? null : parseSpec(reading, item);
  if (spec === null) return;
  if (spec.name === 'python') {
    // The interpreter of the target is no package of the set: no other format lists it either.
    found.python = readPython(spec, item.place);
    return;
  }
  const [, ...others] = distributionsOfConda(spec.name);
  found.declared.push(toDeclared(spec, item, marker, nameOfConda(spec.name)));
  for (const other of others) found.otherNames.push(toDeclared(spec, item, marker, other));
}

function isRepeated({ repeats, warnings }: Reading, { text, place }: YamlText): boolean {
  const times = (repeats.get(text) ?? 0) + 1;
  repeats.set(text, times);
  if (times === mostRepeats + 1) {
    const message = `${quoteText(text)} stands here for the ${times}st time; further ones are not counted`;
    warnings.push(toWarning('repeated-requirement', place, message));
  }
  return times > mostRepeats;
}

function parseSpec(reading: Reading, item: YamlText): CondaSpec | null {
  const { text, place } = item;
  if (text.length > longestSpec) {
    reject(reading, place, `an entry of ${text.length} characters is no package`);
    return null;
  }
  try {
    return parseCondaSpec(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    reject(reading, item.at(error.offset), `${quoteText(text)}: ${escapeHidden(error.message)}`);
    return null;
  }
}

function toDeclared(
  { name: condaName, version, specifiers }: CondaSpec,
  { text, place, comment }: YamlText,
  marker: Marker | null,
  name: DistributionName,
): DeclaredRequirement {
  return {
    requirement: {
      name,
      displayName: condaName,
      extras: [],
      specifiers,
      url: null,
      marker,
      markerText: marker === null ? null : formatMarker(marker),
    },
    raw: redactUrl(text.trim()),
    location: place,
    source: 'conda',
    editable: false,
    hashes: [],
    index: null,
    keep: readKeepComment(comment),
    conda: {
      name: condaName,
      version,
      isDistribution: distributionsOfConda(condaName).length > 0,
    },
  };
}

const mostMinors = 40;

/** `python=3.11` names one Python, `python>=3.9` limits which. */
function readPython({ version, specifiers }: CondaSpec, location: SourceLocation): Found['python'] {
  const named = /^\d+\.\d+/.exec(version ?? '')?.[0] ?? onlyMinor(specifiers);
  if (named !== null) return { python: { version: named, location } };
  if (specifiers.length === 0) return {};
  return { requiresPython: formatSpecifiers(specifiers), requiresPythonAt: location };
}

function onlyMinor(specifiers: readonly Specifier[]): string | null {
  const pinned = specifiers.find(({ operator }) => operator === '==')?.version?.release ?? [];
  if (pinned.length > 1) return pinned.slice(0, 2).join('.');
  if (specifiers.length === 0) return null;
  const admits = (text: string): boolean => {
    const version = parseVersion(text);
    return version !== null && specifierContains(specifiers, version);
  };
  const minors = Array.from({ length: mostMinors }, (_, minor) => `3.${minor}`);
  const fitting = ['2.7', ...minors].filter((minor) => admits(minor) || admits(`${minor}.99`));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// The pip section

/** The lines of one entry, their places those in the file. */
function toLogicalLines(entry: YamlText): readonly LogicalLine[] {
  const starts = [0];
  for (let at = entry.text.indexOf('\n'); at !== -1; at = entry.text.indexOf('\n', at + 1))
    starts.push(at + 1);
  return [...splitRequirementLines(entry.text)].map((line) => ({
    ...line,
    comment: `${line.comment}${entry.comment}`,
    pieces: line.pieces.map((piece) => {
      const place = entry.at((starts[piece.line - 1] ?? 0) + piece.column - 1);
      return { start: piece.start, line: place.line, column: place.column };
    }),
  }));
}

function restrict(
  requirements: readonly DeclaredRequirement[],
  markers: ReadonlyMap<number, Marker>,
  { path }: InputFile,
): readonly DeclaredRequirement[] {
  return requirements.map((declared) => {
    const { requirement, location } = declared;
    const selected = location.path === path ? markers.get(location.line) : undefined;
    if (selected === undefined) return declared;
    const marker = joinMarkers(requirement.marker, selected);
    const markerText = marker === null ? null : formatMarker(marker);
    return { ...declared, requirement: { ...requirement, marker, markerText } };
  });
}
