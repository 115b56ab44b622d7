/** From the files of a page to its record: rows, gathered by release. */
import type { DistributionName, Version } from '../types.ts';
import { parseSdistFilename } from '../pep/sdist-filename.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import type { AddEntry } from './page-entry.ts';
import { isArchiveName } from './page-entry.ts';
import type { PageRecord } from './page-record.ts';
import { addressBase, rowMark, toRow } from './page-record.ts';

/** Collects the files of one project into a record; those of others, and what is no archive, are left out. */
export interface PageBuilder {
  readonly add: AddEntry;
  /** The row, with its mark, that stands from `start` to `end` in a text of many; its address is below the base. */
  addRow(rows: string, start: number, end: number): void;
  finish(): PageRecord;
}

/** Rows that lie side by side in a text. */
interface Run {
  readonly rows: string;
  readonly start: number;
  end: number;
}

interface Group {
  /** null where the text is no version. */
  readonly version: Version | null;
  readonly runs: Run[];
}

/** What is known of the rows of a page beforehand. */
export interface RowForm {
  /** Start of their addresses. */
  readonly urlBase: string;
  /** Whether they tell when files were uploaded. */
  readonly hasTimes: boolean;
}

/** A builder whose addresses are stored relative to a base: that of the first file where no form is given. */
export function createPageBuilder(
  name: DistributionName,
  form: RowForm | null = null,
): PageBuilder {
  const groups = new Map<string, Group>();
  let urlBase = form?.urlBase ?? null;
  let hasTimes = form?.hasTimes ?? true;
  const groupOf = (filename: string): Group | null => {
    const text = isArchiveName(filename) ? versionTextOf(filename, name) : null;
    if (text === null) return null;
    const known = groups.get(text);
    if (known !== undefined) return known;
    const group: Group = { version: parseVersion(text), runs: [] };
    groups.set(text, group);
    return group;
  };
  // The wheels of a release mostly follow one another: then they begin alike, and nothing is looked up.
  let lastStart: string | null = null;
  let last: Group | null = null;
  return {
    add(entry) {
      const group = groupOf(entry.filename);
      if (group === null) return;
      urlBase ??= addressBase(entry.url);
      hasTimes &&= entry.uploadTime !== '';
      const rows = toRow(entry, urlBase);
      group.runs.push({ rows, start: 0, end: rows.length });
    },
    addRow(rows, start, end) {
      const nameStart = start + rowMark.length + 2;
      const nameEnd = rows.indexOf('"', nameStart);
      const isWheel = rows.startsWith('.whl', nameEnd - 4);
      if (lastStart === null || !isWheel || !rows.startsWith(lastStart, start)) {
        last = groupOf(rows.slice(nameStart, nameEnd));
        lastStart = last !== null && isWheel ? wheelStart(rows, start) : null;
      }
      if (last !== null) extend(last, rows, start, end);
    },
    finish: () => ({ urlBase: urlBase ?? '', hasTimes, ...gather(groups.values()) }),
  };
}

/** The row of a wheel up to the end of its version. */
function wheelStart(rows: string, start: number): string {
  const nameEnd = rows.indexOf('-', start);
  return rows.slice(start, rows.indexOf('-', nameEnd + 1) + 1);
}

function extend({ runs }: Group, rows: string, start: number, end: number): void {
  const run = runs.at(-1);
  if (run !== undefined && run.rows === rows && run.end === start) run.end = end;
  else runs.push({ rows, start, end });
}

function versionTextOf(filename: string, name: DistributionName): string | null {
  if (!filename.endsWith('.whl')) return parseSdistFilename(filename, name)?.version ?? null;
  // The name in a wheel's file name has no dash, so the second part is the version; the rest is looked at on use.
  const start = filename.indexOf('-') + 1;
  const end = filename.indexOf('-', start);
  return start > 0 && end > start ? filename.slice(start, end).replaceAll('_', '-') : null;
}

/** The lines of all releases in ascending order; `1.0` and `1.0.0` are one release. */
function gather(groups: Iterable<Group>): Pick<PageRecord, 'versions' | 'ends' | 'body'> {
  const sorted: { readonly version: Version; readonly runs: readonly Run[] }[] = [];
  for (const { version, runs } of groups) if (version !== null) sorted.push({ version, runs });
  sorted.sort((left, right) => compareVersions(left.version, right.version));
  const versions: Version[] = [];
  const lines: string[] = [];
  for (const { version, runs } of sorted) {
    const line = runs.map(({ rows, start, end }) => rows.slice(start, end)).join('');
    const before = versions.at(-1);
    if (before !== undefined && compareVersions(before, version) === 0) {
      lines.push((lines.pop() ?? '') + line);
      continue;
    }
    versions.push(version);
    lines.push(line);
  }
  const body = Buffer.from(lines.join(''));
  return { versions: versions.map(({ text }) => text), ends: endsOf(lines, body.length), body };
}

function endsOf(lines: readonly string[], bytes: number): readonly number[] {
  const add = (lengthOf: (line: string) => number): readonly number[] => {
    let end = 0;
    return lines.map((line) => (end += lengthOf(line)));
  };
  const ends = add((line) => line.length);
  // Nearly every page is ASCII, where characters are bytes.
  return (ends.at(-1) ?? 0) === bytes ? ends : add((line) => Buffer.byteLength(line));
}
