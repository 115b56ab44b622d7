/**
 * Names of interpreters as uv, tox and wheel tags write them.
 *
 * Traps:
 * - `cp310` is 3.10 and `cp39` is 3.9: the first digit is the major number, the rest the minor one.
 * - `3.13t` is CPython without its lock: the version of the language is the same, the ABI is another.
 * - PyPy has a version of its own, which `implementation_version` speaks of; `python_version` is that of the language.
 */
import pythons from '../../data/pythons.json' with { type: 'json' };
import type { TargetEnvironment } from '../types.ts';

/** One interpreter. */
export interface PythonName {
  readonly implementation: TargetEnvironment['implementation'];
  /** `3.12` or `3.12.4`. */
  readonly version: string;
  /** CPython without the global interpreter lock (PEP 703). */
  readonly freeThreaded?: true;
}

const PREFIXES: Readonly<Record<string, PythonName['implementation']>> = {
  '': 'cp',
  cpython: 'cp',
  cp: 'cp',
  pypy: 'pp',
  pp: 'pp',
};

/** The interpreter of `3.12`, `3.12.4`, `cpython3.12`, `cp312`, `3.13t`, `pypy3.10`, `pypy@3.10` or `pp310`; null for other texts. */
export function parsePythonName(text: string): PythonName | null {
  const match = /^([a-z]*)([@-]?)(\d)(\.?)(\d{1,2})(\.\d{1,3})?(t|\+freethreaded)?$/.exec(
    text.trim().toLowerCase(),
  );
  if (match === null) return null;
  const [, prefix = '', mark = '', major = '', dot = '', minor = '', patch = '', build] = match;
  const implementation = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
  if (implementation === undefined || (major !== '2' && major !== '3')) return null;
  if (mark !== '' && prefix === '') return null;
  // Without a dot it is the tag of a wheel, which has no patch: `312` alone is nothing.
  if (dot === '' && (patch !== '' || mark !== '' || !['cp', 'pp'].includes(prefix))) return null;
  const version = `${major}.${Number(minor)}${patch}`;
  if (build === undefined) return { implementation, version };
  return implementation === 'cp' ? { implementation, version, freeThreaded: true } : null;
}

/** The one spelling that everything after the command line sees: `3.12`, `3.13t`, `pypy3.10`. */
export function formatPythonName({ implementation, version, freeThreaded }: PythonName): string {
  if (implementation === 'pp') return `pypy${version}`;
  return freeThreaded === true ? `${version}t` : version;
}

/** The first version of the language that CPython has a free-threaded build of. */
export const firstFreeThreaded: string = pythons.freeThreadedFrom;

/** The newest release of PyPy for a version of the language; null where PyPy never had that. */
export function pypyRelease(python: string): string | null {
  return Object.entries(pythons.pypy).find(([minor]) => minor === python)?.[1] ?? null;
}

/** The versions of the language that PyPy has had, oldest first. */
export const pypyPythons: readonly string[] = Object.keys(pythons.pypy);
