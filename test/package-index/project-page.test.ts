import { describe, expect, test } from 'vitest';
import type { PageRecord } from '../../src/package-index/page-record.ts';
import { addressOf, createPageBuilder, isPageRecord } from '../../src/package-index/page-record.ts';
import {
  createProjectPage,
  joinPages,
  recordOfName,
} from '../../src/package-index/project-page.ts';
import { normalizeName } from '../../src/pep/name.ts';

interface Entry {
  readonly filename: string;
  readonly url?: string;
  readonly uploadTime?: string;
  readonly yanked?: string;
}

function recordOf(entries: readonly Entry[]): PageRecord {
  const builder = createPageBuilder();
  for (const {
    filename,
    url = `https://files.test/pool/aa/${filename}`,
    uploadTime = '',
    yanked,
  } of entries) {
    builder.add({
      filename,
      url,
      sha256: 'c'.repeat(64),
      requiresPython: '>=3.8',
      yanked: yanked ?? null,
      size: 10,
      uploadTime,
      metadataFile: 1,
      metadataHash: 'ab',
    });
  }
  return builder.finish();
}

const tool = normalizeName('my-tool');
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
  test('gives back every address as it was added, whatever its host', () => {
    const urls = [
      'https://files.test/pool/aa/a-1.tar.gz',
      'https://files.test/pool/bb/cc/a-2.tar.gz',
      'https://files.test/other/a-3.tar.gz',
      'http://elsewhere.test/a-4.tar.gz',
      'https://files.test/pool/dd/a-5.tar.gz?token=x',
      'https://files.test/pool/ee/b%2B5.tar.gz',
      'file:///disk/a-6.tar.gz',
    ];
    const entries = urls.map((url) => ({
      url,
      filename: decodeURIComponent((url.split('?')[0] ?? '').split('/').at(-1) ?? ''),
    }));
    const record = recordOf(entries);
    expect(urls.map((_, at) => addressOf(record, at))).toEqual(urls);
  });

  test('says the same after it went through JSON', () => {
    const record = recordOf([
      { filename: 'my_tool-1.0.tar.gz', yanked: 'no' },
      { filename: 'my_tool-2.0.tar.gz' },
    ]);
    const again: unknown = JSON.parse(JSON.stringify(record));
    expect(isPageRecord(again)).toBe(true);
    expect(again).toEqual(record);
  });

  test('keeps a repeated text once', () => {
    expect(recordOf([{ filename: 'a-1.zip' }, { filename: 'a-2.zip' }]).texts).toEqual(['>=3.8']);
  });

  test.each([
    ['null', null],
    ['a text', 'x'],
    ['no columns', {}],
    ['columns of unequal length', { ...recordOf([{ filename: 'a-1.zip' }]), sizes: [] }],
    ['a column that is no list', { ...recordOf([{ filename: 'a-1.zip' }]), urls: 'x' }],
    ['a column less', { ...recordOf([{ filename: 'a-1.zip' }]), metadataHashes: undefined }],
  ])('%s is no record', (_what, value) => {
    expect(isPageRecord(value)).toBe(false);
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
    const record = recordOf([
      { filename: 'my_tool-1.0-py3-none-any.whl' },
      { filename: 'my_tool_extra-1.0-py3-none-any.whl' },
      { filename: 'my-tool-2.0.tar.gz', yanked: 'x' },
      { filename: 'my-tool-extra-2.0.tar.gz' },
    ]);
    const own = recordOfName(record, tool);
    expect(own.filenames).toEqual(['my_tool-1.0-py3-none-any.whl', 'my-tool-2.0.tar.gz']);
    expect(own.texts[own.yanked[1] ?? -1]).toBe('x');
    expect(addressOf(own, 1)).toBe('https://files.test/pool/aa/my-tool-2.0.tar.gz');
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
