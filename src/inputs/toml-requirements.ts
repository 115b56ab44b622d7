/**
 * Requirements out of TOML documents: what PEP 621, PEP 735 and the tables of tools have in common.
 */
import { normalizeExtra } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type { DeclaredRequirement, SourceLocation, Warning } from '../types.ts';
import { declareRequirement, toWarning } from './declare.ts';
import type { RawGroup, GroupItem } from './dependency-groups.ts';
import { folderOf } from './file-access.ts';
import { readKeepComment } from './keep-comment.ts';
import { fillProjectRoot } from './project-root.ts';
import { quoteText } from './quote.ts';
import { describeType, field, isTable, textOf, type TomlDocument, type TomlPath } from './toml.ts';

/** A document being read, with what there is to say about it so far. */
export interface TomlReading {
  readonly document: TomlDocument;
  readonly warnings: Warning[];
}

/** Notes that a value has the wrong type: an error at its place. */
export function warnOfType(
  reading: TomlReading,
  path: TomlPath,
  expected: string,
  value: unknown,
): void {
  const name = path.filter((part) => typeof part === 'string').join('.');
  reject(reading, path, `${quoteText(name)} is ${describeType(value)}, not ${expected}`);
}

/** Notes an error at the place of a value. */
export function reject(reading: TomlReading, path: TomlPath, message: string): void {
  reading.warnings.push({
    ...toWarning('invalid-value', reading.document.at(path), message),
    severity: 'error',
  });
}

/** The requirements in an array of text (PEP 508). Other elements are errors; the rest is read. */
export function readRequirementArray(
  reading: TomlReading,
  path: TomlPath,
  value: unknown,
): readonly DeclaredRequirement[] {
  return requirementsIn(readRequirementItems(reading, path, value));
}

/** The requirements among items. */
export function requirementsIn(items: readonly GroupItem[]): readonly DeclaredRequirement[] {
  return items.flatMap((item) => (item.kind === 'requirement' ? [item.declared] : []));
}

/** Requirements as items of a set. */
export function toItems(requirements: readonly DeclaredRequirement[]): readonly GroupItem[] {
  return requirements.map((declared) => ({ kind: 'requirement', declared }));
}

/** Something that could not be read. */
export const unreadItem: GroupItem = { kind: 'unread' };

/** The same array as items of a set; what cannot be read is an item too. `declare` reads one text, null where it cannot. */
export function readRequirementItems(
  reading: TomlReading,
  path: TomlPath,
  value: unknown,
  declare: typeof declareText = declareText,
): readonly GroupItem[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    warnOfType(reading, path, 'an array of requirements', value);
    return [unreadItem];
  }
  return value.map((element, index): GroupItem => {
    const at = [...path, index];
    if (typeof element !== 'string') {
      const message = `an element of ${quoteText(nameOf(path))} is ${describeType(element)}, not a requirement in quotes`;
      reject(reading, at, message);
      return unreadItem;
    }
    const declared = declare(reading, at, element);
    return declared === null ? unreadItem : { kind: 'requirement', declared };
  });
}

/** Specifiers of the Pythons that something is for, with their place. */
export interface PythonText {
  readonly text: string;
  readonly location: SourceLocation;
}

/** The `requires-python` at a path, null where there is none that can be read. */
export function readPythonSpecifiers(
  reading: TomlReading,
  path: readonly string[],
): PythonText | null {
  const { document, warnings } = reading;
  const value = field(document.root, ...path);
  if (value === undefined) return null;
  const text = textOf(value);
  if (text === null) {
    warnOfType(reading, path, 'text', value);
    return null;
  }
  const location = document.at(path);
  try {
    parseSpecifiers(text, { repair: true });
    return { text, location };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `requires-python ${quoteText(text)} is no version specifier and is ignored`;
    warnings.push(toWarning('invalid-requires-python', location, message));
    return null;
  }
}

/** The items of a dependency group (PEP 735): requirements and `{include-group = "name"}`. */
export function readGroupItems(
  reading: TomlReading,
  path: TomlPath,
  value: unknown,
): readonly GroupItem[] {
  if (!Array.isArray(value)) {
    warnOfType(reading, path, 'an array', value);
    return [unreadItem];
  }
  const items: GroupItem[] = [];
  for (const [index, element] of value.entries()) {
    const at = [...path, index];
    if (typeof element === 'string') {
      const declared = declareText(reading, at, element);
      items.push(declared === null ? unreadItem : { kind: 'requirement', declared });
    } else if (
      isTable(element) &&
      Object.keys(element).length === 1 &&
      typeof element['include-group'] === 'string'
    ) {
      items.push({
        kind: 'include',
        name: normalizeExtra(element['include-group']),
        location: reading.document.at(at),
      });
    } else {
      const what = isTable(element)
        ? 'a table other than {include-group = "NAME"}'
        : describeType(element);
      reject(reading, at, `an element of the group ${quoteText(nameOf(path))} is ${what}`);
      items.push(unreadItem);
    }
  }
  return items;
}

/** Sets by normalised name; names that collide are an error at the second, and their items are joined. */
export function collectGroups(
  reading: TomlReading,
  path: TomlPath,
  sets: readonly { readonly name: string; readonly items: readonly GroupItem[] }[],
): Map<string, RawGroup> {
  const groups = new Map<string, RawGroup>();
  for (const { name, items } of sets) {
    const key = normalizeExtra(name);
    const before = groups.get(key);
    if (before !== undefined) {
      const place = reading.document.atKey([...path, name]);
      const message = `${quoteText(name)} and ${quoteText(before.name)} are the same name; join them`;
      reading.warnings.push({ ...toWarning('duplicate-group', place, message), severity: 'error' });
    }
    groups.set(key, { name: before?.name ?? name, items: [...(before?.items ?? []), ...items] });
  }
  return groups;
}

/** Where a text value begins, after its quotes. */
export function placeOfText(document: TomlDocument, path: TomlPath): SourceLocation {
  const place = document.at(path);
  const line = lineOf(document, place.line);
  const quotes = /^(?:"""|'''|"|')/.exec(line.slice(place.column - 1))?.[0].length ?? 0;
  return { ...place, column: place.column + quotes };
}

/** One requirement given as text at a path of the document. */
export function declareText(
  reading: TomlReading,
  path: TomlPath,
  text: string,
): DeclaredRequirement | null {
  const place = placeOfText(reading.document, path);
  return declareAt(reading, place, text.trim());
}

/** The same where it may be an editable one, `-e file:///${PROJECT_ROOT}/x`. */
export function declareEditableText(
  reading: TomlReading,
  path: TomlPath,
  text: string,
): DeclaredRequirement | null {
  const flag = /^\s*(?:-e|--editable)[\s=]+/.exec(text)?.[0];
  if (flag === undefined) return declareText(reading, path, text);
  const place = placeOfText(reading.document, path);
  const at = { ...place, column: place.column + flag.length };
  return declareAt(reading, at, text.slice(flag.length).trim(), { editable: true });
}

/** One requirement whose text was made by us (from a table of Poetry) and stands for what is written at a place. */
export function declareAt(
  reading: TomlReading,
  place: SourceLocation,
  text: string,
  { editable = false }: { readonly editable?: boolean } = {},
): DeclaredRequirement | null {
  const { declared, warnings } = declareRequirement({
    text,
    expanded: fillProjectRoot(text),
    editable,
    folder: folderOf(reading.document.path),
    at: (offset) => ({ ...place, column: place.column + offset }),
    keep: readKeepComment(lineOf(reading.document, place.line)),
  });
  reading.warnings.push(...warnings);
  return declared;
}

const lineCache = new WeakMap<TomlDocument, readonly string[]>();

function lineOf(document: TomlDocument, line: number): string {
  // A document asks for the line of each of its requirements: split once per document.
  let lines = lineCache.get(document);
  if (lines === undefined) {
    lines = document.text.split('\n');
    lineCache.set(document, lines);
  }
  return lines[line - 1] ?? '';
}

function nameOf(path: TomlPath): string {
  return path.filter((part) => typeof part === 'string').join('.');
}
