/**
 * The encoding of a Python source file (PEP 263). Traps: the cookie may stand on line 1 or 2, on line 2 only after a
 * comment or a blank line; a byte order mark means UTF-8; `utf-8` is the default and wrong bytes are then an error;
 * double-byte encodings may hold quotes and backslashes as second bytes, so they are decoded before they are read.
 */

import { isUtf8 } from 'node:buffer';

import type { SourceProblem } from './lexer/problems.ts';

/** How the bytes of a file are to be read. */
export interface SourceEncoding {
  /** False for compiled files, images and UTF-16: nothing in them is Python source. */
  readonly isText: boolean;
  /** Where the source starts, behind a byte order mark. */
  readonly start: number;
  /** True where one byte is one character. */
  readonly isLatin1: boolean;
  /** The file as UTF-8, where it had to be decoded; else null. */
  readonly bytes: Buffer | null;
  readonly problem: SourceProblem | null;
}

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const UTF_8 = /^(?:utf-?8|utf-?8-sig|u8|utf|utf8-ucs[24]|cp65001)$/;
/** Single-byte supersets of ASCII that Python knows by name; their bytes need no decoding to find imports. */
const ONE_BYTE =
  /^(?:latin-?1|l1|iso-?8859-?\d{1,2}|iso-?ir-?\d+|latin-?\d+|ascii|us-ascii|646|8859|cp\d{3,4}|windows-?\d{3,4}|ibm\d{3}|koi8-?[rut]|mac-?(?:roman|cyrillic|greek|latin2|turkish|iceland)|macintosh|ptcp154|kz1048|tis-?620|euc-?(?:jp|kr|cn)|eucjp|euckr|hp-roman8)$/;
/** Encodings whose second bytes may be ASCII: name for Python to name for the decoder. */
const TWO_BYTE: ReadonlyMap<string, string> = new Map([
  ['shift-jis', 'shift_jis'],
  ['shiftjis', 'shift_jis'],
  ['sjis', 'shift_jis'],
  ['s-jis', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['gbk', 'gbk'],
  ['cp936', 'gbk'],
  ['gb2312', 'gbk'],
  ['gb18030', 'gb18030'],
  ['big5', 'big5'],
  ['cp950', 'big5'],
  ['cp949', 'euc-kr'],
]);

/** Reads mark, cookie and validity of a file. */
export function readEncoding(bytes: Buffer): SourceEncoding {
  const text = { isText: true, start: 0, isLatin1: false, bytes: null, problem: null } as const;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return notSource('utf-16', 'the file is UTF-16, which Python cannot read as source');
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const cookie = findCookie(bytes, start);
  const name = cookie === null ? 'utf-8' : cookie.name.toLowerCase().replaceAll('_', '-');
  if (UTF_8.test(name)) return isUtf8(bytes) ? { ...text, start } : invalidUtf8(bytes, start);
  const decoder = TWO_BYTE.get(name);
  if (decoder !== undefined) return { ...text, bytes: decodeTwoByte(bytes, decoder) };
  if (ONE_BYTE.test(name)) return { ...text, isLatin1: true };
  const problem = {
    code: 'unknown-encoding',
    line: cookie?.line ?? 1,
    message: `the encoding ${JSON.stringify(name)} is not read; only the ASCII part of the file was`,
  };
  return { ...text, isLatin1: true, problem };
}

function notSource(code: string, message: string): SourceEncoding {
  return {
    isText: false,
    start: 0,
    isLatin1: false,
    bytes: null,
    problem: { code, line: 1, message },
  };
}

function invalidUtf8(bytes: Buffer, start: number): SourceEncoding {
  const head = bytes.subarray(0, 8192);
  if (head.indexOf(0) !== -1)
    return notSource('binary-file', 'the file is binary, not Python source');
  const problem = {
    code: 'invalid-utf-8',
    line: lineOfInvalidByte(bytes),
    message: 'the file holds bytes that are not UTF-8 and names no other encoding',
  };
  return { isText: true, start, isLatin1: true, bytes: null, problem };
}

/** The line of the first byte that is no UTF-8. */
function lineOfInvalidByte(bytes: Buffer): number {
  let line = 1;
  let position = 0;
  while (position < bytes.length) {
    const newline = bytes.indexOf(10, position);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(position, end))) return line;
    position = end;
    line++;
  }
  return line;
}

function decodeTwoByte(bytes: Buffer, decoder: string): Buffer {
  return Buffer.from(new TextDecoder(decoder).decode(bytes), 'utf8');
}

/** The first byte of a file with a cookie: of a comment, a blank or the end of an empty line. */
const MAY_BEGIN_COOKIE: ReadonlySet<number> = new Set(Buffer.from('# \t\f\r\n'));

function findCookie(
  bytes: Buffer,
  start: number,
): { readonly name: string; readonly line: number } | null {
  // A cookie stands in a comment, before which only a blank line or another one may stand: most files begin otherwise.
  if (!MAY_BEGIN_COOKIE.has(bytes[start] ?? 0)) return null;
  const head = bytes.toString('latin1', start, start + 512);
  if (!head.includes('coding')) return null;
  const lines = head.split(/\r\n|\r|\n/, 2);
  const first = COOKIE.exec(lines[0] ?? '')?.[1];
  if (first !== undefined) return { name: first, line: 1 };
  if (!/^[ \t\f]*(?:#.*)?$/.test(lines[0] ?? '')) return null;
  const second = COOKIE.exec(lines[1] ?? '')?.[1];
  return second === undefined ? null : { name: second, line: 2 };
}
