/** Statements of a setup script, one after the other, without doing anything that they would do to the world. */
import { bindTarget, decide, evaluate } from './evaluate.ts';
import { bind } from './scope.ts';
import { operate } from './operators.ts';
import { addAll, callContainerMethod } from './container-methods.ts';
import { passOver } from './pass-over.ts';
import { catches, Raised, raiseIfCaught, step, type Availability, type Run } from './run.ts';
import type {
  Expression,
  FunctionStatement,
  ImportedName,
  Statement,
  StatementOf,
} from './syntax.ts';
import {
  dict,
  itemsOf,
  list,
  none,
  poison,
  text,
  unknown,
  type CallArguments,
  type Scope,
  type Value,
} from './values.ts';

/** How a block ended. */
type Outcome =
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Value };

const next: Outcome = { kind: 'next' };
const deepestCall = 150;
/** The name under which a generator keeps what it yields: no name of Python. */
const yields = '<yields>';

/** Runs the statements of a script. Throws Raised and Exhausted. */
export function executeScript(run: Run, statements: readonly Statement[]): void {
  executeBlock(run, statements, run.globals);
}

function executeBlock(run: Run, statements: readonly Statement[], scope: Scope): Outcome {
  for (const statement of statements) {
    step(run);
    const outcome = execute(run, statement, scope);
    if (outcome.kind !== 'next') return outcome;
  }
  return next;
}

function execute(run: Run, statement: Statement, scope: Scope): Outcome {
  switch (statement.kind) {
    case 'expression':
      evaluate(run, statement.value, scope);
      return next;
    case 'assign': {
      const value = evaluate(run, statement.value, scope);
      for (const target of statement.targets) bindTarget(run, target, value, scope);
      return next;
    }
    case 'augment':
      augment(run, statement, scope);
      return next;
    case 'if':
      return executeIf(run, statement, scope);
    case 'for':
      return executeFor(run, statement, scope);
    case 'while':
      passOver(run, statement.body, scope);
      return next;
    case 'try':
      return executeTry(run, statement, scope);
    case 'with':
      for (const { value, target } of statement.items) {
        const entered = evaluate(run, value, scope);
        if (target !== null) bindTarget(run, target, entered, scope);
      }
      return executeBlock(run, statement.body, scope);
    case 'function':
      bind(statement.name, defined(statement, scope), scope);
      return next;
    case 'class':
      bind(statement.name, unknown(statement.at), scope);
      return next;
    case 'import':
      for (const name of statement.names) importName(run, name, scope, statement.at);
      return next;
    case 'return':
      return {
        kind: 'return',
        value: statement.value === null ? none : evaluate(run, statement.value, scope),
      };
    case 'yield': {
      const collected = scope.names.get(yields);
      const value = statement.value === null ? none : evaluate(run, statement.value, scope);
      if (collected?.kind === 'list') collected.items.push(value);
      return next;
    }
    case 'raise': {
      if (statement.value !== null) evaluate(run, statement.value, scope);
      throw new Raised(nameOfException(statement.value));
    }
    case 'delete':
      for (const target of statement.targets) remove(run, target, scope);
      return next;
    case 'pass':
    case 'break':
    case 'continue':
      return statement.kind === 'pass' ? next : { kind: statement.kind };
    case 'opaque':
      passOver(run, [statement], scope);
      return next;
    default:
      return statement satisfies never;
  }
}

function defined(statement: FunctionStatement, scope: Scope): Value {
  return statement.isDecorated
    ? unknown(statement.at)
    : { kind: 'function', definition: statement, scope };
}

function nameOfException(value: Expression | null): string {
  const callee = value?.kind === 'call' ? value.callee : value;
  return callee?.kind === 'name' || callee?.kind === 'attribute' ? callee.name : 'Exception';
}

function augment(
  run: Run,
  { target, operator, value, at }: StatementOf<'augment'>,
  scope: Scope,
): void {
  const before = evaluate(run, target, scope);
  const change = evaluate(run, value, scope);
  // A list stays the same list, also under its other names.
  if (before.kind === 'list' && before.form === 'list' && operator === '+')
    addAll(before, change, at);
  else if (before.kind === 'list' && before.form === 'set' && operator === '|')
    addAll(before, change, at);
  else if (before.kind === 'dict' && operator === '|')
    callContainerMethod(before, 'update', {
      positional: [change],
      keywords: new Map(),
      isOpen: false,
      at,
    });
  else bindTarget(run, target, operate(operator, before, change, at), scope);
}

function remove(run: Run, target: Expression, scope: Scope): void {
  if (target.kind !== 'index') {
    if (target.kind === 'name') bind(target.name, unknown(target.at), scope);
    return;
  }
  const object = evaluate(run, target.object, scope);
  const key = evaluate(run, target.key, scope);
  if (object.kind === 'dict' && key.kind === 'text') object.entries.delete(key.text);
  else poison(object, target.at);
}

// ---------------------------------------------------------------------------------------------------------------------
// Branches and loops

function executeIf(run: Run, statement: StatementOf<'if'>, scope: Scope): Outcome {
  for (const [index, { condition, body }] of statement.branches.entries()) {
    const isMet = decide(run, evaluate(run, condition, scope), condition.at);
    if (isMet === true) return executeBlock(run, body, scope);
    if (isMet === null) {
      for (const branch of statement.branches.slice(index)) passOver(run, branch.body, scope);
      passOver(run, statement.otherwise, scope);
      return next;
    }
  }
  return executeBlock(run, statement.otherwise, scope);
}

function executeFor(run: Run, statement: StatementOf<'for'>, scope: Scope): Outcome {
  const source = evaluate(run, statement.source, scope);
  const items = itemsOf(source);
  const isOpen = (source.kind === 'list' || source.kind === 'dict') && source.openAt !== null;
  if (items === null || isOpen) {
    bindTarget(run, statement.target, unknown(statement.at), scope);
    passOver(run, statement.body, scope);
    passOver(run, statement.otherwise, scope);
    return next;
  }
  for (const item of items) {
    step(run);
    bindTarget(run, statement.target, item, scope);
    const outcome = executeBlock(run, statement.body, scope);
    if (outcome.kind === 'return') return outcome;
    if (outcome.kind === 'break') return next;
  }
  return executeBlock(run, statement.otherwise, scope);
}

// ---------------------------------------------------------------------------------------------------------------------
// Exceptions

function executeTry(run: Run, statement: StatementOf<'try'>, scope: Scope): Outcome {
  const outcome = executeGuarded(run, statement, scope);
  const last = executeBlock(run, statement.finally, scope);
  return last.kind === 'next' ? outcome : last;
}

function executeGuarded(run: Run, statement: StatementOf<'try'>, scope: Scope): Outcome {
  const { body, handlers, otherwise } = statement;
  const risksBefore = run.risks;
  const caught =
    handlers.length === 0
      ? null
      : handlers.flatMap(({ exceptions }) =>
          exceptions.length === 0 ? ['BaseException'] : exceptions,
        );
  if (caught !== null) run.handlers.push(caught);
  const level = run.handlers.length;
  let outcome: Outcome;
  try {
    outcome = executeBlock(run, body, scope);
  } catch (error) {
    run.handlers.length = level;
    if (caught !== null) run.handlers.pop();
    if (!(error instanceof Raised)) throw error;
    const handler = handlers.find(({ exceptions }) => catches(exceptions, error.exception));
    if (handler === undefined) throw error;
    if (handler.bound !== null) bind(handler.bound, unknown(statement.at), scope);
    return executeBlock(run, handler.body, scope);
  }
  if (caught !== null) run.handlers.pop();
  // Something in it is not followed and may have raised: then a handler ran, and the rest of the body did not.
  const possible =
    run.risks > risksBefore
      ? handlers.filter(
          ({ exceptions }) =>
            !exceptions.every((name) => /^(?:Import|ModuleNotFound|Name)Error$/.test(name)) ||
            exceptions.length === 0,
        )
      : [];
  for (const handler of possible) {
    const isCalm = run.tryBoth(statement.at);
    if (isCalm === true) continue;
    passOver(run, body, scope, true);
    if (isCalm === null) {
      for (const other of possible) passOver(run, other.body, scope);
      break;
    }
    if (handler.bound !== null) bind(handler.bound, unknown(statement.at), scope);
    return executeBlock(run, handler.body, scope);
  }
  if (outcome.kind !== 'next') return outcome;
  return executeBlock(run, otherwise, scope);
}

// ---------------------------------------------------------------------------------------------------------------------
// Imports

function importName(run: Run, imported: ImportedName, scope: Scope, at: number): void {
  const { module, name, bound, isRelative } = imported;
  const [top = ''] = module.split('.');
  if (!isRelative) requireModule(run, run.surroundings.isAvailable(top), at);
  if (name === '*') {
    if (/^(?:setuptools|distutils\.core)$/.test(module))
      for (const word of ['setup', 'find_packages', 'Extension'])
        bind(word, { kind: 'symbol', path: `setuptools.${word}` }, scope);
    return;
  }
  if (name === null) {
    bind(bound ?? top, { kind: 'symbol', path: bound === null ? top : module }, scope);
    return;
  }
  if (!isRelative && isDoubtful(module, name)) requireModule(run, null, at);
  const path = isRelative ? `.${module}.${name}` : `${module}.${name}`;
  const value: Value =
    path === 'setuptools.__version__' ? text('80.9.0') : { kind: 'symbol', path };
  bind(bound ?? name, value, scope);
}

function requireModule(run: Run, availability: Availability, at: number): void {
  if (availability === true) return;
  if (availability === false) {
    raiseIfCaught(run, 'ModuleNotFoundError');
    run.risks++;
    return;
  }
  if (availability !== null) {
    const { from, until } = availability;
    const isThere = (from === null || run.decide(from)) && (until === null || !run.decide(until));
    if (!isThere) raiseIfCaught(run, 'ModuleNotFoundError');
    return;
  }
  const isGuarded = run.handlers.some((exceptions) => catches(exceptions, 'ModuleNotFoundError'));
  if (!isGuarded) return;
  const isThere = run.tryBoth(at);
  if (isThere === false) throw new Raised('ModuleNotFoundError');
  if (isThere === null) run.risks++;
}

const surelyThere =
  /^(?:setuptools\.(?:setup|find_packages|find_namespace_packages|Extension|Command|Distribution|dist|command|__version__)|setuptools\.command\.(?:build_py|build_ext|sdist|install|develop|egg_info|bdist_egg)\.\w+|distutils\.core\.\w+|distutils\.command\.\w+\.\w+|collections\.(?:OrderedDict|Counter|namedtuple|defaultdict|deque|abc)|functools\.(?:lru_cache|wraps|partial)|unittest\.mock|importlib\.(?:metadata|import_module|util)|importlib\.metadata\.(?:version|PackageNotFoundError)|pathlib\.Path|enum\.Enum|io\.(?:open|StringIO|BytesIO)|os\.path|codecs\.open|shutil\.which|subprocess\.\w+|urllib\.(?:request|parse|error)|urllib\.\w+\.\w+|html\.parser|http\.client)$/;

// Whether a part of a module is there may depend on its version, where the module itself is.
function isDoubtful(module: string, name: string): boolean {
  return !surelyThere.test(`${module}.${name}`);
}

// ---------------------------------------------------------------------------------------------------------------------
// Functions of the script

/** Calls a function that the script defines. */
export function callFunction(
  run: Run,
  callee: Extract<Value, { readonly kind: 'function' }>,
  call: CallArguments,
): Value {
  const { definition, scope } = callee;
  if (run.depth > deepestCall) {
    for (const value of [...call.positional, ...call.keywords.values()]) poison(value, call.at);
    if (definition.kind === 'function') passOver(run, definition.body, scope);
    return unknown(call.at);
  }
  const isFunction = definition.kind === 'function';
  const inner: Scope = {
    names: new Map(),
    parent: scope,
    globals: isFunction ? definition.globals : [],
  };
  bindParameters(run, callee, call, inner);
  run.depth += 20;
  try {
    if (!isFunction) return evaluate(run, definition.body, inner);
    const collected = list([]);
    if (definition.isGenerator) inner.names.set(yields, collected);
    const outcome = executeBlock(run, definition.body, inner);
    if (definition.isGenerator) return collected;
    return outcome.kind === 'return' ? outcome.value : none;
  } finally {
    run.depth -= 20;
  }
}

function bindParameters(
  run: Run,
  { definition, scope }: Extract<Value, { readonly kind: 'function' }>,
  call: CallArguments,
  inner: Scope,
): void {
  const positional = [...call.positional];
  const keywords = new Map(call.keywords);
  for (const { name, kind, initial } of definition.parameters) {
    if (kind === 'rest') {
      inner.names.set(name, list(positional.splice(0), 'tuple', call.isOpen ? call.at : null));
      continue;
    }
    if (kind === 'keywords') {
      const rest = dict(keywords);
      if (call.isOpen) rest.openAt = call.at;
      inner.names.set(name, rest);
      continue;
    }
    const given = positional.shift() ?? keywords.get(name);
    keywords.delete(name);
    const absent = initial === null || call.isOpen ? unknown(call.at) : null;
    inner.names.set(
      name,
      given ?? absent ?? (initial === null ? unknown(call.at) : evaluate(run, initial, scope)),
    );
  }
}
