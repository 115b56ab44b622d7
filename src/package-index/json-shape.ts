/**
 * Files of a JSON page as rows of its record, by one replacement over the whole text. An index writes all files with the
 * same keys in the same order, so that the first file of a page tells a pattern that fits nearly all others; what it
 * does not fit stays where it is, for the general reader.
 *
 * Parsing the pages of TrackMaster (46,000 files, 21 MB) and making rows of the objects takes 240 ms of CPU and much
 * garbage in a process that has just started; the replacement, which runs inside the engine, 70 ms.
 *
 * Trap: a hostile page must not make the pattern slow. No two parts of it that can be empty or repeat stand side by side
 * where both match the same text.
 */
import { addressBase, rowMark } from './page-record.ts';

/** Text that fits the pattern is a file; the template makes its row. */
export interface FileShape {
  readonly pattern: RegExp;
  readonly template: string;
  /** Start of the addresses that fit, as the page writes it. */
  readonly urlBase: string;
  /** Whether files that fit tell when they were uploaded. */
  readonly hasTimes: boolean;
  /** Where the first file stands; nothing before it is replaced. */
  readonly start: number;
}

const blank = '[ \\t\\r\\n]*';
/** A character of a string that stands for itself. */
const plain = '[^"\\\\\\u0000-\\u001f]';
const plainString = `"${plain}*"`;
const anyString = `"${plain}*(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})${plain}*)*"`;
const pair = `${plainString}${blank}:${blank}${plainString}${blank}(?:,${blank})?`;
const anyValue = `(?:${anyString}|[-\\w.+]+|\\{${blank}(?:${pair})*\\})`;

/** What stands behind a key, where the row takes it; `url` and `filename` depend on each other. */
const valuePatterns = new Map([
  ['hashes', `\\{${blank}(?:"sha256"${blank}:${blank}"(?<sha256>[0-9a-f]{64})"${blank})?\\}`],
  ['requires-python', `(?<requiresPython>${anyString}|null)`],
  ['size', '(?<size>0|[1-9]\\d{0,14}|null)'],
  ['upload-time', `(?<uploadTime>"${plain}+")`],
  ['yanked', `(?<yanked>${anyString}|true|false|null)`],
]);

/** The names under which PEP 714 and its predecessors tell of metadata files; the first that is there counts. */
const metadataKeys = ['core-metadata', 'dist-info-metadata', 'data-dist-info-metadata'];
const metadataHash = `"sha256"${blank}:${blank}"(?<metadataHash>[0-9a-f]{32})[0-9a-f]{32}"${blank}`;
const metadataPattern = `(?:(?<isThere>true|false)|(?<table>\\{)${blank}(?:${metadataHash}|(?:${pair})*)\\})`;

const firstFile = new RegExp(`("files"${blank}:${blank}\\[${blank})\\{${blank}`);

/** The shape of the first file of a page; null where it is no plain one. */
export function findFileShape(text: string): FileShape | null {
  const first = firstFile.exec(text);
  if (first === null) return null;
  const [open, before = ''] = first;
  const start = first.index + before.length;
  const members = readMembers(text, first.index + open.length);
  const url = members?.find(({ key }) => key === 'url')?.value.slice(1, -1) ?? '';
  const urlBase = baseOf(url);
  if (members === null || urlBase === null || !members.some(({ key }) => key === 'filename'))
    return null;
  const metadataKey = metadataKeys.find((key) => members.some((member) => member.key === key));
  let isNameKnown = false;
  const parts = members.map(({ key, colon, end }) => {
    const value = valuePattern(key, { urlBase, metadataKey, isNameKnown });
    isNameKnown ||= key === 'url' || key === 'filename';
    return `"${escapeText(key)}"${colon}${value}${end}`;
  });
  return {
    urlBase,
    hasTimes: members.some(({ key }) => key === 'upload-time'),
    start,
    pattern: new RegExp(
      `${escapeText(open.slice(before.length))}${parts.join('')}\\}(?:${blank},${blank})?`,
      'g',
    ),
    template: templateOf(new Set(members.map(({ key }) => key)), metadataKey !== undefined),
  };
}

interface Member {
  readonly key: string;
  /** With the blanks around it. */
  readonly colon: string;
  readonly value: string;
  /** The comma and the blanks up to the next key, or the blanks before the end. */
  readonly end: string;
}

/** The members of the object whose first key stands at `start`; null where it has others than plain ones, or one twice. */
function readMembers(text: string, start: number): readonly Member[] | null {
  const pattern = new RegExp(
    `"(${plain}+)"(${blank}:${blank})(${anyValue})(${blank}(?:,${blank})?)`,
    'y',
  );
  const members: Member[] = [];
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, key = '', colon = '', value = '', end = ''] = match;
    if (members.some((member) => member.key === key)) return null;
    members.push({ key, colon, value, end });
    if (text[pattern.lastIndex] === '}') return members;
  }
  return null;
}

/** Start of an address that others share: up to the first folder of the host, or the steps up of a relative one. */
function baseOf(url: string): string | null {
  if (/^https?:\/\//.test(url)) return addressBase(url) || null;
  return /^(?:\/(?!\/)|(?:\.\.\/)+)/.exec(url)?.[0] ?? null;
}

const folders = '(?<middle>(?:[-\\w.%+~]+/)*)';

function valuePattern(
  key: string,
  known: {
    readonly urlBase: string;
    readonly metadataKey: string | undefined;
    readonly isNameKnown: boolean;
  },
): string {
  const name = known.isNameKnown ? '\\k<filename>' : '(?<filename>[^"\\\\/\\u0000-\\u001f]+)';
  if (key === 'filename') return `"${name}"`;
  if (key === 'url') return `"${escapeText(known.urlBase)}${folders}${name}"`;
  if (key === known.metadataKey) return metadataPattern;
  return valuePatterns.get(key) ?? anyValue;
}

function templateOf(keys: ReadonlySet<string>, hasMetadata: boolean): string {
  const valueOf = (key: string, group: string): string => (keys.has(key) ? `$<${group}>` : 'null');
  const sha256 = keys.has('hashes') ? '$<sha256>' : '';
  const cells = [
    '"$<filename>"',
    '"$<middle>"',
    `"${sha256}"`,
    valueOf('requires-python', 'requiresPython'),
    valueOf('size', 'size'),
    valueOf('upload-time', 'uploadTime'),
    valueOf('yanked', 'yanked'),
    ...(hasMetadata ? ['"$<isThere>$<table>"', '"$<metadataHash>"'] : []),
  ];
  return `${rowMark}[${cells.join(',')}]`;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
