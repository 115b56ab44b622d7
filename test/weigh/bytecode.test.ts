import { describe, expect, test } from 'vitest';
import { bytecodeFactor } from '../../src/weigh/bytecode.ts';
import { release } from '../image/support.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';

describe('bytecodeFactor', () => {
  test('is what was measured, and of others that of the nearest', () => {
    expect(bytecodeFactor('3.11')).toBe(1);
    expect(bytecodeFactor('3.10')).toBeLessThan(0.6);
    expect(bytecodeFactor('3.12')).toBeGreaterThan(0.85);
    expect(bytecodeFactor('3.6')).toBe(bytecodeFactor('3.8'));
    expect(bytecodeFactor('3.15')).toBe(bytecodeFactor('3.13'));
    expect(bytecodeFactor('3.13t')).toBe(bytecodeFactor('3.13'));
  });

  test('tells the totals for the Python of the target', async () => {
    const server = await serveFor([release('pure', '1', 100_000)]);
    const files = { 'requirements.txt': 'pure\n' };
    const bytesFor = async (python: string): Promise<number> => {
      const { totals } = await auditFiles(files, server, { python });
      return totals.bytecodeBytes;
    };
    const whole = await bytesFor('3.11');
    expect(await bytesFor('3.10')).toBe(Math.round(whole * bytecodeFactor('3.10')));
    expect(await bytesFor('3.12')).toBe(Math.round(whole * bytecodeFactor('3.12')));
  });
});
