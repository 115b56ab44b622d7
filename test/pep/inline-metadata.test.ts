import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInlineMetadata } from '../../src/pep/inline-metadata.ts';

/** The canonical expression of PEP 723, in the notation of this language. */
const canonical = /^# \/\/\/ (?<type>[a-zA-Z0-9-]+)$\s(?<content>(?:^#(?:| .*)$\s)+)^# \/\/\/$/gm;

/** What the reference implementation of the PEP makes of a text. */
function findAsThePep(text: string): readonly { type: string; content: string }[] {
  return [...text.matchAll(canonical)].map(({ groups }) => ({
    type: groups?.['type'] ?? '',
    content: (groups?.['content'] ?? '')
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(line.startsWith('# ') ? 2 : 1))
      .join('\n'),
  }));
}

function found(...lines: readonly string[]): readonly string[] {
  const { blocks, failed } = findInlineMetadata(lines.join('\n'));
  return [
    ...blocks.map(({ type, line, content }) => `${line} ${type}: ${content}`),
    ...failed.map(({ type, line, reason }) => `${line} ${type} ${reason}`),
  ];
}

describe('inline metadata of scripts', () => {
  it('is the text of comments between two marks', () => {
    expect(
      found('#!/usr/bin/env python', '# /// script', '# a = 1', '#', '#  b = 2', '# ///', 'x'),
    ).toEqual(['2 script: a = 1\n\n b = 2']);
  });

  it('may be of any type, several in a file', () => {
    expect(found('# /// script', '# a = 1', '# ///', '', '# /// my-tool9', '# b', '# ///')).toEqual(
      ['1 script: a = 1', '5 my-tool9: b'],
    );
  });

  it('ends at the last mark of a run of comments', () => {
    expect(found('# /// script', '# a', '# ///', '# b', '# ///', '', '# ///')).toEqual([
      '1 script: a\n///\nb',
    ]);
    expect(found('# /// script', '# a', '# ///', '# /// other', '# b', '# ///')).toEqual([
      '1 script: a\n///\n/// other\nb',
    ]);
  });

  it('counts in a docstring too', () => {
    expect(found('"""', '# /// script', '# a', '# ///', '"""')).toEqual(['2 script: a']);
  });

  it.each([
    ['is not closed', ['# /// script', '# a', 'import x'], '1 script unclosed'],
    ['has a line that is no comment', ['# /// script', '', '# ///'], '1 script unclosed'],
    ['has a comment without a blank', ['# /// script', '#a', '# ///'], '1 script unclosed'],
    ['has an indented line', ['# /// script', '  # a', '# ///'], '1 script unclosed'],
    ['is closed by an indented mark', ['# /// script', '# a', '  # ///'], '1 script unclosed'],
    ['has a blank behind its last mark', ['# /// script', '# a', '# /// '], '1 script unclosed'],
    ['is empty', ['# /// script', '# ///'], '1 script empty'],
    ['has a blank behind its first mark', ['# /// script ', '# a', '# ///'], '1 script inexact'],
    ['is indented', ['  # /// script', '  # a', '  # ///'], '1 script inexact'],
    ['has no blank before its first mark', ['#/// script', '# a', '# ///'], '1 script inexact'],
  ])('is none where it %s', (_, lines, expected) => {
    expect(found(...lines)).toEqual([expected]);
  });

  it.each(['\r\n', '\r'])('knows lines that end with %j', (end) => {
    const text = ['# /// script', '# a = 1', '# b = 2', '# ///', 'x = 1'].join(end);
    expect(findInlineMetadata(text).blocks).toEqual([
      { type: 'script', line: 1, content: 'a = 1\nb = 2' },
    ]);
  });

  it('is what the canonical expression finds', () => {
    const line = fc.constantFrom(
      '# /// script',
      '# /// other',
      '# ///',
      '# /// ',
      '#',
      '# a = 1',
      '#  x',
      '#a',
      '',
      '  # ///',
      'import a',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = lines.join('\n');
        const blocks = findInlineMetadata(text).blocks.map(({ type, content }) => ({
          type,
          content,
        }));
        expect(blocks).toEqual(findAsThePep(text));
      }),
      { numRuns: 3000 },
    );
  });
});
