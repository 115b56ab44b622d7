/**
 * Conditions that only the target answers (`sys.version_info < (3, 8)`, `sys.platform == 'win32'`). A script is run once for
 * each answer, and what differs between the runs gets the condition as a marker (PEP 508).
 */
import type { Value } from './values.ts';

/** A comparison of a marker variable that can be decided either way. */
export interface Condition {
  readonly variable: string;
  readonly operator: '==' | '>=' | '>';
  readonly value: string;
}

/** Answers questions in the course of one run. */
export interface Oracle {
  readonly decide: (condition: Condition) => boolean;
}

const opposite = { '==': '!=', '>=': '<', '>': '<=' } as const;

/** The condition as a marker, or its opposite. */
export function formatCondition({ variable, operator, value }: Condition, answer: boolean): string {
  return `${variable} ${answer ? operator : opposite[operator]} "${value}"`;
}

/** Every target runs one of these. */
const choices: Readonly<
  Record<
    string,
    { readonly variable: string; readonly values: readonly string[]; readonly lower?: true }
  >
> = {
  'sys.platform': { variable: 'sys_platform', values: ['linux', 'darwin', 'win32'] },
  'os.name': { variable: 'os_name', values: ['posix', 'nt'] },
  'platform.system()': { variable: 'platform_system', values: ['Linux', 'Darwin', 'Windows'] },
  'platform.system().lower()': {
    variable: 'platform_system',
    values: ['Linux', 'Darwin', 'Windows'],
    lower: true,
  },
  'platform.python_implementation()': {
    variable: 'platform_python_implementation',
    values: ['CPython', 'PyPy'],
  },
};

/** Whether a symbol with a few possible values has one that fits; null where the symbol is not one of those. */
export function decideChoice(
  path: string,
  fits: (value: string) => boolean,
  oracle: Oracle,
): boolean | null {
  const choice = Object.hasOwn(choices, path) ? choices[path] : undefined;
  if (choice === undefined) return null;
  const fitting = choice.values.filter((value) =>
    fits(choice.lower === true ? value.toLowerCase() : value),
  );
  if (fitting.length === choice.values.length) return true;
  return fitting.some((value) =>
    oracle.decide({ variable: choice.variable, operator: '==', value }),
  );
}

/** Whether `platform.machine()` is a value. */
export function decideMachine(value: string, oracle: Oracle): boolean {
  return oracle.decide({ variable: 'platform_machine', operator: '==', value });
}

/**
 * Compares a symbol of the interpreter's version with a number or a tuple; null where the comparison is not understood.
 * `sys.version_info` has five items: it is never equal to a shorter tuple and greater than any that it starts with.
 */
export function decideVersion(
  path: string,
  operator: string,
  right: Value,
  oracle: Oracle,
): boolean | null {
  const numbers = numbersOf(right);
  if (numbers === null) return null;
  const [major = 3] = numbers;
  switch (path) {
    case 'sys.version_info':
      return decideTuple(operator, numbers, 5, oracle);
    case 'sys.version_info[:1]':
      return decideTuple(operator, numbers, 1, oracle);
    case 'sys.version_info[:2]':
      return decideTuple(operator, numbers, 2, oracle);
    case 'sys.version_info[:3]':
      return decideTuple(operator, numbers, 3, oracle);
    case 'sys.version_info[0]':
    case 'sys.version_info.major':
      return holds(operator, Math.sign(3 - major));
    case 'sys.version_info[1]':
    case 'sys.version_info.minor':
      return decideMinor(operator, major, oracle);
    case 'sys.hexversion': {
      const hex = [
        Math.floor(major / 2 ** 24),
        Math.floor(major / 2 ** 16) % 256,
        Math.floor(major / 2 ** 8) % 256,
      ];
      return decideTuple(operator, hex, 5, oracle);
    }
    default:
      return null;
  }
}

function numbersOf(value: Value): readonly number[] | null {
  if (value.kind === 'number') return [value.value];
  if (value.kind !== 'list' || value.openAt !== null) return null;
  const numbers: number[] = [];
  for (const item of value.items) {
    if (item.kind !== 'number') return null;
    numbers.push(item.value);
  }
  return numbers;
}

// `length` items of the interpreter's version against the tuple.
function decideTuple(
  operator: string,
  tuple: readonly number[],
  length: number,
  oracle: Oracle,
): boolean | null {
  const [major, minor, micro] = tuple;
  if (major === undefined) return holds(operator, 1);
  if (major !== 3) return holds(operator, Math.sign(3 - major));
  if (length === 1) return holds(operator, tuple.length === 1 ? 0 : -1);
  if (minor === undefined) return holds(operator, 1);
  if (length === 2 && tuple.length === 2) return decideMinor(operator, minor, oracle);
  if (length === 2) {
    if (operator === '==' || operator === '!=') return operator === '!=';
    return decideMinor(operator === '<=' || operator === '<' ? '<=' : '>', minor, oracle);
  }
  if (length === 3 && tuple.length === 3) {
    const equal = decideFull('>=', tuple, oracle) && !decideFull('>', tuple, oracle);
    if (operator === '==') return equal;
    if (operator === '!=') return !equal;
    return operator === '>=' || operator === '>'
      ? decideFull(operator, tuple, oracle)
      : !decideFull(operator === '<' ? '>=' : '>', tuple, oracle);
  }
  // More items than the tuple: greater than whatever it starts with.
  if (operator === '==' || operator === '!=') return operator === '!=';
  const isLater =
    micro === undefined || micro === 0
      ? decideMinor('>=', minor, oracle)
      : decideFull('>=', tuple.slice(0, 3), oracle);
  return operator === '>=' || operator === '>' ? isLater : !isLater;
}

function decideMinor(operator: string, minor: number, oracle: Oracle): boolean | null {
  const variable = 'python_version';
  const value = `3.${minor}`;
  switch (operator) {
    case '==':
      return oracle.decide({ variable, operator: '==', value });
    case '!=':
      return !oracle.decide({ variable, operator: '==', value });
    case '>=':
      return oracle.decide({ variable, operator: '>=', value });
    case '>':
      return oracle.decide({ variable, operator: '>=', value: `3.${minor + 1}` });
    case '<':
      return !oracle.decide({ variable, operator: '>=', value });
    case '<=':
      return !oracle.decide({ variable, operator: '>=', value: `3.${minor + 1}` });
    default:
      return null;
  }
}

function decideFull(operator: '>=' | '>', tuple: readonly number[], oracle: Oracle): boolean {
  return oracle.decide({ variable: 'python_full_version', operator, value: tuple.join('.') });
}

function holds(operator: string, sign: number): boolean | null {
  switch (operator) {
    case '==':
      return sign === 0;
    case '!=':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    default:
      return null;
  }
}
