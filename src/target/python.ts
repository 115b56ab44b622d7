/**
 * Which Python the audit is for: the first place that says, else candidates from newest to oldest (CONTRACT.md, Python).
 */
import pythons from '../../data/pythons.json' with { type: 'json' };
import { ParseError } from '../pep/parse-error.ts';
import { lowerBoundOf, requiresPythonAdmits } from '../pep/requires-python.ts';
import { parseSpecifiers, specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type { Specifier } from '../types.ts';
import type { ProductImage } from './product-image.ts';

/** A version that a file names, with the file. */
export interface PythonHint {
  /** `3.12` or `3.12.4`. */
  readonly python: string;
  /** `Dockerfile:1`, `.python-version:1`. */
  readonly from: string;
}

/** What may decide the Python, strongest first. Null or absent: does not say. */
export interface PythonSources {
  /** `--python`. */
  readonly flag?: string | null;
  /** `python` of the configuration. */
  readonly configuration?: PythonHint | null;
  readonly image?: ProductImage | null;
  /** `.python-version`, runtime.txt, a CI matrix of one, a lock, in this order. */
  readonly hints?: readonly PythonHint[];
  /** requires-python as written, null when there is none. */
  readonly requiresPython?: string | null;
  /** Where that stands, if not in a key of this name. */
  readonly requiresPythonFrom?: string | null;
}

/** The Pythons to try, best first. */
export interface PythonChoice {
  /** True where somebody said: one candidate, and no stepping down. */
  readonly explicit: boolean;
  readonly candidates: readonly string[];
  readonly from: string;
}

/** One Python where a source names it, else the newest that are likely to work. Never empty. */
export function choosePythons(sources: PythonSources): PythonChoice {
  const { flag = null, configuration = null, image = null, hints = [] } = sources;
  if (flag !== null) return explicit(flag, '--python');
  if (configuration !== null) return explicit(configuration.python, configuration.from);
  const ofImage = image === null ? null : pythonOfImage(image);
  if (ofImage !== null) return explicit(ofImage.python, ofImage.from);
  const [hint] = hints;
  if (hint !== undefined) return explicit(hint.python, hint.from);
  return stepDown(sources.requiresPython ?? null, sources.requiresPythonFrom ?? 'requires-python');
}

/** The Python that installs decides what is installed, wherever it is copied. */
function pythonOfImage({
  path,
  base,
  baseLine,
  pythonLine,
  maker,
}: ProductImage): PythonHint | null {
  if (typeof maker?.base.python === 'string')
    return { python: maker.base.python, from: `${path}:${maker.baseLine}` };
  if (base.python === null) return null;
  return { python: base.python, from: `${path}:${pythonLine ?? baseLine}` };
}

function explicit(python: string, from: string): PythonChoice {
  return { explicit: true, candidates: [python], from };
}

// One below the newest stable: the newest has no wheels yet for much of the index.
function stepDown(requiresPython: string | null, from: string): PythonChoice {
  const newest = minorOf(pythons.newestStable);
  const first = newest - 1;
  const all = Array.from({ length: pythons.steps + 1 }, (_, step) => `3.${first - step}`);
  if (requiresPython === null || requiresPython.trim() === '')
    return { explicit: false, candidates: all, from: 'default' };
  const admitted = [`3.${newest}`, ...all].filter((python) => admitsMinor(requiresPython, python));
  const usual = admitted.filter((python) => minorOf(python) <= first);
  if (usual.length > 0) return { explicit: false, candidates: usual, from };
  if (admitted.length > 0) return { explicit: false, candidates: admitted, from };
  // A project for Pythons older or newer than all of these: the nearest that it asks for.
  return {
    explicit: false,
    candidates: [boundary(requiresPython) ?? all[0] ?? pythons.newestStable],
    from,
  };
}

function minorOf(python: string): number {
  return Number(python.split('.')[1] ?? 0);
}

/**
 * Whether all bounds let in some patch of a minor version of Python, upper bounds included: those of a project are meant, and
 * pip keeps to those of packages. Text that cannot be read lets in everything.
 */
export function admitsMinor(requiresPython: string, python: string): boolean {
  const specifiers = readBounds(requiresPython);
  return ['.0', '.99'].some((patch) => {
    const version = parseVersion(`${python}${patch}`);
    return version !== null && specifierContains(specifiers, version);
  });
}

function readBounds(requiresPython: string): readonly Specifier[] {
  try {
    return parseSpecifiers(requiresPython, { repair: true }).specifiers;
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}

function boundary(requiresPython: string): string | null {
  const { specifiers } = parseSpecifiers(requiresPython, { repair: true });
  for (let minor = minorOf(pythons.newestStable); minor >= 0; minor--) {
    if (admitsMinor(requiresPython, `3.${minor}`)) return `3.${minor}`;
  }
  const [major, minor] = lowerBoundOf(specifiers)?.version.release ?? [];
  return major === undefined ? null : `${major}.${minor ?? 0}`;
}

/** True where a Python that was asked for lies outside of requires-python: worth a warning, no reason to refuse. */
export function isOutsideRequiresPython(requiresPython: string | null, python: string): boolean {
  const version = python.replace(/t$/, '');
  const full = version.split('.').length > 2 ? version : `${version}.0`;
  return requiresPython !== null && !requiresPythonAdmits(requiresPython, full);
}
