/** Attributes, indexes and slices of values. */
import { pathAttribute } from './paths.ts';
import { raiseIfCaught, type Run } from './run.ts';
import { list, numberOf, partOf, text, unknown, type Value } from './values.ts';

/** Setuptools as a clean build has it. */
const setuptoolsVersion = '80.9.0';

/** `object.name`. */
export function attributeOf(run: Run, object: Value, name: string, at: number): Value {
  switch (object.kind) {
    case 'symbol':
      return object.path === 'setuptools' && name === '__version__'
        ? text(setuptoolsVersion)
        : { kind: 'symbol', path: `${object.path}.${name}` };
    case 'text':
      // What pip's parser of requirement files gives is kept as text.
      return name === 'req' || name === 'requirement' ? object : { kind: 'method', object, name };
    case 'path':
      return pathAttribute(object.path, name) ?? { kind: 'method', object, name };
    case 'list':
    case 'dict':
    case 'file':
      return { kind: 'method', object, name };
    case 'unknown':
      run.risks++;
      return object;
    default:
      run.risks++;
      return unknown(at);
  }
}

/** `object[key]`; a key that a dictionary does not have raises KeyError where that is caught. */
export function indexOf(run: Run, object: Value, key: Value, at: number): Value {
  const number = numberOf(key);
  switch (object.kind) {
    case 'symbol':
      if (object.path === 'sys.version' && number === 0) return text('3');
      return number === null
        ? riskyUnknown(run, at)
        : { kind: 'symbol', path: `${object.path}[${number}]` };
    case 'text':
      return number === null
        ? unknown(at)
        : sliceText(object, number, number === -1 ? null : number + 1);
    case 'list': {
      const item = number === null || object.openAt !== null ? undefined : object.items.at(number);
      return item ?? riskyUnknown(run, at);
    }
    case 'dict': {
      if (key.kind !== 'text') return riskyUnknown(run, at);
      const found = object.entries.get(key.text);
      if (found !== undefined) return found;
      if (object.openAt !== null) return riskyUnknown(run, at);
      if (!object.makesLists) {
        raiseIfCaught(run, 'KeyError');
        return riskyUnknown(run, at);
      }
      const made = list([]);
      object.entries.set(key.text, made);
      return made;
    }
    default:
      return riskyUnknown(run, at);
  }
}

function riskyUnknown(run: Run, at: number): Value {
  run.risks++;
  return unknown(at);
}

/** `text[from:to]`, `to` null for the end. */
export function sliceText(
  value: Extract<Value, { readonly kind: 'text' }>,
  from: number,
  to: number | null,
): Value {
  const { length } = value.text;
  const place = (index: number): number =>
    Math.min(length, Math.max(0, index < 0 ? length + index : index));
  const start = place(from);
  return partOf(value, start, Math.max(start, to === null ? length : place(to)));
}
