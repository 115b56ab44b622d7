/** An invented index in memory, for tests that ask it thousands of times: releases with one pure wheel, no HTTP. */
import type {
  MetadataAnswer,
  PackageIndex,
  ProjectPage,
} from '../../src/package-index/package-index.ts';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import type { PageRecord } from '../../src/package-index/page-record.ts';
import { createProjectPage } from '../../src/package-index/project-page.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { Requirement } from '../../src/types.ts';
import { pageEntry } from './page-entry.ts';

/** Requirements by `name`, then by version. */
export type Releases = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The parsed requirements of every release, by `name version`. */
export function parseReleases(releases: Releases): ReadonlyMap<string, readonly Requirement[]> {
  const parsed = new Map<string, readonly Requirement[]>();
  for (const [name, versions] of Object.entries(releases)) {
    for (const [version, texts] of Object.entries(versions)) {
      parsed.set(
        `${name} ${version}`,
        texts.map((text) => parseRequirement(text)),
      );
    }
  }
  return parsed;
}

/** The port over such releases. With `delayed` every answer comes by a promise. */
export function createMemoryIndex(releases: Releases, delayed = false): PackageIndex {
  const pages = new Map<string, ProjectPage>();
  const answers = new Map<string, MetadataAnswer>();
  for (const [key, requiresDist] of parseReleases(releases)) {
    const [name = '', version = ''] = key.split(' ');
    answers.set(key, {
      known: true,
      from: 'metadata-file',
      value: {
        name: normalizeName(name),
        version,
        requiresPython: null,
        requiresDist,
        providesExtras: ['x', 'y'],
        repairs: [],
      },
    });
  }
  for (const [name, versions] of Object.entries(releases)) {
    pages.set(
      name,
      createProjectPage(normalizeName(name), recordOf(name, Object.keys(versions)), null, {
        excludeNewer: null,
      }),
    );
  }
  const give = <T>(value: T): T | Promise<T> => (delayed ? Promise.resolve(value) : value);
  return {
    page(name) {
      const page = pages.get(name);
      return give(page === undefined ? { status: 'not-found' } : { status: 'found', page });
    },
    metadata(name, file) {
      const answer = answers.get(`${name} ${file.version.text}`);
      if (answer === undefined) throw new Error(`Nobody released ${name} ${file.version.text}`);
      return give(answer);
    },
    wheel: () => give({ known: false, reason: 'not-weighed' }),
  };
}

function recordOf(name: string, versions: readonly string[]): PageRecord {
  const builder = createPageBuilder(normalizeName(name));
  for (const version of versions) {
    if (parseVersion(version) === null) throw new Error(`${version} is no version`);
    const filename = `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`;
    builder.add(pageEntry(filename, { metadataFile: 1 }));
  }
  return builder.finish();
}
