/**
 * Environment markers (PEP 508, extras by PEP 685, `extras` and `dependency_groups` by PEP 751).
 *
 * Traps:
 * - `python_version >= "3.9"` compares versions, not text; `python_version in "3.8 3.9"` is a search in text.
 * - Where the right side is no version, `<` and `>` are false, and `<=`, `>=` mean equal.
 * - `platform_release >= "5"` is false where the release is empty, as it is for a cross target.
 * - `"3.8" < python_version` has the variable on the right: the sides are not exchanged.
 * - `extra == "x"` asks a set: with no extras in force only `extra == ""` is true.
 * - `os.name`, `python_implementation` and others are older names of the same variables.
 */
import type { Marker, MarkerEnvironment, MarkerOperator, MarkerValue } from '../types.ts';
import { normalizeExtra } from './name.ts';
import { ParseError } from './parse-error.ts';
import { parseSpecifiers, specifierContains } from './specifier.ts';
import { parseVersion } from './version.ts';

/** Parentheses deeper than this are refused, so that no input can exhaust the stack. */
const DEEPEST = 200;

const OPERATORS: readonly MarkerOperator[] = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

/** Parses a whole marker; throws ParseError. */
export function parseMarker(text: string): Marker {
  const reader: Reader = { text, index: 0, depth: 0 };
  const marker = readOr(reader);
  if (reader.index < text.length) fail(reader, 'Expected `and`, `or` or the end of the marker');
  return marker;
}

/** Parses the marker from `offset` to the end of `text`; offsets of ParseError are in the whole text. */
export function parseMarkerAt(text: string, offset: number): Marker {
  const reader: Reader = { text, index: offset, depth: 0 };
  const marker = readOr(reader);
  if (reader.index < text.length) fail(reader, 'Expected `and`, `or` or the end of the marker');
  return marker;
}

/** Whether the marker holds for the environment with these extras in force (normalised names). */
export function evaluateMarker(
  marker: Marker,
  environment: MarkerEnvironment,
  extras: ReadonlySet<string> | readonly string[],
): boolean {
  return evaluate(marker, environment, extras instanceof Set ? extras : new Set(extras));
}

/** The marker as text: double quotes, single spaces, parentheses where they were written or are needed. */
export function formatMarker(marker: Marker): string {
  if (marker.kind === 'compare') return formatCompare(marker);
  const parts = marker.operands.map((operand) =>
    needsParentheses(operand, marker.kind) ? `(${formatMarker(operand)})` : formatMarker(operand),
  );
  return parts.join(` ${marker.kind} `);
}

/** The extras that the marker mentions, normalised, sorted, without doubles. */
export function markerExtras(marker: Marker): string[] {
  const names = new Set<string>();
  collectExtras(marker, names);
  return [...names].toSorted();
}

// ---------------------------------------------------------------------------------------------------------------------
// Parsing

interface Reader {
  readonly text: string;
  index: number;
  depth: number;
}

function readOr(reader: Reader): Marker {
  return readChain(reader, 'or', (inner) => readChain(inner, 'and', readAtom));
}

function readChain(
  reader: Reader,
  kind: 'and' | 'or',
  readOperand: (reader: Reader) => Marker,
): Marker {
  const first = readOperand(reader);
  const operands = [first];
  while (readWordIf(reader, kind)) operands.push(readOperand(reader));
  return operands.length === 1 ? first : { kind, operands };
}

function readAtom(reader: Reader): Marker {
  skipSpace(reader);
  if (reader.text.charAt(reader.index) !== '(') return readCompare(reader);
  const opening = reader.index;
  reader.index += 1;
  reader.depth += 1;
  if (reader.depth > DEEPEST) fail(reader, `Expected at most ${DEEPEST} nested parentheses`);
  const marker = readOr(reader);
  if (reader.text.charAt(reader.index) !== ')') {
    throw new ParseError('Expected `)` for this parenthesis', opening);
  }
  reader.index += 1;
  reader.depth -= 1;
  skipSpace(reader);
  return marker.kind === 'compare' ? marker : { ...marker, grouped: true };
}

function readCompare(reader: Reader): Marker {
  const left = readValue(reader);
  const operator = readOperator(reader);
  const right = readValue(reader);
  return { kind: 'compare', ...normalizeExtras(left, right), operator };
}

function readValue(reader: Reader): MarkerValue {
  skipSpace(reader);
  const quote = reader.text.charAt(reader.index);
  if (quote === '"' || quote === "'") return readLiteral(reader, quote);
  const word = wordAt(reader);
  const name = canonicalVariable(word);
  if (name === null) {
    fail(
      reader,
      word === ''
        ? 'Expected a marker variable or a quoted text'
        : `Expected a marker variable, found \`${word}\``,
    );
  }
  reader.index += word.length;
  skipSpace(reader);
  return { kind: 'variable', name };
}

function readLiteral(reader: Reader, quote: string): MarkerValue {
  const end = reader.text.indexOf(quote, reader.index + 1);
  if (end === -1) fail(reader, 'Expected the closing quote of this text');
  const value = reader.text.slice(reader.index + 1, end);
  reader.index = end + 1;
  skipSpace(reader);
  return { kind: 'literal', value };
}

function readOperator(reader: Reader): MarkerOperator {
  const symbol = OPERATORS.find((candidate) => reader.text.startsWith(candidate, reader.index));
  if (symbol !== undefined) {
    reader.index += symbol.length;
    return symbol;
  }
  if (readWordIf(reader, 'in')) return 'in';
  const start = reader.index;
  if (readWordIf(reader, 'not') && readWordIf(reader, 'in')) return 'not in';
  reader.index = start;
  return fail(reader, 'Expected a comparison: ==, !=, <=, >=, <, >, ~=, ===, in or not in');
}

/** Reads the word and the space around it if it comes next. */
function readWordIf(reader: Reader, word: string): boolean {
  skipSpace(reader);
  if (wordAt(reader) !== word) return false;
  reader.index += word.length;
  skipSpace(reader);
  return true;
}

function wordAt(reader: Reader): string {
  let end = reader.index;
  while (isWordCode(reader.text.charCodeAt(end))) end += 1;
  return reader.text.slice(reader.index, end);
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46
  );
}

function skipSpace(reader: Reader): void {
  while (reader.text.charAt(reader.index) === ' ' || reader.text.charAt(reader.index) === '\t')
    reader.index += 1;
}

function fail(reader: Reader, message: string): never {
  throw new ParseError(message, reader.index);
}

function canonicalVariable(word: string): string | null {
  switch (word) {
    case 'os_name':
    case 'sys_platform':
    case 'platform_machine':
    case 'platform_python_implementation':
    case 'platform_release':
    case 'platform_system':
    case 'platform_version':
    case 'python_version':
    case 'python_full_version':
    case 'implementation_name':
    case 'implementation_version':
    case 'extra':
    case 'extras':
    case 'dependency_groups':
      return word;
    case 'os.name':
      return 'os_name';
    case 'sys.platform':
      return 'sys_platform';
    case 'platform.machine':
      return 'platform_machine';
    case 'platform.version':
      return 'platform_version';
    case 'platform.python_implementation':
    case 'python_implementation':
      return 'platform_python_implementation';
    default:
      return null;
  }
}

function normalizeExtras(
  left: MarkerValue,
  right: MarkerValue,
): { readonly left: MarkerValue; readonly right: MarkerValue } {
  if (isVariable(left, 'extra')) return { left, right: normalizeLiteral(right) };
  if (
    isVariable(right, 'extra') ||
    isVariable(right, 'extras') ||
    isVariable(right, 'dependency_groups')
  ) {
    return { left: normalizeLiteral(left), right };
  }
  return { left, right };
}

function isVariable(value: MarkerValue, name: string): boolean {
  return value.kind === 'variable' && value.name === name;
}

function normalizeLiteral(value: MarkerValue): MarkerValue {
  return value.kind === 'literal' ? { kind: 'literal', value: normalizeExtra(value.value) } : value;
}

// ---------------------------------------------------------------------------------------------------------------------
// Evaluation

type Compare = Extract<Marker, { readonly kind: 'compare' }>;

function evaluate(
  marker: Marker,
  environment: MarkerEnvironment,
  extras: ReadonlySet<string>,
): boolean {
  switch (marker.kind) {
    case 'and':
      return marker.operands.every((operand) => evaluate(operand, environment, extras));
    case 'or':
      return marker.operands.some((operand) => evaluate(operand, environment, extras));
    case 'compare':
      return evaluateCompare(marker, environment, extras);
    default:
      return marker satisfies never;
  }
}

function evaluateCompare(
  marker: Compare,
  environment: MarkerEnvironment,
  extras: ReadonlySet<string>,
): boolean {
  const { left, operator, right } = marker;
  // Two literals or two variables say nothing of the target: false, as in uv.
  if (left.kind === right.kind) return false;
  const variable =
    left.kind === 'variable' ? left.name : right.kind === 'variable' ? right.name : '';
  const literal =
    left.kind === 'literal' ? left.value : right.kind === 'literal' ? right.value : '';
  const isVariableLeft = left.kind === 'variable';
  if (variable === 'extra') return evaluateExtra(operator, literal, isVariableLeft, extras);
  if (variable === 'extras') return evaluateMembership(operator, literal, isVariableLeft, extras);
  if (variable === 'dependency_groups')
    return evaluateMembership(operator, literal, isVariableLeft, new Set());
  const value = environmentValue(environment, variable);
  if (isVariableLeft) return compareValues(variable, operator, value, literal);
  return compareValues(variable, operator, literal, value);
}

function evaluateExtra(
  operator: MarkerOperator,
  literal: string,
  isVariableLeft: boolean,
  extras: ReadonlySet<string>,
): boolean {
  const active = extras.size === 0 ? [''] : [...extras];
  // `!=` and `not in` deny the set as a whole, else two extras in force would make every `extra != "x"` true.
  if (operator === '!=') return !active.includes(literal);
  if (operator === 'not in') return !evaluateExtra('in', literal, isVariableLeft, extras);
  return active.some((extra) =>
    compareTexts(operator, isVariableLeft ? extra : literal, isVariableLeft ? literal : extra),
  );
}

function evaluateMembership(
  operator: MarkerOperator,
  literal: string,
  isVariableLeft: boolean,
  names: ReadonlySet<string>,
): boolean {
  if (isVariableLeft) return false;
  if (operator === 'in') return names.has(literal);
  return operator === 'not in' && !names.has(literal);
}

function environmentValue(environment: MarkerEnvironment, variable: string): string {
  return isEnvironmentName(environment, variable) ? environment[variable] : '';
}

function isEnvironmentName(
  environment: MarkerEnvironment,
  name: string,
): name is keyof MarkerEnvironment {
  return Object.hasOwn(environment, name);
}

function compareValues(
  variable: string,
  operator: MarkerOperator,
  left: string,
  right: string,
): boolean {
  if (isVersionVariable(variable) && operator !== 'in' && operator !== 'not in') {
    const asVersions = compareAsVersions(operator, left, right);
    if (asVersions !== null) return asVersions;
  }
  return compareTexts(operator, left, right);
}

function isVersionVariable(variable: string): boolean {
  return (
    variable === 'python_version' ||
    variable === 'python_full_version' ||
    variable === 'implementation_version' ||
    variable === 'platform_release'
  );
}

/** null: the right side makes no specifier, and the comparison is one of texts. */
function compareAsVersions(operator: MarkerOperator, left: string, right: string): boolean | null {
  if (operator === '===') return left.toLowerCase() === right.trim().toLowerCase();
  // A comma would make two clauses of one value.
  if (right.includes(',')) return null;
  try {
    const { specifiers } = parseSpecifiers(operator + right);
    const version = parseVersion(left);
    return version !== null && specifierContains(specifiers, version);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

function compareTexts(operator: MarkerOperator, left: string, right: string): boolean {
  switch (operator) {
    case '==':
    case '===':
    case '<=':
    case '>=':
      return left === right;
    case '!=':
      return left !== right;
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '<':
    case '>':
    case '~=':
      return false;
    default:
      return operator satisfies never;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Format

function needsParentheses(operand: Marker, around: 'and' | 'or'): boolean {
  if (operand.kind === 'compare') return false;
  return operand.grouped === true || (around === 'and' && operand.kind === 'or');
}

function formatCompare(marker: Compare): string {
  return `${formatValue(marker.left)} ${marker.operator} ${formatValue(marker.right)}`;
}

function formatValue(value: MarkerValue): string {
  if (value.kind === 'variable') return value.name;
  return value.value.includes('"') ? `'${value.value}'` : `"${value.value}"`;
}

function collectExtras(marker: Marker, names: Set<string>): void {
  if (marker.kind !== 'compare') {
    for (const operand of marker.operands) collectExtras(operand, names);
    return;
  }
  const { left, right } = marker;
  if (isExtraVariable(left) && right.kind === 'literal') names.add(right.value);
  if (isExtraVariable(right) && left.kind === 'literal') names.add(left.value);
}

function isExtraVariable(value: MarkerValue): boolean {
  return isVariable(value, 'extra') || isVariable(value, 'extras');
}
