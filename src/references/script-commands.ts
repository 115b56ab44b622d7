/** Commands of scripts, Makefiles, crontabs and package.json. */

import { splitScript } from './command-text.ts';
import { afterPattern, toNames } from './named.ts';
import type { Named } from './named.ts';
import { modulesOfCode } from './shell-commands.ts';
import { withTasks } from './task-area.ts';

/** Commands of a shell script, and what Python code in its heredocs imports. */
export function readShell(lines: readonly string[]): readonly Named[] {
  const names: Named[] = [];
  const plain: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    plain.push(line);
    const heredoc = /<<-?\s*["']?(\w+)["']?/.exec(line);
    if (heredoc === null || line.includes('<<<')) continue;
    const body: string[] = [];
    const start = index + 1;
    while (index + 1 < lines.length && (lines[++index] ?? '').trim() !== heredoc[1]) {
      body.push(lines[index] ?? '');
      plain.push('');
    }
    plain.push('');
    if (!/\bpython[\d.]*\b/.test(line)) continue;
    for (const name of modulesOfCode(body.join('\n')))
      names.push({ line: start, kind: 'command', name, module: true, imported: true });
  }
  return [...names, ...toNames(splitScript(plain, 1), 'command')];
}

/** Commands of recipes, of `target: ; command`, and of variables that hold one. */
export function readMakefile(lines: readonly string[]): readonly Named[] {
  const recipes = lines.map((line) => {
    if (line.startsWith('\t')) return line.slice(1).replace(/^[@+-]+/, '');
    // `test: ; pytest`, and variables that hold a command: `PYTEST ?= poetry run pytest`.
    return (
      /^[\w.-]+\s*:[^=;]*;(.*)$/.exec(line)?.[1] ??
      /^[A-Z_]+\s*[:?+]?=\s*(.*)$/.exec(line)?.[1] ??
      ''
    );
  });
  const taskAt = headsOf(lines, /^([^\s#:=][^:=#]*):(?![:=]?=)/, isRecipeOfMake);
  return toNames(withTasks(splitScript(recipes, 1), taskAt), 'command');
}

function isRecipeOfMake(line: string): boolean {
  return line.startsWith('\t') || /^[\w.-]+\s*:[^=;]*;/.test(line);
}

/** Commands of recipes of just. */
export function readJustfile(lines: readonly string[]): readonly Named[] {
  const commands = afterPattern(lines, /^\s+[@-]*(.*)$/);
  const taskAt = headsOf(lines, /^@?([A-Za-z_][\w-]*)(?!\s*:=)(?:\s[^:]*)?:(?!=)/, (line) =>
    /^\s/.test(line),
  );
  return toNames(withTasks(commands, taskAt), 'command');
}

/** For each line of a recipe, what its head names. */
function headsOf(
  lines: readonly string[],
  head: RegExp,
  isRecipe: (line: string) => boolean,
): (line: number) => string | undefined {
  let task: string | undefined;
  const tasks = lines.map((line) => {
    task = head.exec(line)?.[1] ?? task;
    return isRecipe(line) ? task : undefined;
  });
  return (line) => tasks[line - 1];
}

/** Commands of a crontab, after the times. */
export function readCrontab(lines: readonly string[]): readonly Named[] {
  return toNames(afterPattern(lines, /^(?:@\w+|(?:[\d*/,a-z-]+\s+){5})(.*)$/i), 'command');
}

/** Commands of `scripts` in package.json. */
export function readPackageScripts(lines: readonly string[]): readonly Named[] {
  const start = lines.findIndex((line) => /"scripts"\s*:\s*\{/.test(line));
  if (start === -1) return [];
  const end = lines.findIndex((line, index) => index > start && /^\s*\}/.test(line));
  const own = lines.map((line, index) =>
    index > start && (end === -1 || index < end) ? line : '',
  );
  const commands = afterPattern(own, /^\s*"[^"]+"\s*:\s*"((?:[^"\\]|\\.)*)"/);
  const taskAt = (line: number): string | undefined =>
    /^\s*"([^"]+)"/.exec(own[line - 1] ?? '')?.[1];
  return toNames(withTasks(commands, taskAt), 'command');
}
