import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { createProgram } from './commands/program.ts';
import { DepweightError } from './errors.ts';
import { EXIT_CODES, exitCodeFor, type ExitCode } from './exit-code.ts';
import type { CommandContext, CommandResult, RunCommand } from './commands/command.ts';
import type { CommandName, FormatName, Invocation, Options } from './options.ts';
import type { RenderOptions } from './report/report.ts';
import type { ShownProgress } from './io/progress.ts';
import type { TerminalFacts } from './io/terminal.ts';

/** The parts of `process` that the command line needs; tests hand in their own. */
export interface CliProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  cwd(): string;
  on(event: 'SIGINT', listener: () => void): unknown;
  off(event: 'SIGINT', listener: () => void): unknown;
}

/**
 * Runs one command line and gives its exit code; never throws. stdout gets the report and nothing else,
 * once and at the end; all else goes to stderr.
 */
export async function run(host: CliProcess, runners: Runners = RUNNERS): Promise<ExitCode> {
  // Without a listener a reader that goes away (`| head`) would end the process; each write has a
  // callback of its own that tells what went wrong.
  host.stdout.on('error', () => {});
  host.stderr.on('error', () => {});
  try {
    const invocation = parseArguments(host);
    return typeof invocation === 'number'
      ? invocation
      : await runCommand(invocation, runners[invocation.command], host);
  } catch (error) {
    return printError(error, null, host);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// What can be called

/** How each built command is loaded. */
export type Runners = Readonly<
  Partial<Record<CommandName, () => Promise<{ readonly run: RunCommand }>>>
>;

/** Literal specifiers, so that bundlers and linters see the files. */
const RUNNERS: Runners = {
  audit: () => import('./commands/audit.ts'),
  tree: () => import('./commands/tree.ts'),
  why: () => import('./commands/why.ts'),
  split: () => import('./commands/split.ts'),
  scan: () => import('./commands/scan.ts'),
  cache: () => import('./commands/cache.ts'),
};

/** What to do meanwhile, for the commands that are only planned. */
const PLANNED: Readonly<Partial<Record<CommandName, string>>> = {
  compare: 'run `depweight audit --platform NAME` once for each target',
  diff: '`depweight audit --json` before and after can be compared',
  check: '`depweight audit --fail-on unused,dev-only` is a gate that works now',
  cost: 'add the line to a copy of the file and run `depweight audit FILE`',
  report: '`depweight audit --output json:FILE` writes the document',
};

/** The invocation, or the exit code where help or the version was all that was asked for. */
function parseArguments(host: CliProcess): Invocation | ExitCode {
  const { stdout, stderr } = host;
  const parsed: Invocation[] = [];
  const program = createProgram((invocation) => parsed.push(invocation));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Thrown on as CommanderError, and printed once, in our own form.
      outputError() {},
    });
  }
  const words = host.argv.slice(2);
  if (words.length === 0) {
    stderr.write(program.helpInformation());
    return EXIT_CODES.wrongCall;
  }
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT_CODES.done;
    throw wrongCall(error);
  }
  return parsed[0] ?? EXIT_CODES.done;
}

/** commander's sentence in our form: `error: unknown option '--pyton'\n(Did you mean --python?)`. */
function wrongCall(error: CommanderError): DepweightError {
  const [sentence = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion.replace(/^\((.*)\)$/, '$1').replace(/^Did/, 'did');
  return new DepweightError('wrong-call', {
    message: sentence,
    hint: hint || '`depweight --help` and `depweight COMMAND --help` list what there is',
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Running

async function runCommand(
  invocation: Invocation,
  load: Runners[CommandName],
  host: CliProcess,
): Promise<ExitCode> {
  const { notBuilt, readOptions } = await import('./options.ts');
  const options = readOptions(invocation);
  if (load === undefined) {
    return notBuilt(`\`depweight ${invocation.command}\``, PLANNED[invocation.command] ?? '');
  }
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  host.on('SIGINT', interrupt);
  const { terminal, progress } = await prepareTerminal(options, host);
  try {
    const context: CommandContext = {
      workingDirectory: host.cwd(),
      variables: options.isolated ? {} : host.env,
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

async function prepareTerminal(
  options: Options,
  host: CliProcess,
): Promise<{ readonly terminal: TerminalFacts; readonly progress: ShownProgress }> {
  const { readTerminal } = await import('./io/terminal.ts');
  const terminal = readTerminal(host.stdout, host.stderr, host.env, options.color);
  const { createProgress, silentProgress } = await import('./io/progress.ts');
  if (!terminal.interactive || !options.progress) return { terminal, progress: silentProgress };
  const { sanitize } = await import('./report/sanitize.ts');
  return { terminal, progress: createProgress(host.stderr, sanitize) };
}

async function printResult(
  result: CommandResult,
  asked: Options,
  terminal: TerminalFacts,
  host: CliProcess,
): Promise<ExitCode> {
  const options = result.options ?? asked;
  const { writeText } = await import('./io/terminal.ts');
  const { formatDocumentError, formatWarnings } = await import('./report/messages.ts');
  const warnings = result.warnings ?? result.document?.warnings ?? [];
  const color = terminal.colorError;
  const failure =
    result.document !== null && 'error' in result.document ? result.document.error : null;
  const messages =
    formatWarnings(warnings, { ...options, color }) + formatDocumentError(failure, { color });
  const notes = (result.notes ?? []).map((note) => `${note}\n`).join('');
  await writeText(host.stderr, messages + notes);
  for (const { format, file } of options.outputs) {
    const text = await renderResult(result, format, { ...options, width: 80, color: false });
    await writeOutput(resolve(host.cwd(), file), file, text);
  }
  const rendering = { ...options, width: terminal.width, color: terminal.colorOut };
  const text = await renderResult(result, options.format, rendering);
  await writeText(host.stdout, text).catch((cause: unknown) => refuseWriting('stdout', cause));
  return (
    result.exitCode ?? (result.document ? exitCodeFor(result.document, options) : EXIT_CODES.done)
  );
}

/** Rendered before anything is written, so that a report is whole or not there. */
async function renderResult(
  result: CommandResult,
  format: FormatName,
  rendering: RenderOptions,
): Promise<string> {
  const { loadReport, renderScan } = await import('./report/index.ts');
  const { document, text = '' } = result;
  if (document === null) return text;
  if (!('findings' in document)) return (await renderScan(document, format, rendering)) + text;
  const report = await loadReport(format, document.command);
  return report.render(document, rendering) + text;
}

async function writeOutput(path: string, shown: string, text: string): Promise<void> {
  const { writeReportFile } = await import('./io/terminal.ts');
  await writeReportFile(path, text).catch((cause: unknown) => refuseWriting(shown, cause));
}

/** A full disk or a missing folder is the user's to put right, not a bug. */
function refuseWriting(path: string, cause: unknown): never {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  throw new DepweightError('write-failed', { path, reason }, { cause });
}

async function printError(
  error: unknown,
  options: Options | null,
  host: CliProcess,
): Promise<ExitCode> {
  const { readTerminal, writeText } = await import('./io/terminal.ts');
  const { formatError, formatInternalError } = await import('./report/messages.ts');
  const terminal = readTerminal(host.stdout, host.stderr, host.env, options?.color ?? 'auto');
  if (!(error instanceof DepweightError)) {
    await writeText(host.stderr, formatInternalError(error, host.argv.slice(2)));
    return EXIT_CODES.internal;
  }
  await writeText(host.stderr, formatError(error, { color: terminal.colorError }));
  return error.exitCode;
}
