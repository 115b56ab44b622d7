/** Expressions of a setup script to values. What is not followed is unknown, never guessed. */
import { attributeOf, indexOf, sliceText } from './access.ts';
import { callValue } from './calls.ts';
import { addAll, mergeInto } from './container-methods.ts';
import { compareValues, operate } from './operators.ts';
import { raiseIfCaught, step, type Run } from './run.ts';
import type { Clause, Expression, ExpressionOf, StringPart } from './syntax.ts';
import { toText } from './text-methods.ts';
import { bind, disturb, lookUp } from './scope.ts';
import {
  concatenate,
  dict,
  itemsOf,
  list,
  none,
  numberOf,
  poison,
  text,
  truth,
  truthOf,
  unknown,
  type CallArguments,
  type DictValue,
  type Scope,
  type TextValue,
  type Value,
} from './values.ts';

const deepest = 500;

/** The value of an expression in a scope. */
export function evaluate(run: Run, expression: Expression, scope: Scope): Value {
  step(run);
  if (run.depth > deepest) return unknown(expression.at);
  run.depth++;
  try {
    return evaluateKind(run, expression, scope);
  } finally {
    run.depth--;
  }
}

function evaluateKind(run: Run, expression: Expression, scope: Scope): Value {
  const { at } = expression;
  switch (expression.kind) {
    case 'string':
      return evaluateString(run, expression, scope);
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'name':
      return evaluateName(run, expression.name, scope, at);
    case 'sequence':
      return evaluateSequence(run, expression, scope);
    case 'dict':
      return evaluateDict(run, expression, scope);
    case 'call':
      return evaluateCall(run, expression, scope);
    case 'attribute':
      return attributeOf(run, evaluate(run, expression.object, scope), expression.name, at);
    case 'index':
      return indexOf(
        run,
        evaluate(run, expression.object, scope),
        evaluate(run, expression.key, scope),
        at,
      );
    case 'slice':
      return evaluateSlice(run, expression, scope);
    case 'not': {
      const known = decide(run, evaluate(run, expression.operand, scope), null);
      return truth(known === null ? null : !known, at);
    }
    case 'minus': {
      const value = numberOf(evaluate(run, expression.operand, scope));
      return value === null ? unknown(at) : { kind: 'number', value: -value };
    }
    case 'star':
      return unknown(at);
    case 'binary':
      return operate(
        expression.operator,
        evaluate(run, expression.left, scope),
        evaluate(run, expression.right, scope),
        at,
      );
    case 'compare':
      return truth(evaluateComparison(run, expression, scope), at);
    case 'logic':
      return evaluateLogic(run, expression, scope);
    case 'choice': {
      const condition = decide(
        run,
        evaluate(run, expression.condition, scope),
        expression.condition.at,
      );
      if (condition === null) return unknown(at);
      return evaluate(run, condition ? expression.yes : expression.no, scope);
    }
    case 'comprehension':
      return evaluateComprehension(run, expression, scope);
    case 'lambda':
      return { kind: 'function', definition: expression, scope };
    case 'opaque':
      for (const name of expression.names) disturb(name, scope, at);
      run.risks++;
      return unknown(at);
    default:
      return expression satisfies never;
  }
}

/** Whether a value is true; where nobody knows, both are tried (`at` given) or it is null. */
export function decide(run: Run, value: Value, at: number | null): boolean | null {
  const known = truthOf(value);
  return known === null && at !== null ? run.tryBoth(at) : known;
}

// ---------------------------------------------------------------------------------------------------------------------
// Names

const oldBuiltins: ReadonlySet<string> = new Set([
  'unicode',
  'basestring',
  'xrange',
  'raw_input',
  'unichr',
  'long',
  'execfile',
  'reduce',
  'file',
]);
const builtins: ReadonlySet<string> = new Set(
  'open print dict list tuple set frozenset sorted reversed iter str int bool len sum map filter any all range enumerate zip isinstance getattr hasattr globals locals vars exec eval type super __import__ exit quit min max next object'.split(
    ' ',
  ),
);

function evaluateName(run: Run, name: string, scope: Scope, at: number): Value {
  const bound = lookUp(name, scope);
  if (bound !== undefined) return bound;
  switch (name) {
    case 'True':
    case 'False':
      return { kind: 'truth', value: name === 'True' };
    case 'None':
      return none;
    case '__file__':
      return text('setup.py');
    case '__name__':
      return text('__main__');
    default:
      break;
  }
  if (oldBuiltins.has(name)) raiseIfCaught(run, 'NameError');
  return builtins.has(name) ? { kind: 'symbol', path: `builtins.${name}` } : unknown(at);
}

// ---------------------------------------------------------------------------------------------------------------------
// Literals

function evaluateString(run: Run, expression: ExpressionOf<'string'>, scope: Scope): Value {
  let result = text('');
  for (const part of expression.parts) {
    const value = evaluatePart(run, part, scope, expression.at);
    if (value === null) return unknown(expression.at);
    const joined = concatenate(result, value, expression.at);
    if (joined.kind !== 'text') return joined;
    result = joined;
  }
  return result;
}

function evaluatePart(run: Run, part: StringPart, scope: Scope, at: number): TextValue | null {
  if ('field' in part) return part.field === null ? null : toText(evaluate(run, part.field, scope));
  return text(part.text, { path: null, offset: part.contentAt ?? at });
}

function evaluateSequence(run: Run, expression: ExpressionOf<'sequence'>, scope: Scope): Value {
  const made = list([], expression.form);
  for (const item of expression.items) {
    if (item.kind === 'star') addAll(made, evaluate(run, item.operand, scope), item.at);
    else made.items.push(evaluate(run, item, scope));
  }
  return made;
}

function evaluateDict(run: Run, expression: ExpressionOf<'dict'>, scope: Scope): Value {
  const made = dict([]);
  for (const { key, value } of expression.entries) {
    const word = key === null ? null : evaluate(run, key, scope);
    const item = evaluate(run, value, scope);
    if (word === null) mergeInto(made, item, value.at);
    else if (word.kind === 'text') made.entries.set(word.text, item);
    // `{6: 'x'}` is no dictionary of requirements; that it holds something is still known.
    else made.openAt ??= value.at;
  }
  return made;
}

function evaluateComprehension(
  run: Run,
  expression: ExpressionOf<'comprehension'>,
  scope: Scope,
): Value {
  const inner: Scope = { names: new Map(), parent: scope, globals: [] };
  const made = expression.form === 'dict' ? dict([]) : list([], expression.form);
  const add = (): void => {
    const item = evaluate(run, expression.item, inner);
    if (made.kind === 'list') made.items.push(item);
    else if (expression.key !== null)
      setEntry(made, evaluate(run, expression.key, inner), item, expression.at);
  };
  const open = (at: number): void => {
    made.openAt ??= at;
  };
  iterate(run, expression.clauses, { scope: inner, add, open });
  return made;
}

interface Iteration {
  readonly scope: Scope;
  readonly add: () => void;
  readonly open: (at: number) => void;
}

// As deep as there are `for` clauses, of which the parser allows what fits a chain of a script.
function iterate(run: Run, clauses: readonly Clause[], iteration: Iteration): void {
  const [clause, ...rest] = clauses;
  if (clause === undefined) {
    iteration.add();
    return;
  }
  if (clauses.length > 8) {
    iteration.open(clause.source.at);
    return;
  }
  const source = evaluate(run, clause.source, iteration.scope);
  const items = itemsOf(source);
  if (
    items === null ||
    ((source.kind === 'list' || source.kind === 'dict') && source.openAt !== null)
  )
    iteration.open(source.kind === 'unknown' ? source.at : clause.source.at);
  for (const item of items ?? []) {
    step(run);
    bindTarget(run, clause.target, item, iteration.scope);
    let isKept: boolean | null = true;
    for (const condition of clause.conditions) {
      if (isKept !== true) break;
      isKept = decide(run, evaluate(run, condition, iteration.scope), null);
    }
    if (isKept === null) iteration.open(clause.source.at);
    else if (isKept) iterate(run, rest, iteration);
  }
}

/** Sets an entry of a dictionary; one whose key is not known makes it open. */
export function setEntry(target: DictValue, key: Value, value: Value, at: number): void {
  if (key.kind === 'text') target.entries.set(key.text, value);
  else target.openAt ??= at;
}

/** Binds what an assignment, a `for` or a `with` binds. */
export function bindTarget(run: Run, target: Expression, value: Value, scope: Scope): void {
  switch (target.kind) {
    case 'name':
      bind(target.name, value, scope);
      return;
    case 'sequence':
      bindAll(run, target.items, value, scope);
      return;
    case 'star':
      bindTarget(run, target.operand, unknown(target.at), scope);
      return;
    case 'index':
      assignIndex(run, target, value, scope);
      return;
    case 'attribute': {
      // `sys.path = ...` or a setting of an object: no list of ours.
      poison(evaluate(run, target.object, scope), target.at);
      return;
    }
    default:
      poison(evaluate(run, target, scope), target.at);
  }
}

function bindAll(run: Run, targets: readonly Expression[], value: Value, scope: Scope): void {
  const isSure =
    value.kind === 'list' && value.openAt === null && !targets.some(({ kind }) => kind === 'star');
  const items = isSure ? itemsOf(value) : null;
  for (const [index, target] of targets.entries())
    bindTarget(run, target, items?.[index] ?? unknown(target.at), scope);
}

function assignIndex(run: Run, target: ExpressionOf<'index'>, value: Value, scope: Scope): void {
  const object = evaluate(run, target.object, scope);
  const key = evaluate(run, target.key, scope);
  if (object.kind === 'dict') setEntry(object, key, value, target.at);
  else if (object.kind === 'list' && key.kind === 'number' && object.items[key.value] !== undefined)
    object.items = object.items.with(key.value, value);
  else poison(object, target.at);
}

// ---------------------------------------------------------------------------------------------------------------------
// Calls, attributes, indexes

function evaluateCall(run: Run, expression: ExpressionOf<'call'>, scope: Scope): Value {
  const callee = evaluate(run, expression.callee, scope);
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let isOpen = false;
  for (const { keyword, value } of expression.arguments) {
    const item = evaluate(run, value, scope);
    if (keyword === null) positional.push(item);
    else if (keyword === '*') {
      positional.push(...(itemsOf(item) ?? []));
      isOpen ||= item.kind !== 'list' || item.openAt !== null;
    } else if (keyword === '**') {
      if (item.kind === 'dict') for (const [word, entry] of item.entries) keywords.set(word, entry);
      isOpen ||= item.kind !== 'dict' || item.openAt !== null;
    } else keywords.set(keyword, item);
  }
  const call: CallArguments = { positional, keywords, isOpen, at: expression.at };
  return callValue(run, callee, call);
}

function evaluateSlice(run: Run, expression: ExpressionOf<'slice'>, scope: Scope): Value {
  const object = evaluate(run, expression.object, scope);
  const bound = (edge: Expression | null): number | null | undefined =>
    edge === null ? undefined : numberOf(evaluate(run, edge, scope));
  const from = bound(expression.from);
  const to = bound(expression.to);
  if (from === null || to === null) return unknown(expression.at);
  if (object.kind === 'symbol')
    return object.path === 'sys.version' && (to === 1 || to === 2) && from === undefined
      ? text(to === 1 ? '3' : '3.')
      : { kind: 'symbol', path: `${object.path}[${from ?? ''}:${to ?? ''}]` };
  if (object.kind === 'text') return sliceText(object, from ?? 0, to ?? null);
  if (object.kind === 'list' && object.openAt === null)
    return list(object.items.slice(from, to), object.form);
  return unknown(expression.at);
}

function evaluateLogic(run: Run, expression: ExpressionOf<'logic'>, scope: Scope): Value {
  const stopsAt = expression.operator === 'or';
  let last: Value = none;
  for (const [index, operand] of expression.operands.entries()) {
    last = evaluate(run, operand, scope);
    const isLast = index === expression.operands.length - 1;
    const known = truthOf(last);
    if (isLast || known === stopsAt) return last;
    if (known !== null) continue;
    // `unknown and False` is false whatever the first is; `unknown or x` may be the first.
    const answer = run.tryBoth(operand.at);
    if (answer === null) return unknown(operand.at);
    if (answer === stopsAt) return { kind: 'truth', value: answer };
  }
  return last;
}

function evaluateComparison(
  run: Run,
  expression: ExpressionOf<'compare'>,
  scope: Scope,
): boolean | null {
  let left = evaluate(run, expression.first, scope);
  for (const { operator, right } of expression.rest) {
    const value = evaluate(run, right, scope);
    const holds = compareValues(run, operator, left, value);
    if (holds !== true) return holds;
    left = value;
  }
  return true;
}
