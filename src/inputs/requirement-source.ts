/**
 * What a requirement points at when it is not a plain name: URLs, version control, files and folders.
 */
import { fileNameOf, joinPath } from './file-access.ts';

/** A requirement given by address or path instead of by name, taken apart. Offsets are 0-based in the text. */
export interface PointedRequirement {
  readonly source: 'url' | 'vcs' | 'local';
  /** From the file name, `#egg=` or the address; null where nothing tells it. */
  readonly name: string | null;
  /** False where the name is only guessed from the address. */
  readonly nameIsCertain: boolean;
  readonly extras: readonly string[];
  /** As written, without extras and marker; for `local` the path. */
  readonly target: string;
  readonly marker: string | null;
}

const archiveSuffix =
  /\.(?:whl|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tar\.lz|tlz|tar\.lzma|tar|zip)$/i;
const vcsPrefix = /^(?:git|hg|svn|bzr)\+/i;
const urlPrefix = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Where a direct reference (`name @ url`) leads. */
export function sourceOfUrl(url: string): 'url' | 'vcs' | 'local' {
  if (vcsPrefix.test(url)) return 'vcs';
  return /^file:/i.test(url) || !urlPrefix.test(url) ? 'local' : 'url';
}

/** True for text that pip takes for an address or a path rather than a name. */
export function isPointedRequirement(text: string): boolean {
  if (/^[a-z0-9][-_.a-z0-9]*\s*(?:\[[^\]]*\]\s*)?@/i.test(text) && !vcsPrefix.test(text))
    return false;
  const head = text.split(/[\s;]/, 1)[0] ?? '';
  if (urlPrefix.test(head) || vcsPrefix.test(head) || /^file:/i.test(head)) return true;
  if (/^(?:[./\\~]|[a-z]:[\\/])/i.test(head)) return true;
  const bare = head.replace(/\[[^\]]*\]$/, '');
  return archiveSuffix.test(bare) || /^[^<>=!~@'"]*[\\/]/.test(bare);
}

/** Takes such a text apart; `baseFolder` is the folder of the file that says it. */
export function parsePointedRequirement(text: string, baseFolder: string): PointedRequirement {
  const [body, marker] = splitMarker(text);
  const extrasMatch = /\[([^[\]]*)\]$/.exec(body);
  const withoutExtras = extrasMatch === null ? body : body.slice(0, extrasMatch.index);
  const fragment = readFragment(withoutExtras);
  const extras = splitExtras(extrasMatch?.[1] ?? fragment.extras);
  const vcs = vcsPrefix.test(withoutExtras);
  if (vcs || (urlPrefix.test(withoutExtras) && !/^file:/i.test(withoutExtras))) {
    const address = withoutExtras.replace(/[#?].*$/, '');
    const named = fragment.egg ?? (vcs ? null : nameOfArchive(fileNameOf(decodePercent(address))));
    return {
      source: vcs ? 'vcs' : 'url',
      name: named ?? guessName(address),
      nameIsCertain: named !== null,
      extras,
      target: withoutExtras,
      marker,
    };
  }
  const path = toLocalPath(withoutExtras.replace(/#.*$/, ''), baseFolder);
  const named = fragment.egg ?? nameOfArchive(fileNameOf(path));
  return {
    source: 'local',
    name: named ?? guessName(path),
    nameIsCertain: named !== null,
    extras,
    target: path,
    marker,
  };
}

/** Path relative to the root of a local path or `file:` URL written in a file of `baseFolder`. */
export function toLocalPath(text: string, baseFolder: string): string {
  const withoutScheme = /^file:/i.test(text)
    ? decodePercent(text.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, ''))
    : text;
  return joinPath(baseFolder, withoutScheme);
}

/** True for names of wheels and source archives. */
export function isArchiveName(path: string): boolean {
  return archiveSuffix.test(path);
}

// The marker of an address starts at ` ;`: a bare `;` may be part of it (pip, PEP 508).
function splitMarker(text: string): readonly [string, string | null] {
  const match = /\s;|;\s/.exec(text);
  if (match === null) return [text.trim(), null];
  return [
    text.slice(0, match.index).trim(),
    text
      .slice(match.index + match[0].length)
      .trim()
      .replace(/^;/, ''),
  ];
}

function readFragment(text: string): { readonly egg: string | null; readonly extras: string } {
  const hash = text.indexOf('#');
  const match =
    hash === -1 ? null : /(?:^|&)egg=([^&[\]]*)(?:\[([^\]]*)\])?/.exec(text.slice(hash + 1));
  const egg = match?.[1] ? decodePercent(match[1]) : null;
  return { egg: egg === null ? null : nameOfEgg(egg), extras: match?.[2] ?? '' };
}

// Old eggs carry a version: `egg=name-1.0`.
function nameOfEgg(egg: string): string {
  return /^(.*?[a-z_.].*?)-\d[^-]*$/i.exec(egg)?.[1] ?? egg;
}

function nameOfArchive(fileName: string): string | null {
  if (!archiveSuffix.test(fileName)) return null;
  const stem = fileName.replace(archiveSuffix, '');
  if (/\.whl$/i.test(fileName)) {
    const parts = stem.split('-');
    return parts.length >= 5 ? (parts[0] ?? null) : null;
  }
  return /^([a-z0-9][-_.a-z0-9]*?)-v?\d[^-]*$/i.exec(stem)?.[1] ?? null;
}

// `https://host/owner/name/archive/main.zip`, `git+https://host/owner/name.git@rev`: the repository is most likely called so.
function guessName(address: string): string | null {
  const path = address.replace(/^[a-z+.-]*:\/\/[^/]*/i, '').replace(/@[^/@]*$/, '');
  const beforeArchive = path.replace(/\/(?:archive|zipball|tarball|releases)\/.*$/, '');
  const last = fileNameOf(beforeArchive.replace(/\/+$/, ''))
    .replace(/\.git$/, '')
    .replace(archiveSuffix, '');
  return /^[a-z0-9](?:[-_.a-z0-9]*[a-z0-9])?$/i.test(last) ? last : null;
}

function splitExtras(text: string): readonly string[] {
  return text
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is part of the name then.
    return text;
  }
}
