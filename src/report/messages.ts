import { causeLines, type DepweightError } from '../errors.ts';
import { TOOL } from '../tool.ts';
import type { AuditDocument, SourceLocation, Warning } from '../types.ts';
import { createPainter, type Painter } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { displayWidth, padEnd, wrap } from './text-width.ts';

/** A terminal shows this many warnings; `--verbose` and the JSON have all. */
const MOST_WARNINGS = 12;
const WIDTH = 100;

interface ErrorFormat {
  readonly color: boolean;
  /** The line of the file that the location points at, quoted with a caret below. */
  readonly quotedLine?: string;
}

/** An error for stderr: what, where, what to do next (MOCKUPS, section 7). */
export function formatError(error: DepweightError, format: ErrorFormat): string {
  const painter = createPainter(format.color);
  const lines = labelled('error', painter.red, error.message);
  for (const cause of causeLines(error)) lines.push(`       because ${sanitize(cause)}`);
  if (error.location !== null)
    lines.push(...quotePlace(error.location, format.quotedLine, painter));
  if (error.hint !== null) lines.push(...labelled('hint', painter.cyan, error.hint));
  return `${lines.join('\n')}\n`;
}

/** The error that a document carries (no solution), with the requirements that it is about. */
export function formatDocumentError(
  error: AuditDocument['error'],
  format: { readonly color: boolean },
): string {
  if (error === null) return '';
  const painter = createPainter(format.color);
  const width = Math.max(
    0,
    ...error.requirements.map(({ path, line }) => `${path}:${line}`.length),
  );
  const places = error.requirements.map(
    ({ path, line, raw }) =>
      `       ${padEnd(sanitize(`${path}:${line}`), width)}   ${sanitize(raw)}`,
  );
  return `${[...labelled('error', painter.red, error.message), ...places].join('\n')}\n`;
}

/** A bug of depweight: the stack, and where to send it. */
export function formatInternalError(error: unknown, words: readonly string[]): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `error  a bug in depweight ${TOOL.version}, not in your project`,
    ...stack.split('\n').map((line) => `       ${sanitize(line)}`),
    'hint   please report it with the lines above and the command:',
    `       depweight ${words.map(sanitize).join(' ')}`,
    '',
  ].join('\n');
}

interface WarningFormat {
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The warnings of a document for stderr, errors first; only errors under `--quiet`. */
export function formatWarnings(warnings: readonly Warning[], format: WarningFormat): string {
  const painter = createPainter(format.color);
  const rank = (warning: Warning): number => (warning.severity === 'error' ? 0 : 1);
  const wanted = warnings.filter((warning) => !format.quiet || warning.severity === 'error');
  const sorted = wanted.toSorted((a, b) => rank(a) - rank(b));
  const most = format.verbose ? sorted.length : MOST_WARNINGS;
  const lines = sorted.slice(0, most).flatMap((warning) => formatWarning(warning, painter));
  const left = sorted.length - most;
  if (left > 0) lines.push(`         … and ${left} more (--verbose lists them)`);
  return lines.map((line) => `${line}\n`).join('');
}

function formatWarning(warning: Warning, painter: Painter): readonly string[] {
  const isError = warning.severity === 'error';
  const place = formatPlace(warning);
  // A message may begin with its own place.
  const { message } = warning;
  const text = place === '' || message.startsWith(place) ? message : `${place}  ${message}`;
  return isError ? labelled('error', painter.red, text) : labelled('warning', painter.yellow, text);
}

function formatPlace({ path, line, column }: Warning): string {
  if (path === undefined) return '';
  const place = line === undefined ? path : `${path}:${line}`;
  return sanitize(column === undefined || line === undefined ? place : `${place}:${column}`);
}

/** The first column holds the label; later lines hang below the text. */
function labelled(
  label: 'error' | 'warning' | 'hint',
  paint: (text: string) => string,
  message: string,
): string[] {
  const indent = label === 'warning' ? 9 : 7;
  const lines = message.split('\n').flatMap((line) => wrap(sanitize(line), WIDTH - indent));
  return lines.map((line, index) =>
    index === 0
      ? `${paint(label)}${' '.repeat(indent - label.length)}${line}`
      : ' '.repeat(indent) + line,
  );
}

function quotePlace(
  location: SourceLocation,
  quotedLine: string | undefined,
  painter: Painter,
): readonly string[] {
  const place = sanitize(`${location.path}:${location.line}`);
  if (quotedLine === undefined) return [`       ${place}`];
  const before = sanitize(quotedLine.slice(0, location.column - 1));
  const rest = sanitize(quotedLine.slice(location.column - 1));
  const marked = displayWidth(/^\S*/.exec(rest)?.[0] ?? '');
  const indent = ' '.repeat(7 + displayWidth(place) + 3 + displayWidth(before));
  return [
    `       ${padEnd(place, displayWidth(place))}   ${before}${rest}`,
    indent + painter.red('^'.repeat(Math.max(marked, 1))),
  ];
}
