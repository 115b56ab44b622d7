import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../src/settings/moment.ts';

describe('a moment', () => {
  it.each([
    ['2024-01-31', '2024-02-01T00:00:00.000Z'],
    ['2024-01-31T10:00:00Z', '2024-01-31T10:00:00.000Z'],
    ['2024-01-31t10:00:00.5+02:00', '2024-01-31T08:00:00.500Z'],
    ['2024-02-30', null],
    ['1 week', null],
    ['P30D', null],
    ['', null],
  ])('%j is %j', (text, moment) => {
    expect(parseMoment(text)).toBe(moment);
  });
});
