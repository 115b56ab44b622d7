/**
 * Use without an import: commands and modules named in Dockerfiles, compose and Kubernetes files, Procfiles, units,
 * scripts, Makefiles, workflows and tool configuration. Line by line, no YAML or INI library: what is looked for are a
 * few keys whose values are commands. Every reference has its file and line.
 */

import configurationFiles from '../../data/configuration-files.json' with { type: 'json' };
import { PYTHON_TEMPLATE } from '../imports/source-files.ts';
import type { Reference, SourceArea } from '../types.ts';
import { readDockerfile } from './dockerfile-commands.ts';
import { afterPattern, toNames } from './named.ts';
import type { Named } from './named.ts';
import {
  readCrontab,
  readJustfile,
  readMakefile,
  readPackageScripts,
  readShell,
} from './script-commands.ts';
import { readTables } from './table-commands.ts';
import { yamlCommands, yamlModules } from './yaml-commands.ts';

const CI_PATH =
  /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.buildkite|\.azure-pipelines|\.azuredevops|\.devcontainer|\.ci|\.woodpecker|\.drone)\/|(?:^|\/)(?:\.gitlab-ci[^/]*\.ya?ml|\.travis\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.?appveyor\.ya?ml|Jenkinsfile[^/]*|tox\.ini|\.pre-commit-config\.ya?ml|\.pre-commit-hooks\.ya?ml|cloudbuild[^/]*\.ya?ml|\.drone\.ya?ml|\.cirrus\.ya?ml|\.readthedocs\.ya?ml|codecov\.ya?ml|Earthfile|lefthook\.ya?ml|\.flake8|\.pylintrc|\.coveragerc|\.bandit)$/;

/** Files of configuration by their names, to the tool that reads them. */
const CONFIG_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries(configurationFiles.files).flatMap(([tool, files]) =>
    files.map((file) => [file, tool] as const),
  ),
);

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
    const ownArea = area ?? named.area;
    const key = `${line}\0${kind}\0${name}`;
    if (seen.has(key) || name.length > 200) continue;
    seen.add(key);
    references.push({
      path,
      line,
      kind,
      name,
      ...(named.module === true ? { module: true } : {}),
      ...(named.plugin === true ? { plugin: true } : {}),
      ...(named.starts === true ? { starts: true } : {}),
      ...(named.imported === true ? { imported: true } : {}),
      ...(ownArea === undefined ? {} : { area: ownArea }),
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
  if (PYTHON_TEMPLATE.test(file)) return importLines(lines);
  if (/\.ya?ml$/i.test(file))
    return [...toNames(yamlCommands(lines), 'command'), ...yamlModules(lines)];
  if (file.toLowerCase().startsWith('procfile'))
    return toNames(afterPattern(lines, /^[\w-]+:\s*(.*)$/), 'command');
  if (/\.(?:service|socket|timer)$/.test(file))
    return toNames(afterPattern(lines, /^Exec\w+\s*=\s*[-@+!:]*(.*)$/), 'command');
  if (/\.(?:sh|bash|zsh|ksh|fish|bat|cmd|ps1)$/i.test(file) || !file.includes('.')) {
    if (/^(?:GNU)?[Mm]akefile/.test(file)) return readMakefile(lines);
    if (/^\.?[Jj]ustfile/.test(file)) return readJustfile(lines);
    if (file.startsWith('Jenkinsfile'))
      return toNames(
        afterPattern(lines, /\bsh\s*(?:\(?\s*(?:script:\s*)?)?["']+(.*?)["']*\)?\s*$/),
        'command',
      );
    if (file === 'crontab') return readCrontab(lines);
    return readShell(lines);
  }
  if (/\.mk$|^Makefile\./.test(file)) return readMakefile(lines);
  if (file.endsWith('.just')) return readJustfile(lines);
  if (file.endsWith('.cron')) return readCrontab(lines);
  if (/\.(?:toml|cfg|ini|conf)$/i.test(file)) return readTables(file, lines);
  if (file === 'package.json') return readPackageScripts(lines);
  if (/^(?:devcontainer|app|vercel|now|fly|railway)\.json$/.test(file))
    return toNames(afterPattern(lines, /"\w*[cC]ommand\w*"\s*:\s*"(.*)"/), 'command');
  return [];
}

/** A template is no Python yet: its imports are told by their lines alone. */
function importLines(lines: readonly string[]): readonly Named[] {
  return lines.flatMap((text, index): readonly Named[] => {
    const name = /^\s*(?:from|import)\s+([A-Za-z_][\w.]*)/.exec(text)?.[1];
    return name === undefined
      ? []
      : [{ line: index + 1, kind: 'string', name, module: true, imported: true }];
  });
}

/** A plain split is much faster than an expression; files with CR are few. */
function splitLines(text: string): readonly string[] {
  return text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
}
