import { describe, expect, it } from 'vitest';
import { findTablePlaces } from '../../src/inputs/lock-places.ts';
import { parseToml } from '../../src/inputs/toml.ts';
import { fileOf } from './lock-support.ts';

async function linesOf(text: string, count: number): Promise<readonly number[]> {
  const document = await parseToml(fileOf('uv.lock', text));
  if ('message' in document) throw new Error(document.message);
  const placeOf = findTablePlaces(document, 'package', count);
  return Array.from({ length: count }, (_, index) => placeOf(index).line);
}

describe('the places of packages', () => {
  it('are those of their headers', async () => {
    expect(await linesOf('a = 1\n[[package]]\nb = 1\n\n[[package]]\n', 2)).toEqual([2, 5]);
    expect(await linesOf('[[package]]\r\nb = 1\r\n[[package]]\r\n', 2)).toEqual([1, 3]);
  });

  it.each([
    ['a header stands in a text', '[[package]]\nb = """\n[[package]]\n"""\n[[package]]\n', [1, 5]],
    ['headers have blanks', '[[ package ]]\nb = 1\n[[package]]\n', [1, 3]],
    ['a header is indented', '  [[package]]\n[[package]]\n', [1, 2]],
  ])('are right too where %s', async (_, text, expected) => {
    const lines = await linesOf(text, 2);
    expect(lines).toEqual(expected);
  });
});
