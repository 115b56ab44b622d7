import { describe, expect, test } from 'vitest';
import { decideWrite, hasOutputHeader, outputHeader } from '../../src/edit/write-policy.ts';

const header = outputHeader('requirements.txt', 'depweight split --write');

describe('decideWrite', () => {
  const prod = { kind: 'prod' } as const;

  test('writes where there is no file', () => {
    expect(decideWrite(null, prod, false)).toBe('write');
  });

  test('overwrites what depweight wrote', () => {
    expect(decideWrite(`${header}\nold\n`, prod, false)).toBe('write');
  });

  test('refuses what a person wrote, and says how to force it', () => {
    expect(decideWrite('web\n', prod, false)).toEqual({
      refuse: expect.stringContaining('--force'),
    });
    expect(decideWrite('', prod, false)).toHaveProperty('refuse');
    expect(decideWrite('web\n', prod, true)).toBe('write');
  });

  test('does not take a header further down for its own', () => {
    expect(decideWrite(`web\n${header}\n`, prod, false)).toHaveProperty('refuse');
  });

  test('says of a requirements.txt how it could be kept, and of a copy what it is none of', () => {
    expect(decideWrite('web\n', { kind: 'compat' }, false)).toEqual({
      refuse: expect.stringContaining('--keep-original'),
    });
    const copy = { kind: 'original', copyOf: 'requirements.txt' } as const;
    expect(decideWrite('web\n', copy, false)).toEqual({
      refuse: expect.stringContaining('no copy of requirements.txt'),
    });
  });
});

describe('outputHeader', () => {
  test('is recognised, also behind a byte order mark', () => {
    expect(hasOutputHeader(`${header}\nweb\n`)).toBe(true);
    expect(hasOutputHeader(`\uFEFF${header}`)).toBe(true);
    expect(hasOutputHeader('# Written by depweighty')).toBe(false);
  });

  test('stays one comment line whatever a path holds', () => {
    const hostile = outputHeader('a\nevil==1\u2028x\u001b[31m.txt', 'depweight split --write');
    expect(hostile.split(/[\n\r\u2028]/)).toHaveLength(1);
    expect(hostile).not.toContain('\u001b');
  });
});
