/**
 * One package as conda asks for it (MatchSpec): `numpy=1.26`, `conda-forge::pytorch=2.*=cuda*`, `numpy[version='>=1.2']`.
 *
 * Traps:
 * - `=1.26` means 1.26 and all that begins with `1.26.`; with a build behind it (`=1.26.4=py311_0`) it means this version
 *   alone, as do `==1.26.4` and, set apart by a blank, `numpy 1.26.4`.
 * - Versions need not be those of PEP 440 (`openssl=1.1.1w`), and names may begin with `_`.
 * - `,` is and, `|` is or, and there may be blanks between all of them.
 */
import { ParseError } from '../pep/parse-error.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type { Specifier } from '../types.ts';

/** A conda package that is asked for. */
export interface CondaSpec {
  /** As conda calls it. */
  readonly name: string;
  readonly channel: string | null;
  /** The version, where only one will do, as written. */
  readonly version: string | null;
  /** The versions that will do as PEP 440 says it; empty where it cannot say it, and where any will do. */
  readonly specifiers: readonly Specifier[];
}

const shape =
  /^(?:(?<channel>[^\s:=<>!~[\]]+)::)?(?<name>[a-z0-9_][a-z0-9_.-]*)\s*(?<rest>[\s=<>!~[].*)?$/is;
const archive = /^(?:[a-z][a-z+.-]*:\/\/|[./~\\]|[a-z]:\\).*$|\.(?:conda|tar\.bz2)(?:#.*)?$/i;

/** Parses the text of one package. Throws ParseError. */
export function parseCondaSpec(written: string): CondaSpec {
  const text = written.trim();
  if (archive.test(text)) return parseArchive(text);
  const match = shape.exec(text);
  const { channel = null, name = '', rest = '' } = match?.groups ?? {};
  if (match === null) throw new ParseError('no name of a conda package', 0);
  const bracketed = /^(?<plain>[^[]*)\[(?<pairs>[^\]]*)\]$/.exec(rest)?.groups;
  if (rest.includes('[') && bracketed === undefined)
    throw new ParseError('a bracket is not closed', text.indexOf('['));
  const pairs = readPairs(bracketed?.['pairs'] ?? '');
  const plain = (bracketed?.['plain'] ?? rest).trim();
  const { version, build } = splitBuild(plain);
  const asked = pairs.get('version') ?? version;
  const hasBuild = (pairs.get('build') ?? build) !== null && pairs.get('version') === undefined;
  return {
    name: name.toLowerCase(),
    channel: pairs.get('channel') ?? channel,
    ...readVersion(asked, hasBuild),
  };
}

// `https://host/channel/linux-64/numpy-1.26.4-py311h64a7726_0.conda`
function parseArchive(text: string): CondaSpec {
  const file = text.replace(/[#?].*$/, '').replace(/^.*[/\\]/, '');
  const parts = /^(?<name>.+)-(?<version>[^-]+)-[^-]+\.(?:conda|tar\.bz2)$/i.exec(file)?.groups;
  if (parts === undefined) throw new ParseError('an address that names no conda package', 0);
  const { name = '', version = '' } = parts;
  return { name: name.toLowerCase(), channel: null, ...readVersion(`==${version}`, false) };
}

/** `version='>=1.2',build="py*"` */
function readPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const { groups } of text.matchAll(
    /(?<key>\w+)\s*=\s*(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<bare>[^,\s'"]+))/g,
  )) {
    const { key = '', single, double, bare } = groups ?? {};
    pairs.set(key, single ?? double ?? bare ?? '');
  }
  return pairs;
}

// `=1.26.4=py311_0`, `1.26.4 py311_0`, `>=1.2,<2 py*`
function splitBuild(text: string): { readonly version: string; readonly build: string | null } {
  const joined = text.replace(/\s*([,|]|[=<>!~]+)\s*/g, '$1');
  const [version = '', spaced] = joined.split(/\s+/);
  if (spaced !== undefined) return { version, build: spaced };
  const match = /^(=?=?[^=<>!~,|]+)=([^=<>!~,|]+)$/.exec(version);
  return match === null
    ? { version, build: null }
    : { version: match[1] ?? '', build: match[2] ?? '' };
}

function readVersion(text: string, hasBuild: boolean): Pick<CondaSpec, 'version' | 'specifiers'> {
  const exact = /^(?:==)?(?<exact>[^=<>!~,|*]+)$/.exec(
    hasBuild ? text.replace(/^=(?!=)/, '') : text,
  )?.groups?.['exact'];
  if (exact !== undefined) return { version: exact, specifiers: toSpecifiers(`==${exact}`) };
  if (text === '' || text.includes('|')) return { version: null, specifiers: [] };
  const clauses = text.split(',').map(toClause);
  return { version: null, specifiers: toSpecifiers(clauses.filter((one) => one !== '').join(',')) };
}

// `=1.26`, `1.26.*`, `1.26*` and `=1.26.*` are one; `>=1.2.*` is `>=1.2`.
function toClause(text: string): string {
  if (/^=?=?\*$/.test(text)) return '';
  const [, operator = '', version = ''] = /^([=<>!~]*)(.*)$/s.exec(text) ?? [];
  const bare = version.replace(/\.?\*$/, '');
  if (operator === '=' || (operator === '' && bare !== version)) return `==${bare}.*`;
  if (operator === '' || operator === '==') return `==${version}`;
  return operator === '!=' ? `!=${version}` : `${operator}${bare}`;
}

function toSpecifiers(text: string): readonly Specifier[] {
  try {
    const { specifiers } = parseSpecifiers(text, { repair: false });
    // `===` and the like take any text for a version.
    return specifiers.every(({ version }) => version !== null) ? specifiers : [];
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}
