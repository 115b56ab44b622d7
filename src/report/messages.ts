import { causeLines, type DepweightError } from '../errors.ts';
import { EXIT_CODES, type ExitCode, type FailOn, isFailure } from '../exit-code.ts';
import { TOOL } from '../tool.ts';
import type { AuditDocument, BudgetRow, PackageRow, SourceLocation, Warning } from '../types.ts';
import { formatCount, formatReason } from './format.ts';
import { createPainter, type Painter } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { displayWidth, padEnd, truncate, wrap } from './text-width.ts';

/** A terminal shows this many warnings; `--verbose` and the JSON have all. */
const MOST_WARNINGS = 12;
/** Columns where stderr is no terminal. */
const WIDTH = 100;

/** What messages are written on. */
interface PageFormat {
  readonly color: boolean;
  /** Columns of the terminal; absent where it is none. */
  readonly messageWidth?: number;
}

interface Page {
  readonly painter: Painter;
  readonly width: number;
}

function createPage({ color, messageWidth = WIDTH }: PageFormat): Page {
  return { painter: createPainter(color), width: messageWidth };
}

interface ErrorFormat extends PageFormat {
  /** The line of the file that the location points at, quoted with a caret below. */
  readonly quotedLine?: string;
}

/** An error for stderr: what, where, what to do next (MOCKUPS, section 7). */
export function formatError(error: DepweightError, format: ErrorFormat): string {
  const page = createPage(format);
  const lines = labelled('error', error.message, page);
  for (const cause of causeLines(error)) lines.push(`       because ${sanitize(cause)}`);
  if (error.location !== null)
    lines.push(...quotePlace(error.location, format.quotedLine, page.painter));
  if (error.hint !== null) lines.push(...labelled('hint', error.hint, page));
  return `${lines.join('\n')}\n`;
}

/** What the table says itself: in its figures, its notes and its last lines. */
const TOLD_BY_TABLE: ReadonlySet<string> = new Set([
  'sdist-only',
  'no-wheel-for-target',
  'no-binary',
  'no-source',
]);

/** True of the input, and without consequence for any figure. */
const WITHOUT_CONSEQUENCE: ReadonlySet<string> = new Set(['no-effect']);

/** The warnings that a reader of the table has not read there, and that matter to its figures. */
export function withoutTold(warnings: readonly Warning[]): readonly Warning[] {
  return warnings.filter(
    ({ code, severity }) =>
      (severity !== undefined && severity !== 'warning') ||
      !(TOLD_BY_TABLE.has(code) || WITHOUT_CONSEQUENCE.has(code)),
  );
}

/** Why the exit code is 1 or 3, for stderr; nothing for other codes and where an error has said it. */
export function formatExit(
  exitCode: ExitCode,
  documents: readonly ExitFacts[],
  format: ExitFormat,
): string {
  if (documents.length === 0) return '';
  const text =
    exitCode === EXIT_CODES.failed
      ? describeFailure(documents, format.failOn)
      : exitCode === EXIT_CODES.incomplete
        ? describeGaps(
            documents.flatMap(({ packages }) => packages),
            format.strict,
          )
        : '';
  if (text === '') return '';
  const label = exitCode === EXIT_CODES.failed ? 'failed' : 'incomplete';
  return `${labelled(label, text, createPage(format)).join('\n')}\n`;
}

interface ExitFormat extends PageFormat {
  readonly strict: boolean;
  readonly failOn: FailOn | null;
}

/** What of a document, or of one for each project, explains an exit. */
type ExitFacts = Pick<AuditDocument, 'findings' | 'packages'> & {
  readonly budgets?: readonly BudgetRow[];
  readonly newFindings?: AuditDocument['findings'];
};

/** `exit 1: over the budgets installed, packages; 2 findings that --fail-on names: unused torch, torchaudio; dev-only pytest`. */
function describeFailure(documents: readonly ExitFacts[], failOn: FailOn | null): string {
  const broken = documents
    .flatMap(({ budgets = [] }) => budgets)
    .filter(({ status }) => status === 'failed')
    .map(({ key }) => key);
  const parts = [
    ...(broken.length === 0 ? [] : [`over the budget ${broken.join(', ')}`]),
    ...(failOn === null ? [] : describeFindings(documents, failOn)),
  ];
  return parts.length === 0 ? '' : `exit 1: ${parts.join('; ')}`;
}

function describeFindings(documents: readonly ExitFacts[], failOn: FailOn): readonly string[] {
  const findings = documents.flatMap((document) => document.newFindings ?? document.findings);
  const failing = findings.filter((finding) => isFailure(finding, failOn));
  if (failing.length === 0) return [];
  const named = failing
    .slice(0, 5)
    .map(({ rule, packages, message }) =>
      packages.length > 0
        ? `${rule} ${packages.join(', ')}`
        : `${rule} ${message.split(/:? /, 1)[0] ?? ''}`,
    );
  const more = failing.length > 5 ? ` and ${failing.length - 5} more` : '';
  const count = formatCount(failing.length, 'finding');
  return [`${count} that --fail-on names: ${named.join('; ')}${more}`];
}

/** `exit 3: --strict asks for every size, and 1 is not known: inotify (source archive only)`. */
function describeGaps(packages: readonly PackageRow[], strict: boolean): string {
  const rows = packages.filter((row) => !row.known && row.unknownReason !== null);
  // Several projects may have the same one.
  const unknown = [...new Map(rows.map((row) => [row.purl, row])).values()];
  if (unknown.length === 0 || !strict) {
    return 'exit 3: not everything could be found out; the warnings say what';
  }
  const named = unknown
    .slice(0, 5)
    .map(({ name, unknownReason }) => `${name} (${formatReason(unknownReason)})`);
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
  const count = `${unknown.length} ${unknown.length === 1 ? 'is' : 'are'} not known`;
  return `exit 3: --strict asks for every size, and ${count}: ${named.join(', ')}${more}`;
}

/** The error that a document carries (no solution), with the requirements that it is about. */
export function formatDocumentError(error: AuditDocument['error'], format: PageFormat): string {
  if (error === null) return '';
  const page = createPage(format);
  const width = Math.max(
    0,
    ...error.requirements.map(({ path, line }) => displayWidth(sanitize(`${path}:${line}`))),
  );
  const places = error.requirements.flatMap(({ path, line, raw }) =>
    quoteRequirement(padEnd(sanitize(`${path}:${line}`), width), sanitize(raw), page),
  );
  const hint =
    places.length === 0
      ? []
      : labelled(
          'hint',
          error.hint ??
            'change or drop one of these lines; --override FILE tries another version without editing',
          page,
        );
  return `${[...labelled('error', error.message, page), ...places, ...hint].join('\n')}\n`;
}

/** The line as it was written, with carets below what it asks of the version. */
function quoteRequirement(place: string, raw: string, { painter, width }: Page): readonly string[] {
  const text = truncate(raw, Math.max(width - 10 - displayWidth(place), 20));
  const quoted = `       ${place}   ${text}`;
  const asked = /^[\w.-]+\s*(?:\[[^\]]*\]\s*)?\(?([<>=!~][^;]*)/.exec(text)?.[1]?.trimEnd();
  if (asked === undefined) return [quoted];
  const start = 10 + displayWidth(place) + displayWidth(text.slice(0, text.indexOf(asked)));
  return [quoted, `${' '.repeat(start)}${painter.red('^'.repeat(displayWidth(asked)))}`];
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

interface WarningFormat extends PageFormat {
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The warnings of a document for stderr, errors first; only errors under `--quiet`. */
export function formatWarnings(warnings: readonly Warning[], format: WarningFormat): string {
  const page = createPage(format);
  const rank = (warning: Warning): number => (isError(warning) ? 0 : 1);
  const told = format.verbose ? warnings : joinNetworkFailures(warnings);
  const wanted = told.filter((warning) => !format.quiet || isError(warning));
  // What speaks of a whole file, such as "480 more lines", goes below what speaks of its lines.
  const isSummary = ({ path, line }: Warning): number =>
    Number(path !== undefined && line === undefined);
  const sorted = wanted.toSorted((a, b) => rank(a) - rank(b) || isSummary(a) - isSummary(b));
  const most = format.verbose ? sorted.length : MOST_WARNINGS;
  const lines = sorted.slice(0, most).flatMap((warning) => formatWarning(warning, page));
  const left = sorted.length - most;
  if (left > 0) lines.push(`         … and ${left} more (--verbose lists them)`);
  return lines.map((line) => `${line}\n`).join('');
}

/** A name that no index has is as wrong as a line that cannot be read, though the rest of the run stands. */
function isError({ code, severity }: Warning): boolean {
  if (severity === 'error') return true;
  return severity === 'incomplete' && (code === 'not-on-index' || code === 'no-usable-file');
}

const MOST_FAILED_NAMES = 6;

/** One warning for all that one host failed to answer, instead of one for each name; the first keeps its place. */
function joinNetworkFailures(warnings: readonly Warning[]): readonly Warning[] {
  const failures = new Map<string, Warning[]>();
  for (const warning of warnings) {
    if (warning.code !== 'network') continue;
    const failure = failureOf(warning);
    const members = failures.get(failure);
    if (members === undefined) failures.set(failure, [warning]);
    else members.push(warning);
  }
  // Names that were not asked for any more are those of the one index that failed, if it is one.
  const unasked = failures.get(INDEX_FAILURE) ?? [];
  const [host, ...others] = [...failures.keys()].filter(
    (key) => key !== INDEX_FAILURE && key !== '',
  );
  if (host !== undefined && others.length === 0 && unasked.length > 0) {
    failures.set(host, [...(failures.get(host) ?? []), ...unasked]);
    failures.delete(INDEX_FAILURE);
  }
  const joined = new Map<Warning, readonly Warning[]>();
  for (const [failure, members] of failures) {
    if (failure === '' || members.length < 2) continue;
    for (const member of members) joined.set(member, []);
    const first = warnings.find((warning) => members.includes(warning));
    if (first !== undefined) joined.set(first, [summarize(failure, members)]);
  }
  return warnings.flatMap((warning) => joined.get(warning) ?? [warning]);
}

/** What the client says of names that it did not ask for, after the index had not answered for others. */
const INDEX_FAILURE = 'the index cannot be reached';

/** `https://index.test cannot be reached (ECONNREFUSED)`; '' where the message names no host. */
function failureOf({ message }: Warning): string {
  const [, origin, failure] = /(https?:\/\/[^/\s]+)\S* ([^\n]+)$/.exec(message) ?? [];
  if (origin !== undefined && failure !== undefined) return `${origin} ${failure}`;
  return message.endsWith(`: ${INDEX_FAILURE}`) ? INDEX_FAILURE : '';
}

function summarize(failure: string, members: readonly Warning[]): Warning {
  const names = [...new Set(members.map(failedName))];
  const left = names.length - MOST_FAILED_NAMES;
  const more = left > 0 ? ` and ${left} more (--verbose lists them)` : '';
  const list = names.slice(0, MOST_FAILED_NAMES).join(', ');
  const count = formatCount(names.length, 'package');
  return {
    code: 'network',
    message: `${failure}: ${count} could not be read: ${list}${more}`,
    severity: 'incomplete',
  };
}

function failedName({ message }: Warning): string {
  const [, name = ''] = /^(?:the size of )?(\S+)/.exec(message) ?? [];
  return name;
}

function formatWarning(warning: Warning, page: Page): readonly string[] {
  return labelled(isError(warning) ? 'error' : 'warning', withPlace(warning), page);
}

/** The place and the message, which may have named its place by itself. */
function withPlace(warning: Warning): string {
  const { message, path, line } = warning;
  const place = formatPlace(warning);
  const short = line === undefined ? (path ?? '') : `${path}:${line}`;
  if (place === '' || message.includes(`(${short})`)) return message;
  if (message.startsWith(`${place}: `)) return message;
  if (message.startsWith(`${short}: `)) return `${place}  ${message.slice(short.length + 2)}`;
  return message.startsWith(short) ? message : `${place}  ${message}`;
}

function formatPlace({ path, line, column }: Warning): string {
  if (path === undefined) return '';
  const place = line === undefined ? path : `${path}:${line}`;
  return sanitize(column === undefined || line === undefined ? place : `${place}:${column}`);
}

/** The first column holds the label; later lines hang below the text. */
function labelled(
  label: 'error' | 'warning' | 'hint' | 'failed' | 'incomplete',
  message: string,
  { painter, width }: Page,
): string[] {
  const paint =
    label === 'hint' ? painter.cyan : label === 'warning' ? painter.yellow : painter.red;
  const indent = Math.max(label.length + 2, 7);
  const lines = message
    .split('\n')
    .flatMap((line) => wrap(sanitize(line), width - indent).map((part) => part.trimEnd()));
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
