/** The methods of Python's `str` that setup scripts use on what they read. */
import {
  concatenate,
  itemsOf,
  joinTexts,
  linesOf,
  list,
  partOf,
  text,
  truth,
  unknown,
  type CallArguments,
  type TextValue,
  type Value,
} from './values.ts';

/** What a method of a text gives; null for one that is not known here. */
export function callTextMethod(value: TextValue, name: string, call: CallArguments): Value | null {
  const [first, second] = call.positional;
  const argument = first?.kind === 'text' ? first.text : null;
  const { at } = call;
  switch (name) {
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      if (first !== undefined && argument === null && first.kind !== 'none') return unknown(at);
      return strip(value, argument, name);
    case 'splitlines':
      return list(linesOf(value, false));
    case 'split':
    case 'rsplit':
    case 'partition':
    case 'rpartition':
      return split(value, name, call);
    case 'startswith':
    case 'endswith':
      return truth(hasEdge(value.text, name, first), at);
    case 'lower':
      return text(value.text.toLowerCase(), value.origin);
    case 'upper':
      return text(value.text.toUpperCase(), value.origin);
    case 'isspace':
      return truth(value.text !== '' && value.text.trim() === '', at);
    case 'isdigit':
      return truth(/^\d+$/.test(value.text), at);
    case 'encode':
    case 'decode':
    case 'expandtabs':
      return value;
    case 'count':
      return argument === null || argument === ''
        ? unknown(at)
        : { kind: 'number', value: value.text.split(argument).length - 1 };
    case 'find':
    case 'index':
      return argument === null
        ? unknown(at)
        : { kind: 'number', value: value.text.indexOf(argument) };
    case 'replace':
      return replace(value, argument, second, at);
    case 'join': {
      const items = first === undefined ? null : itemsOf(first);
      const isOpen = first?.kind === 'list' && first.openAt !== null;
      return items === null || isOpen ? unknown(at) : joinTexts(value.text, items, at);
    }
    case 'format':
      return format(value, call);
    default:
      return null;
  }
}

function strip(
  value: TextValue,
  characters: string | null,
  name: 'strip' | 'lstrip' | 'rstrip',
): Value {
  const isStripped = (character: string | undefined): boolean =>
    character !== undefined &&
    (characters === null ? /\s/.test(character) : characters.includes(character));
  let from = 0;
  let to = value.text.length;
  if (name !== 'rstrip') while (from < to && isStripped(value.text[from])) from++;
  if (name !== 'lstrip') while (to > from && isStripped(value.text[to - 1])) to--;
  return partOf(value, from, to);
}

function split(value: TextValue, name: string, { positional, keywords, at }: CallArguments): Value {
  const [separator = keywords.get('sep'), most = keywords.get('maxsplit')] = positional;
  const isPartition = name.endsWith('partition');
  if (most !== undefined && most.kind !== 'number') return unknown(at);
  const limit = isPartition ? 1 : most === undefined || most.value < 0 ? Infinity : most.value;
  if (separator === undefined || separator.kind === 'none') {
    if (limit !== Infinity) return unknown(at);
    return list(
      [...value.text.matchAll(/\S+/g)].map((found) =>
        partOf(value, found.index, found.index + found[0].length),
      ),
    );
  }
  if (separator.kind !== 'text' || separator.text === '') return unknown(at);
  const cuts: number[] = [];
  for (
    let found = value.text.indexOf(separator.text);
    found !== -1;
    found = value.text.indexOf(separator.text, found + separator.text.length)
  )
    cuts.push(found);
  const kept = name.startsWith('r')
    ? cuts.slice(Math.max(0, cuts.length - limit))
    : cuts.slice(0, Math.min(limit, cuts.length));
  const parts: TextValue[] = [];
  let from = 0;
  for (const cut of kept) {
    parts.push(partOf(value, from, cut));
    from = cut + separator.text.length;
  }
  parts.push(partOf(value, from));
  if (!isPartition) return list(parts);
  const [before, after] = parts;
  if (after === undefined)
    return list(
      name === 'partition' ? [value, text(''), text('')] : [text(''), text(''), value],
      'tuple',
    );
  return list([before ?? text(''), separator, after], 'tuple');
}

function hasEdge(
  value: string,
  name: 'startswith' | 'endswith',
  edge: Value | undefined,
): boolean | null {
  if (edge === undefined) return null;
  const edges = edge.kind === 'list' ? edge.items : [edge];
  for (const item of edges) {
    if (item.kind !== 'text') return null;
    if (name === 'startswith' ? value.startsWith(item.text) : value.endsWith(item.text))
      return true;
  }
  return false;
}

function replace(value: TextValue, from: string | null, to: Value | undefined, at: number): Value {
  if (from === null || from === '' || to?.kind !== 'text') return unknown(at);
  return value.text.includes(from)
    ? joinAt(
        value,
        joinTexts(
          to.text,
          value.text.split(from).map((part) => text(part)),
          at,
        ),
      )
    : value;
}

function joinAt(value: TextValue, joined: Value): Value {
  return joined.kind === 'text' ? text(joined.text, value.origin) : joined;
}

// `{}`, `{0}` and `{name}`; anything more is not read.
function format(value: TextValue, call: CallArguments): Value {
  let result: Value = text('', value.origin);
  let next = 0;
  for (const [whole, field] of value.text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    let part: Value | undefined = text(whole);
    if (field !== undefined) {
      if (!/^\w*$/.test(field)) return unknown(call.at);
      part = /^\d*$/.test(field)
        ? call.positional[field === '' ? next++ : Number(field)]
        : call.keywords.get(field);
    } else if (whole === '{{' || whole === '}}') part = text(whole.slice(1));
    else if (whole === '{' || whole === '}') return unknown(call.at);
    const shown = part === undefined ? null : toText(part);
    if (shown === null || result.kind !== 'text') return unknown(call.at);
    result = concatenate(result, shown, call.at);
  }
  return joinAt(value, result);
}

/** `template % values`, for `%s`, `%d` and `%(name)s`. */
export function formatPercent(template: TextValue, right: Value, at: number): Value {
  const positional = right.kind === 'list' && right.form === 'tuple' ? right.items : [right];
  let result: Value = text('', template.origin);
  let next = 0;
  for (const [whole, name, letter] of template.text.matchAll(/%(?:\((\w+)\))?([sd%])|%|[^%]+/g)) {
    if (whole === '%') return unknown(at);
    let part: Value | undefined = text(whole);
    if (letter === '%') part = text('%');
    else if (letter !== undefined)
      part =
        name === undefined
          ? positional[next++]
          : right.kind === 'dict'
            ? right.entries.get(name)
            : undefined;
    const shown = part === undefined ? null : toText(part);
    if (shown === null || result.kind !== 'text') return unknown(at);
    result = concatenate(result, shown, at);
  }
  return joinAt(template, result);
}

/** `str(value)`; null where that is not known. */
export function toText(value: Value): TextValue | null {
  if (value.kind === 'text') return value;
  if (value.kind === 'path') return text(value.path);
  if (value.kind === 'number' && Number.isInteger(value.value)) return text(String(value.value));
  return null;
}
