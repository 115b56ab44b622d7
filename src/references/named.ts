/** Names in the text of a command, each with its line. */

import type { Reference, SourceArea } from '../types.ts';
import {
  findCommandNames,
  findNamesInWords,
  modulesOfCode,
  splitCommands,
} from './shell-commands.ts';
import type { CommandName } from './shell-commands.ts';

type Kind = Reference['kind'];

/** A name with the line that it stands on. */
export interface Named {
  readonly line: number;
  readonly kind: Kind;
  readonly name: string;
  readonly module?: boolean;
  readonly imported?: boolean;
  /** An entry point of a group that some program loads: it starts nothing by itself. */
  readonly plugin?: boolean;
  /** What the image of the last stage is started with. */
  readonly starts?: boolean;
  /** What it is for by itself, whatever its file is for. */
  readonly area?: SourceArea;
}

/** Lines joined into one command, with the number of the first. */
export interface CommandText {
  readonly line: number;
  readonly text: string;
  /** Absent for the product, and where only the file can tell. */
  readonly area?: SourceArea;
}

/** A name before its line and kind are known. */
export type FoundName = Pick<Named, 'name' | 'module' | 'imported'>;

/** The names in some commands, all of one kind. */
export function toNames(commands: readonly CommandText[], kind: Kind): readonly Named[] {
  return commands.flatMap(({ line, text, area }) =>
    namesOfText(text).map((found) => ({
      line,
      kind,
      ...found,
      ...(area === undefined ? {} : { area }),
    })),
  );
}

/** `findCommandNames`, with what code in the text imports told apart from what runs. */
export function namesOfText(text: string): readonly FoundName[] {
  return markImported(findCommandNames(text), importedByText(text));
}

/** `findNamesInWords`, told apart in the same way. */
export function namesOfWords(words: readonly string[]): readonly FoundName[] {
  return markImported(findNamesInWords(words), importedByWords(words));
}

function markImported(
  found: readonly CommandName[],
  imported: readonly string[],
): readonly FoundName[] {
  if (imported.length === 0) return found;
  return found.map((named) =>
    named.module && imported.includes(named.name) ? { ...named, imported: true } : named,
  );
}

function importedByText(text: string): readonly string[] {
  if (!text.includes('python') || !/\s-[a-zA-Z]*c\s/.test(text)) return [];
  return splitCommands(text).flatMap(importedByWords);
}

/** Modules that `python -c CODE` imports, also inside `sh -c`. */
function importedByWords(words: readonly string[]): readonly string[] {
  const option = words.findIndex((word) => /^-[a-zA-Z]*c$/.test(word));
  if (option === -1) return [];
  const code = words[option + 1] ?? '';
  return words.slice(0, option).some((word) => /(?:^|\/)python[\d.]*$/.test(word))
    ? modulesOfCode(code)
    : importedByText(code);
}

/** The first group of a pattern in each line that has it, as a command. */
export function afterPattern(lines: readonly string[], pattern: RegExp): readonly CommandText[] {
  return lines.flatMap((text, index) => {
    const value = pattern.exec(text)?.[1];
    return value === undefined || value === '' ? [] : [{ line: index + 1, text: value }];
  });
}
