import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteAddress } from '../../src/package-index/page-address.ts';
import { PageError } from '../../src/package-index/page-error.ts';
import type { PageEntry } from '../../src/package-index/page-record.ts';
import { allEntries } from '../../src/package-index/page-record.ts';
import { parseProjectJson, parseSimplePage } from '../../src/package-index/simple-page.ts';
import { normalizeName } from '../../src/pep/name.ts';

const pageUrl = 'https://index.test/simple/tool/';

const tool = normalizeName('tool');

/** The files that a page lists, without the hashes of their metadata files. */
function rowsOf(
  body: string,
  url = pageUrl,
  parse: typeof parseSimplePage = parseSimplePage,
): readonly Omit<PageEntry, 'metadataHash'>[] {
  return allEntries(parse(body, url, tool)).map(({ metadataHash: _hash, ...row }) => row);
}

const html = (anchors: string, head = ''): string =>
  `<!DOCTYPE html><html><head>${head}</head><body>${anchors}</body></html>`;
const hash = 'ab'.repeat(32);

describe('HTML (PEP 503)', () => {
  test('takes file name, address, hash and attributes from an anchor', () => {
    const page = html(
      `<a href="https://files.test/p/tool-1.0-py3-none-any.whl#sha256=${hash}" data-requires-python="&gt;=3.8" data-yanked="bad" data-upload-time="2024-01-02T03:04:05Z" data-core-metadata="sha256=${hash}">tool-1.0-py3-none-any.whl</a>`,
    );
    expect(rowsOf(page)).toEqual([
      {
        filename: 'tool-1.0-py3-none-any.whl',
        url: 'https://files.test/p/tool-1.0-py3-none-any.whl',
        sha256: hash,
        requiresPython: '>=3.8',
        yanked: 'bad',
        size: -1,
        uploadTime: '2024-01-02T03:04:05Z',
        metadataFile: 1,
      },
    ]);
  });

  test('reads attributes with an unescaped `>` in their value', () => {
    const page = html('<a data-requires-python=">=3.8,<4" href="tool-1.0.tar.gz">x</a>');
    expect(rowsOf(page)[0]).toMatchObject({
      filename: 'tool-1.0.tar.gz',
      requiresPython: '>=3.8,<4',
    });
  });

  test.each([
    ['relative to the page', 'tool-1.0.tar.gz', 'https://index.test/simple/tool/tool-1.0.tar.gz'],
    [
      'relative to a parent',
      '../../files/tool-1.0.tar.gz',
      'https://index.test/files/tool-1.0.tar.gz',
    ],
    ['from the root', '/f/tool-1.0.tar.gz', 'https://index.test/f/tool-1.0.tar.gz'],
    ['without a scheme', '//cdn.test/tool-1.0.tar.gz', 'https://cdn.test/tool-1.0.tar.gz'],
    [
      'with a query',
      'tool-1.0.tar.gz?token=1',
      'https://index.test/simple/tool/tool-1.0.tar.gz?token=1',
    ],
  ])('resolves an address %s', (_what, href, expected) => {
    expect(rowsOf(html(`<a href="${href}">x</a>`))[0]).toMatchObject({
      url: expected,
      filename: 'tool-1.0.tar.gz',
    });
  });

  test('resolves addresses against <base href>, wherever it stands in the head', () => {
    const page = html(
      '<a href="tool-1.0.tar.gz">x</a>',
      '<title>t</title><BASE target="_self" HREF="https://cdn.test/pool/">',
    );
    expect(rowsOf(page)[0]?.url).toBe('https://cdn.test/pool/tool-1.0.tar.gz');
  });

  test('takes upper case, single quotes, no quotes, blanks and line breaks inside of tags', () => {
    const page = html(
      "<A\n  HREF = 'tool-1.0.tar.gz'\n  DATA-YANKED>x</A><a class=link href=tool-2.0.tar.gz>y</a>",
    );
    expect(rowsOf(page).map(({ filename, yanked }) => [filename, yanked])).toEqual([
      ['tool-1.0.tar.gz', ''],
      ['tool-2.0.tar.gz', null],
    ]);
  });

  test('decodes entities and percent signs in names', () => {
    const page = html(
      '<a href="a/tool-1.0%2Bcpu-py3-none-any.whl?x=1&amp;y=&#50;&#x33;" data-yanked="&quot;no&quot; &unknown;">x</a>',
    );
    expect(rowsOf(page)[0]).toMatchObject({
      filename: 'tool-1.0+cpu-py3-none-any.whl',
      url: 'https://index.test/simple/tool/a/tool-1.0%2Bcpu-py3-none-any.whl?x=1&y=23',
      yanked: '"no" &unknown;',
    });
  });

  test('knows both names of the metadata attribute, and `false`', () => {
    const page = html(
      '<a href="tool-1.tar.gz" data-dist-info-metadata="true">x</a><a href="tool-2.tar.gz" data-core-metadata="false">x</a><a href="tool-3.tar.gz">x</a>',
    );
    expect(rowsOf(page).map(({ metadataFile }) => metadataFile)).toEqual([1, 0, -1]);
  });

  test('leaves out what is neither wheel nor source archive, anchors without address, and other elements', () => {
    const page = html(
      '<a href="tool-1.0.exe">x</a><a href="tool-1.0.egg">x</a><a name="top">x</a><abbr href="tool-9.tar.gz">x</abbr><a href="mailto:me@x.test">m</a><a href="tool-1.0-py3-none-any.whl.asc">s</a><a href="tool-1.0.zip">z</a>',
    );
    expect(rowsOf(page).map(({ filename }) => filename)).toEqual(['tool-1.0.zip']);
  });

  test('gives no hash where there is another algorithm or a broken one', () => {
    const page = html(
      '<a href="tool-1.tar.gz#md5=abc">x</a><a href="tool-2.tar.gz#sha256=123">x</a>',
    );
    expect(rowsOf(page).map(({ sha256 }) => sha256)).toEqual(['', '']);
  });

  test('a page of the web cannot point into the disk of the reader', () => {
    expect(
      rowsOf(html('<a href="file:///etc/tool-1.0.tar.gz">x</a><a href="tool-2.0.tar.gz">y</a>')),
    ).toHaveLength(1);
  });

  test('keeps no credentials of an address', () => {
    const page = html(
      '<a href="https://me:pw@files.test/tool-1.0.tar.gz">x</a><a href="tool-2.0.tar.gz">y</a>',
    );
    const rows = rowsOf(page, 'https://you:secret@index.test/simple/tool/');
    expect(JSON.stringify(rows)).not.toMatch(/pw|secret/);
    expect(rows[1]?.url).toBe('https://index.test/simple/tool/tool-2.0.tar.gz');
  });

  test('a page without any link is an empty listing only where it says that it is one', () => {
    expect(rowsOf(html('<h1>Links for tool</h1>'))).toEqual([]);
    expect(() => parseSimplePage(html('<form>Sign in</form>'), pageUrl, tool)).toThrow(
      /without links to files/,
    );
  });

  test('a log-in page with links is no listing', () => {
    const portal = html(
      '<form action="/login">Sign in</form><a href="/terms">Terms</a><a href="/help">Help</a>',
    );
    expect(() => parseSimplePage(portal, pageUrl, tool)).toThrow(PageError);
  });
});

describe('JSON (PEP 691, 700)', () => {
  const json = (files: unknown, meta: unknown = { 'api-version': '1.1' }): string =>
    JSON.stringify({ meta, name: 'tool', files });

  test('takes sizes, times, yanks and hashes', () => {
    const file = {
      filename: 'tool-1.0-py3-none-any.whl',
      url: '../../f/tool-1.0-py3-none-any.whl',
      hashes: { sha256: hash.toUpperCase(), md5: 'x' },
      'requires-python': '>=3.9',
      size: 1234,
      'upload-time': '2024-01-02T03:04:05.123456Z',
      yanked: 'bad',
      'core-metadata': { sha256: hash },
    };
    expect(rowsOf(json([file]))).toEqual([
      {
        filename: 'tool-1.0-py3-none-any.whl',
        url: 'https://index.test/f/tool-1.0-py3-none-any.whl',
        sha256: hash,
        requiresPython: '>=3.9',
        yanked: 'bad',
        size: 1234,
        uploadTime: '2024-01-02T03:04:05.123456Z',
        metadataFile: 1,
      },
    ]);
  });

  test.each([
    [true, 1],
    [false, 0],
    [{ sha256: hash }, 1],
    [{}, 1],
    [null, -1],
  ])('core-metadata %j', (value, expected) => {
    const file = {
      filename: 'tool-1.tar.gz',
      url: 'tool-1.tar.gz',
      hashes: {},
      'core-metadata': value,
    };
    expect(rowsOf(json([file]))[0]?.metadataFile).toBe(expected);
  });

  test.each([
    [true, ''],
    [false, null],
    ['', ''],
    ['why', 'why'],
    [undefined, null],
    [1, null],
  ])('yanked %j', (yanked, expected) => {
    const file = { filename: 'tool-1.tar.gz', url: 'tool-1.tar.gz', hashes: {}, yanked };
    expect(rowsOf(json([file]))[0]?.yanked).toBe(expected);
  });

  test.each([['12'], [-1], [1.5], [2 ** 60], [null], [true]])('a size of %j is no size', (size) => {
    const file = { filename: 'tool-1.tar.gz', url: 'tool-1.tar.gz', hashes: {}, size };
    expect(rowsOf(json([file]))[0]?.size).toBe(-1);
  });

  test('goes on past entries of the wrong shape', () => {
    const files = [
      null,
      1,
      'x',
      [],
      {},
      { filename: 1, url: 'x' },
      { filename: 'tool-1.tar.gz' },
      { filename: 'tool-2.tar.gz', url: 'tool-2.tar.gz', hashes: [], 'requires-python': 3 },
    ];
    expect(rowsOf(json(files))).toMatchObject([
      { filename: 'tool-2.tar.gz', sha256: '', requiresPython: null },
    ]);
  });

  test('names like those of prototypes are plain keys', () => {
    const page =
      '{"meta":{"api-version":"1.0","__proto__":{"x":1}},"files":[{"filename":"tool-1.tar.gz","url":"tool-1.tar.gz","hashes":{},"__proto__":{"yanked":true},"constructor":{"prototype":{"size":1}}}]}';
    expect(rowsOf(page)).toMatchObject([{ filename: 'tool-1.tar.gz', yanked: null, size: -1 }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('a byte order mark and blanks before the brace are no matter', () => {
    expect(
      rowsOf(`\uFEFF \n${json([{ filename: 'tool-1.tar.gz', url: 'tool-1.tar.gz', hashes: {} }])}`),
    ).toHaveLength(1);
  });

  test.each([
    ['2.0 of the API', json([], { 'api-version': '2.0' }), /version 2\.0/],
    ['10.1 of the API', json([], { 'api-version': '10.1' }), /version 10\.1/],
    ['no files', '{"meta":{}}', /no list of files/],
    ['files that are no list', json({ a: 1 }), /no list of files/],
    ['half a document', json([]).slice(0, -3), /broken JSON/],
    ['nothing', '', /empty/],
    ['plain text', 'not found', /neither HTML nor JSON/],
  ])('%s is an error in words', (_what, body, message) => {
    expect(() => parseSimplePage(body, pageUrl, tool)).toThrow(PageError);
    expect(() => parseSimplePage(body, pageUrl, tool)).toThrow(message);
  });

  test('api-version 1.9 is known well enough', () => {
    expect(rowsOf(json([], { 'api-version': '1.9' }))).toEqual([]);
  });
});

describe('the JSON API of a project', () => {
  test('gives the files of all releases', () => {
    const file = (name: string): unknown => ({
      filename: name,
      url: `../../f/${name}`,
      digests: { sha256: hash },
      requires_python: '>=3.7',
      size: 5,
      upload_time_iso_8601: '2020-01-01T00:00:00Z',
      yanked: true,
      yanked_reason: 'old',
    });
    const body = JSON.stringify({
      info: {},
      releases: {
        '1.0': [file('tool-1.0.tar.gz')],
        '2.0': [file('tool-2.0.tar.gz')],
        '3.0': [],
        '4.0': null,
      },
    });
    const rows = rowsOf(body, 'https://index.test/pypi/a/json', parseProjectJson);
    expect(rows.map(({ url }) => url)).toEqual([
      'https://index.test/f/tool-1.0.tar.gz',
      'https://index.test/f/tool-2.0.tar.gz',
    ]);
    expect(rows[0]).toMatchObject({
      sha256: hash,
      yanked: 'old',
      size: 5,
      uploadTime: '2020-01-01T00:00:00Z',
      requiresPython: '>=3.7',
    });
  });

  test('a document without releases is an error', () => {
    expect(() => parseProjectJson('{"info":{}}', pageUrl, tool)).toThrow(PageError);
  });
});

describe('any text', () => {
  test('is read or refused with a PageError, never anything else', () => {
    const pieces = fc.constantFrom(
      '<a ',
      'href=',
      '"',
      "'",
      '>',
      '<',
      '=',
      'tool-1.0.tar.gz',
      ' ',
      '/',
      '<base href',
      '&#',
      ';',
      '&#x110000;',
      '%',
      '\0',
      '</a>',
      '<!--',
      '{',
      '}',
      '[',
      ']',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
        fc.constantFrom('', '<html>', '{"files":['),
        (text, start) => {
          try {
            const record = parseSimplePage(start + text, pageUrl, tool);
            expect(record.ends).toHaveLength(record.versions.length);
            allEntries(record);
          } catch (error) {
            expect(error).toBeInstanceOf(PageError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a megabyte of open tags is read in linear time', () => {
    const started = performance.now();
    expect(() => parseSimplePage(`<html>${'<a '.repeat(350_000)}`, pageUrl, tool)).toThrow(
      PageError,
    );
    parseSimplePage(`<html><base ${'x '.repeat(200_000)}<a href="tool-1.tar.gz">`, pageUrl, tool);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('20,000 links are read in well under a second', () => {
    const anchors = Array.from(
      { length: 20_000 },
      (_, at) =>
        `<a href="https://files.test/aa/bb/tool-1.${at}-py3-none-any.whl#sha256=${hash}" data-requires-python="&gt;=3.8">tool</a>`,
    );
    const started = performance.now();
    expect(rowsOf(html(anchors.join('\n')))).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

test.each([
  ['https://a.test/x', 'https://a.test/x'],
  ['x y', 'https://index.test/simple/tool/x%20y'],
  ['javascript:alert(1)', null],
  ['http://', 'http://'],
  ['ftp://a.test/x', null],
])('the address %s', (address, expected) => {
  expect(absoluteAddress(address, pageUrl)).toBe(expected);
});
