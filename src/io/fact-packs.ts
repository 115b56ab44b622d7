/**
 * Facts that never change, in packs: lines of `key TAB json`, read whole and indexed by key; the JSON of a line is parsed
 * when it is asked for. Every run that learned something adds one pack, named by its time so that packs sort by age.
 */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheWriter } from './cache-files.ts';
import { absent, parseJson, readText } from './cache-files.ts';

/** The facts of a cache. */
export interface FactStore {
  read(key: string): unknown;
  add(key: string, value: unknown): void;
  flush(writer: CacheWriter): void;
}

/** More packs than this are made into one. */
const mostPacks = 12;
/** Beyond this the oldest facts are dropped when packs are merged. */
const largestPacksBytes = 96 * 1024 * 1024;

/** The facts below a folder; those of packs of earlier versions, named by a hash alone, count as the oldest. */
export function createFactStore(folder: string, now: () => number): FactStore {
  let known: Map<string, string> | null = null;
  let packs: readonly string[] = [];
  const added = new Map<string, unknown>();
  const load = (): Map<string, string> => {
    if (known !== null) return known;
    known = new Map();
    packs = listPacks(folder);
    for (const pack of packs) indexPack(readText(join(folder, pack)) ?? '', known);
    return known;
  };
  return {
    read(key) {
      const fresh = added.get(key);
      if (fresh !== undefined) return fresh;
      const line = load().get(key);
      return line === undefined ? null : parseJson(line);
    },
    add: (key, value) => void added.set(key, value),
    flush(writer) {
      if (added.size === 0) return;
      const lines = [...added].map(([key, value]) => `${key}\t${JSON.stringify(value)}\n`);
      added.clear();
      const merge = load().size > 0 && packs.length >= mostPacks;
      const kept = merge ? keepNewest(load()) : [];
      const text = [...kept, ...lines].join('');
      const hash = createHash('sha1').update(text).digest('hex');
      writer.write(join(folder, `${packTime(now(), packs)}-${hash}.pack`), text);
      // Another run may be reading a pack that goes: it has opened it, or does without.
      if (merge)
        for (const pack of packs) writer.attempt(() => rmSync(join(folder, pack), { force: true }));
      known = null;
    },
  };
}

const timedPack = /^t(\d{15})-/;

/** Start of a name that sorts behind those of all packs that are there, even where a clock went back. */
function packTime(milliseconds: number, packs: readonly string[]): string {
  const newest = Number(timedPack.exec(packs.at(-1) ?? '')?.[1] ?? -1);
  return `t${String(Math.max(Math.trunc(milliseconds), newest + 1)).padStart(15, '0')}`;
}

/** Oldest first. A hash has no `t`, and every one of its digits sorts before it. */
function listPacks(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pack'))
      .toSorted();
  } catch (error) {
    return absent(error) ?? [];
  }
}

function indexPack(text: string, into: Map<string, string>): void {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    const tab = text.indexOf('\t', start);
    if (tab > start && tab < end) {
      const key = text.slice(start, tab);
      // What was learned again is as young as its last pack.
      into.delete(key);
      into.set(key, text.slice(tab + 1, end));
    }
    start = end + 1;
  }
}

function keepNewest(facts: ReadonlyMap<string, string>): readonly string[] {
  let bytes = 0;
  const lines: string[] = [];
  for (const [key, json] of [...facts].toReversed()) {
    bytes += key.length + json.length;
    if (bytes > largestPacksBytes) break;
    lines.push(`${key}\t${json}\n`);
  }
  return lines.toReversed();
}
