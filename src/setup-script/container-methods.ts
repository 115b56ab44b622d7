/** The methods of Python's lists, tuples, sets and dictionaries. They change what they are called on, as Python's do. */
import {
  dict,
  isEqual,
  itemsOf,
  list,
  longestList,
  text,
  unknown,
  type CallArguments,
  type DictValue,
  type ListValue,
  type Value,
} from './values.ts';

/** The methods of lists, tuples, sets and dictionaries; null for one that is not known here. */
export function callContainerMethod(
  value: Extract<Value, { readonly kind: 'list' | 'dict' }>,
  name: string,
  call: CallArguments,
): Value | null {
  return value.kind === 'list'
    ? callListMethod(value, name, call)
    : callDictMethod(value, name, call);
}

function callListMethod(
  value: ListValue,
  name: string,
  { positional, at }: CallArguments,
): Value | null {
  const [first, second] = positional;
  switch (name) {
    case 'append':
    case 'add':
      if (first === undefined) return null;
      if (name === 'append' || !value.items.some((item) => isEqual(item, first) === true))
        value.items.push(first);
      break;
    case 'extend':
    case 'update':
      addAll(value, first, at);
      break;
    case 'insert':
      if (first?.kind !== 'number' || second === undefined) return null;
      value.items.splice(first.value, 0, second);
      break;
    case 'remove':
    case 'discard': {
      const place =
        first === undefined ? -1 : value.items.findIndex((item) => isEqual(item, first) === true);
      if (place >= 0) value.items.splice(place, 1);
      else value.openAt ??= at;
      break;
    }
    case 'pop': {
      const place = first === undefined ? -1 : first.kind === 'number' ? first.value : null;
      if (place === null || value.openAt !== null) return null;
      return value.items.splice(place, 1)[0] ?? unknown(at);
    }
    case 'clear':
      value.items = [];
      break;
    case 'sort':
    case 'reverse':
      break;
    case 'copy':
      return list(value.items, value.form, value.openAt);
    case 'union': {
      const joined = list(value.items, value.form, value.openAt);
      for (const other of positional) addAll(joined, other, at);
      return joined;
    }
    default:
      return null;
  }
  if (value.items.length > longestList) value.openAt ??= at;
  return { kind: 'none' };
}

/** Adds all items of a value; what is not known makes the list open. */
export function addAll(target: ListValue, source: Value | undefined, at: number): void {
  const items = source === undefined ? null : itemsOf(source);
  if (items === null) {
    target.openAt ??= source?.kind === 'unknown' ? source.at : at;
    return;
  }
  if (target.items.length + items.length > longestList) target.openAt ??= at;
  target.items = [...target.items, ...items].slice(0, longestList);
  if (source?.kind === 'list' || source?.kind === 'dict') target.openAt ??= source.openAt;
}

function callDictMethod(
  value: DictValue,
  name: string,
  { positional, keywords, isOpen, at }: CallArguments,
): Value | null {
  const [first, second] = positional;
  const key = first?.kind === 'text' ? first.text : null;
  switch (name) {
    case 'update':
      if (isOpen) value.openAt ??= at;
      if (first !== undefined) mergeInto(value, first, at);
      for (const [word, item] of keywords) value.entries.set(word, item);
      return { kind: 'none' };
    case 'get':
    case 'setdefault':
    case 'pop': {
      if (key === null) return null;
      const found = value.entries.get(key);
      if (name === 'pop') value.entries.delete(key);
      if (found !== undefined) return found;
      if (value.openAt !== null) return unknown(at);
      const initial = second ?? { kind: 'none' };
      if (name === 'setdefault') value.entries.set(key, initial);
      return initial;
    }
    case 'keys':
      return list(
        [...value.entries.keys()].map((word) => text(word)),
        'list',
        value.openAt,
      );
    case 'values':
      return list([...value.entries.values()], 'list', value.openAt);
    case 'items':
    case 'iteritems':
      return list(
        [...value.entries].map(([word, item]) => list([text(word), item], 'tuple')),
        'list',
        value.openAt,
      );
    case 'copy': {
      const copy = dict(value.entries, value.makesLists);
      copy.openAt = value.openAt;
      return copy;
    }
    default:
      return null;
  }
}

/** Adds the entries of a dictionary, or of a list of pairs; what is not known makes the dictionary open. */
export function mergeInto(target: DictValue, source: Value, at: number): void {
  if (source.kind === 'dict') {
    for (const [key, item] of source.entries) target.entries.set(key, item);
    target.openAt ??= source.openAt;
    return;
  }
  const pairs = source.kind === 'list' && source.openAt === null ? source.items : null;
  if (pairs === null) target.openAt ??= at;
  for (const pair of pairs ?? []) {
    const [key, item] = pair.kind === 'list' ? pair.items : [];
    if (key?.kind === 'text' && item !== undefined) target.entries.set(key.text, item);
    else target.openAt ??= at;
  }
}
