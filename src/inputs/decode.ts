import type { Warning } from '../types.ts';
import type { FileAccess, ReadResult } from './file-access.ts';
import type { InputFile } from './input.ts';

/** Files above this many bytes are read, with a warning: no dependency file written by people is that large. */
const largeFileBytes = 10_000_000;
const headBytes = 1024;
const codingCookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** A file that was read and decoded, or the warning that says why not. */
export type DecodedFile =
  | { readonly ok: true; readonly file: InputFile }
  | { readonly ok: false; readonly warning: Warning };

/** Bytes of a text file to text: BOM of UTF-8 and UTF-16, PEP 263 cookie, else UTF-8; never throws, says what it had to replace. */
export function decodeFile(path: string, read: ReadResult): DecodedFile {
  if (!read.ok) return { ok: false, warning: unreadable(path, `${path} ${read.detail}`) };
  const { bytes } = read;
  const encoding = detectEncoding(bytes);
  if ('problem' in encoding) {
    return {
      ok: false,
      warning: { ...unreadable(path, `${path}:1: ${encoding.problem}`), line: 1, column: 1 },
    };
  }
  const warnings: Warning[] = [
    ...encoding.warnings.map((message) => encodingWarning(path, 1, message)),
  ];
  if (bytes.length > largeFileBytes) {
    warnings.push({
      code: 'large-file',
      message: `${path}:1: the file has ${bytes.length} bytes, unusually many for a dependency file`,
      path,
      line: 1,
    });
  }
  const text = new TextDecoder(encoding.label).decode(bytes.subarray(encoding.skip));
  const bad = encoding.label === 'utf-8' ? text.indexOf('\ufffd') : -1;
  if (bad !== -1 && !isValidUtf8(bytes)) {
    const line = countLines(text, bad);
    warnings.push(
      encodingWarning(path, line, 'bytes that are not UTF-8 were replaced; save the file as UTF-8'),
    );
  }
  return { ok: true, file: { path, text, realPath: read.realPath, warnings } };
}

type Encoding =
  | { readonly label: string; readonly skip: number; readonly warnings: readonly string[] }
  | { readonly problem: string };

function detectEncoding(bytes: Uint8Array): Encoding {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && !(c === 0 && d === 0 && bytes.length > 4))
    return plain('utf-16le', 2);
  if (a === 0xfe && b === 0xff) return plain('utf-16be', 2);
  if (a === 0xef && b === 0xbb && c === 0xbf) return plain('utf-8', 3);
  const head = bytes.subarray(0, headBytes);
  const binary = describeBinary(head);
  if (binary !== null) return { problem: binary };
  return cookieEncoding(head);
}

function plain(label: string, skip: number): Encoding {
  return { label, skip, warnings: [] };
}

function describeBinary(head: Uint8Array): string | null {
  let controls = 0;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let index = 0; index < head.length; index++) {
    const byte = head[index] ?? 0;
    if (byte === 0 && index % 2 === 0) evenZeros++;
    if (byte === 0 && index % 2 === 1) oddZeros++;
    // Bell and escape are terminal codes: odd in a text, but a text.
    if (byte !== 7 && byte !== 27 && (byte < 9 || (byte > 13 && byte < 32))) controls++;
  }
  const half = head.length / 2;
  const isWide = half >= 1 && oddZeros > half * 0.7 !== evenZeros > half * 0.7;
  if (isWide) return 'looks like UTF-16 without a byte order mark; save the file as UTF-8';
  if (controls > 2 && controls >= head.length * 0.1) {
    return 'is not text (binary content); name a text file with one requirement on each line';
  }
  return null;
}

function cookieEncoding(head: Uint8Array): Encoding {
  const [first = '', second = ''] = new TextDecoder('latin1').decode(head).split(/\r\n|\r|\n/, 2);
  const cookie = codingCookie.exec(first)?.[1] ?? codingCookie.exec(second)?.[1];
  if (cookie === undefined) return plain('utf-8', 0);
  const label = cookie.toLowerCase().replaceAll('_', '-');
  const known = /^(utf-?8(-.*)?|u8)$/.test(label)
    ? 'utf-8'
    : /^(latin-?1|iso-?8859-?1|l1)(-.*)?$/.test(label)
      ? 'latin1'
      : label;
  const decodable = canDecode(known);
  return {
    label: decodable ? known : 'utf-8',
    skip: 0,
    warnings: decodable
      ? []
      : ['the encoding that the coding comment names is not known; read as UTF-8'],
  };
}

function canDecode(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    // TextDecoder has no other way to ask whether a label is known.
    return false;
  }
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    // The fatal decoder answers by throwing; a file may hold a genuine U+FFFD.
    return false;
  }
}

function countLines(text: string, offset: number): number {
  let line = 1;
  for (
    let index = text.indexOf('\n');
    index !== -1 && index < offset;
    index = text.indexOf('\n', index + 1)
  )
    line++;
  return line;
}

function unreadable(path: string, message: string): Warning {
  return { code: 'unreadable-file', message, path, severity: 'error' };
}

function encodingWarning(path: string, line: number, message: string): Warning {
  return { code: 'encoding', message: `${path}:${line}: ${message}`, path, line };
}

/** The text of a file; null where there is none to read. */
export function readText(access: Pick<FileAccess, 'read'>, path: string): string | null {
  const read = access.read(path);
  const decoded = read.ok ? decodeFile(path, read) : null;
  return decoded?.ok === true ? decoded.file.text : null;
}
