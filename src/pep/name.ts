/**
 * Names of distributions and extras (PEP 503, 508, 685).
 *
 * Traps: `Foo._-Bar` and `foo-bar` are one name; a name may begin with a digit; normalising never fails, so that an
 * invalid name still has one stable key (`_x` becomes `-x`).
 */
import type { DistributionName } from '../types.ts';

const VALID_NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** The name as PEP 503 normalises it: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizeName(text: string): DistributionName {
  return normalize(text) as DistributionName;
}

/** The name of an extra as PEP 685 normalises it: the same rule as for distributions. */
export function normalizeExtra(text: string): string {
  return normalize(text);
}

/** True when the text is a valid name of a distribution or an extra (PEP 508), before normalisation. */
export function isValidName(text: string): boolean {
  return VALID_NAME.test(text);
}

function normalize(text: string): string {
  return isNormalized(text) ? text : text.toLowerCase().replace(/[-_.]+/g, '-');
}

// Most names on an index are normalised already: a scan by code is cheaper than the expression.
function isNormalized(text: string): boolean {
  let previous = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isLowerOrDigit = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (!isLowerOrDigit && (code !== 45 || previous === 45)) return false;
    previous = code;
  }
  return true;
}
