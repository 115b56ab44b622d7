/** What a setup script computes with: values that are known, and one that is not. */
import type { ExpressionOf, FunctionStatement } from './syntax.ts';

/** Where a text stands: in the script (`path` null) or in a file that the script reads; 0-based offset. */
export interface Origin {
  readonly path: string | null;
  readonly offset: number;
}

/** A text. Bytes count as text. */
export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  readonly origin: Origin | null;
}

/** A list, tuple or set. It changes as the script changes it. */
export interface ListValue {
  readonly kind: 'list';
  readonly form: 'list' | 'tuple' | 'set';
  items: Value[];
  /** It may hold more, or less, than what is listed: the place that made it so. */
  openAt: number | null;
}

/** A dictionary with texts as keys. */
export interface DictValue {
  readonly kind: 'dict';
  readonly entries: Map<string, Value>;
  openAt: number | null;
  /** A `defaultdict(list)`. */
  readonly makesLists: boolean;
}

/** The names of the script, or of a function in it. */
export interface Scope {
  readonly names: Map<string, Value>;
  readonly parent: Scope | null;
  /** Names that a function declares `global`. */
  readonly globals: readonly string[];
}

/** What an expression may give. */
export type Value =
  | TextValue
  | ListValue
  | DictValue
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'none' }
  /** Something imported or built in, by its dotted name: `sys.version_info`, `builtins.open`, `platform.system()`. */
  | { readonly kind: 'symbol'; readonly path: string }
  | {
      readonly kind: 'function';
      readonly definition: FunctionStatement | ExpressionOf<'lambda'>;
      readonly scope: Scope;
    }
  | { readonly kind: 'method'; readonly object: Value; readonly name: string }
  /** An open file, with its text. */
  | { readonly kind: 'file'; readonly text: TextValue }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'unknown'; readonly at: number };

/** The arguments of a call. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** `*` or `**` of something unknown: there may be more. */
  readonly isOpen: boolean;
  readonly at: number;
}

/** Texts and lists beyond these are no dependencies; they become unknown before they fill the memory. */
const longestText = 300_000;
/** Items of a list, at most. */
export const longestList = 2000;

/** `None`. */
export const none: Value = { kind: 'none' };

/** A text value. */
export function text(value: string, origin: Origin | null = null): TextValue {
  return { kind: 'text', text: value, origin };
}

/** True or false, or unknown where it is null. */
export function truth(value: boolean | null, at: number): Value {
  return value === null ? unknown(at) : { kind: 'truth', value };
}

/** Not known, because of what stands at a place. */
export function unknown(at: number): Value {
  return { kind: 'unknown', at };
}

/** A list; unknown where it is too long. */
export function list(
  items: readonly Value[],
  form: ListValue['form'] = 'list',
  openAt: number | null = null,
): ListValue {
  const isTooLong = items.length > longestList;
  return { kind: 'list', form, items: items.slice(0, longestList), openAt: isTooLong ? 0 : openAt };
}

/** A dictionary. */
export function dict(entries: Iterable<readonly [string, Value]>, makesLists = false): DictValue {
  return { kind: 'dict', entries: new Map(entries), openAt: null, makesLists };
}

/** Two texts as one, which stands where the first one stands. */
export function concatenate(left: TextValue, right: TextValue, at: number): Value {
  if (left.text.length + right.text.length > longestText) return unknown(at);
  const origin = left.text === '' ? right.origin : left.origin;
  return text(left.text + right.text, origin);
}

/** Texts with a separator between them; unknown where one of them is. */
export function joinTexts(separator: string, values: readonly Value[], at: number): Value {
  let joined = '';
  for (const [index, value] of values.entries()) {
    if (value.kind !== 'text') return unknown(at);
    joined += index === 0 ? value.text : separator + value.text;
    if (joined.length > longestText) return unknown(at);
  }
  return text(joined);
}

/** A part of a text, at its own place. */
export function partOf(value: TextValue, from: number, to: number = value.text.length): TextValue {
  const { origin } = value;
  return text(
    value.text.slice(from, to),
    origin === null ? null : { ...origin, offset: origin.offset + from },
  );
}

/** Notes that something unseen may have changed a list or a dictionary, and what it holds. */
export function poison(value: Value, at: number, depth = 0): void {
  if (value.kind !== 'list' && value.kind !== 'dict') return;
  value.openAt ??= at;
  if (depth > 2) return;
  const inner = value.kind === 'list' ? value.items : value.entries.values();
  for (const item of inner) poison(item, at, depth + 1);
}

/** Whether Python takes it for true; null where that is not known. */
export function truthOf(value: Value): boolean | null {
  switch (value.kind) {
    case 'text':
      return value.text !== '';
    case 'number':
      return value.value !== 0;
    case 'truth':
      return value.value;
    case 'none':
      return false;
    case 'list':
      return value.openAt === null ? value.items.length > 0 : null;
    case 'dict':
      return value.openAt === null ? value.entries.size > 0 : null;
    case 'symbol':
      // A module or a function of one; what it holds may be anything.
      return value.path.includes('.') ? null : true;
    case 'function':
    case 'method':
    case 'file':
    case 'path':
      return true;
    case 'unknown':
      return null;
    default:
      return value satisfies never;
  }
}

/** The items that iterating gives; null where it gives nothing known. */
export function itemsOf(value: Value): readonly Value[] | null {
  switch (value.kind) {
    case 'list':
      return value.items;
    case 'dict':
      return [...value.entries.keys()].map((key) => text(key));
    case 'file':
      return linesOf(value.text, true);
    case 'text':
      return Array.from(value.text.slice(0, 1000)).map((character) => text(character));
    default:
      return null;
  }
}

/** The lines of a text, each at its place. */
export function linesOf(value: TextValue, keepsEnds: boolean): readonly TextValue[] {
  const lines: TextValue[] = [];
  const end = /\r\n|\r|\n/g;
  let from = 0;
  while (from < value.text.length) {
    end.lastIndex = from;
    const found = end.exec(value.text);
    const to = found === null ? value.text.length : found.index;
    const next = found === null ? to : end.lastIndex;
    lines.push(partOf(value, from, keepsEnds ? next : to));
    from = next;
  }
  return lines;
}

/** Whether two known values are equal; null where that is not known. */
export function isEqual(left: Value, right: Value, depth = 0): boolean | null {
  if (left.kind === 'text' && right.kind === 'text') return left.text === right.text;
  const first = numberOf(left);
  const second = numberOf(right);
  if (first !== null && second !== null) return first === second;
  if (left.kind === 'list' && right.kind === 'list') return isEqualList(left, right, depth);
  const isPlain = ({ kind }: Value): boolean =>
    kind === 'text' || kind === 'number' || kind === 'truth' || kind === 'none';
  if (left.kind === 'none' && right.kind === 'none') return true;
  return isPlain(left) && isPlain(right) ? false : null;
}

function isEqualList(left: ListValue, right: ListValue, depth: number): boolean | null {
  if (left.openAt !== null || right.openAt !== null || depth > 3) return null;
  if (left.items.length !== right.items.length) return false;
  for (const [index, item] of left.items.entries()) {
    const other = right.items[index];
    const same = other === undefined ? false : isEqual(item, other, depth + 1);
    if (same !== true) return same;
  }
  return true;
}

/** A number, or 0 and 1 for truth values; null for anything else. */
export function numberOf(value: Value): number | null {
  if (value.kind === 'number') return value.value;
  return value.kind === 'truth' ? Number(value.value) : null;
}
