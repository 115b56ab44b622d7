import { describe, expect, it } from 'vitest';
import { scanPython } from '../../src/imports/scanner.ts';
import { readEncoding } from '../../src/imports/source-encoding.ts';

function bytes(...parts: (string | number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  );
}

function modules(content: Buffer): readonly string[] {
  return scanPython(content).imports.map(({ module }) => module);
}

function problem(content: Buffer): string | null {
  const found = readEncoding(content).problem;
  return found === null ? null : `${found.line} ${found.code}`;
}

describe('readEncoding', () => {
  it('passes a byte order mark', () => {
    const content = bytes([0xef, 0xbb, 0xbf], 'import a\n  \nimport b');
    expect(modules(content)).toEqual(['a', 'b']);
    expect(scanPython(content).problems).toEqual([]);
  });

  it.each([
    '# -*- coding: latin-1 -*-',
    '#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :',
    '\n# coding: iso-8859-15',
    '# coding=KOI8-R',
    '# coding: windows_1251',
    '#coding:mac_roman',
  ])('reads one-byte encodings: %j', (cookie) => {
    const content = bytes(`${cookie}\nimport a\ns = '`, [0xe9, 0x80], "'\nimport b\n");
    expect(problem(content)).toBeNull();
    expect(modules(content)).toEqual(['a', 'b']);
  });

  it('decodes encodings whose second bytes may be quotes or backslashes', () => {
    // In Shift JIS 0x83 0x5c is one character, and 0x5c alone a backslash.
    const content = bytes("# coding: shift_jis\ns = '", [0x83, 0x5c], "'\nimport a\n");
    expect(modules(content)).toEqual(['a']);
    expect(scanPython(content).problems).toEqual([]);
    expect(scanPython(content).imports[0]?.line).toBe(3);
  });

  it('decodes identifiers by the encoding of the file', () => {
    expect(modules(bytes('# coding: latin-1\nimport caf', [0xe9]))).toEqual(['café']);
    expect(modules(bytes('import café'))).toEqual(['café']);
  });

  it('tells an encoding that it does not read, and reads the ASCII part', () => {
    expect(problem(bytes('# coding: klingon\nimport a'))).toBe('1 unknown-encoding');
    expect(problem(bytes('#!x\n# coding: utf-7\nimport a'))).toBe('2 unknown-encoding');
    expect(modules(bytes('# coding: utf-7\nimport a'))).toEqual(['a']);
  });

  it('tells the line of bytes that are no UTF-8', () => {
    const content = bytes("import a\ns = '", [0xff, 0xfe], "'\nimport b\n");
    expect(problem(content)).toBe('2 invalid-utf-8');
    expect(modules(content)).toEqual(['a', 'b']);
  });

  it('takes a cookie on line 2 only below a comment or a blank line, and none on line 3', () => {
    expect(problem(bytes("x = 1\n# coding: latin-1\n'", [0xe9], "'"))).toBe('3 invalid-utf-8');
    expect(problem(bytes("#\n#\n# coding: latin-1\n'", [0xe9], "'"))).toBe('4 invalid-utf-8');
  });

  it('takes utf-8 by any of its names', () => {
    for (const name of ['utf-8', 'UTF8', 'utf_8', 'utf-8-sig'])
      expect(problem(bytes(`# coding: ${name}\n'é'`))).toBeNull();
  });

  it.each([
    ['compiled Python', [0xa7, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0, 0xe3, 1, 2]],
    ['UTF-16', [0xff, 0xfe, 0x69, 0]],
    ['UTF-16 big-endian', [0xfe, 0xff, 0, 0x69]],
    ['any bytes', Array.from({ length: 256 }, (_, byte) => byte)],
  ])('does not read %s as source', (_, content) => {
    const scanned = scanPython(Buffer.from(content));
    expect(scanned.imports).toEqual([]);
    expect(scanned.problems).toHaveLength(1);
    expect(scanned.problems[0]?.line).toBe(1);
  });

  it('reads valid text with a NUL byte and tells it', () => {
    const scanned = scanPython(bytes('import a\nx=1', [0], '\nimport b'));
    expect(scanned.imports).toHaveLength(2);
    expect(scanned.problems).toMatchObject([{ code: 'nul-byte', line: 2 }]);
  });
});
