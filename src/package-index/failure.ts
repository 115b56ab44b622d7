/** Failures that an index, a network or a broken file brings, as values with a reason. */
import { ParseError } from '../pep/parse-error.ts';
import { redactUrl } from '../settings/redact-url.ts';
import { ZipError } from '../weigh/zip-directory.ts';
import { WheelUnavailableError } from './file-window.ts';
import { HttpError } from './http.ts';
import { PageError } from './page-error.ts';

/** An expected failure as an unknown value; anything else is a bug and goes on. */
export function failure(
  error: unknown,
  what: string,
): {
  readonly known: false;
  readonly reason: 'network' | 'broken-wheel' | 'broken-metadata';
  readonly detail: string;
} {
  const detail = failureText(error, what);
  if (error instanceof ZipError) return { known: false, reason: 'broken-wheel', detail };
  if (error instanceof ParseError) return { known: false, reason: 'broken-metadata', detail };
  return { known: false, reason: 'network', detail };
}

/** A sentence for the expected failures; anything else is a bug and goes on. */
export function failureText(error: unknown, what: string): string {
  const isExpected =
    error instanceof HttpError ||
    error instanceof PageError ||
    error instanceof ZipError ||
    error instanceof ParseError ||
    error instanceof WheelUnavailableError;
  if (!isExpected) throw error;
  if (error instanceof HttpError && error.code === 'aborted') throw error;
  return `${what} could not be read: ${redactUrl(error.message)}`;
}
