import { describe, expect, test } from 'vitest';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import type { PageEntry, PageRecord } from '../../src/package-index/page-record.ts';
import { allEntries, decodePage, encodePageHead } from '../../src/package-index/page-record.ts';
import {
  createProjectPage,
  joinPages,
  recordOfName,
} from '../../src/package-index/project-page.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { pageEntry } from '../support/page-entry.ts';

type Entry = Partial<PageEntry> & Pick<PageEntry, 'filename'>;

const tool = normalizeName('my-tool');

/** A file of which the index tells most. */
function toldEntry({ filename, ...more }: Entry): PageEntry {
  return pageEntry(filename, {
    url: `https://files.test/pool/aa/${filename}`,
    sha256: 'c'.repeat(64),
    requiresPython: '>=3.8',
    size: 10,
    metadataFile: 1,
    metadataHash: 'ab',
    ...more,
  });
}

function recordOf(entries: readonly Entry[]): PageRecord {
  const builder = createPageBuilder(tool);
  for (const entry of entries) builder.add(toldEntry(entry));
  return builder.finish();
}

const pageOf = (filenames: readonly string[]): ReturnType<typeof createProjectPage> =>
  createProjectPage(tool, recordOf(filenames.map((filename) => ({ filename }))), null, {
    excludeNewer: null,
  });
const listed = (
  page: ReturnType<typeof createProjectPage>,
): readonly (readonly [string, readonly string[]])[] =>
  page.releases.map((release) => [
    release.version.text,
    release.files().map(({ filename }) => filename),
  ]);

describe('a record of a page', () => {
  test('gives back every file as it was added, whatever its host', () => {
    const urls = [
      'https://files.test/pool/aa/my-tool-1.tar.gz',
      'https://files.test/pool/bb/cc/my-tool-2.tar.gz',
      'https://files.test/other/my-tool-3.tar.gz',
      'http://elsewhere.test/my-tool-4.tar.gz',
      'https://files.test/pool/dd/my-tool-5.tar.gz?token=x',
      'https://files.test/pool/ee/my-tool-6%2Bcpu.tar.gz',
      'file:///disk/my-tool-7.tar.gz',
    ];
    const entries = urls.map((url, at) =>
      toldEntry({
        url,
        filename: decodeURIComponent((url.split('?')[0] ?? '').split('/').at(-1) ?? ''),
        requiresPython: at % 2 === 0 ? null : '>=3.8, "é"',
        yanked: [null, '', 'bad "build"\u2028'][at % 3] ?? null,
        size: at % 2 === 0 ? -1 : at,
        uploadTime: at % 2 === 0 ? '' : '2024-01-02T03:04:05Z',
        sha256: at % 2 === 0 ? '' : 'c'.repeat(64),
        metadataFile: (at % 3) - 1,
        metadataHash: at % 3 === 2 ? 'ab' : '',
      }),
    );
    expect(allEntries(recordOf(entries))).toEqual(entries);
  });

  test('says the same after it was written and read', () => {
    const record = recordOf([
      { filename: 'my_tool-1.0.tar.gz', yanked: 'no' },
      { filename: 'my_tool-2.0.tar.gz' },
    ]);
    const again = decodePage(JSON.parse(encodePageHead(record)), Buffer.from(record.body));
    expect(again).toEqual(record);
  });

  const head: unknown = JSON.parse(encodePageHead(recordOf([{ filename: 'my-tool-1.zip' }])));
  const { body } = recordOf([{ filename: 'my-tool-1.zip' }]);
  test.each([
    ['null', null, body],
    ['a text', 'x', body],
    ['an empty head', {}, body],
    ['a version without its line', { ...(head as object), ends: [] }, body],
    ['lists that are none', { ...(head as object), versions: 'x' }, body],
    ['a body of another length', head, body.subarray(1)],
  ])('%s is no record', (_what, given, bytes) => {
    expect(decodePage(given, bytes)).toBeNull();
  });
});

describe('the releases of a page', () => {
  test('come in ascending order of version, each with its files in the order of the page', () => {
    const page = pageOf([
      'my_tool-1.10.tar.gz',
      'my_tool-1.9-py3-none-any.whl',
      'my_tool-1.10-py3-none-any.whl',
      'my_tool-1.10rc1.zip',
    ]);
    expect(listed(page)).toEqual([
      ['1.9', ['my_tool-1.9-py3-none-any.whl']],
      ['1.10rc1', ['my_tool-1.10rc1.zip']],
      ['1.10', ['my_tool-1.10.tar.gz', 'my_tool-1.10-py3-none-any.whl']],
    ]);
  });

  test('`1.0`, `1.0.0` and `v1` are one release', () => {
    const page = pageOf([
      'my_tool-1.0.tar.gz',
      'my_tool-1.0.0-py3-none-any.whl',
      'my_tool-v1-py2-none-any.whl',
    ]);
    expect(page.releases).toHaveLength(1);
    expect(page.releases[0]?.files()).toHaveLength(3);
  });

  test('files of other projects, of unknown versions and of no known kind are left out', () => {
    const page = pageOf([
      'other-1.0.tar.gz',
      'other-1.0-py3-none-any.whl',
      'my_tool-2004d-py3-none-any.whl',
      'my_tool-1.0-py3-none-any.whl',
      'my_tool.whl',
      'my-tool.tar.gz',
      'my_tool-1.0-py3-none.whl',
    ]);
    expect(
      page.releases.flatMap((release) => release.files()).map(({ filename }) => filename),
    ).toEqual(['my_tool-1.0-py3-none-any.whl']);
  });

  test('a source archive may write the name as it likes', () => {
    const page = pageOf(['My.Tool-1.0.tar.gz', 'my-tool-1.1.tar.gz', 'my_tool-1.2.zip']);
    expect(page.releases.map(({ version }) => version.text)).toEqual(['1.0', '1.1', '1.2']);
  });

  test('a file carries what the page says of it', () => {
    expect(pageOf(['my_tool-1.0-py3-none-any.whl']).releases[0]?.files()).toEqual([
      {
        filename: 'my_tool-1.0-py3-none-any.whl',
        url: 'https://files.test/pool/aa/my_tool-1.0-py3-none-any.whl',
        kind: 'wheel',
        version: expect.objectContaining({ text: '1.0' }),
        sha256: 'c'.repeat(64),
        size: 10,
        requiresPython: '>=3.8',
        yanked: null,
        uploadTime: null,
        metadataFile: true,
        metadataHash: 'ab',
      },
    ]);
  });

  test('--exclude-newer leaves out what was uploaded at that moment or later, or nobody knows when', () => {
    const record = recordOf([
      { filename: 'my_tool-1.0.tar.gz', uploadTime: '2024-01-01T00:00:00Z' },
      { filename: 'my_tool-1.1.tar.gz', uploadTime: '2024-06-01T00:00:00+02:00' },
      { filename: 'my_tool-1.2.tar.gz', uploadTime: '2024-06-01T00:00:00Z' },
      { filename: 'my_tool-1.3.tar.gz' },
      { filename: 'my_tool-1.4.tar.gz', uploadTime: 'yesterday' },
    ]);
    const page = createProjectPage(tool, record, null, { excludeNewer: '2024-06-01T00:00:00Z' });
    expect(page.releases.map(({ version }) => version.text)).toEqual(['1.0', '1.1']);
  });
});

describe('files of --find-links', () => {
  test('are told by name from those of other projects', () => {
    const entries = [
      { filename: 'my_tool-1.0-py3-none-any.whl' },
      { filename: 'my_tool_extra-1.0-py3-none-any.whl' },
      { filename: 'my-tool-2.0.tar.gz', yanked: 'x' },
      { filename: 'my-tool-extra-2.0.tar.gz' },
    ].map(toldEntry);
    expect(allEntries(recordOfName(entries, tool))).toEqual([entries[0], entries[2]]);
  });

  test('stand beside those of the index, before them within a version', () => {
    const joined = joinPages(
      pageOf(['my_tool-1.0.tar.gz', 'my_tool-3.0.tar.gz']),
      pageOf(['my_tool-1.0.0-py3-none-any.whl', 'my_tool-2.0.tar.gz']),
    );
    expect(listed(joined)).toEqual([
      ['1.0', ['my_tool-1.0.tar.gz', 'my_tool-1.0.0-py3-none-any.whl']],
      ['2.0', ['my_tool-2.0.tar.gz']],
      ['3.0', ['my_tool-3.0.tar.gz']],
    ]);
  });
});
