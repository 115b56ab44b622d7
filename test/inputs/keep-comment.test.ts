import { describe, expect, it } from 'vitest';
import { readKeepComment } from '../../src/inputs/keep-comment.ts';

describe('# depweight: keep', () => {
  it.each([
    ['numpy==1  # depweight: keep', ''],
    ['numpy==1  #depweight:keep', ''],
    ['# depweight: keep (loaded by name)', 'loaded by name'],
    ['# depweight: keep: the image runs it', 'the image runs it'],
    ['# depweight: keep, as f(x) needs it', 'as f(x) needs it'],
    ['# depweight: keep – for Windows', 'for Windows'],
    ['# see below # depweight: keep  # noqa: E501', ''],
    ['# depweight: keep by hand  # noqa', 'by hand'],
    ['# depweight: keep by hand\r', 'by hand'],
  ])('%s', (line, reason) => {
    expect(readKeepComment(line)).toBe(reason);
  });

  it.each([
    'numpy',
    '# keep',
    '# depweight: keeper',
    '# depweight: keep-original',
    'depweight: keep',
  ])('is not in %s', (line) => {
    expect(readKeepComment(line)).toBeNull();
  });
});
