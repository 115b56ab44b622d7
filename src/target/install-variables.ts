/** Variables that say what options of an install command would: `ENV PIP_INDEX_URL=…`; the option is stronger. */
import type { InstallCommand } from './install-command.ts';

/** The command with them, those of the first level before those of the next; null where they forbid it. */
export function withVariables(
  install: InstallCommand,
  levels: readonly ReadonlyMap<string, string>[],
): InstallCommand | null {
  const { tool, sync } = install;
  if (tool !== 'pip' && tool !== 'uv') return install;
  const value = (...names: readonly string[]): string | undefined =>
    levels.flatMap((level) => names.flatMap((name) => level.get(name) ?? []))[0];
  const isSet = (...names: readonly string[]): boolean =>
    names.some((name) => /^(?:1|true|t|yes|y|on)$/i.test(value(name) ?? ''));
  const isPip = tool === 'pip';
  if (sync?.isImplied === true && isSet('UV_NO_SYNC', 'UV_NO_PROJECT')) return null;
  const main = isPip ? value('PIP_INDEX_URL') : value('UV_DEFAULT_INDEX', 'UV_INDEX_URL');
  const extra = isPip ? value('PIP_EXTRA_INDEX_URL') : value('UV_INDEX', 'UV_EXTRA_INDEX_URL');
  const extras = (extra ?? '').split(/\s+/).filter((url) => /^https?:/.test(url));
  const excluded = [
    ...(isSet('UV_NO_DEV') ? ['dev'] : []),
    ...(value('UV_NO_GROUP') ?? '').split(/\s+/).filter((group) => group !== ''),
  ];
  return {
    ...install,
    sync: sync && {
      ...sync,
      withDefaultGroups: sync.withDefaultGroups && !isSet('UV_NO_DEFAULT_GROUPS'),
      excludedGroups: [...sync.excludedGroups, ...excluded],
    },
    indexUrl: install.indexUrl ?? (main !== undefined && /^https?:/.test(main) ? main : null),
    extraIndexUrls: [...install.extraIndexUrls, ...extras],
  };
}
