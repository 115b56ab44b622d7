import { describe, expect, it } from 'vitest';
import { settleSets } from '../../src/inputs/pylock-sets.ts';
import { formatMarker, parseMarker } from '../../src/pep/marker.ts';

const settle = (text: string, ...chosen: readonly string[]): string | boolean => {
  const settled = settleSets(parseMarker(text), new Set(chosen));
  return typeof settled === 'boolean' ? settled : formatMarker(settled);
};

describe('markers that ask for sets', () => {
  it.each([
    ["'web' in extras", ['web'], true],
    ["'web' in extras", [], false],
    ["'web' not in extras", [], true],
    ["'dev' in dependency_groups and os_name == 'nt'", ['dev'], 'os_name == "nt"'],
    ["'dev' in dependency_groups and os_name == 'nt'", [], false],
    ["'dev' in dependency_groups or os_name == 'nt'", [], 'os_name == "nt"'],
    ["'dev' in dependency_groups or os_name == 'nt'", ['dev'], true],
    ["'a' in extras or 'b' in extras", ['b'], true],
    ["'a' in extras and 'b' in extras", ['a', 'b'], true],
    [
      "('a' in extras or os_name == 'nt') and python_version > '3'",
      [],
      'os_name == "nt" and python_version > "3"',
    ],
    ["os_name == 'nt'", ['nt'], 'os_name == "nt"'],
  ])('%s with %j is %j', (text, chosen, expected) => {
    expect(settle(text, ...chosen)).toBe(expected);
  });
});
