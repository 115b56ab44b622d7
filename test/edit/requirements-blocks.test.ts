import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commentScopes, lineEndOf, splitBlocks } from '../../src/edit/requirements-blocks.ts';

const kinds = (text: string): string[] => splitBlocks(text).map(({ kind }) => kind);

describe('splitBlocks', () => {
  test('tells what each line is', () => {
    expect(
      kinds(
        '# top\nweb==1\n\n-r base.txt\n-c caps.txt\n-e ./local\n--index-url https://index.test\n',
      ),
    ).toEqual(['comment', 'item', 'blank', 'include', 'option', 'item', 'option']);
  });

  test('keeps continuation lines with their requirement', () => {
    const text = 'web==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nnext\n';
    expect(splitBlocks(text).map(({ line, end }) => [line, end])).toEqual([
      [1, 4],
      [4, 5],
    ]);
  });

  test('a comment line does not continue, and ends a continuation', () => {
    expect(splitBlocks('# note \\\nweb\n').map(({ kind }) => kind)).toEqual(['comment', 'item']);
    expect(splitBlocks('web \\\n# note\nnext\n').map(({ text }) => text)).toEqual([
      'web \\\n# note\n',
      'next\n',
    ]);
  });

  test('starts a block where a requirement is known to start', () => {
    const text = 'web # why \\\nnext\n';
    expect(splitBlocks(text)).toHaveLength(1);
    expect(splitBlocks(text, new Set([1, 2]))).toHaveLength(2);
  });

  test.each([
    ['-r base.txt', 'base.txt'],
    ['-rbase.txt', 'base.txt'],
    ['--requirement=base.txt  # why', 'base.txt'],
    ['--requirement "a b.txt"', 'a b.txt'],
    ['-c caps.txt', 'caps.txt'],
    ['web', null],
    ['--require-hashes', null],
  ])('reads the path of %j', (text, path) => {
    expect(splitBlocks(text)[0]?.path).toBe(path);
  });

  test('the texts joined are the file again, whatever it holds', () => {
    const piece = fc.constantFrom(
      'web',
      '#',
      ' ',
      '\\',
      '\n',
      '\r\n',
      '\r',
      '-r x',
      '\t',
      '\f',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(12)), (pieces, starts) => {
        const text = pieces.join('');
        const blocks = splitBlocks(text, new Set(starts));
        expect(blocks.map((block) => block.text).join('')).toBe(text);
        blocks.forEach((block, index) => {
          expect(block.line).toBe(blocks[index - 1]?.end ?? 1);
        });
      }),
    );
  });
});

test('the line end is the first one used', () => {
  expect([lineEndOf('a\r\nb\n'), lineEndOf('a\nb'), lineEndOf('a'), lineEndOf('a\rb')]).toEqual([
    '\r\n',
    '\n',
    '\n',
    '\r',
  ]);
});

describe('commentScopes', () => {
  const scopes = (text: string): Record<number, readonly number[]> =>
    Object.fromEntries(commentScopes(splitBlocks(text)));

  test('a comment speaks of what follows up to the next comment or blank line', () => {
    expect(scopes('# a\nx\ny\n# b\nz\n\nw\n')).toEqual({ 0: [1, 2], 3: [4] });
  });

  test('an indented comment below a requirement speaks of that one', () => {
    expect(scopes('x\n    # via app\ny\n    # via\n    #   app\n    #   other\n')).toMatchObject({
      1: [0],
      3: [2],
    });
  });

  test('a paragraph of comments heads what follows up to the next such paragraph', () => {
    expect(scopes('# ML\n\nx\n\ny\n\n# Web\n\nz\n')).toEqual({ 0: [2, 4], 6: [8] });
  });

  test('a comment that nothing follows speaks of nothing', () => {
    expect(scopes('x\n# the end\n')).toEqual({ 1: [] });
  });
});
