/** Which distributions are tools of development, and which host loads a plugin (rows of data/). */

import tools from '../../data/development-tools.json' with { type: 'json' };
import plugins from '../../data/plugin-groups.json' with { type: 'json' };
import { normalizeName } from '../pep/name.ts';
import type { DistributionName } from '../types.ts';

const NAMES: Readonly<Record<string, string>> = tools.names;
const CONFIGURATION: Readonly<Record<string, string>> = tools.configuration;
const COMMANDS: Readonly<Record<string, string>> = tools.commands;

/** The kind of tool (`test`, `lint`, `typing`, `docs`, `build`, `debug`, `task`), or null for anything else. */
export function toolKind(name: DistributionName): string | null {
  if (tools.notTools.includes(name)) return null;
  if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? null;
  for (const [pattern, kind] of tools.patterns)
    if (pattern !== undefined && kind !== undefined && new RegExp(pattern).test(name)) return kind;
  return null;
}

/** A library of tests: it works by being imported, so that where nothing imports it nothing uses it. */
export function isTestLibrary(name: DistributionName): boolean {
  return tools.libraries.includes(name);
}

/** What others may import without declaring it, or start without writing it down: that nothing names it says little. */
export function isAssumed(name: DistributionName): boolean {
  return tools.assumed.includes(name);
}

/** The distribution that a `[tool.X]` table or INI section configures. */
export function configuredDistribution(table: string): DistributionName {
  return normalizeName(
    Object.hasOwn(CONFIGURATION, table) ? (CONFIGURATION[table] ?? table) : table,
  );
}

/** The distribution of a program whose name differs from it, as far as the file lists cannot tell. */
export function distributionOfProgram(program: string): DistributionName {
  return normalizeName(Object.hasOwn(COMMANDS, program) ? (COMMANDS[program] ?? program) : program);
}

/** What loads a plugin by its entry points. */
export interface PluginHost {
  readonly host: DistributionName;
  readonly area: 'development' | 'product';
  readonly group: string;
}

/** The hosts of a distribution's entry point groups. */
export function pluginHosts(
  entryPoints: Readonly<Record<string, readonly string[]>>,
): readonly PluginHost[] {
  const hosts: PluginHost[] = [];
  for (const group of Object.keys(entryPoints)) {
    for (const [pattern, host, area] of plugins.groups)
      if (pattern !== undefined && host !== undefined && new RegExp(pattern).test(group))
        hosts.push({
          host: normalizeName(host),
          area: area === 'development' ? 'development' : 'product',
          group,
        });
  }
  return hosts;
}
