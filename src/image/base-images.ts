/** What base images weigh compressed, as far as a source says it exactly: rows of data/base-images.json. */
import images from '../../data/base-images.json' with { type: 'json' };
import type { Bytes } from '../types.ts';

/** A base image for one architecture. */
export interface BaseImageRow {
  readonly name: string;
  readonly tags: readonly string[];
  /** As in wheel tags. */
  readonly arch: string;
  readonly libc: string;
  readonly python: string;
  readonly compressedBytes: Bytes;
  /** ISO 8601. */
  readonly date: string;
  readonly source: string;
}

const rows: readonly BaseImageRow[] = images.rows;

const together: Readonly<Record<string, readonly string[]>> = images.full.together;

/** Whether an image holds a package of its distribution from the start, or all that it stands for. */
export function comesWithBase(reference: string, packageName: string): boolean {
  const isFull =
    /^(?:docker\.io\/)?(?:library\/)?(?:python|buildpack-deps)(?::(?![^@]*(?:slim|alpine|curl|scm|windows))[\w.-]*)?(?:@|$)/i.test(
      reference,
    );
  if (!isFull) return false;
  const parts = together[packageName] ?? [packageName];
  return parts.every((name) => images.full.packages.includes(name));
}

/** The row of a reference (`python:3.12-slim@sha256:…`), null where there is none for exactly this tag. */
export function findBaseImage(reference: string, arch: string): BaseImageRow | null {
  const plain = reference
    .split('@', 1)[0]
    ?.toLowerCase()
    .replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  const [name = '', tag = 'latest'] = plain?.split(':') ?? [];
  return (
    rows.find((row) => row.name === name && row.arch === arch && row.tags.includes(tag)) ?? null
  );
}

/** The same Python for the same architecture on musl, null where no row has it. */
export function findMuslBase({ name, arch, python, libc }: BaseImageRow): BaseImageRow | null {
  if (libc === 'musl') return null;
  return (
    rows.find(
      (row) =>
        row.libc === 'musl' && row.name === name && row.arch === arch && row.python === python,
    ) ?? null
  );
}

/** The newest Python of which the sizes of slim and Alpine are both known, to compare with; null for none. */
export function comparedBases(
  arch: string,
): { readonly glibc: BaseImageRow; readonly musl: BaseImageRow } | null {
  for (const glibc of rows.filter((row) => row.arch === arch && /slim/.test(row.tags[0] ?? ''))) {
    const musl = findMuslBase(glibc);
    if (musl !== null) return { glibc, musl };
  }
  return null;
}

/** True for an official image of Python, of which there is one on musl as well. */
export function hasMuslVariant(reference: string): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?python(?::3[\w.-]*)?(?:@|$)/.test(reference);
}
