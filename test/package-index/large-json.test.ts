import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLargePage } from '../../src/package-index/large-json.ts';
import { PageError } from '../../src/package-index/page-error.ts';
import { allEntries } from '../../src/package-index/page-record.ts';
import { parseSimplePage } from '../../src/package-index/simple-page.ts';
import { normalizeName } from '../../src/pep/name.ts';

describe('a page in parts', () => {
  test('has the same files as the page at once, and the rest without them', () => {
    const pages = fc.record({
      meta: fc.jsonValue(),
      name: fc.string(),
      files: fc.array(fc.jsonValue(), { maxLength: 6 }),
      more: fc.jsonValue(),
    });
    fc.assert(
      fc.property(pages, fc.constantFrom(undefined, 1, '\t'), (page, indent) => {
        const text = JSON.stringify(page, null, indent);
        const split = splitLargePage(text);
        expect([...(split?.files ?? [])]).toEqual(JSON.parse(text).files);
        expect(JSON.parse(split?.rest ?? '')).toEqual({ ...JSON.parse(text), files: [] });
      }),
      { numRuns: 500 },
    );
  });

  test.each(['{}', '{"a": [1, {"files": []}]}', '{"files": null}', '{"files": {"a": []}}'])(
    '%s has no list of files',
    (text) => {
      expect(splitLargePage(text)).toBeNull();
    },
  );

  test.each([
    '',
    '[]',
    '{"a"',
    '{"a" 1}',
    '{"files": [1, 2',
    '{"files": [{"a": "]}',
    '{"files": ["\\"]}',
  ])('%s is no page', (text) => {
    expect(() => [...(splitLargePage(text)?.files ?? [])]).toThrow(SyntaxError);
  });

  test.each(['{"files": [1 2]}', '{"files": [nope]}'])(
    '%s fails where its files are read',
    (text) => {
      const split = splitLargePage(text);
      expect(() => [...(split?.files ?? [])]).toThrow(SyntaxError);
    },
  );
});

describe('a page of 17 MB', () => {
  const tool = normalizeName('tool');
  const file = (at: number): string =>
    `{"filename":"tool-1.${at}-py3-none-any.whl","url":"../f/tool-1.${at}-py3-none-any.whl","hashes":{},"note":"${'}]\\"'.repeat(200)}"}`;
  const files = Array.from({ length: 21_000 }, (_, at) => file(at)).join(',');

  test('is read', () => {
    const record = parseSimplePage(
      `{"meta":{"api-version":"1.0"},"files":[${files}]}`,
      'https://index.test/simple/tool/',
      tool,
    );
    expect(record.versions).toHaveLength(21_000);
    expect(allEntries(record).at(-1)?.filename).toBe('tool-1.20999-py3-none-any.whl');
  });

  test.each([
    ['of another version of the API', `{"meta":{"api-version":"2.0"},"files":[${files}]}`],
    ['cut off', `{"meta":{"api-version":"1.0"},"files":[${files}`],
    ['without files', `{"meta":{"api-version":"1.0"},"other":[${files}]}`],
  ])('%s is refused in words', (_what, text) => {
    expect(() => parseSimplePage(text, 'https://index.test/simple/tool/', tool)).toThrow(PageError);
  });
});
