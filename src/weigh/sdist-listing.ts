/** What is in a source archive that was read whole: its paths, and the texts that are asked for. Nothing is built. */
import { gunzipSync } from 'node:zlib';
import { readTar, TarError } from './tar-reader.ts';
import {
  findEndOfCentralDirectory,
  parseCentralDirectory,
  readEntry,
  ZipError,
} from './zip-directory.ts';

/** Unpacked bytes that are looked at, at most. */
const largestUnpacked = 64 * 1024 * 1024;
const mostMembers = 20_000;

/** Paths below the top folder, and the texts of the members that were wanted. */
export interface ArchiveListing {
  readonly paths: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
}

/** By the name in the archive, its top folder included, and the size in bytes. */
type IsWanted = (name: string, size: number) => boolean;

/**
 * The members of a source archive (.tar.gz, .tgz, .tar, .zip) that was read whole, at most 20,000 of them, and the texts of
 * those that are wanted; null for one that is broken or packed in another way.
 */
export async function listArchive(
  name: string,
  bytes: Uint8Array,
  isWanted: IsWanted,
): Promise<ArchiveListing | null> {
  const filename = name.toLowerCase();
  try {
    if (filename.endsWith('.zip')) return listZip(bytes, isWanted);
    if (filename.endsWith('.tar')) return await listTar(bytes, isWanted);
    if (!/\.(?:tar\.gz|tgz)$/.test(filename)) return null;
    return await listTar(gunzipSync(bytes, { maxOutputLength: largestUnpacked }), isWanted);
  } catch (error) {
    if (isBroken(error)) return null;
    throw error;
  }
}

function isBroken(error: unknown): boolean {
  if (error instanceof TarError || error instanceof ZipError) return true;
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR_BUFFER)/.test(String(error.code));
}

async function listTar(bytes: Uint8Array, isWanted: IsWanted): Promise<ArchiveListing> {
  const paths: string[] = [];
  const texts = new Map<string, string>();
  for await (const member of readTar(oneChunk(bytes), isWanted)) {
    if (paths.length === mostMembers) break;
    const path = pathBelowTop(member.name);
    paths.push(path);
    if (member.content !== null) texts.set(path, new TextDecoder().decode(member.content));
  }
  return { paths, texts };
}

// oxlint-disable-next-line require-await -- the reader takes what comes from the network as well
async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function listZip(bytes: Uint8Array, isWanted: IsWanted): ArchiveListing {
  const end = findEndOfCentralDirectory(bytes, 0, bytes.length);
  if ('need' in end) throw new ZipError('It is cut off.');
  const directory = bytes.subarray(end.directoryOffset, end.directoryOffset + end.directorySize);
  const paths: string[] = [];
  const texts = new Map<string, string>();
  for (const entry of parseCentralDirectory(directory, end.entryCount, end)) {
    if (entry.isDirectory || paths.length === mostMembers) continue;
    const path = pathBelowTop(entry.name);
    paths.push(path);
    if (!isWanted(entry.name, entry.uncompressedSize)) continue;
    const content = readEntry(bytes, 0, entry);
    if ('need' in content) throw new ZipError(`Its member ${entry.name} is cut off.`);
    texts.set(path, new TextDecoder().decode(content));
  }
  return { paths, texts };
}

function pathBelowTop(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
