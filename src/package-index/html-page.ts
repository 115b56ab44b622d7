/**
 * Pages of the simple API in HTML (PEP 503), with yanked files (PEP 592) and metadata files (PEP 658, 714).
 *
 * Traps: attribute values may hold an unescaped `>` (`data-requires-python=">=3.8"`) · addresses may be relative to the
 * page or to `<base href>` · the file name is the last segment of the address, percent-encoded · `data-yanked` without a
 * value is yanked.
 */
import type { AddEntry } from './page-entry.ts';
import { isArchiveName, metadataHash, sha256Text } from './page-entry.ts';
import { absoluteAddress } from './page-address.ts';
import { PageError } from './page-error.ts';

const anchorStart = '<a';

/**
 * Reads the links of a page. Throws PageError where it is no listing.
 *
 * Walks the anchors by `indexOf`: a page may have 20,000 of them, and a full HTML parser takes seconds for that.
 */
export function readSimpleHtml(page: string, pageUrl: string, add: AddEntry): void {
  const html = page.includes('<A') ? page.replace(/<A(?=\s)/g, anchorStart) : page;
  let count = 0;
  const counted: AddEntry = (entry) => {
    count++;
    add(entry);
  };
  const base = baseAddress(html, pageUrl);
  const attributes = new Map<string, string>();
  for (let at = html.indexOf(anchorStart); at >= 0; at = html.indexOf(anchorStart, at)) {
    const afterName = html.charCodeAt(at + 2);
    at += 2;
    if (afterName > 32) continue;
    attributes.clear();
    at = readAttributes(html, at, attributes);
    addAnchor(counted, attributes, base);
  }
  if (count === 0 && !isListing(html)) {
    throw new PageError(
      'the page is HTML without links to files: a log-in or error page, not a page of an index',
    );
  }
}

// A project without files is an empty listing, which every index still titles.
function isListing(html: string): boolean {
  const head = html.slice(0, 4096);
  return (
    head.includes('pypi:repository-version') ||
    /<(?:title|h1)>[^<]{0,200}\b(?:links|index|listing)\b/i.test(head)
  );
}

function addAnchor(add: AddEntry, attributes: ReadonlyMap<string, string>, base: string): void {
  const href = attributes.get('href');
  if (href === undefined) return;
  const hashAt = href.indexOf('#');
  const address = hashAt < 0 ? href : href.slice(0, hashAt);
  const absolute = absoluteAddress(address, base);
  if (absolute === null) return;
  const filename = filenameOf(absolute);
  if (!isArchiveName(filename)) return;
  const fragment = hashAt < 0 ? '' : href.slice(hashAt + 1);
  const sha256 = fragment.startsWith('sha256=') ? fragment.slice(7, 71) : '';
  const requiresPython = attributes.get('data-requires-python');
  const metadata =
    attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
  add({
    filename,
    url: absolute,
    sha256: sha256Text(sha256),
    requiresPython: requiresPython === undefined || requiresPython === '' ? null : requiresPython,
    yanked: attributes.get('data-yanked') ?? null,
    size: -1,
    uploadTime: attributes.get('data-upload-time') ?? '',
    metadataFile: metadata === undefined ? -1 : metadata === 'false' ? 0 : 1,
    metadataHash: metadataHash(metadata?.startsWith('sha256=') ? metadata.slice(7) : null),
  });
}

/** Reads the attributes of a tag from `at` on; returns the position after its `>`. */
function readAttributes(html: string, start: number, attributes: Map<string, string>): number {
  const end = html.length;
  let at = start;
  while (at < end) {
    const code = html.charCodeAt(at);
    if (code === 0x3e) return at + 1;
    if (code <= 32 || code === 0x2f) {
      at++;
      continue;
    }
    const nameStart = at;
    while (at < end && !endsAttributeName(html.charCodeAt(at))) at++;
    const name = html.slice(nameStart, at).toLowerCase();
    while (at < end && html.charCodeAt(at) <= 32) at++;
    if (html.charCodeAt(at) !== 0x3d) {
      if (name !== '') attributes.set(name, '');
      else at++;
      continue;
    }
    at++;
    while (at < end && html.charCodeAt(at) <= 32) at++;
    const quote = html.charCodeAt(at);
    let valueEnd: number;
    if (quote === 0x22 || quote === 0x27) {
      valueEnd = html.indexOf(quote === 0x22 ? '"' : "'", at + 1);
      if (valueEnd < 0) return end;
      attributes.set(name, decodeEntities(html.slice(at + 1, valueEnd)));
      at = valueEnd + 1;
    } else {
      valueEnd = at;
      while (valueEnd < end && html.charCodeAt(valueEnd) > 32 && html.charCodeAt(valueEnd) !== 0x3e)
        valueEnd++;
      attributes.set(name, decodeEntities(html.slice(at, valueEnd)));
      at = valueEnd;
    }
  }
  return end;
}

function endsAttributeName(code: number): boolean {
  return code <= 32 || code === 0x3d || code === 0x3e || code === 0x2f;
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return namedEntities[entity.toLowerCase()] ?? whole;
    const hexadecimal = entity[1] === 'x' || entity[1] === 'X';
    const code = Number.parseInt(entity.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

function baseAddress(html: string, pageUrl: string): string {
  const at = html.slice(0, 8192).search(/<base\s/i);
  if (at < 0) return pageUrl;
  const attributes = new Map<string, string>();
  readAttributes(html, at + 5, attributes);
  return absoluteAddress(attributes.get('href') ?? '', pageUrl) ?? pageUrl;
}

function filenameOf(address: string): string {
  const query = address.indexOf('?');
  const path = query < 0 ? address : address.slice(0, query);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
