/** The form in which facts of files are kept: short, and checked on the way back. */
import type {
  BuildNeeds,
  CoreMetadata,
  Evidence,
  Requirement,
  UnknownReason,
  WheelSummary,
} from '../types.ts';
import { normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { formatRequirement, parseRequirement } from '../pep/requirement.ts';
import type { MetadataAnswer } from './package-index.ts';

interface StoredMetadata {
  readonly name: string;
  readonly version: string;
  readonly requiresPython: string | null;
  readonly requiresDist: readonly string[];
  readonly providesExtras: readonly string[];
  readonly repairs: readonly string[];
  readonly unreadable?: number;
  readonly from: Evidence;
}

interface StoredUnknown {
  readonly reason: UnknownReason;
  readonly detail: string;
}

/** An answer as plain JSON: requirements as text. */
export function encodeMetadata(answer: MetadataAnswer): StoredMetadata | StoredUnknown {
  if (!answer.known) return { reason: answer.reason, detail: answer.detail ?? '' };
  return {
    ...answer.value,
    requiresDist: answer.value.requiresDist.map(formatRequirement),
    from: answer.from,
  };
}

/** The answer that was stored, null where the entry is absent or not of this form. */
export function decodeMetadata(stored: unknown): MetadataAnswer | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const fields = stored as Readonly<
    Partial<Record<keyof StoredMetadata | keyof StoredUnknown, unknown>>
  >;
  if (typeof fields.reason === 'string' && typeof fields.detail === 'string') {
    return { known: false, reason: fields.reason as UnknownReason, detail: fields.detail };
  }
  if (typeof fields.name !== 'string' || typeof fields.version !== 'string') return null;
  const requiresDist = decodeRequirements(fields.requiresDist);
  if (requiresDist === null || typeof fields.from !== 'string') return null;
  const value: CoreMetadata = {
    name: normalizeName(fields.name),
    version: fields.version,
    requiresPython: typeof fields.requiresPython === 'string' ? fields.requiresPython : null,
    requiresDist,
    providesExtras: textsOf(fields.providesExtras),
    repairs: textsOf(fields.repairs),
    ...(typeof fields.unreadable === 'number' ? { unreadable: fields.unreadable } : {}),
  };
  return { known: true, value, from: fields.from as Evidence };
}

function decodeRequirements(stored: unknown): readonly Requirement[] | null {
  if (!Array.isArray(stored)) return null;
  try {
    return textsOf(stored).map((text) => parseRequirement(text));
  } catch (error) {
    // Written by another version of the parser: the file is read again.
    if (error instanceof ParseError) return null;
    throw error;
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** Whether a stored fact is a summary of a wheel. */
export function isSummary(stored: unknown): stored is WheelSummary {
  if (typeof stored !== 'object' || stored === null) return false;
  const summary = stored as Readonly<Partial<Record<keyof WheelSummary, unknown>>>;
  return (
    typeof summary.installedBytes === 'number' &&
    typeof summary.downloadBytes === 'number' &&
    typeof summary.diskBytes === 'number' &&
    typeof summary.bytecodeBytes === 'number' &&
    typeof summary.composition === 'object' &&
    Array.isArray(summary.modules) &&
    Array.isArray(summary.scripts)
  );
}

/** Whether a stored fact holds the modules of a source archive; null: it does not tell them. */
export function isModuleFact(
  stored: unknown,
): stored is { readonly modules: readonly string[] | null } {
  if (typeof stored !== 'object' || stored === null || !('modules' in stored)) return false;
  const { modules } = stored;
  return (
    modules === null ||
    (Array.isArray(modules) && modules.every((module) => typeof module === 'string'))
  );
}

/** Whether a stored fact holds what building a source archive takes; null: it does not tell. */
export function isBuildFact(stored: unknown): stored is { readonly needs: BuildNeeds | null } {
  if (typeof stored !== 'object' || stored === null || !('needs' in stored)) return false;
  const { needs } = stored;
  return (
    needs === null || (typeof needs === 'object' && 'requires' in needs && 'compiles' in needs)
  );
}
