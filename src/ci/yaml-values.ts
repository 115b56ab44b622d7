/** Values of CI files, which write one thing in several ways. */
import pythons from '../../data/pythons.json' with { type: 'json' };
import type { YamlNode } from '../inputs/yaml.ts';
import { entryOf } from '../inputs/yaml.ts';
import type { CiScript } from './ci-system.ts';

/** A text or number as text; '' for anything else. A number is as written: `3.10` stays so. */
export function textOf(node: YamlNode | undefined): string {
  return node?.kind === 'text' || node?.kind === 'other' ? node.text : '';
}

/** The value below several keys. */
export function valueAt(node: YamlNode | null, ...keys: readonly string[]): YamlNode | undefined {
  let found: YamlNode | undefined = node ?? undefined;
  for (const key of keys) found = entryOf(found, key);
  return found;
}

/** The entries of a table, in order; none for anything else. */
export function entriesOf(
  node: YamlNode | undefined,
): readonly { readonly key: string; readonly value: YamlNode; readonly line: number }[] {
  if (node?.kind !== 'table') return [];
  return node.entries.map(({ key, value, place }) => ({ key, value, line: place.line }));
}

/** The items of a list, one value alone included, lists in it unfolded. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items.flatMap((item) => itemsOf(item)) : [node];
}

/** Texts of a value or of a list. */
export function textsOf(node: YamlNode | undefined): readonly string[] {
  return itemsOf(node)
    .map((item) => textOf(item))
    .filter((text) => text !== '');
}

/** The lines of shell in a value or list. */
export function scriptsOf(node: YamlNode | undefined, folder = '.'): readonly CiScript[] {
  return itemsOf(node).flatMap((item) =>
    item.kind === 'text' ? [{ text: item.text, line: item.at(0).line, folder }] : [],
  );
}

/** Variables of a table by name; values that are no text are left out. */
export function variablesOf(...nodes: readonly (YamlNode | undefined)[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes)
    for (const { key, value } of entriesOf(node)) {
      const text = textOf(value.kind === 'table' ? entryOf(value, 'value') : value);
      if (text !== '') found.set(key, text);
    }
  return found;
}

/** Text with its expressions filled in by `valueOf`; one that a run alone knows becomes a variable that nothing sets. */
export function fillIn(
  text: string,
  expression: RegExp,
  valueOf: (name: string) => string | undefined,
): string {
  return text.replace(expression, (_, name: string) => valueOf(name.trim()) ?? unknownWord(name));
}

/** Whoever meets it says that nobody knows what it is. */
function unknownWord(name: string): string {
  return `\${${name.trim().replace(/[^\w.]+/g, '_')}}`;
}

/** Whether something of a text could not be filled in. */
export function isUnknown(text: string): boolean {
  return text.includes('${');
}

/**
 * `3.12` of `3.12`, `3.12.4`, `3.12-dev` or `~3.12`; the newest stable for `3`, `3.x` and `>=3.9`, which is what is set up for
 * these; `pypy3.10` of `pypy-3.10-v7.3`; null for what names no version of either.
 */
export function minorOf(text: string): string | null {
  const pypy = /^\s*pypy-?(3\.\d{1,2})(?![\d])/i.exec(text)?.[1];
  if (pypy !== undefined) return `pypy${pypy}`;
  if (/^\s*(?:python-?)?(?:3(?:\.[x*])?|x|>=?\s*3[\d.]*)\s*$/i.test(text))
    return pythons.newestStable;
  return /^\s*(?:python-?)?[~^=v]*\s*(3\.\d{1,2})(?![\d])/i.exec(text)?.[1] ?? null;
}
