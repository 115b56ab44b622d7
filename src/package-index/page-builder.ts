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

/** Many rows as one text, which takes half the memory of as many texts; empty until it is complete. */
interface RowText {
  text: string;
}

/** Rows that lie side by side in a text. */
interface Run {
  readonly rows: RowText;
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
  const addRun = (versionText: string, run: Run): Group => {
    const known = groups.get(versionText);
    if (known !== undefined) {
      known.runs.push(run);
      return known;
    }
    // A list that is filled at once takes a tenth of one that grows, and a page may have 300,000 of them.
    const group: Group = { version: parseVersion(versionText), runs: [run] };
    groups.set(versionText, group);
    return group;
  };
  const collector = createCollector();
  let given: RowText = { text: '' };
  // The wheels of a release mostly follow one another: then they begin alike, and nothing is looked up.
  let lastStart: string | null = null;
  let last: Group | null = null;
  return {
    add(entry) {
      const versionText = versionTextOf(entry.filename, name);
      if (versionText === null) return;
      urlBase ??= addressBase(entry.url);
      hasTimes &&= entry.uploadTime !== '';
      addRun(versionText, collector.add(toRow(entry, urlBase)));
    },
    addRow(rows, start, end) {
      const nameStart = start + rowMark.length + 2;
      const nameEnd = rows.indexOf('"', nameStart);
      const isWheel = rows.startsWith('.whl', nameEnd - 4);
      if (lastStart === null || !isWheel || !rows.startsWith(lastStart, start)) {
        const versionText = versionTextOf(rows.slice(nameStart, nameEnd), name);
        if (given.text !== rows) given = { text: rows };
        last = versionText === null ? null : addRun(versionText, { rows: given, start, end });
        lastStart = last !== null && isWheel ? wheelStart(rows, start) : null;
      } else if (last !== null) extend(last, { rows: given, start, end });
    },
    finish() {
      collector.finish();
      return { urlBase: urlBase ?? '', hasTimes, ...gather(groups.values()) };
    },
  };
}

const rowsOfText = 1000;

/** Joins rows that come one by one. */
function createCollector(): { add(row: string): Run; finish(): void } {
  let rows: RowText = { text: '' };
  let pending: string[] = [];
  let end = 0;
  const finish = (): void => {
    rows.text = pending.join('');
    rows = { text: '' };
    pending = [];
    end = 0;
  };
  return {
    add(row) {
      if (pending.length === rowsOfText) finish();
      pending.push(row);
      const start = end;
      end += row.length;
      return { rows, start, end };
    },
    finish,
  };
}

/** The row of a wheel up to the end of its version. */
function wheelStart(rows: string, start: number): string {
  const nameEnd = rows.indexOf('-', start);
  return rows.slice(start, rows.indexOf('-', nameEnd + 1) + 1);
}

function extend({ runs }: Group, next: Run): void {
  const run = runs.at(-1);
  if (run !== undefined && run.rows === next.rows && run.end === next.start) run.end = next.end;
  else runs.push(next);
}

/** null for what is no archive of the project. */
function versionTextOf(filename: string, name: DistributionName): string | null {
  if (!isArchiveName(filename)) return null;
  if (!filename.endsWith('.whl')) return parseSdistFilename(filename, name)?.version ?? null;
  // The name in a wheel's file name has no dash, so the second part is the version; the rest is looked at on use.
  const start = filename.indexOf('-') + 1;
  const end = filename.indexOf('-', start);
  return start > 0 && end > start ? filename.slice(start, end).replaceAll('_', '-') : null;
}

/** The lines of all releases in ascending order; `1.0` and `1.0.0` are one release. */
function gather(groups: Iterable<Group>): Pick<PageRecord, 'versions' | 'ends' | 'body'> {
  const sorted = [...groups].filter(isOfVersion);
  sorted.sort((left, right) => compareVersions(left.version, right.version));
  // Straight into the bytes: as a text of its own, the lines of 300,000 releases would be held twice more.
  const body = Buffer.allocUnsafe(sorted.reduce((sum, { runs }) => sum + bytesOf(runs), 0));
  const versions: string[] = [];
  const ends: number[] = [];
  let last: Version | null = null;
  let at = 0;
  for (const { version, runs } of sorted) {
    for (const run of runs) at += body.write(textOf(run), at);
    if (last !== null && compareVersions(last, version) === 0) {
      ends[ends.length - 1] = at;
      continue;
    }
    last = version;
    versions.push(version.text);
    ends.push(at);
  }
  return { versions, ends, body };
}

interface VersionGroup extends Group {
  readonly version: Version;
}

function isOfVersion(group: Group): group is VersionGroup {
  return group.version !== null;
}

function bytesOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + Buffer.byteLength(textOf(run)), 0);
}

function textOf({ rows, start, end }: Run): string {
  return rows.text.slice(start, end);
}
