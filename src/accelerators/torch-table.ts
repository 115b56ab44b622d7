/** What the wheels of torch on the default index weigh, by version and target: data/torch-builds.json. */
import torchBuilds from '../../data/torch-builds.json' with { type: 'json' };
import { compareVersions, parseVersion } from '../pep/version.ts';
import type { Bytes, BuildElsewhere, Version } from '../types.ts';

const { _meta: meta } = torchBuilds;

/** The day of the table. */
export const TABLE_DATE: string = meta.date;

interface Row {
  readonly version: Version;
  readonly os: string;
  readonly arch: string;
  readonly build: string;
  readonly downloadBytes: Bytes;
  readonly installedBytes: Bytes;
}

const ROWS: readonly Row[] = torchBuilds.wheels.flatMap((row) => {
  const version = parseVersion(row.version);
  return version === null ? [] : [{ ...row, version }];
});

/**
 * CPU builds for other targets, of that version or else the newest before it in the table: what the build for this target
 * may be like, and no more than that. Empty where the table starts later.
 */
export function cpuBuildsElsewhere(
  version: Version,
  target: { readonly os: string; readonly arch: string },
): readonly BuildElsewhere[] {
  const before = ROWS.filter((row) => compareVersions(row.version, version) <= 0);
  const newest = before.at(-1)?.version.text;
  return before
    .filter((row) => row.version.text === newest && row.build === 'cpu')
    .filter(({ os, arch }) => os !== target.os || arch !== target.arch)
    .map(({ os, arch, version: own, downloadBytes, installedBytes }) => ({
      os,
      arch,
      version: own.text,
      downloadBytes,
      installedBytes,
    }));
}
