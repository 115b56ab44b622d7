/** Imports that commands hold: `python -c` and heredocs in Dockerfiles, scripts and compose files. */

import type { ImportScan, ImportUse } from '../types.ts';

/** An import that no Python file has. */
export interface CommandImport extends ImportUse {
  readonly byCommand: true;
}

/** What `python -c` and heredocs import where the product is built and run: HEALTHCHECK, RUN, scripts. */
export function importsOfCommands({
  references,
  firstPartyModules,
}: ImportScan): readonly CommandImport[] {
  const own = new Set(firstPartyModules);
  return references
    .filter(
      ({ imported, area, name }) =>
        imported === true && area === undefined && !own.has(name.split('.', 1)[0] ?? ''),
    )
    .map(({ path, line, name }) => ({
      path,
      line,
      module: name,
      level: 0,
      names: [],
      context: [],
      dynamic: false,
      byCommand: true,
    }));
}
