/** From the columns of a page to releases in order of version; file records are made only for releases that are looked at. */
import type { DistributionFile, DistributionName, Version } from '../types.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import { parseSdistFilename } from '../pep/sdist-filename.ts';
import { parseWheelFilename } from '../pep/wheel-filename.ts';
import type { ProjectPage, Release } from './package-index.ts';
import type { PageRecord } from './page-record.ts';
import { addressOf, createPageBuilder } from './page-record.ts';

/** Which files of a page count. */
export interface PageFilter {
  /** ISO 8601; files uploaded at or after it, or at an unknown time, are left out. */
  readonly excludeNewer: string | null;
}

interface Group {
  readonly version: Version;
  readonly files: number[];
}

/** The releases of a record; files whose names are neither wheels nor source archives of the project are left out. */
export function createProjectPage(
  name: DistributionName,
  record: PageRecord,
  index: string | null,
  filter: PageFilter,
): ProjectPage {
  const cutOff = filter.excludeNewer === null ? null : Date.parse(filter.excludeNewer);
  const byText = new Map<string, Group | null>();
  for (let at = 0; at < record.filenames.length; at++) {
    if (cutOff !== null && !isOlder(record.uploadTimes[at] ?? '', cutOff)) continue;
    const text = versionTextOf(record.filenames[at] ?? '', name);
    if (text === null) continue;
    const known = byText.get(text);
    if (known !== undefined) {
      known?.files.push(at);
      continue;
    }
    const version = parseVersion(text);
    byText.set(text, version === null ? null : { version, files: [at] });
  }
  const groups: Group[] = [];
  for (const group of byText.values()) if (group !== null) groups.push(group);
  groups.sort((left, right) => compareVersions(left.version, right.version));
  return {
    name,
    index,
    releases: mergeEqual(groups).map((group) => createRelease(name, record, group)),
  };
}

/** `1.0` and `1.0.0` are one version. */
function mergeEqual(groups: readonly Group[]): readonly Group[] {
  const merged: Group[] = [];
  for (const group of groups) {
    const last = merged.at(-1);
    if (last !== undefined && compareVersions(last.version, group.version) === 0)
      last.files.push(...group.files);
    else merged.push(group);
  }
  return merged;
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

/** The files of a record, which may be those of any project, that belong to a name. */
export function recordOfName(record: PageRecord, name: DistributionName): PageRecord {
  const builder = createPageBuilder();
  record.filenames.forEach((filename, at) => {
    const isOwn = filename.endsWith('.whl')
      ? parseWheelFilename(filename)?.name === name
      : parseSdistFilename(filename, name) !== null;
    if (!isOwn) return;
    builder.add({
      filename,
      url: addressOf(record, at),
      sha256: record.sha256[at] ?? '',
      requiresPython: record.texts[record.requiresPython[at] ?? -1] ?? null,
      yanked: record.texts[record.yanked[at] ?? -1] ?? null,
      size: record.sizes[at] ?? -1,
      uploadTime: record.uploadTimes[at] ?? '',
      metadataFile: record.metadataFiles[at] ?? -1,
      metadataHash: record.metadataHashes[at] ?? '',
    });
  });
  return builder.finish();
}

function isOlder(uploadTime: string, cutOff: number): boolean {
  const time = Date.parse(uploadTime);
  return !Number.isNaN(time) && time < cutOff;
}

function versionTextOf(filename: string, name: DistributionName): string | null {
  if (!filename.endsWith('.whl')) return parseSdistFilename(filename, name)?.version ?? null;
  // The name in a wheel's file name has no dash, so the second part is the version; the rest is looked at on use.
  const start = filename.indexOf('-') + 1;
  const end = filename.indexOf('-', start);
  return start > 0 && end > start ? filename.slice(start, end).replaceAll('_', '-') : null;
}

function createRelease(name: DistributionName, record: PageRecord, group: Group): Release {
  let files: readonly DistributionFile[] | null = null;
  return {
    version: group.version,
    files: () => (files ??= group.files.flatMap((at) => fileAt(name, record, group.version, at))),
  };
}

function fileAt(
  name: DistributionName,
  record: PageRecord,
  version: Version,
  at: number,
): readonly DistributionFile[] {
  const filename = record.filenames[at] ?? '';
  const kind = filename.endsWith('.whl') ? 'wheel' : 'sdist';
  if (kind === 'wheel' && parseWheelFilename(filename)?.name !== name) return [];
  const size = record.sizes[at] ?? -1;
  const metadata = record.metadataFiles[at] ?? -1;
  const uploadTime = record.uploadTimes[at] ?? '';
  const metadataHash = record.metadataHashes[at] ?? '';
  return [
    {
      filename,
      url: addressOf(record, at),
      kind,
      version,
      sha256: record.sha256[at] || null,
      size: size < 0 ? null : size,
      requiresPython: record.texts[record.requiresPython[at] ?? -1] ?? null,
      yanked: record.texts[record.yanked[at] ?? -1] ?? null,
      uploadTime: uploadTime === '' ? null : uploadTime,
      metadataFile: metadata < 0 ? null : metadata === 1,
      ...(metadataHash === '' ? {} : { metadataHash }),
    },
  ];
}
