/**
 * Pages of an index as records: the simple repository API in HTML (PEP 503) or JSON (PEP 691), and PyPI's JSON API.
 *
 * Trap: what the body is decides, not its Content-Type (a mirror may call everything text/html).
 */
import { isAscii } from 'node:buffer';
import type { DistributionName } from '../types.ts';
import { readSimpleHtml } from './html-page.ts';
import { readJsonFiles, readProjectJson, readSimpleJson } from './json-page.ts';
import { findFileShape } from './json-shape.ts';
import { absoluteAddress } from './page-address.ts';
import type { RowForm } from './page-builder.ts';
import { createPageBuilder } from './page-builder.ts';
import type { AddEntry } from './page-entry.ts';
import { PageError } from './page-error.ts';
import type { PageRecord } from './page-record.ts';
import { rowMark } from './page-record.ts';
import { takeRows } from './page-rows.ts';

/** The record of a page of the simple API. `pageUrl` resolves relative addresses. Throws PageError. */
export function parseSimplePage(text: string, pageUrl: string, name: DistributionName): PageRecord {
  const shaped = toRows(text, pageUrl);
  const builder = createPageBuilder(name, shaped);
  const readFiles = (list: string): void => readJsonFiles(list, pageUrl, builder.add);
  const rest = shaped === null ? text : shaped.before + takeRows(shaped.files, builder, readFiles);
  readSimplePage(rest, pageUrl, builder.add);
  return builder.finish();
}

interface ShapedPage extends RowForm {
  /** The page up to the first file. */
  readonly before: string;
  /** The rest of it, with rows in the place of files. */
  readonly files: string;
}

/**
 * From this length on (characters) the files of a page are read one after the other: the replacement holds the page several
 * times over. The largest pages of PyPI have a fifth of it.
 */
const longestReplaced = 24_000_000;

/** null for a page whose files cannot be made rows of at once. */
function toRows(text: string, pageUrl: string): ShapedPage | null {
  if (text.length > longestReplaced) return null;
  // JSON has no place for a mark of ours: a text with one is broken, and the general reader says where.
  const shape = startOf(text) === '{' && !text.includes(rowMark) ? findFileShape(text) : null;
  const urlBase = shape === null ? null : absoluteAddress(shape.urlBase, pageUrl);
  if (shape === null || urlBase === null) return null;
  const { start, pattern, template, hasTimes } = shape;
  const files = text.slice(start).replace(pattern, template);
  return { before: text.slice(0, start), files, urlBase, hasTimes };
}

/** Reads the files of a page of the simple API, whatever their projects. Throws PageError. */
export function readSimplePage(text: string, pageUrl: string, add: AddEntry): void {
  const start = startOf(text);
  if (start === '{') readSimpleJson(text.trimStart(), pageUrl, add);
  else if (start === '<') readSimpleHtml(text, pageUrl, add);
  else
    throw new PageError(
      start === null ? 'the page is empty' : 'the page is neither HTML nor JSON of the simple API',
    );
}

/** The record of a project of PyPI's JSON API (`/pypi/NAME/json`). Throws PageError. */
export function parseProjectJson(
  text: string,
  pageUrl: string,
  name: DistributionName,
): PageRecord {
  const builder = createPageBuilder(name);
  readProjectJson(text, pageUrl, builder.add);
  return builder.finish();
}

/** The first character that is no blank and no byte-order mark; null where there is none. */
function startOf(text: string): string | null {
  let at = 0;
  while (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xfeff) at++;
  return text[at] ?? null;
}

/** The text of a body. Latin-1 is an order of magnitude faster to decode, and nearly every page is plain ASCII. */
export function decodePageBody(body: Buffer): string {
  return isAscii(body) ? body.toString('latin1') : body.toString('utf8');
}
