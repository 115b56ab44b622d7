/** Operators and comparisons. One with something unknown is unknown; one that the target answers is asked of it. */
import { addAll, mergeInto } from './container-methods.ts';
import { decideChoice, decideMachine, decideVersion } from './conditions.ts';
import { dividePath } from './paths.ts';
import type { Run } from './run.ts';
import { isAmong, repeat } from './sequences.ts';
import { formatPercent } from './text-methods.ts';
import {
  concatenate,
  dict,
  isEqual,
  list,
  numberOf,
  text,
  unknown,
  type ListValue,
  type Value,
} from './values.ts';

/** `left operator right`. */
export function operate(operator: string, left: Value, right: Value, at: number): Value {
  if (operator === '+') return add(left, right, at);
  if (operator === '%' && left.kind === 'text') return formatPercent(left, right, at);
  if (operator === '/' && (left.kind === 'path' || right.kind === 'path'))
    return dividePath(left, right, at);
  if (operator === '*' && left.kind !== 'number' && right.kind === 'number')
    return repeat(left, right.value, at);
  if (operator === '|') return unite(left, right, at);
  if (operator === '-' && left.kind === 'list') return subtract(left, right, at);
  const first = numberOf(left);
  const second = numberOf(right);
  if (first === null || second === null) return unknown(at);
  const result = calculate(operator, first, second);
  return result === null || !Number.isFinite(result)
    ? unknown(at)
    : { kind: 'number', value: result };
}

function calculate(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return left ** right;
    default:
      return null;
  }
}

function add(left: Value, right: Value, at: number): Value {
  if (left.kind === 'text' && right.kind === 'text') return concatenate(left, right, at);
  if (left.kind === 'list' || right.kind === 'list') return joinLists(left, right, at);
  const first = numberOf(left);
  const second = numberOf(right);
  return first === null || second === null
    ? unknown(at)
    : { kind: 'number', value: first + second };
}

/** `[...] + unknown` is a list of which some is known. */
function joinLists(left: Value, right: Value, at: number): Value {
  const joined = list([], left.kind === 'list' ? left.form : 'list');
  for (const side of [left, right]) {
    if (side.kind === 'list') addAll(joined, side, at);
    else joined.openAt ??= side.kind === 'unknown' ? side.at : at;
  }
  return joined;
}

function subtract(left: ListValue, right: Value, at: number): Value {
  if (right.kind !== 'list' || left.form !== 'set' || right.form !== 'set') return unknown(at);
  const rest = list([], 'set', left.openAt ?? right.openAt);
  for (const item of left.items) {
    const isTaken = isAmong(item, right);
    if (isTaken === null) rest.openAt ??= at;
    else if (!isTaken) rest.items.push(item);
  }
  return rest;
}

function unite(left: Value, right: Value, at: number): Value {
  if (left.kind === 'list' && left.form === 'set') return add(left, right, at);
  if (left.kind !== 'dict') return unknown(at);
  const joined = dict([]);
  mergeInto(joined, left, at);
  mergeInto(joined, right, at);
  return joined;
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** Whether a comparison holds; null where that is not known. */
export function compareValues(
  run: Run,
  operator: string,
  left: Value,
  right: Value,
): boolean | null {
  if (operator === 'in' || operator === 'not in') {
    const found = isIn(run, left, right);
    return found === null ? null : found === (operator === 'in');
  }
  if (operator === 'is' || operator === 'is not') {
    const same = isSame(left, right);
    return same === null ? null : same === (operator === 'is');
  }
  if (left.kind === 'symbol') return compareSymbol(run, left.path, operator, right);
  if (right.kind === 'symbol')
    return compareSymbol(run, right.path, mirrored[operator] ?? operator, left);
  if (operator === '==' || operator === '!=') {
    const same = isEqual(left, right);
    return same === null ? null : same === (operator === '==');
  }
  return compareOrder(operator, left, right);
}

function compareOrder(operator: string, left: Value, right: Value): boolean | null {
  const first = left.kind === 'text' ? left.text : numberOf(left);
  const second = right.kind === 'text' ? right.text : numberOf(right);
  if (first === null || second === null || typeof first !== typeof second) return null;
  if (first === second) return operator === '<=' || operator === '>=';
  return first < second === operator.startsWith('<');
}

function compareSymbol(run: Run, path: string, operator: string, right: Value): boolean | null {
  const version = decideVersion(path, operator, right, run);
  if (version !== null) return version;
  if (right.kind !== 'text') return null;
  const other = right.text;
  if (path === 'sys.version' || path === 'platform.python_version()') {
    // Compared as texts, only the major number tells.
    return other === '3' || other.startsWith('2')
      ? compareOrder(operator, text('3.'), right)
      : null;
  }
  if (operator !== '==' && operator !== '!=') return null;
  const same =
    path === 'platform.machine()'
      ? decideMachine(other, run)
      : decideChoice(path, (value) => value === other, run);
  return same === null ? null : same === (operator === '==');
}

function isSame(left: Value, right: Value): boolean | null {
  const isNone = left.kind === 'none' || right.kind === 'none';
  if (!isNone)
    return left.kind === 'truth' && right.kind === 'truth' ? left.value === right.value : null;
  if (left.kind === right.kind) return true;
  return left.kind === 'unknown' ||
    right.kind === 'unknown' ||
    left.kind === 'symbol' ||
    right.kind === 'symbol'
    ? null
    : false;
}

function isIn(run: Run, needle: Value, haystack: Value): boolean | null {
  if (haystack.kind === 'symbol' && needle.kind === 'text') {
    const part = needle.text;
    if (haystack.path === 'sys.modules' && part === 'setuptools') return true;
    if (haystack.path === 'sys.builtin_module_names' && part === '__pypy__')
      return decideChoice('platform.python_implementation()', (value) => value === 'PyPy', run);
    return decideChoice(haystack.path, (value) => value.includes(part), run);
  }
  if (needle.kind !== 'symbol' || haystack.kind !== 'list') return isAmong(needle, haystack);
  let isSure = haystack.openAt === null;
  for (const item of haystack.items) {
    const same = compareSymbol(run, needle.path, '==', item);
    if (same === true) return true;
    if (same === null) isSure = false;
  }
  return isSure ? false : null;
}
