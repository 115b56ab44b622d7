import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonPlaces, placeOfOffset } from '../../src/inputs/json-places.ts';

describe('places in JSON', () => {
  const text = '{\n  "a": {"b": [1, {"x": 2}],\n    "c\\"d": "} ] : \\" {"},\n  "e": 3\n}';
  it.each([
    [['a'], { line: 2, column: 3 }],
    [['a', 'b'], { line: 2, column: 9 }],
    [['a', 'c"d'], { line: 3, column: 5 }],
    [['e'], { line: 4, column: 3 }],
    [['x'], null],
    [['a', 'e'], null],
  ])('%j stands at %j', (path, expected) => {
    expect(findJsonPlaces(text)(...path)).toEqual(expected);
  });

  it('are found for every key of two levels, however it is written', () => {
    const sections = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(sections, fc.constantFrom(undefined, 1, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const lines = json.split('\n');
        const places = findJsonPlaces(json);
        for (const [section, entries] of Object.entries(value)) {
          for (const name of Object.keys(entries)) {
            const place = places(section, name);
            const at = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1) ?? '';
            expect(at.startsWith(JSON.stringify(name))).toBe(true);
          }
        }
      }),
    );
  });

  it('end where the text does', () => {
    expect(findJsonPlaces('{"a": {"b": "never closed')('a', 'b')).toEqual({ line: 1, column: 8 });
    expect(findJsonPlaces('')('a')).toBeNull();
  });

  it('of an offset count lines and columns from 1', () => {
    expect(placeOfOffset('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
    expect(placeOfOffset('', 0)).toEqual({ line: 1, column: 1 });
  });
});
