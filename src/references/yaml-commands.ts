/** Commands of YAML files: values of the keys that hold some. */

import { quoteWords, splitScript, toCommand } from './command-text.ts';
import type { CommandText, Named } from './named.ts';

/** Keys of YAML files whose values are commands. */
const COMMAND_KEY =
  /^(\s*)(?:-\s+)?["']?(command|entrypoint|args|run|script|before_script|after_script|cmd|cmds|commands|test|exec|entry|startCommand|buildCommand|preDeployCommand|postCreateCommand|bash|pwsh|sh|inlineScript|install|build|pre_build|post_build|start|prepare)["']?\s*:\s*(.*)$/i;

/** Keys whose values name what is called or made: handlers of functions; Hydra, OmegaConf, Lightning, jsonargparse. */
const TARGET_KEY =
  /^\s*(?:-\s+)?["']?(?:_target_|class_path|handler)["']?\s*:\s*["']?([A-Za-z_]\w*(?:\.\w+)+)["']?\s*(?:#.*)?$/i;

/** Modules that a YAML file names as the place of a class or function. */
export function yamlModules(lines: readonly string[]): readonly Named[] {
  return lines.flatMap((text, index): readonly Named[] => {
    const name = TARGET_KEY.exec(text)?.[1];
    return name === undefined ? [] : [{ line: index + 1, kind: 'string', name, module: true }];
  });
}

/** The commands of a YAML file, in the order of their lines. */
export function yamlCommands(lines: readonly string[]): readonly CommandText[] {
  const commands: CommandText[] = [];
  let action = '';
  for (let index = 0; index < lines.length; index++) {
    const own = lines[index] ?? '';
    // The step of a workflow: `script` of this action is JavaScript.
    if (/^\s*-\s/.test(own)) action = '';
    action = /^\s*(?:-\s+)?uses\s*:\s*["']?([^\s"'@]+)/.exec(own)?.[1] ?? action;
    // Most lines have no such key: the expression is asked only where a colon stands.
    const match = own.includes(':') ? COMMAND_KEY.exec(own) : null;
    if (match === null) continue;
    const value = stripYamlComment(match[3] ?? '');
    const indentation = indentOf(lines[index] ?? '');
    const line = index + 1;
    if (/^[|>][-+\d]*$/.test(value)) {
      const block = readBlock(lines, index + 1, indentation);
      if (action !== 'actions/github-script')
        for (const command of splitScript(block.lines, index + 2)) commands.push(command);
      index = block.next - 1;
    } else if (value === '') {
      const items = readItems(lines, index + 1, indentation);
      commands.push(...items.commands);
      index = items.next - 1;
    } else commands.push({ line, text: toCommand(value) });
  }
  return commands;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function stripYamlComment(value: string): string {
  return value.replace(/\s#.*$/, '').trim();
}

function readBlock(
  lines: readonly string[],
  from: number,
  outer: number,
): { readonly lines: readonly string[]; readonly next: number } {
  let next = from;
  while (
    next < lines.length &&
    ((lines[next] ?? '').trim() === '' || indentOf(lines[next] ?? '') > outer)
  )
    next++;
  return { lines: lines.slice(from, next), next };
}

/** `- a` below a key: one command where it is a list of words, several where each is a line of script. */
function readItems(
  lines: readonly string[],
  from: number,
  outer: number,
): { readonly commands: readonly CommandText[]; readonly next: number } {
  const items: CommandText[] = [];
  const nested: CommandText[] = [];
  let next = from;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? '';
    if (line.trim() === '' || /^\s*#/.test(line)) continue;
    const item = /^(\s*)-\s+(.*)$/.exec(line);
    if (item === null || (item[1] ?? '').length < outer) break;
    const value = stripYamlComment(item[2] ?? '');
    if (/^[|>][-+\d]*$/.test(value)) {
      const block = readBlock(lines, next + 1, (item[1] ?? '').length);
      items.push({ line: next + 1, text: block.lines.map((text) => text.trim()).join('\n') });
      nested.push(...splitScript(block.lines, next + 2));
      next = block.next - 1;
    } else if (/^[\w-]+:(?:\s|$)/.test(value)) {
      // A list of mappings (steps): its own command keys are met by the outer loop.
      return { commands: [], next: from };
    } else items.push({ line: next + 1, text: toCommand(value) });
  }
  const first = items[0];
  if (first === undefined) return { commands: [], next };
  // Words of one command: the first is a program and the others are its arguments, or a script after `-c`.
  const isWordList = items.slice(0, -1).every(({ text }) => !/\s/.test(text.trim()));
  if (!isWordList)
    return { commands: [...items.filter(({ text }) => !text.includes('\n')), ...nested], next };
  const words = items.map(({ text }) => text.trim());
  return {
    commands: [
      { line: first.line, text: quoteWords(words) },
      ...items.slice(1).filter(({ text }) => /\s/.test(text)),
      ...nested,
    ],
    next,
  };
}
