/** What calls of builtins and of the standard library give, as far as setup scripts need it. */
import { decideChoice } from './conditions.ts';
import { callContainerMethod } from './container-methods.ts';
import { callPathFunction, callPathMethod, openFile, pathOf } from './paths.ts';
import { Raised, type Run } from './run.ts';
import {
  anyOrAll,
  chain,
  chainOf,
  copy,
  countUp,
  makeDict,
  pair,
  sumLists,
  toList,
} from './sequences.ts';
import { callTextMethod, toText } from './text-methods.ts';
import {
  itemsOf,
  linesOf,
  list,
  none,
  poison,
  text,
  truth,
  truthOf,
  unknown,
  type CallArguments,
  type Value,
} from './values.ts';

/** Calls a value. What is not known gives an unknown one, and may have changed the lists that it was given. */
export function callValue(run: Run, callee: Value, call: CallArguments): Value {
  switch (callee.kind) {
    case 'function':
      return run.callFunction(callee, call);
    case 'method':
      return callMethod(run, callee.object, callee.name, call);
    case 'symbol':
      return callSymbol(run, callee.path, call);
    default:
      run.risks++;
      return giveUp(call);
  }
}

// Nobody knows what the callee does with what it was given.
function giveUp(call: CallArguments): Value {
  for (const value of [...call.positional, ...call.keywords.values()]) poison(value, call.at);
  return unknown(call.at);
}

function callMethod(run: Run, object: Value, name: string, call: CallArguments): Value {
  const found = findMethod(run, object, name, call);
  if (found !== null) return found;
  run.risks++;
  poison(object, call.at);
  return giveUp(call);
}

function findMethod(run: Run, object: Value, name: string, call: CallArguments): Value | null {
  switch (object.kind) {
    case 'text':
      return callTextMethod(object, name, call);
    case 'list':
    case 'dict':
      return callContainerMethod(object, name, call);
    case 'file':
      if (name === 'read') return object.text;
      if (name === 'readlines') return list(linesOf(object.text, true));
      return name === 'close' ? none : null;
    case 'path':
      return callPathMethod(run, object.path, name, call);
    default:
      return null;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Symbols

/** Modules whose functions leave the lists alone that they are given. */
const harmless =
  /^(?:builtins|os|sys|re|io|platform|subprocess|warnings|logging|glob|json|shutil|ast|codecs|datetime|time|textwrap|fnmatch|setuptools|distutils|pkg_resources|importlib|runpy|configparser|tempfile|string|itertools|functools|operator|collections|pathlib|types|copy|multiprocessing|sysconfig|struct|ctypes|traceback|typing|packaging|pip|inspect|locale|errno|stat|tokenize|urllib)\b/;
const setupFunctions: ReadonlySet<string> = new Set([
  'setuptools.setup',
  'setuptools.core.setup',
  'distutils.core.setup',
  'distutils.setup',
  'skbuild.setup',
  'numpy.distutils.core.setup',
]);

function callSymbol(run: Run, path: string, call: CallArguments): Value {
  if (setupFunctions.has(path)) {
    run.onSetup({ keywords: call.keywords, isOpen: call.isOpen, at: call.at });
    return unknown(call.at);
  }
  const known = callKnown(run, path, call);
  if (known !== null) return known;
  run.risks++;
  // `warnings.warn(...)` and the like: nothing comes back that matters.
  return harmless.test(path) ? unknown(call.at) : giveUp(call);
}

function callKnown(run: Run, path: string, call: CallArguments): Value | null {
  if (path.startsWith('builtins.')) return callBuiltin(run, path.slice('builtins.'.length), call);
  const [first] = call.positional;
  switch (path) {
    case 'sys.exit':
    case 'os._exit':
      throw new Raised('SystemExit');
    case 'io.open':
    case 'codecs.open':
    case 'os.open':
      return openFile(run, first, call);
    case 'pathlib.Path':
    case 'pathlib.PurePath':
      return pathOf(call.positional, call.at);
    case 'os.getcwd':
    case 'pathlib.Path.cwd':
      return path === 'os.getcwd' ? text('.') : { kind: 'path', path: '.' };
    case 'platform.system':
    case 'platform.python_implementation':
    case 'platform.machine':
    case 'platform.system().lower':
    case 'platform.machine().lower':
      return { kind: 'symbol', path: `${path}()` };
    case 'sys.platform.startswith':
    case 'sys.platform.endswith':
      return truth(chooseByEdge(run, path, call), call.at);
    case 'sys.platform.lower':
      return { kind: 'symbol', path: 'sys.platform' };
    case 'collections.OrderedDict':
    case 'collections.defaultdict':
      return makeDict(call, path.endsWith('defaultdict'));
    case 'itertools.chain':
      return chain(call.positional, call.at);
    case 'itertools.chain.from_iterable':
      return first === undefined ? null : chainOf(first, call.at);
    case 'textwrap.dedent':
      return first?.kind === 'text' ? first : null;
    case 'copy.copy':
    case 'copy.deepcopy':
      return first === undefined ? null : copy(first);
    case 'setuptools.find_packages':
    case 'setuptools.find_namespace_packages':
    case 'setuptools.Extension':
    case 'distutils.core.Extension':
      return unknown(call.at);
    default:
      if (path.startsWith('os.path.'))
        return callPathFunction(run, path.slice('os.path.'.length), call);
      return /^(?:pkg_resources|pip)\b.*\.parse_requirements$/.test(path)
        ? parseRequirements(run, first, call)
        : null;
  }
}

function chooseByEdge(
  run: Run,
  path: string,
  { positional: [first] }: CallArguments,
): boolean | null {
  const edges = first?.kind === 'list' ? first.items : first === undefined ? [] : [first];
  const texts: string[] = [];
  for (const edge of edges) {
    if (edge.kind !== 'text') return null;
    texts.push(edge.text);
  }
  const isStart = path.endsWith('startswith');
  return decideChoice(
    'sys.platform',
    (value) => texts.some((edge) => (isStart ? value.startsWith(edge) : value.endsWith(edge))),
    run,
  );
}

// As pkg_resources and pip read a plain file of requirements; one with options is not plain.
function parseRequirements(run: Run, source: Value | undefined, call: CallArguments): Value {
  const isPip = source?.kind === 'text' && call.keywords.has('session');
  const file = isPip ? openFile(run, source, call) : source;
  const whole = file?.kind === 'file' ? file.text : file;
  const items =
    whole?.kind === 'text' ? linesOf(whole, false) : whole === undefined ? null : itemsOf(whole);
  if (items === null) return unknown(call.at);
  const lines = list([], 'list', whole?.kind === 'list' ? whole.openAt : null);
  for (const item of items) {
    const line = item.kind === 'text' ? item.text.replace(/(?:^|\s)#.*$/, '').trim() : null;
    if (line === null || line.startsWith('-') || line.endsWith('\\')) lines.openAt ??= call.at;
    else if (line !== '' && item.kind === 'text') lines.items.push(text(line, item.origin));
  }
  return lines;
}

// ---------------------------------------------------------------------------------------------------------------------
// Builtins

function callBuiltin(run: Run, name: string, call: CallArguments): Value | null {
  const [first, second] = call.positional;
  const { at } = call;
  switch (name) {
    case 'open':
    case 'file':
      return openFile(run, first, call);
    case 'exit':
    case 'quit':
      throw new Raised('SystemExit');
    case 'print':
      return none;
    case 'dict':
      return makeDict(call, false);
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
    case 'sorted':
    case 'reversed':
    case 'iter':
      return toList(name, first, at);
    case 'str':
    case 'unicode':
      return first === undefined ? text('') : toText(first);
    case 'int':
      return first?.kind === 'text' && /^\s*\d+\s*$/.test(first.text)
        ? { kind: 'number', value: Number(first.text) }
        : first?.kind === 'number'
          ? first
          : null;
    case 'bool':
      return truth(first === undefined ? false : truthOf(first), at);
    case 'len': {
      const isOpen = (first?.kind === 'list' || first?.kind === 'dict') && first.openAt !== null;
      if (first?.kind === 'text') return { kind: 'number', value: first.text.length };
      const items = first === undefined || isOpen ? null : itemsOf(first);
      return items === null ? null : { kind: 'number', value: items.length };
    }
    case 'sum':
      return first === undefined || second?.kind !== 'list' ? null : sumLists(first, second, at);
    case 'map':
    case 'filter':
      return mapOrFilter(run, name, call);
    case 'any':
    case 'all':
      return first === undefined ? null : truth(anyOrAll(name, first), at);
    case 'range':
      return countUp(call);
    case 'enumerate':
    case 'zip':
      return pair(name, call);
    case 'isinstance':
      return truth(isInstance(first, second), at);
    case 'getattr':
    case 'hasattr':
    case 'globals':
    case 'locals':
    case 'vars':
    case 'exec':
    case 'eval':
    case 'type':
    case 'super':
    case '__import__':
      run.risks++;
      return unknown(at);
    default:
      return null;
  }
}

function mapOrFilter(
  run: Run,
  name: 'map' | 'filter',
  { positional: [callee, source], at }: CallArguments,
): Value | null {
  const items = source === undefined ? null : itemsOf(source);
  if (callee === undefined || items === null) return null;
  const made = list([], 'list', source?.kind === 'list' ? source.openAt : null);
  for (const item of items) {
    const isMethod =
      callee.kind === 'symbol' && /^builtins\.(?:str|unicode)\.\w+$/.test(callee.path);
    const call = { positional: isMethod ? [] : [item], keywords: new Map(), isOpen: false, at };
    const target: Value = isMethod
      ? { kind: 'method', object: item, name: callee.path.slice(callee.path.lastIndexOf('.') + 1) }
      : callee;
    const result = callee.kind === 'none' ? item : callValue(run, target, call);
    if (name === 'map') {
      made.items.push(result);
      continue;
    }
    const isKept = truthOf(result);
    if (isKept === null) made.openAt ??= at;
    else if (isKept) made.items.push(item);
  }
  return made;
}

function isInstance(value: Value | undefined, type: Value | undefined): boolean | null {
  const types = type?.kind === 'list' ? type.items : type === undefined ? [] : [type];
  let isSure = types.length > 0;
  for (const item of types) {
    if (item.kind !== 'symbol' || value === undefined) return null;
    const name = item.path.replace('builtins.', '');
    if (!/^(?:str|list|tuple|set|dict)$/.test(name)) isSure = false;
    if (value.kind === 'text' && name === 'str') return true;
    if (value.kind === 'dict' && name === 'dict') return true;
    if (value.kind === 'list' && name === value.form) return true;
  }
  const isPlain =
    value?.kind === 'text' ||
    value?.kind === 'list' ||
    value?.kind === 'dict' ||
    value?.kind === 'none';
  return isSure && isPlain ? false : null;
}
