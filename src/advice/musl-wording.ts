/** How findings speak of packages without a wheel for musl, and of what building them takes. */
import type { comparedBases } from '../image/base-images.ts';
import type { MuslCost, MuslLack } from '../image/musl-wheels.ts';
import type { WeighedGraph } from '../types.ts';
import { countOf, listNames } from './wording.ts';

/** `and every package here has a wheel for it`, or `but 1 package here has no wheel for it and would be built …`. */
export function sayMuslCost(
  { lacking }: MuslCost,
  { distributions }: Pick<WeighedGraph, 'distributions'>,
): string {
  if (lacking.length === 0) {
    const isWhole = distributions.every(({ file }) => file?.kind === 'wheel');
    return `and every package ${isWhole ? 'here has a wheel' : 'that has a wheel here has one'} for it`;
  }
  const built = lacking.filter(({ hasSource }) => hasSource);
  const others = lacking.filter(({ hasSource }) => !hasSource);
  const parts = [
    ...sayLack(built, `no wheel for it and would be built${sayBuild(built)}`),
    ...sayLack(others, 'nothing for it at all'),
  ];
  return `but ${parts.join('; ')}`;
}

function sayLack(lacking: readonly MuslLack[], what: string): readonly string[] {
  if (lacking.length === 0) return [];
  const verb = lacking.length === 1 ? 'has' : 'have';
  const names = lacking.map(({ name }) => name);
  return [`${countOf(lacking.length, 'package')} here ${verb} ${what}: ${listNames(names)}`];
}

/** Packages of Alpine that hold a compiler, by language; those for C have the headers of the C library with them. */
const toolchains: Readonly<Record<string, readonly string[]>> = {
  C: ['gcc', 'musl-dev'],
  Cython: ['gcc', 'musl-dev'],
  'C++': ['g++'],
  Fortran: ['gfortran', 'musl-dev'],
  Rust: ['cargo', 'gcc', 'musl-dev'],
};

/** Packages of Alpine that building these takes at least; empty where none is known to compile anything. */
export function toolsFor(lacking: readonly MuslLack[]): readonly string[] {
  const languages = lacking.flatMap(({ compiles }) => compiles ?? []);
  return [...new Set(languages.flatMap((language) => toolchains[language] ?? []))];
}

/** `, with a compiler and headers` or, where the archives were read, ` from a source that holds C (…)`. */
export function sayBuild(lacking: readonly MuslLack[]): string {
  if (lacking.some(({ compiles }) => compiles === null)) return ', with a compiler and headers';
  const languages = [...new Set(lacking.flatMap(({ compiles }) => compiles ?? []))].toSorted();
  if (languages.length === 0) return ' from a source with nothing to compile';
  // It may be for another system: watchdog compiles its C on macOS alone.
  return ` from a source that holds ${listNames(languages)} (to compile that: apk add ${toolsFor(lacking).join(' ')}, and the headers that it asks for)`;
}

/** The rows of two bases as notes that the report reads: `to compare python:3.12-slim: 43188023 bytes compressed, 2026-08-05`. */
export function sayRows(compared: ReturnType<typeof comparedBases>): readonly string[] {
  if (compared === null) return [];
  return [compared.glibc, compared.musl].map(
    ({ name, tags, compressedBytes, date }) =>
      `to compare ${name}:${tags[0] ?? ''}: ${compressedBytes} bytes compressed, ${date}`,
  );
}
