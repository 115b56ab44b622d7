/** From the record of a page to releases; versions and files are made only of what is looked at. */
import type { DistributionFile, DistributionName, Version } from '../types.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import { parseWheelFilename } from '../pep/wheel-filename.ts';
import type { LeftOut, ProjectPage, Release } from './package-index.ts';
import { createPageBuilder } from './page-builder.ts';
import type { PageEntry, PageRecord } from './page-record.ts';
import { allEntries, entriesAt } from './page-record.ts';

/** Which files of a page count. */
export interface PageFilter {
  /** ISO 8601; files uploaded at or after it, or at an unknown time, are left out. */
  readonly excludeNewer: string | null;
}

/** The releases of a record. Wheels whose names are not those of the project are left out. */
export function createProjectPage(
  name: DistributionName,
  record: PageRecord,
  index: string | null,
  filter: PageFilter,
): ProjectPage {
  const cutOff = filter.excludeNewer === null ? null : Date.parse(filter.excludeNewer);
  const releases: Release[] = [];
  for (let at = 0; at < record.versions.length; at++) {
    if (cutOff === null) releases.push(new RecordedRelease(name, record, at, null));
    else {
      const older = entriesAt(record, at).filter(({ uploadTime }) => isOlder(uploadTime, cutOff));
      if (older.length > 0) releases.push(new RecordedRelease(name, record, at, older));
    }
  }
  const leftOut = cutOff === null ? {} : { leftOut: () => findLeftOut(record, cutOff) };
  return { name, index, releases, ...leftOut };
}

function findLeftOut(record: PageRecord, cutOff: number): LeftOut {
  const versions: Version[] = [];
  let hasNoTimes = true;
  for (let at = 0; at < record.versions.length; at++) {
    const entries = entriesAt(record, at);
    if (entries.some(({ uploadTime }) => isOlder(uploadTime, cutOff))) continue;
    const version = parseVersion(record.versions[at] ?? '');
    if (version !== null) versions.push(version);
    hasNoTimes &&= entries.every(({ uploadTime }) => uploadTime === '');
  }
  return { versions, hasNoTimes };
}

function isOlder(uploadTime: string, cutOff: number): boolean {
  const time = Date.parse(uploadTime);
  return !Number.isNaN(time) && time < cutOff;
}

/** A class, because a run makes tens of thousands of them and looks at few. */
class RecordedRelease implements Release {
  private readonly name: DistributionName;
  private readonly record: PageRecord;
  private readonly at: number;
  private readonly entries: readonly PageEntry[] | null;
  private parsed: Version | null = null;
  private made: readonly DistributionFile[] | null = null;

  constructor(
    name: DistributionName,
    record: PageRecord,
    at: number,
    entries: readonly PageEntry[] | null,
  ) {
    this.name = name;
    this.record = record;
    this.at = at;
    this.entries = entries;
  }

  get version(): Version {
    this.parsed ??= parseVersion(this.record.versions[this.at] ?? '');
    if (this.parsed === null) throw new Error(`${this.name} has a release that is no version`);
    return this.parsed;
  }

  files(): readonly DistributionFile[] {
    this.made ??= (this.entries ?? entriesAt(this.record, this.at)).flatMap((entry) =>
      toFile(this.name, this.version, entry),
    );
    return this.made;
  }
}

function toFile(
  name: DistributionName,
  version: Version,
  entry: PageEntry,
): readonly DistributionFile[] {
  const { filename, url, sha256, size, requiresPython, yanked, uploadTime } = entry;
  const { metadataFile, metadataHash } = entry;
  const kind = filename.endsWith('.whl') ? 'wheel' : 'sdist';
  if (kind === 'wheel' && parseWheelFilename(filename)?.name !== name) return [];
  return [
    {
      filename,
      url,
      kind,
      version,
      sha256: sha256 || null,
      size: size < 0 ? null : size,
      requiresPython,
      yanked,
      uploadTime: uploadTime === '' ? null : uploadTime,
      metadataFile: metadataFile < 0 ? null : metadataFile === 1,
      ...(metadataHash === '' ? {} : { metadataHash }),
    },
  ];
}

/** The releases of both pages; of a version that both have, the files of the first come first. */
export function joinPages(first: ProjectPage, second: ProjectPage): ProjectPage {
  const releases = [...first.releases, ...second.releases].toSorted((left, right) =>
    compareVersions(left.version, right.version),
  );
  const joined: Release[] = [];
  for (const release of releases) {
    const last = joined.at(-1);
    if (last === undefined || compareVersions(last.version, release.version) !== 0)
      joined.push(release);
    else
      joined[joined.length - 1] = {
        version: last.version,
        files: () => [...last.files(), ...release.files()],
      };
  }
  return { ...second, releases: joined };
}

/** The record of those files, which may be those of any project, that belong to a name. */
export function recordOfName(entries: readonly PageEntry[], name: DistributionName): PageRecord {
  const builder = createPageBuilder(name);
  for (const entry of entries) {
    const { filename } = entry;
    if (!filename.endsWith('.whl') || parseWheelFilename(filename)?.name === name)
      builder.add(entry);
  }
  return builder.finish();
}

/** The record with upload times, by file name, where the page gave none. */
export function withUploadTimes(
  record: PageRecord,
  name: DistributionName,
  times: ReadonlyMap<string, string>,
): PageRecord {
  const builder = createPageBuilder(name);
  for (const entry of allEntries(record)) {
    const uploadTime = entry.uploadTime || (times.get(entry.filename) ?? '');
    builder.add({ ...entry, uploadTime });
  }
  return builder.finish();
}
