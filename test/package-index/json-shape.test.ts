import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFileShape } from '../../src/package-index/json-shape.ts';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import { PageError } from '../../src/package-index/page-error.ts';
import type { PageEntry } from '../../src/package-index/page-record.ts';
import { allEntries } from '../../src/package-index/page-record.ts';
import { parseSimplePage, readSimplePage } from '../../src/package-index/simple-page.ts';
import { normalizeName } from '../../src/pep/name.ts';

const tool = normalizeName('tool');
const pageUrl = 'https://index.test/simple/tool/';
const hash = '0123456789abcdef'.repeat(4);

type Json = Readonly<Record<string, unknown>>;

/** A file as PyPI describes it. */
function fileOf(filename: string, more: Json = {}): Json {
  return {
    'core-metadata': { sha256: hash },
    filename,
    hashes: { sha256: hash },
    provenance: null,
    'requires-python': '>=3.8',
    size: 12,
    'upload-time': '2024-01-02T03:04:05.678Z',
    url: `https://files.test/packages/aa/bb/${filename}`,
    yanked: false,
    ...more,
  };
}

const pageOf = (files: readonly Json[], indent?: number | string): string =>
  JSON.stringify({ files, meta: { 'api-version': '1.1' }, name: 'tool' }, null, indent);

/** Without the pattern: every file by the general reader. */
function slowly(text: string): readonly PageEntry[] {
  const builder = createPageBuilder(tool);
  readSimplePage(text, pageUrl, builder.add);
  return allEntries(builder.finish());
}

const quickly = (text: string): readonly PageEntry[] =>
  allEntries(parseSimplePage(text, pageUrl, tool));

/** How many files of a page the pattern does not fit. */
function leftOf(text: string): number {
  const shape = findFileShape(text);
  if (shape === null) throw new Error('no pattern');
  return text.replace(shape.pattern, '').split('"filename"').length - 1;
}

describe('the pattern of the first file', () => {
  const plain = [
    fileOf('tool-1.0.tar.gz', { 'core-metadata': false, yanked: true }),
    fileOf('tool-1.0-py3-none-any.whl', { 'requires-python': null, yanked: 'it "broke" things' }),
    fileOf('tool-1.0-py2-none-any.whl', { 'requires-python': '>=2.7, é', size: null }),
    fileOf('tool-2.0+cpu-py3-none-any.whl', { 'core-metadata': true, hashes: {} }),
    fileOf('tool-2.0-py3-none-any.whl', { 'core-metadata': { blake2s: 'x' }, provenance: 'x' }),
  ];

  test.each([undefined, 1, '\t'])('fits all usual files, indented by %j', (indent) => {
    const text = pageOf(plain, indent);
    expect(leftOf(text)).toBe(0);
    expect(quickly(text)).toEqual(slowly(text));
    expect(quickly(text)).toHaveLength(plain.length);
  });

  test.each([
    ['relative to the page', '../../packages/aa/tool-1.0.tar.gz'],
    ['of the host', '/packages/aa/tool-1.0.tar.gz'],
  ])('fits addresses %s', (_what, url) => {
    const second = { url: url.replace('1.0', '1.1'), filename: 'tool-1.1.tar.gz' };
    const text = pageOf([fileOf('tool-1.0.tar.gz', { url }), fileOf('x', second)]);
    expect(leftOf(text)).toBe(0);
    expect(quickly(text).map((entry) => entry.url)).toEqual([
      'https://index.test/packages/aa/tool-1.0.tar.gz',
      'https://index.test/packages/aa/tool-1.1.tar.gz',
    ]);
  });

  test('may have the address before the name, and nothing else', () => {
    const files = ['tool-1.0.tar.gz', 'tool-1.1.tar.gz'].map((filename) => ({
      url: `https://files.test/p/aa/${filename}`,
      filename,
    }));
    expect(leftOf(pageOf(files))).toBe(0);
    expect(quickly(pageOf(files))).toEqual(slowly(pageOf(files)));
  });

  test.each<[string, Json]>([
    ['an address elsewhere', { url: 'https://other.test/x/tool-1.1.tar.gz' }],
    ['an address with a query', { url: 'https://files.test/packages/aa/tool-1.1.tar.gz?x=1' }],
    ['an address with a user', { url: 'https://me:pw@files.test/packages/tool-1.1.tar.gz' }],
    ['a hash in capitals', { hashes: { sha256: hash.toUpperCase() } }],
    ['two hashes', { hashes: { md5: 'x', sha256: hash } }],
    ['a size that is no number', { size: 'large' }],
    ['no time', { 'upload-time': undefined }],
    ['an empty time', { 'upload-time': '' }],
    ['a key more', { 'gpg-sig': true }],
    ['an escaped name', { filename: 'tool-1.1"x.tar.gz' }],
  ])('leaves a file with %s to the general reader, in its place', (_what, more) => {
    const odd = fileOf('tool-1.1.tar.gz', more);
    for (const files of [
      [fileOf('tool-1.1.zip'), odd, fileOf('tool-1.1-py3-none-any.whl')],
      [odd, fileOf('tool-1.1.zip'), fileOf('tool-1.1-py3-none-any.whl')],
      [fileOf('tool-1.1.zip'), fileOf('tool-1.1-py3-none-any.whl'), odd],
      [fileOf('tool-1.1.zip'), odd, odd, fileOf('tool-1.2.zip'), odd],
    ])
      expect(quickly(pageOf(files))).toEqual(slowly(pageOf(files)));
  });

  test('a source archive and an egg behind wheels of the same version are told from these', () => {
    const text = pageOf(
      ['tool-1.0-py3-none-any.whl', 'tool-1.0-1.tar.gz', 'tool-1.0-py3.11.egg'].map((filename) =>
        fileOf(filename),
      ),
    );
    expect(parseSimplePage(text, pageUrl, tool).versions).toEqual(['1.0', '1.0.post1']);
    expect(quickly(text)).toHaveLength(2);
  });

  test('a time that one file lacks is known to be missing', () => {
    const files = [fileOf('tool-1.0.tar.gz'), fileOf('tool-1.1.tar.gz')];
    expect(parseSimplePage(pageOf(files), pageUrl, tool).hasTimes).toBe(true);
    const [first = {}] = files;
    const without = [first, { ...fileOf('tool-1.1.tar.gz'), 'upload-time': null }];
    expect(parseSimplePage(pageOf(without), pageUrl, tool).hasTimes).toBe(false);
    const never = files.map(({ 'upload-time': _time, ...file }) => file);
    expect(parseSimplePage(pageOf(never), pageUrl, tool).hasTimes).toBe(false);
  });

  test.each([
    ['no files', pageOf([])],
    ['a first file that is no object', '{"files":[1]}'],
    ['a first file without an address', pageOf([{ filename: 'tool-1.0.tar.gz' }])],
    ['a key twice', '{"files":[{"filename":"a","url":"https://f.test/x/a","url":"x"}]}'],
    ['a nested first file', '{"files":[{"filename":"a","url":"https://f.test/x/a","x":[1]}]}'],
  ])('is not made of %s', (_what, text) => {
    expect(findFileShape(text)).toBeNull();
  });
});

describe('a page that is broken', () => {
  const whole = pageOf([fileOf('tool-1.0.tar.gz'), fileOf('tool-1.1.tar.gz')]);

  test.each([
    ['cut off behind a file', whole.slice(0, whole.indexOf('}, "meta"') + 1)],
    ['cut off within a file', whole.slice(0, whole.lastIndexOf('"size"'))],
    ['with rubbish between files', whole.replace('},{', '},nope,{')],
    ['with a raw control character', whole.replace('>=3.8', '>=3.8\n')],
    ['with the mark of a row', whole.replace('>=3.8', '\u0001["x"]')],
    ['of another version of the API', whole.replace('"1.1"', '"2.0"')],
  ])('is refused: %s', (_what, text) => {
    expect(() => quickly(text)).toThrow(PageError);
  });

  test('takes no longer than it is long', () => {
    const blanks = ' '.repeat(40_000);
    const start = JSON.stringify(fileOf('tool-1.0.tar.gz'));
    const pages = [
      `{"files":[${start},${'{"core-metadata":'.repeat(40_000)}`,
      `{"files":[${start.replaceAll(':', `:${blanks}`)}${blanks}`,
      `{"files":[${start},{"core-metadata": {${`"a":"b"${blanks}`.repeat(40)}`,
      `{"files":[${start.replace('false', `"${'\\'.repeat(200_000)}`)}`,
    ];
    const started = performance.now();
    for (const page of pages) expect(() => quickly(page)).toThrow(PageError);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('any page', () => {
  const text = fc.oneof(fc.constantFrom('', '>=3.8', 'a"b', '\\', 'é\u2028', 'x'), fc.string());
  const files = fc.array(
    fc
      .record(
        {
          filename: fc.constantFrom('tool-1.0.tar.gz', 'tool-1.0-py3-none-any.whl', 'tool-2.0.zip'),
          url: fc.constantFrom('https://files.test/packages/aa/tool-1.0.tar.gz', '../x.zip', 'x y'),
          hashes: fc.constantFrom<unknown>({ sha256: hash }, {}, { md5: 'x' }, null, 'x'),
          'requires-python': fc.oneof(text, fc.constant(null)),
          size: fc.oneof(fc.constant(null), fc.nat(), fc.double(), fc.constant('1')),
          'upload-time': fc.oneof(text, fc.constant(null)),
          yanked: fc.oneof(text, fc.boolean(), fc.constant(null)),
          'core-metadata': fc.constantFrom<unknown>(true, false, null, { sha256: hash }, {}, 'x'),
          'dist-info-metadata': fc.constantFrom<unknown>(true, false, { sha256: hash }),
          other: fc.jsonValue({ maxDepth: 1 }),
        },
        { requiredKeys: ['filename', 'url'] },
      )
      .chain((file) =>
        fc
          .constantFrom({}, { url: `https://files.test/packages/aa/${file.filename}` })
          .map((usual): Json => ({ ...file, ...usual })),
      ),
    { maxLength: 8 },
  );

  test('gives the same files either way', () => {
    fc.assert(
      fc.property(files, fc.constantFrom(undefined, 1), (list, indent) => {
        const page = pageOf(list, indent);
        expect(quickly(page)).toEqual(slowly(page));
      }),
      { numRuns: 2000 },
    );
  });
});
