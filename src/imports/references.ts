/**
 * Use without an import: commands and modules named in Dockerfiles, compose and Kubernetes files, Procfiles, units,
 * scripts, Makefiles, workflows and tool configuration. Line by line, no YAML or INI library: what is looked for are a
 * few keys whose values are commands. Every reference has its file and line.
 */

import type { Reference, SourceArea } from '../types.ts';
import type { CommandName } from './shell-commands.ts';
import {
  findCommandNames,
  findNamesInWords,
  modulesOfCode,
  splitCommands,
} from './shell-commands.ts';

type Kind = Reference['kind'];

/** A name with the line that it stands on. */
interface Named {
  readonly line: number;
  readonly kind: Kind;
  readonly name: string;
  readonly module?: boolean;
  readonly imported?: boolean;
}

/** Lines joined into one command, with the number of the first. */
interface CommandText {
  readonly line: number;
  readonly text: string;
}

const CI_PATH =
  /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.buildkite|\.azure-pipelines|\.azuredevops|\.devcontainer|\.ci|\.woodpecker|\.drone)\/|(?:^|\/)(?:\.gitlab-ci[^/]*\.ya?ml|\.travis\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.?appveyor\.ya?ml|Jenkinsfile[^/]*|tox\.ini|\.pre-commit-config\.ya?ml|\.pre-commit-hooks\.ya?ml|cloudbuild[^/]*\.ya?ml|\.drone\.ya?ml|\.cirrus\.ya?ml|\.readthedocs\.ya?ml|codecov\.ya?ml|Earthfile|lefthook\.ya?ml|\.flake8|\.pylintrc|\.coveragerc|\.bandit)$/;

/** Files of configuration by their names, to the tool that reads them. */
const CONFIG_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'pre-commit': ['.pre-commit-config.yaml', '.pre-commit-config.yml'],
    mkdocs: ['mkdocs.yml', 'mkdocs.yaml'],
    sphinx: ['.readthedocs.yml', '.readthedocs.yaml'],
    flake8: ['.flake8'],
    pylint: ['.pylintrc', 'pylintrc'],
    coverage: ['.coveragerc'],
    bandit: ['.bandit'],
    ruff: ['ruff.toml', '.ruff.toml'],
    mypy: ['mypy.ini', '.mypy.ini'],
    pyright: ['pyrightconfig.json'],
    pytest: ['pytest.ini'],
    tox: ['tox.ini'],
    isort: ['.isort.cfg'],
    yapf: ['.style.yapf'],
    alembic: ['alembic.ini'],
    uwsgi: ['uwsgi.ini', 'uwsgi.yml', 'uwsgi.yaml', 'uwsgi.json'],
    supervisor: ['supervisord.conf', 'supervisor.conf'],
    dvc: ['dvc.yaml', 'dvc.yml'],
    dbt: ['dbt_project.yml', 'dbt_project.yaml'],
    yamllint: ['.yamllint', '.yamllint.yml', '.yamllint.yaml'],
    'ansible-lint': ['.ansible-lint', '.ansible-lint.yml', '.ansible-lint.yaml'],
  }).flatMap(([tool, files]) => files.map((file) => [file, tool] as const)),
);

/** Keys of YAML files whose values are commands. */
const COMMAND_KEY =
  /^(\s*)(?:-\s+)?["']?(command|entrypoint|args|run|script|before_script|after_script|cmd|cmds|commands|test|exec|entry|startCommand|buildCommand|preDeployCommand|postCreateCommand|bash|pwsh|sh|inlineScript|install|build|pre_build|post_build|start|prepare)["']?\s*:\s*(.*)$/i;

/** Settings of an editor: they say what a developer looks at, not what the code needs. */
export function isEditorSetting(path: string): boolean {
  return /(?:^|\/)\.(?:vscode|idea|vs|fleet|zed)\/|\.(?:code-workspace|sublime-(?:project|workspace)|iml)$/.test(
    path,
  );
}

/** Area of a text file by its path: `tool` for CI and development configuration, undefined for the product. */
export function areaOfText(path: string): SourceArea | undefined {
  if (CI_PATH.test(path)) return 'tool';
  if (/(?:^|\/)(?:tests?|e2e|integration[-_]tests?)\//i.test(path)) return 'test';
  if (/^(?:docs?|documentation)\//i.test(path)) return 'docs';
  if (/^(?:examples?|samples?)\//i.test(path)) return 'example';
  if (/^(?:bench|benchmarks?)\//i.test(path)) return 'benchmark';
  if (/(?:docker-)?compose[.-](?:test|ci)[^/]*\.ya?ml$|Dockerfile[.-](?:test|ci|dev)\b/i.test(path))
    return 'test';
  return undefined;
}

/** All names that a text file refers to, in the order of its lines, each once per line. */
export function readReferences(path: string, text: string): readonly Reference[] {
  const area = areaOfText(path);
  const found = [...configNames(path), ...readNames(path, text)];
  const seen = new Set<string>();
  const references: Reference[] = [];
  for (const named of found.toSorted((a, b) => a.line - b.line)) {
    const { line, kind, name } = named;
    const key = `${line}\0${kind}\0${name}`;
    if (seen.has(key) || name.length > 200) continue;
    seen.add(key);
    references.push({
      path,
      line,
      kind,
      name,
      ...(named.module === true ? { module: true } : {}),
      ...(named.imported === true ? { imported: true } : {}),
      ...(area === undefined ? {} : { area }),
    });
  }
  return references;
}

/** Whether a text file is of a kind that names commands or configures a tool: others need not be read. */
export function hasReferences(path: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (isEditorSetting(path)) return false;
  if (/\.(?:tf|hcl|properties|env)$|^\.env(?:\.|$)/.test(file)) return false;
  return !file.endsWith('.json') || JSON_WITH_COMMANDS.test(file) || configNames(path).length > 0;
}

const JSON_WITH_COMMANDS = /^(?:package|devcontainer|app|vercel|now|fly|railway)\.json$/;

function configNames(path: string): readonly Named[] {
  const name = CONFIG_FILES.get(path.slice(path.lastIndexOf('/') + 1));
  return name === undefined ? [] : [{ line: 1, kind: 'config', name }];
}

function readNames(path: string, text: string): readonly Named[] {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const lines = splitLines(text);
  if (/^(?:Dockerfile|Containerfile)(?:[.-].*)?$|\.dockerfile$/i.test(file))
    return readDockerfile(lines);
  if (/\.ya?ml$/i.test(file)) return toNames(yamlCommands(lines), 'command');
  if (file.toLowerCase().startsWith('procfile'))
    return toNames(afterPattern(lines, /^[\w-]+:\s*(.*)$/), 'command');
  if (/\.(?:service|socket|timer)$/.test(file))
    return toNames(afterPattern(lines, /^Exec\w+\s*=\s*[-@+!:]*(.*)$/), 'command');
  if (/\.(?:sh|bash|zsh|ksh|fish|bat|cmd|ps1)$/i.test(file) || !file.includes('.')) {
    if (/^(?:GNU)?[Mm]akefile/.test(file)) return readMakefile(lines);
    if (/^[Jj]ustfile/.test(file)) return toNames(afterPattern(lines, /^\s+[@-]*(.*)$/), 'command');
    if (file.startsWith('Jenkinsfile'))
      return toNames(
        afterPattern(lines, /\bsh\s*(?:\(?\s*(?:script:\s*)?)?["']+(.*?)["']*\)?\s*$/),
        'command',
      );
    if (file === 'crontab') return readCrontab(lines);
    return readShell(lines);
  }
  if (/\.mk$|^Makefile\./.test(file)) return readMakefile(lines);
  if (file.endsWith('.just')) return toNames(afterPattern(lines, /^\s+[@-]*(.*)$/), 'command');
  if (file.endsWith('.cron')) return readCrontab(lines);
  if (/\.(?:toml|cfg|ini|conf)$/i.test(file)) return readTables(file, lines);
  if (file === 'package.json') return readPackageScripts(lines);
  if (/^(?:devcontainer|app|vercel|now|fly|railway)\.json$/.test(file))
    return toNames(afterPattern(lines, /"\w*[cC]ommand\w*"\s*:\s*"(.*)"/), 'command');
  return [];
}

/** A plain split is much faster than an expression; files with CR are few. */
function splitLines(text: string): readonly string[] {
  return text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
}

function toNames(commands: readonly CommandText[], kind: Kind): readonly Named[] {
  return commands.flatMap(({ line, text }) =>
    namesOfText(text).map((found) => ({ line, kind, ...found })),
  );
}

type FoundName = Pick<Named, 'name' | 'module' | 'imported'>;

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

function afterPattern(lines: readonly string[], pattern: RegExp): readonly CommandText[] {
  return lines.flatMap((text, index) => {
    const value = pattern.exec(text)?.[1];
    return value === undefined || value === '' ? [] : [{ line: index + 1, text: value }];
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Dockerfiles

function readDockerfile(lines: readonly string[]): readonly Named[] {
  const names: Named[] = [];
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let text = lines[index] ?? '';
    if (/^\s*#/.test(text)) continue;
    while (/\\\s*$/.test(text) && index + 1 < lines.length) {
      const next = lines[++index] ?? '';
      // Comment lines inside a continued instruction are dropped by Docker.
      text = /^\s*#/.test(next) ? text : `${text.replace(/\\\s*$/, '')} ${next}`;
    }
    const instruction = /^\s*(RUN|CMD|ENTRYPOINT|HEALTHCHECK|SHELL)\s+(.*)$/is.exec(text);
    if (instruction === null) continue;
    const body = (instruction[2] ?? '')
      .replace(/^(?:--[\w-]+(?:=\S+)?\s+)*/, '')
      .replace(/^CMD\s+/i, '');
    const heredoc = /<<-?\s*["']?(\w+)["']?/.exec(body);
    if (heredoc !== null) {
      const script: string[] = [];
      while (index + 1 < lines.length && (lines[++index] ?? '').trim() !== heredoc[1])
        script.push(lines[index] ?? '');
      addHeredoc(body, script, start + 1, names);
      continue;
    }
    const written = lines.slice(start, index + 1);
    for (const found of namesOfInstruction(body))
      names.push({ line: start + 1 + offsetOf(found.name, written), kind: 'dockerfile', ...found });
  }
  return names;
}

/** Which of the lines of one instruction shows a name; the first where none does. */
function offsetOf(name: string, written: readonly string[]): number {
  if (written.length === 1) return 0;
  const word = new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
  return Math.max(
    0,
    written.findIndex((text) => !/^\s*#/.test(text) && word.test(text)),
  );
}

function addHeredoc(head: string, script: readonly string[], line: number, names: Named[]): void {
  const isPython = /\bpython[\d.]*\b/.test(head) || /^#!.*python/.test(script[0] ?? '');
  const found = isPython
    ? modulesOfCode(script.join('\n')).map((name) => ({ name, module: true, imported: true }))
    : namesOfText(script.join('\n'));
  for (const named of found) names.push({ line, kind: 'dockerfile', ...named });
}

function namesOfInstruction(body: string): readonly FoundName[] {
  const list = readStringList(body);
  return list === null ? namesOfText(body) : namesOfWords(list);
}

/** `["a", "b"]`, also with single quotes as YAML writes it; null for anything else. */
function readStringList(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null;
  const words: string[] = [];
  for (const item of trimmed
    .slice(1, -1)
    .matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,"'][^,]*)/g))
    words.push((item[1]?.replaceAll(/\\(.)/g, '$1') ?? item[2] ?? item[3] ?? '').trim());
  return words;
}

// ---------------------------------------------------------------------------------------------------------------------
// YAML: values of the keys that hold commands

function yamlCommands(lines: readonly string[]): readonly CommandText[] {
  const commands: CommandText[] = [];
  for (let index = 0; index < lines.length; index++) {
    const own = lines[index] ?? '';
    // Most lines have no such key: the expression is asked only where a colon stands.
    const match = own.includes(':') ? COMMAND_KEY.exec(own) : null;
    if (match === null) continue;
    const value = stripYamlComment(match[3] ?? '');
    const indentation = indentOf(lines[index] ?? '');
    const line = index + 1;
    if (/^[|>][-+\d]*$/.test(value)) {
      const block = readBlock(lines, index + 1, indentation);
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

/** A scalar or flow list as shell text. */
function toCommand(value: string): string {
  const list = readStringList(value);
  if (list !== null)
    return quoteWords(list[0] === 'CMD' || list[0] === 'CMD-SHELL' ? list.slice(1) : list);
  const quoted = /^"((?:[^"\\]|\\.)*)"$|^'((?:[^']|'')*)'$/.exec(value);
  return quoted?.[1]?.replaceAll(/\\(.)/g, '$1') ?? quoted?.[2]?.replaceAll("''", "'") ?? value;
}

/** Words as one line of shell; one that holds blanks is a script of its own (`CMD-SHELL`, `sh -c`). */
function quoteWords(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? '';
  return words
    .map((word) => (/[\s;&|]/.test(word) ? `'${word.replaceAll("'", '"')}'` : word))
    .join(' ');
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

/** Lines of a script with `\` continuations joined and heredocs of Python left to their own reader. */
function splitScript(lines: readonly string[], firstLine: number): readonly CommandText[] {
  const commands: CommandText[] = [];
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let text = lines[index] ?? '';
    while (/\\\s*$/.test(text) && index + 1 < lines.length)
      text = `${text.replace(/\\\s*$/, '')} ${lines[++index] ?? ''}`;
    // A quote that is open at the end of the line goes on, as in `python -c "`.
    while (hasOpenQuote(text) && index + 1 < lines.length && index - start < 200)
      text = `${text}\n${lines[++index] ?? ''}`;
    commands.push({ line: firstLine + start, text });
  }
  return commands;
}

function hasOpenQuote(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") index++;
    else if (quote === '') {
      if (character === '"' || (character === "'" && !/\w/.test(text[index - 1] ?? '')))
        quote = character;
      else if (character === '#' && /\s/.test(text[index - 1] ?? ' ')) return false;
    } else if (character === quote) quote = '';
  }
  return quote !== '';
}

// ---------------------------------------------------------------------------------------------------------------------
// Scripts, Makefiles, tables

function readShell(lines: readonly string[]): readonly Named[] {
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

function readMakefile(lines: readonly string[]): readonly Named[] {
  const recipes = lines.map((line) => {
    if (line.startsWith('\t')) return line.slice(1).replace(/^[@+-]+/, '');
    // `test: ; pytest`, and variables that hold a command: `PYTEST ?= poetry run pytest`.
    return (
      /^[\w.-]+\s*:[^=;]*;(.*)$/.exec(line)?.[1] ??
      /^[A-Z_]+\s*[:?+]?=\s*(.*)$/.exec(line)?.[1] ??
      ''
    );
  });
  return toNames(splitScript(recipes, 1), 'command');
}

function readCrontab(lines: readonly string[]): readonly Named[] {
  return toNames(afterPattern(lines, /^(?:@\w+|(?:[\d*/,a-z-]+\s+){5})(.*)$/i), 'command');
}

/** TOML and INI: the tools that have a table, entry points, and the values of keys that are commands. */
function readTables(file: string, lines: readonly string[]): readonly Named[] {
  const names: Named[] = [];
  let table = '';
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index] ?? '';
    const line = index + 1;
    const header = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/.exec(text)?.[1];
    if (header !== undefined && !/^\s*\[\s*["'{]/.test(text)) {
      table = header.replaceAll(/["']/g, '');
      const tool = toolOfTable(file, table);
      if (tool !== null) names.push({ line, kind: 'config', name: tool });
      continue;
    }
    const pair = /^\s*["']?([\w.-]+)["']?\s*=\s*(.*)$/.exec(text);
    if (isEntryPointTable(table)) {
      const module = /=\s*["']?\s*([A-Za-z_][\w.]*)\s*:/.exec(text)?.[1];
      if (module !== undefined)
        names.push({ line, kind: 'entry-point', name: module, module: true });
    } else if (pair !== null && isCommandKey(file, table, pair[1] ?? '')) {
      const value = readValue(lines, index, pair[2] ?? '');
      names.push(...toNames(splitScript(value.lines, value.firstLine), 'command'));
      index = value.next - 1;
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

function readPackageScripts(lines: readonly string[]): readonly Named[] {
  const start = lines.findIndex((line) => /"scripts"\s*:\s*\{/.test(line));
  if (start === -1) return [];
  const end = lines.findIndex((line, index) => index > start && /^\s*\}/.test(line));
  const own = lines.map((line, index) =>
    index > start && (end === -1 || index < end) ? line : '',
  );
  return toNames(afterPattern(own, /^\s*"[^"]+"\s*:\s*"((?:[^"\\]|\\.)*)"/), 'command');
}
