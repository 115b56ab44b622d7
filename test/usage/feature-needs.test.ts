import { describe, expect, it } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { isKnownFeature } from '../../src/usage/feature-needs.ts';

describe('isKnownFeature', () => {
  it.each([
    ['openpyxl', ['pandas'], true],
    ['openpyxl', ['flask'], false],
    ['itsdangerous', ['starlette'], true],
    ['subject', ['pandas'], false],
  ])('%s for %j: %s', (name, modules, expected) => {
    expect(isKnownFeature(normalizeName(name), modules)).toBe(expected);
  });
});
