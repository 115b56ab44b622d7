import { describe, expect, test } from 'vitest';
import { decideWrite, hasOutputHeader, outputHeader } from '../../src/edit/write-policy.ts';

const header = outputHeader('requirements.txt', 'depweight split --write');

describe('decideWrite', () => {
  test('writes where there is no file', () => {
    expect(decideWrite(null, 'web\n', false)).toBe('write');
  });

  test('leaves a file alone that has the very bytes, whoever wrote it', () => {
    expect(decideWrite('web\n', 'web\n', false)).toBe('unchanged');
    expect(decideWrite('web\n', 'web\n', true)).toBe('unchanged');
  });

  test('overwrites what depweight wrote', () => {
    expect(decideWrite(`${header}\nold\n`, `${header}\nnew\n`, false)).toBe('write');
  });

  test('refuses what a person wrote, and says how to force it', () => {
    expect(decideWrite('web\n', `${header}\nweb\n`, false)).toEqual({
      refuse: expect.stringContaining('--force'),
    });
    expect(decideWrite('', `${header}\n`, false)).toHaveProperty('refuse');
    expect(decideWrite('web\n', `${header}\nweb\n`, true)).toBe('write');
  });

  test('does not take a header further down for its own', () => {
    expect(decideWrite(`web\n${header}\n`, 'new\n', false)).toHaveProperty('refuse');
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
