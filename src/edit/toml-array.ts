/** Elements into and out of an array of a TOML text, every byte of the rest as it was. */
import { findTomlPositions } from '../inputs/toml-positions.ts';
import { selectBlocks } from './select-blocks.ts';
import {
  asLine,
  elementsOf,
  indentAt,
  lineAfter,
  linesOfArray,
  withBlocks,
  type TomlKeys,
} from './toml-lines.ts';

/** An element to be put in: its text as TOML, and the comment that goes with it. */
export interface TomlElement {
  readonly token: string;
  /** With its `#`, '' for none. */
  readonly comment: string;
}

/** The text without some elements, by index, and these; comments that speak of nothing else go with them. */
export function takeElements(
  text: string,
  array: TomlKeys,
  indexes: ReadonlySet<string>,
): { readonly text: string; readonly taken: readonly TomlElement[] } {
  const positions = findTomlPositions(text);
  const elements = elementsOf(positions, array);
  const leaving = elements.filter(({ path }) => indexes.has(path.at(-1) ?? ''));
  const taken = leaving.map(({ value, end }) => ({
    token: text.slice(value, end),
    comment: commentAfter(text, end),
  }));
  const lines = linesOfArray(text, array);
  if (lines === null) return { text: takeInline(text, array, indexes), taken };
  const { staying } = selectBlocks(lines.blocks, ({ key }) =>
    indexes.has(key) ? 'goes' : 'stays',
  );
  return { text: withBlocks(text, lines, staying), taken };
}

/** The comment on the line of an element, behind its comma. */
function commentAfter(text: string, end: number): string {
  return /^[ \t]*,?[ \t]*(#[^\r\n]*)/.exec(text.slice(end, lineAfter(text, end)))?.[1] ?? '';
}

/** Elements that share a line: each goes with the comma behind it, the last with the one before. */
function takeInline(text: string, array: TomlKeys, indexes: ReadonlySet<string>): string {
  const positions = findTomlPositions(text);
  const elements = elementsOf(positions, array);
  let result = text;
  for (let index = elements.length - 1; index >= 0; index--) {
    const element = elements[index];
    if (element === undefined || !indexes.has(String(index))) continue;
    const behind = /^[ \t]*,[ \t]*/.exec(result.slice(element.end))?.[0].length ?? 0;
    const before = elements[index - 1];
    const gap = before === undefined ? '' : result.slice(before.end, element.value);
    const from =
      behind === 0 && /^\s*,\s*$/.test(gap) ? (before?.end ?? element.value) : element.value;
    result = result.slice(0, from) + result.slice(element.end + behind);
  }
  return result;
}

/** The text with more elements at the end of an array, one a line where the others are. */
export function addElements(text: string, array: TomlKeys, added: readonly TomlElement[]): string {
  const positions = findTomlPositions(text);
  const span = positions.spanOf(array);
  if (span === null || added.length === 0) return text;
  const elements = elementsOf(positions, array);
  const last = elements.at(-1);
  const close = span.end - 1;
  if (last === undefined) return addToEmpty(text, { from: span.value, close }, added);
  const hasComma = /^\s*(?:#[^\n]*\n\s*)*,/.test(text.slice(last.end, close));
  if (linesOfArray(text, array) === null) {
    const words = added.map(({ token }) => token).join(', ');
    const comma = hasComma ? text.indexOf(',', last.end) + 1 : last.end;
    return `${text.slice(0, comma)}${hasComma ? ' ' : ', '}${words}${text.slice(comma)}`;
  }
  const withComma = hasComma ? text : `${text.slice(0, last.end)},${text.slice(last.end)}`;
  const at = lineAfter(withComma, last.end);
  const indent = indentAt(withComma, last.value);
  return (
    withComma.slice(0, at) +
    formatLines(text, added, { indent, closes: hasComma }) +
    withComma.slice(at)
  );
}

function addToEmpty(
  text: string,
  { from, close }: { readonly from: number; readonly close: number },
  added: readonly TomlElement[],
): string {
  const inner = text.slice(from + 1, close);
  if (!inner.includes('\n')) {
    return `${text.slice(0, from + 1)}${added.map(({ token }) => token).join(', ')}${text.slice(close)}`;
  }
  const at = lineAfter(text, from);
  const indent = `${indentAt(text, from)}    `;
  const lines = formatLines(text, added, { indent, closes: true });
  return text.slice(0, at) + lines + text.slice(at);
}

/** `closes`: the last one gets a comma too. */
function formatLines(
  text: string,
  elements: readonly TomlElement[],
  { indent, closes }: { readonly indent: string; readonly closes: boolean },
): string {
  return elements
    .map(({ token, comment }, index) => {
      const comma = closes || index < elements.length - 1 ? ',' : '';
      return asLine(text, `${indent}${token}${comma}${comment === '' ? '' : `  ${comment}`}`);
    })
    .join('');
}

/** A new array over several lines, as the value of a pair. */
export function formatArray(text: string, elements: readonly TomlElement[]): string {
  if (elements.length === 0) return '[]';
  return `${asLine(text, '[')}${formatLines(text, elements, { indent: '    ', closes: true })}]`;
}

/** Text as a string of TOML. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
