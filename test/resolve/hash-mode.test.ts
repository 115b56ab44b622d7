import { expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { warnOfUnlisted } from '../../src/resolve/hash-mode.ts';
import type { ResolvedGraph } from '../../src/types.ts';
import { mainOf, readRequirements } from '../inputs/support.ts';

const hash = `--hash=sha256:${'a'.repeat(64)}`;

function messagesFor(text: string, names: readonly string[]): readonly string[] {
  const distributions = names.map((name) => ({ name: normalizeName(name) }));
  const graph = { distributions } as unknown as ResolvedGraph;
  return warnOfUnlisted(mainOf(readRequirements(text)), graph).map(({ message }) => message);
}

test('what a set with hashes needs and does not list is named, long lists cut', () => {
  expect(messagesFor(`a==1 ${hash}\n`, ['a', 'b'])[0]).toMatch(/^b is needed and not listed/);
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  expect(messagesFor(`a==1 ${hash}\n`, many)[0]).toMatch(/^b, c, d, e, f, g and 2 more are needed/);
});

test('nothing is said where all is listed, or some lines have no hash', () => {
  expect(messagesFor(`a==1 ${hash}\nb==1 ${hash}\n`, ['a', 'b'])).toEqual([]);
  expect(messagesFor(`a==1 ${hash}\nb==1\n`, ['a', 'b', 'c'])).toEqual([]);
  expect(messagesFor('', ['a'])).toEqual([]);
});
