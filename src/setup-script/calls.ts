/** What calls of builtins and of the standard library give, as far as setup scripts need it. */
import { normalizePath } from '../inputs/file-access.ts';
import { addAll, callContainerMethod, callTextMethod, mergeInto, toText } from './methods.ts';
import { decideChoice } from './conditions.ts';
import { raiseIfCaught, Raised, type Run } from './run.ts';
import {
  dict,
  isEqual,
  itemsOf,
  joinTexts,
  linesOf,
  list,
  none,
  numberOf,
  poison,
  text,
  truth,
  truthOf,
  unknown,
  type CallArguments,
  type ListValue,
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

function makeDict(call: CallArguments, isDefault: boolean): Value | null {
  const [first] = call.positional;
  const made = dict(
    call.keywords,
    isDefault && first?.kind === 'symbol' && first.path === 'builtins.list',
  );
  if (call.isOpen) made.openAt = call.at;
  if (isDefault) return made.makesLists ? made : null;
  if (first !== undefined) {
    const pairs = dict([]);
    mergeInto(pairs, first, call.at);
    mergeInto(pairs, made, call.at);
    return pairs;
  }
  return made;
}

function chain(sources: readonly Value[], at: number): ListValue {
  const chained = list([]);
  for (const source of sources) addAll(chained, source, at);
  return chained;
}

function chainOf(source: Value, at: number): Value {
  const chained = chain(itemsOf(source) ?? [], at);
  if (source.kind === 'list' || source.kind === 'dict') chained.openAt ??= source.openAt;
  else chained.openAt ??= at;
  return chained;
}

function sumLists(source: Value, start: ListValue, at: number): ListValue {
  const lists = source.kind === 'list' ? source.items : [unknown(at)];
  const sum = list(start.items, 'list', start.openAt);
  for (const item of lists) {
    if (item.kind === 'list') addAll(sum, item, at);
    else sum.openAt ??= at;
  }
  if (source.kind === 'list') sum.openAt ??= source.openAt;
  return sum;
}

function copy(value: Value): Value {
  if (value.kind === 'list') return list(value.items, value.form, value.openAt);
  if (value.kind !== 'dict') return value;
  const copied = dict(value.entries, value.makesLists);
  copied.openAt = value.openAt;
  return copied;
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

function toList(name: string, source: Value | undefined, at: number): Value | null {
  const form = name === 'tuple' ? 'tuple' : name === 'set' || name === 'frozenset' ? 'set' : 'list';
  if (source === undefined) return list([], form);
  const items = itemsOf(source);
  if (items === null) return list([], form, source.kind === 'unknown' ? source.at : at);
  const openAt = source.kind === 'list' || source.kind === 'dict' ? source.openAt : null;
  if (form !== 'set') return list(items, form, openAt);
  const kept: Value[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    if (item.kind === 'text' && seen.has(item.text)) continue;
    if (item.kind === 'text') seen.add(item.text);
    kept.push(item);
  }
  return list(kept, form, openAt);
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

function anyOrAll(name: 'any' | 'all', source: Value): boolean | null {
  const items = itemsOf(source);
  if (items === null || (source.kind === 'list' && source.openAt !== null)) return null;
  const wanted = name === 'any';
  let isSure = true;
  for (const item of items) {
    const value = truthOf(item);
    if (value === wanted) return wanted;
    if (value === null) isSure = false;
  }
  return isSure ? !wanted : null;
}

function countUp({ positional }: CallArguments): Value | null {
  const numbers = positional.map((value) => numberOf(value));
  const [first, second, step] = numbers;
  if (first === undefined || first === null || second === null || step !== undefined) return null;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (to - from > 1000) return null;
  return list(
    Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
      kind: 'number',
      value: from + index,
    })),
  );
}

function pair(name: 'enumerate' | 'zip', { positional }: CallArguments): Value | null {
  const sources = positional.map((value) =>
    value.kind === 'list' && value.openAt !== null ? null : itemsOf(value),
  );
  const [first] = sources;
  if (first === undefined || first === null) return null;
  if (name === 'enumerate')
    return list(
      first.map((item, index) => list([{ kind: 'number', value: index }, item], 'tuple')),
    );
  const pairs: Value[] = [];
  for (const [index, item] of first.entries()) {
    const others = sources.slice(1).map((items) => items?.[index]);
    if (others.some((other) => other === undefined)) break;
    pairs.push(list([item, ...others.filter((other) => other !== undefined)], 'tuple'));
  }
  return sources.includes(null) ? null : list(pairs);
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

// ---------------------------------------------------------------------------------------------------------------------
// Files

/** The path of a value as seen from the folder of the script, or null: outside of it, or unknown. */
function filePathOf(value: Value | undefined): string | null {
  const written = value?.kind === 'path' ? value.path : value?.kind === 'text' ? value.text : null;
  if (written === null || written === '') return null;
  const path = normalizePath(written);
  return path.startsWith('/') || path.startsWith('..') ? null : path;
}

function openFile(run: Run, source: Value | undefined, call: CallArguments): Value {
  const mode = call.positional[1] ?? call.keywords.get('mode');
  const path = filePathOf(source);
  if (path === null || (mode !== undefined && (mode.kind !== 'text' || /[wax+]/.test(mode.text)))) {
    run.risks++;
    return unknown(call.at);
  }
  const read = run.surroundings.read(path);
  if (read === 'missing') raiseIfCaught(run, 'FileNotFoundError');
  if (typeof read === 'string') {
    run.risks++;
    return unknown(call.at);
  }
  return { kind: 'file', text: text(read.text, { path, offset: 0 }) };
}

function pathOf(parts: readonly Value[], at: number): Value {
  const joined = joinPaths(parts);
  return joined === null ? unknown(at) : { kind: 'path', path: joined };
}

function joinPaths(parts: readonly Value[]): string | null {
  let joined = '';
  for (const part of parts) {
    const shown = part.kind === 'text' ? part.text : part.kind === 'path' ? part.path : null;
    if (shown === null) return null;
    joined =
      shown.startsWith('/') || joined === '' ? shown : `${joined.replace(/\/$/, '')}/${shown}`;
  }
  return joined;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, Math.max(slash, 1));
}

function callPathFunction(run: Run, name: string, { positional, at }: CallArguments): Value | null {
  const [first] = positional;
  const path = first?.kind === 'text' ? first.text : first?.kind === 'path' ? first.path : null;
  switch (name) {
    case 'join': {
      const joined = joinPaths(positional);
      return joined === null ? unknown(at) : text(joined);
    }
    case 'abspath':
    case 'realpath':
    case 'normpath':
    case 'expanduser':
    case 'relpath':
      return path === null ? null : text(path === '' ? '.' : normalizePath(path));
    case 'dirname':
      return path === null ? null : text(parentOf(path));
    case 'basename':
      return path === null ? null : text(path.slice(path.lastIndexOf('/') + 1));
    case 'exists':
    case 'isfile': {
      const target = filePathOf(first);
      return target === null ? unknown(at) : truth(run.surroundings.exists(target), at);
    }
    default:
      return null;
  }
}

function callPathMethod(run: Run, path: string, name: string, call: CallArguments): Value | null {
  const self: Value = { kind: 'path', path };
  switch (name) {
    case 'read_text':
    case 'read_bytes': {
      const opened = openFile(run, self, { ...call, positional: [], keywords: new Map() });
      return opened.kind === 'file' ? opened.text : opened;
    }
    case 'open':
      return openFile(run, self, { ...call, positional: [self, ...call.positional] });
    case 'resolve':
    case 'absolute':
    case 'expanduser':
      return self;
    case 'with_name':
      return pathOf([{ kind: 'path', path: parentOf(path) || '.' }, ...call.positional], call.at);
    case 'joinpath':
      return pathOf([self, ...call.positional], call.at);
    case 'exists':
    case 'is_file': {
      const target = filePathOf(self);
      return target === null ? unknown(call.at) : truth(run.surroundings.exists(target), call.at);
    }
    default:
      return null;
  }
}

/** An attribute of a path; null for one that is not known here. */
export function pathAttribute(path: string, name: string): Value | null {
  if (name === 'parent') return { kind: 'path', path: parentOf(path) || '.' };
  return name === 'name' ? text(path.slice(path.lastIndexOf('/') + 1)) : null;
}

/** `path / 'name'`. */
export function dividePath(left: Value, right: Value, at: number): Value {
  return left.kind === 'path' || right.kind === 'path' ? pathOf([left, right], at) : unknown(at);
}

/** Whether a value is among those of a container; null where that is not known. */
export function isAmong(needle: Value, haystack: Value): boolean | null {
  if (haystack.kind === 'text')
    return needle.kind === 'text' ? haystack.text.includes(needle.text) : null;
  if (haystack.kind === 'dict') {
    if (needle.kind !== 'text') return null;
    return haystack.entries.has(needle.text) ? true : haystack.openAt === null ? false : null;
  }
  if (haystack.kind !== 'list') return null;
  let isSure = haystack.openAt === null;
  for (const item of haystack.items) {
    const same = isEqual(item, needle);
    if (same === true) return true;
    if (same === null) isSure = false;
  }
  return isSure ? false : null;
}

/** Repeats are rare and short; longer ones are unknown. */
export function repeat(value: Value, count: number, at: number): Value {
  if (!(count >= 0 && count <= 100)) return unknown(at);
  if (value.kind === 'text')
    return joinTexts(
      '',
      Array.from({ length: count }, () => value),
      at,
    );
  if (value.kind !== 'list') return unknown(at);
  const repeated = list([], value.form, value.openAt);
  for (let index = 0; index < count; index++) addAll(repeated, value, at);
  return repeated;
}
