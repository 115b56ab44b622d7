/** TOML and INI: the tools that have a table, entry points, and the values of keys that are commands. */

import { splitScript, toCommand } from './command-text.ts';
import { toNames } from './named.ts';
import type { Named } from './named.ts';
import { withTasks } from './task-area.ts';

/** TOML and INI: the tools that have a table, entry points, and the values of keys that are commands. */
export function readTables(file: string, lines: readonly string[]): readonly Named[] {
  const names: Named[] = [];
  let table = '';
  let group = '';
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index] ?? '';
    const line = index + 1;
    const header = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/.exec(text)?.[1];
    if (header !== undefined && !/^\s*\[\s*["'{]/.test(text)) {
      table = header.replaceAll(/["']/g, '');
      group = '';
      const tool = toolOfTable(file, table);
      if (tool !== null) names.push({ line, kind: 'config', name: tool });
      continue;
    }
    const pair = /^\s*["']?([\w.-]+)["']?\s*=\s*(.*)$/.exec(text);
    if (isEntryPointTable(table)) {
      // setup.cfg has the group as a key of its own above its entries.
      group = /^\s*([\w.-]+)\s*=\s*$/.exec(text)?.[1] ?? group;
      const module = /=\s*["']?\s*([A-Za-z_][\w.]*)\s*:/.exec(text)?.[1];
      const plugin = isPluginGroup(table, group) ? { plugin: true } : {};
      if (module !== undefined)
        names.push({ line, kind: 'entry-point', name: module, module: true, ...plugin });
    } else if (pair !== null && isCommandKey(file, table, pair[1] ?? '')) {
      const value = readValue(lines, index, pair[2] ?? '');
      const commands = splitScript(value.lines, value.firstLine);
      names.push(
        ...toNames(
          withTasks(commands, () => taskOf(table, pair[1] ?? '')),
          'command',
        ),
      );
      index = value.next - 1;
    } else if (pair?.[1] === 'extensions' && isBabelFile(file)) {
      names.push(...modulesIn(pair[2] ?? '', line));
    } else if (
      file === 'pyproject.toml' &&
      table === 'build-system' &&
      pair?.[1] === 'build-backend'
    ) {
      const backend = /([A-Za-z_][\w.]*)/.exec(pair[2] ?? '')?.[1];
      if (backend !== undefined) names.push({ line, kind: 'config', name: backend });
    }
  }
  return names;
}

function isBabelFile(file: string): boolean {
  return /^babel[^/]*\.(?:cfg|ini)$/.test(file);
}

/** Extensions of Jinja, by the class that a mapping file of Babel names. */
function modulesIn(value: string, line: number): readonly Named[] {
  return [...value.matchAll(/[A-Za-z_]\w*(?:\.\w+)+/g)].map(([name]) => ({
    line,
    kind: 'string',
    name,
    module: true,
  }));
}

/** The tool that a table configures: `[tool.black]`, `[flake8]`, `[coverage:run]`, `[tool:pytest]`. */
function toolOfTable(file: string, table: string): string | null {
  if (file.endsWith('.toml')) return /^tool\.([\w-]+)/.exec(table)?.[1] ?? null;
  if (!/^(?:setup\.cfg|tox\.ini|\.?(?:mypy|pytest|coverage|flake8)[^/]*\.(?:ini|cfg))$/.test(file))
    return null;
  const name = /^(?:tool:)?([a-z][\w-]*)/i.exec(table)?.[1]?.toLowerCase() ?? null;
  return name === null ||
    /^(?:metadata|options|bdist_wheel|sdist|egg_info|aliases|testenv|gh|build|install|bumpversion_file)/.test(
      name,
    )
    ? null
    : name;
}

function isEntryPointTable(table: string): boolean {
  return /^(?:project\.(?:scripts|gui-scripts|entry-points(?:\..+)?)|tool\.poetry\.(?:scripts|plugins(?:\..+)?)|options\.entry_points|console_scripts|gui_scripts)$/.test(
    table,
  );
}

/** What is installed as a command starts something; other groups are loaded by a program. */
function isPluginGroup(table: string, group: string): boolean {
  if (table === 'options.entry_points') return !/^(?:console|gui)_scripts$/.test(group);
  const named = /^(?:project\.entry-points|tool\.poetry\.plugins)\.?(.*)$/.exec(table);
  return named !== null && !/^(?:console|gui)_scripts$/.test(named[1] ?? '');
}

function isCommandKey(file: string, table: string, key: string): boolean {
  if (
    /^tool\.(?:taskipy\.tasks|poe\.tasks(?:\..+)?|pdm\.scripts(?:\..+)?|hatch\.envs\..+\.scripts|hatch\.envs\.[^.]+|pixi\.tasks|rye\.scripts)$/.test(
      table,
    )
  )
    return true;
  if (file === 'pyproject.toml') return /^(?:commands|command|cmd|legacy_tox_ini)$/.test(key);
  if (file.endsWith('.toml'))
    return /^(?:cmd|command|run|build|release_command|start|startCommand|buildCommand|web|worker)$/i.test(
      key,
    );
  if (file.endsWith('.ini') || file.endsWith('.cfg'))
    return /^commands(?:_pre|_post)?$|^command$|^(?:attach-daemon2?|exec-\w+)$/.test(key);
  return key === 'command';
}

/** The task that a table of a runner has at a key: `[tool.poe.tasks.test]`, `[tool.hatch.envs.docs.scripts]`. */
function taskOf(table: string, key: string): string | undefined {
  const runner =
    /^tool\.(?:taskipy\.tasks|poe\.tasks|pdm\.scripts|hatch\.envs|pixi\.tasks|rye\.scripts)\.?(.*)$/.exec(
      table,
    );
  return runner === null ? undefined : `${runner[1] ?? ''}.${key}`;
}

/** A value with its indented continuation lines, or a TOML list over several lines. */
function readValue(
  lines: readonly string[],
  index: number,
  value: string,
): { readonly lines: readonly string[]; readonly firstLine: number; readonly next: number } {
  let next = index + 1;
  if (value.startsWith('[') && !/\]\s*(?:#.*)?$/.test(value)) {
    while (next < lines.length && !/^\s*\]/.test(lines[next] ?? '')) next++;
  } else if (!/^["'[{]/.test(value))
    while (next < lines.length && /^\s+\S/.test(lines[next] ?? '')) next++;
  const own = [value, ...lines.slice(index + 1, next)].map((line) =>
    toCommand(line.trim().replace(/,$/, '')).replace(/^\{.*?cmd\s*=\s*["'](.*?)["'].*\}$/, '$1'),
  );
  return { lines: own, firstLine: index + 1, next };
}
