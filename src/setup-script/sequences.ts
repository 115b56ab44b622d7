/** What builtins and itertools make of lists and dictionaries. */
import { addAll, mergeInto } from './container-methods.ts';
import {
  dict,
  isEqual,
  itemsOf,
  joinTexts,
  list,
  numberOf,
  truthOf,
  unknown,
  type CallArguments,
  type ListValue,
  type Value,
} from './values.ts';

/** `dict(...)`, `OrderedDict(...)` or `defaultdict(list)`; null for a defaultdict of something else. */
export function makeDict(call: CallArguments, isDefault: boolean): Value | null {
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

/** All items of several sources. */
export function chain(sources: readonly Value[], at: number): ListValue {
  const chained = list([]);
  for (const source of sources) addAll(chained, source, at);
  return chained;
}

/** All items of the sources in one source. */
export function chainOf(source: Value, at: number): Value {
  const chained = chain(itemsOf(source) ?? [], at);
  if (source.kind === 'list' || source.kind === 'dict') chained.openAt ??= source.openAt;
  else chained.openAt ??= at;
  return chained;
}

/** `sum(lists, start)`. */
export function sumLists(source: Value, start: ListValue, at: number): ListValue {
  const lists = source.kind === 'list' ? source.items : [unknown(at)];
  const sum = list(start.items, 'list', start.openAt);
  for (const item of lists) {
    if (item.kind === 'list') addAll(sum, item, at);
    else sum.openAt ??= at;
  }
  if (source.kind === 'list') sum.openAt ??= source.openAt;
  return sum;
}

/** A list or dictionary of its own with the same items. */
export function copy(value: Value): Value {
  if (value.kind === 'list') return list(value.items, value.form, value.openAt);
  if (value.kind !== 'dict') return value;
  const copied = dict(value.entries, value.makesLists);
  copied.openAt = value.openAt;
  return copied;
}

/** `list`, `tuple`, `set`, `sorted` and their like, by name; the order is left as it is. */
export function toList(name: string, source: Value | undefined, at: number): Value | null {
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

/** `any` or `all`; null where that is not known. */
export function anyOrAll(name: 'any' | 'all', source: Value): boolean | null {
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

/** `range` of at most 1,000; null for more. */
export function countUp({ positional }: CallArguments): Value | null {
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

/** `enumerate` or `zip`; null where an item is not known. */
export function pair(name: 'enumerate' | 'zip', { positional }: CallArguments): Value | null {
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
