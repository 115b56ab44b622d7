/** Builds the files of an invented index: wheels with METADATA, WHEEL, RECORD and entry points; sdists with PKG-INFO. */
import { createHash } from 'node:crypto';

import { writeTarGz } from './tar-writer.ts';
import { writeZip } from './zip-writer.ts';
import type { ZipMember } from './zip-writer.ts';

/** Paths below the root of the wheel (or the top folder of the sdist) and their contents. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

export interface UniverseWheel {
  /** `py3-none-any` unless told; several platform tags are joined by dots. */
  readonly tags?: string;
  readonly build?: string;
  /** An `__init__.py` of the normalised name unless told. `.data/` folders are written without the name: `.data/scripts/x`. */
  readonly contents?: Contents;
  /** Text of entry_points.txt. */
  readonly entryPoints?: string;
  readonly requiresDist?: readonly string[];
  readonly requiresPython?: string;
  /** True or a reason. */
  readonly yanked?: boolean | string;
  readonly uploadTime?: string;
  /** Instead of the generated METADATA. */
  readonly metadataText?: string;
  /** True: no `.metadata` beside it. */
  readonly withoutMetadata?: boolean;
  /** Instead of a built wheel: broken ones. */
  readonly bytes?: Uint8Array;
}

export interface UniverseSdist {
  /** Files of the top folder beside PKG-INFO. */
  readonly contents?: Contents;
  /** Instead of the generated PKG-INFO (Metadata-Version 2.2); null leaves it out. */
  readonly pkgInfo?: string | null;
  readonly extension?: 'tar.gz' | 'zip';
  readonly requiresPython?: string;
  readonly yanked?: boolean | string;
  readonly uploadTime?: string;
  readonly bytes?: Uint8Array;
}

/** One release. Without `files` and `sdist` it has one pure wheel; `files: []` has none. */
export interface UniverseDistribution {
  readonly name: string;
  readonly version: string;
  readonly requiresDist?: readonly string[];
  readonly requiresPython?: string;
  readonly providesExtras?: readonly string[];
  readonly yanked?: boolean | string;
  /** ISO 8601; 2024-01-01T00:00:00Z unless told; null: the index does not tell it. */
  readonly uploadTime?: string | null;
  readonly files?: readonly UniverseWheel[];
  readonly sdist?: UniverseSdist;
}

export interface Universe {
  readonly description?: string;
  /** Releases in the order in which pages list them. */
  readonly distributions: readonly UniverseDistribution[];
}

/** A file as the index has it. */
export interface BuiltFile {
  /** Normalised. */
  readonly project: string;
  readonly version: string;
  readonly kind: 'wheel' | 'sdist';
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly requiresDist: readonly string[];
  readonly requiresPython: string | null;
  /** Reason, '' for none given, null when not yanked. */
  readonly yanked: string | null;
  readonly uploadTime: string | null;
  /** Text of METADATA, null for an sdist. */
  readonly metadata: string | null;
  readonly withoutMetadata: boolean;
}

/** All files of a universe, in its order, sdist last within a release. */
export function buildUniverse(universe: Universe): readonly BuiltFile[] {
  const files: BuiltFile[] = [];
  for (const distribution of universe.distributions) {
    const wheels = distribution.files ?? (distribution.sdist === undefined ? [{}] : []);
    for (const wheel of wheels) files.push(buildWheel(distribution, wheel));
    if (distribution.sdist !== undefined) files.push(buildSdist(distribution, distribution.sdist));
  }
  return files;
}

function buildWheel(distribution: UniverseDistribution, wheel: UniverseWheel): BuiltFile {
  const stem = `${fileName(distribution.name)}-${distribution.version}`;
  const tags = wheel.tags ?? 'py3-none-any';
  const requiresDist = wheel.requiresDist ?? distribution.requiresDist ?? [];
  const requiresPython = wheel.requiresPython ?? distribution.requiresPython ?? null;
  const metadata =
    wheel.metadataText ?? metadataText(distribution, '2.1', requiresDist, requiresPython);
  const build = wheel.build === undefined ? '' : `-${wheel.build}`;
  return {
    ...common(distribution, wheel),
    kind: 'wheel',
    filename: `${stem}${build}-${tags}.whl`,
    bytes: wheel.bytes ?? writeZip(wheelMembers(distribution, wheel, stem, metadata)),
    requiresDist,
    requiresPython,
    metadata,
    withoutMetadata: wheel.withoutMetadata ?? false,
  };
}

function buildSdist(distribution: UniverseDistribution, sdist: UniverseSdist): BuiltFile {
  const stem = `${fileName(distribution.name)}-${distribution.version}`;
  const extension = sdist.extension ?? 'tar.gz';
  const requiresPython = sdist.requiresPython ?? distribution.requiresPython ?? null;
  const requiresDist = distribution.requiresDist ?? [];
  const pkgInfo =
    sdist.pkgInfo === undefined
      ? metadataText(distribution, '2.2', requiresDist, requiresPython)
      : sdist.pkgInfo;
  const contents = { ...sdist.contents, ...(pkgInfo === null ? {} : { 'PKG-INFO': pkgInfo }) };
  const members = Object.entries(contents).map(([path, content]) => ({
    name: `${stem}/${path}`,
    content,
  }));
  return {
    ...common(distribution, sdist),
    kind: 'sdist',
    filename: `${stem}.${extension}`,
    bytes: sdist.bytes ?? (extension === 'zip' ? writeZip(members) : writeTarGz(members)),
    requiresDist,
    requiresPython,
    metadata: null,
    withoutMetadata: true,
  };
}

function common(
  distribution: UniverseDistribution,
  file: Pick<UniverseWheel, 'yanked' | 'uploadTime'>,
): Pick<BuiltFile, 'project' | 'version' | 'yanked' | 'uploadTime'> {
  const yanked = file.yanked ?? distribution.yanked ?? false;
  return {
    project: distribution.name.toLowerCase().replace(/[-_.]+/g, '-'),
    version: distribution.version,
    yanked: yanked === false ? null : yanked === true ? '' : yanked,
    uploadTime:
      file.uploadTime ??
      (distribution.uploadTime === undefined ? '2024-01-01T00:00:00Z' : distribution.uploadTime),
  };
}

/** PEP 427 and 625: the normalised name with underscores. */
function fileName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '_');
}

function wheelMembers(
  distribution: UniverseDistribution,
  wheel: UniverseWheel,
  stem: string,
  metadata: string,
): readonly ZipMember[] {
  const contents = wheel.contents ?? { [`${fileName(distribution.name)}/__init__.py`]: '' };
  const tags = (wheel.tags ?? 'py3-none-any').split('-');
  const members: ZipMember[] = Object.entries(contents).map(([path, content]) => ({
    name: path.startsWith('.data/') ? stem + path : path,
    content,
  }));
  const wheelText = `Wheel-Version: 1.0\nGenerator: depweight-test\nRoot-Is-Purelib: ${tags.includes('none')}\nTag: ${tags.join('-')}\n`;
  members.push({ name: `${stem}.dist-info/METADATA`, content: metadata });
  members.push({ name: `${stem}.dist-info/WHEEL`, content: wheelText });
  if (wheel.entryPoints !== undefined) {
    members.push({ name: `${stem}.dist-info/entry_points.txt`, content: wheel.entryPoints });
  }
  const record = `${stem}.dist-info/RECORD`;
  return [...members, { name: record, content: recordText(members, record) }];
}

function recordText(members: readonly ZipMember[], record: string): string {
  const lines = members.map((member) => {
    const content = Buffer.from(member.content);
    const hash = createHash('sha256').update(content).digest('base64url');
    return `${member.name},sha256=${hash},${content.length}`;
  });
  return `${[...lines, `${record},,`].join('\n')}\n`;
}

function metadataText(
  distribution: UniverseDistribution,
  metadataVersion: string,
  requiresDist: readonly string[],
  requiresPython: string | null,
): string {
  const lines = [
    `Metadata-Version: ${metadataVersion}`,
    `Name: ${distribution.name}`,
    `Version: ${distribution.version}`,
    ...(requiresPython === null ? [] : [`Requires-Python: ${requiresPython}`]),
    ...extrasOf(distribution, requiresDist).map((extra) => `Provides-Extra: ${extra}`),
    ...requiresDist.map((requirement) => `Requires-Dist: ${requirement}`),
  ];
  return `${lines.join('\n')}\n\n`;
}

function extrasOf(
  distribution: UniverseDistribution,
  requiresDist: readonly string[],
): readonly string[] {
  if (distribution.providesExtras !== undefined) return distribution.providesExtras;
  const extras = requiresDist.flatMap((text) =>
    [...text.matchAll(/extra\s*==\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? ''),
  );
  return [...new Set(extras)];
}
