/**
 * What happens once the command line is understood: the command runs, and its result is printed. Apart from `cli.ts`, so
 * that `--help` and `--version` load nothing of it.
 */
import { dirname, resolve } from 'node:path';
import type { CliProcess, Runners } from './cli.ts';
import type { CommandContext, CommandResult } from './commands/command.ts';
import { DepweightError } from './errors.ts';
import { EXIT_CODES, exitCodeFor, type ExitCode } from './exit-code.ts';
import type { ShownProgress } from './io/progress.ts';
import { createProgress, silentProgress } from './io/progress.ts';
import type { TerminalFacts } from './io/terminal.ts';
import { readTerminal, writeReportFile, writeText } from './io/terminal.ts';
import type { CommandName, FormatName, Invocation, Options } from './options.ts';
import { notBuilt, readOptions } from './options.ts';
import { documentsOf, warningsOf, worstExitCode } from './report/documents.ts';
import { loadReport, renderScan } from './report/index.ts';
import {
  formatDocumentError,
  formatError,
  formatInternalError,
  formatExit,
  formatWarnings,
  withoutTold,
} from './report/messages.ts';
import type { RenderOptions } from './report/report.ts';
import { sanitize } from './report/sanitize.ts';

/** What to do meanwhile, for the commands that are only planned. */
const PLANNED: Readonly<Partial<Record<CommandName, string>>> = {
  report: '`depweight audit --output json:FILE` writes the document',
};

/** Runs a command that was parsed, prints what it has to say, and gives the exit code. */
export async function runCommand(
  invocation: Invocation,
  load: Runners[CommandName],
  host: CliProcess,
): Promise<ExitCode> {
  const options = readOptions(invocation);
  if (load === undefined) {
    return notBuilt(`\`depweight ${invocation.command}\``, PLANNED[invocation.command] ?? '');
  }
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  host.on('SIGINT', interrupt);
  const { terminal, progress } = prepareTerminal(options, host);
  try {
    const context: CommandContext = {
      workingDirectory: host.cwd(),
      variables: options.isolated ? {} : host.env,
      searchPath: host.env['PATH'] ?? '',
      ...(host.env['SystemRoot'] === undefined ? {} : { systemRoot: host.env['SystemRoot'] }),
      progress,
      signal: abort.signal,
      now: () => Date.now(),
      configure: (configuration) => readOptions(invocation, configuration),
    };
    const { run: runLoaded } = await load();
    const result = await Promise.race([runLoaded(options, context), rejectOnAbort(abort.signal)]);
    progress.stop();
    return await printResult(result, options, terminal, host);
  } catch (error) {
    progress.stop();
    return printError(
      abort.signal.aborted ? new DepweightError('interrupted') : error,
      options,
      host,
    );
  } finally {
    host.off('SIGINT', interrupt);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new DepweightError('interrupted')), {
      once: true,
    });
  });
}

function prepareTerminal(
  options: Options,
  host: CliProcess,
): { readonly terminal: TerminalFacts; readonly progress: ShownProgress } {
  const terminal = readTerminal(host.stdout, host.stderr, host.env, options.color);
  if (!terminal.interactive || !options.progress) return { terminal, progress: silentProgress };
  return { terminal, progress: createProgress(host.stderr, sanitize) };
}

/** What messages are written on. */
function pageOf({ colorError, messageWidth }: TerminalFacts): {
  readonly color: boolean;
  readonly messageWidth?: number;
} {
  return { color: colorError, ...(messageWidth === undefined ? {} : { messageWidth }) };
}

async function printResult(
  result: CommandResult,
  asked: Options,
  terminal: TerminalFacts,
  host: CliProcess,
): Promise<ExitCode> {
  const options = result.options ?? asked;
  const { document } = result;
  const audited = document !== null && 'findings' in document ? document : null;
  const warnings =
    result.warnings ?? (audited === null ? (document?.warnings ?? []) : warningsOf(audited));
  const page = pageOf(terminal);
  const documents = audited === null ? [] : documentsOf(audited);
  // `split` shows totals without naming what is not in them.
  const told = options.format === 'table' && options.command !== 'split' && !options.verbose;
  const messages =
    formatWarnings(told ? withoutTold(warnings) : warnings, { ...options, ...page }) +
    documents.map(({ error }) => formatDocumentError(error, page)).join('');
  const notes = (result.notes ?? []).map((note) => `${note}\n`).join('');
  await writeText(host.stderr, messages + notes);
  for (const { format, file } of options.outputs) {
    const shown = { ...options, width: 80, color: false };
    const pieces = result.pieces ?? [await renderResult(result, format, shown)];
    await writeOutput(resolve(host.cwd(), file), file, pieces.join(''));
  }
  const { elapsedMs, receivedBytes } = result;
  const rendering = {
    ...options,
    width: terminal.width,
    color: terminal.colorOut,
    ...(elapsedMs === undefined ? {} : { elapsedMs }),
    ...(receivedBytes === undefined ? {} : { receivedBytes }),
  };
  const pieces = result.pieces ?? [await renderResult(result, options.format, rendering)];
  for (const piece of pieces)
    await writeText(host.stdout, piece).catch((cause: unknown) => refuseWriting('stdout', cause));
  const exitCode = result.exitCode ?? exitCodeOf(result, options);
  await writeText(host.stderr, formatExit(exitCode, documents, { ...options, ...page }));
  return exitCode;
}

function exitCodeOf({ document }: CommandResult, options: Options): ExitCode {
  if (document === null) return EXIT_CODES.done;
  // What is wrong with the repository as a whole stands in the document itself.
  const projects = 'findings' in document ? (document.projects ?? []) : [];
  return worstExitCode([document, ...projects].map((one) => exitCodeFor(one, options)));
}

/** Rendered before anything is written, so that a report is whole or not there. */
async function renderResult(
  result: CommandResult,
  format: FormatName,
  rendering: RenderOptions,
): Promise<string> {
  const { document, text = '' } = result;
  if (document === null) return text;
  if (!('findings' in document)) return (await renderScan(document, format, rendering)) + text;
  const report = await loadReport(format, document.command);
  return report.render(document, rendering) + text;
}

async function writeOutput(path: string, shown: string, text: string): Promise<void> {
  await writeReportFile(path, text).catch((cause: unknown) => refuseWriting(shown, cause));
}

/** A full disk or a missing folder is the user's to put right, not a bug. */
function refuseWriting(path: string, cause: unknown): never {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const told = WRITE_REASONS[code]?.(path);
  // The cause would name the temporary file, which is nothing that the user knows.
  if (code !== '')
    throw new DepweightError('write-failed', { path, reason: told ?? `the system says ${code}` });
  throw new DepweightError('write-failed', { path, reason: String(cause) });
}

const WRITE_REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `the folder ${dirname(path)} does not exist`,
  ENOTDIR: (path) => `${dirname(path)} is no folder`,
  EISDIR: () => 'it is a folder',
  EACCES: () => 'there is no permission to write there',
  EPERM: () => 'there is no permission to write there',
  EROFS: () => 'the file system can only be read',
  ENOSPC: () => 'the disk is full (ENOSPC)',
};

/** Prints an error, expected or not, and gives its exit code. */
export async function printError(
  error: unknown,
  options: Options | null,
  host: CliProcess,
): Promise<ExitCode> {
  const terminal = readTerminal(host.stdout, host.stderr, host.env, options?.color ?? 'auto');
  if (!(error instanceof DepweightError)) {
    await writeText(host.stderr, formatInternalError(error, host.argv.slice(2)));
    return EXIT_CODES.internal;
  }
  await writeText(host.stderr, formatError(error, pageOf(terminal)));
  return error.exitCode;
}
