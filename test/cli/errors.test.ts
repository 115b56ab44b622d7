import { describe, expect, test } from 'vitest';
import { causeLines, DepweightError, ERROR_CODES, type ErrorCode } from '../../src/errors.ts';

function isErrorCode(code: string): code is ErrorCode {
  return ERROR_CODES.includes(code);
}

describe('the table of errors', () => {
  test.each(ERROR_CODES)('%s is a kebab-case code with a sentence that needs no stop', (code) => {
    if (!isErrorCode(code)) throw new Error(code);
    const filler = new Proxy({}, { get: () => 'VALUE' });
    const error = new DepweightError(code, filler);
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(error.message).not.toMatch(/[{}]|\.$/);
    expect(error.hint ?? '').not.toMatch(/[{}]|\.$/);
    expect([2, 3, 130]).toContain(error.exitCode);
  });
});

describe('DepweightError', () => {
  test('fills its texts from the parameters', () => {
    const error = new DepweightError('invalid-option', {
      option: '--python',
      value: "'x'",
      expected: 'a version',
      hint: 'did you mean 3?',
    });
    expect(error.message).toBe("--python 'x' is not a version");
    expect(error.hint).toBe('did you mean 3?');
    expect(error).toBeInstanceOf(Error);
  });

  test('leaves out a hint that has nothing to say', () => {
    expect(new DepweightError('invalid-option', { hint: '' }).hint).toBeNull();
  });

  test('braces in a value are not filled again', () => {
    expect(new DepweightError('path-not-found', { path: '{path}{hint}' }).message).toContain(
      '{path}{hint}',
    );
  });

  test('keeps its cause, location and exit code', () => {
    const cause = new Error('below');
    const location = { path: 'a.txt', line: 3, column: 1 };
    const error = new DepweightError(
      'no-solution',
      { message: 'no' },
      { cause, location, exitCode: 3 },
    );
    expect(error.cause).toBe(cause);
    expect(error.location).toBe(location);
    expect(error.exitCode).toBe(3);
    expect(causeLines(error)).toEqual(['below']);
  });
});
