/** Errors on options, in one wording. */
import { DepweightError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { TOOL } from '../tool.ts';

/** The error for a command or an option that is only planned. `instead` says what can be done now. */
export function notBuilt(what: string, instead: string): never {
  throw new DepweightError('not-built', { what, instead, version: TOOL.version });
}

/** Throws for two options that exclude one another. */
export function conflict(first: string, second: string): never {
  throw new DepweightError('conflicting-options', { first, second });
}

/** Throws for a value that an option does not take. */
export function invalid(option: string, value: string, expected: string, hint = ''): never {
  throw new DepweightError('invalid-option', { option, value: quoted(value), expected, hint });
}

/** A value for a message. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

/** `did you mean X?`, or '' when nothing is near: the form of every hint with a nearest name. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const nearest = nearestName(text, candidates);
  return nearest === null ? '' : `did you mean ${nearest}?`;
}
