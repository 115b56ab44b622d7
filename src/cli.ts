import { CommanderError } from 'commander';
import { createProgram } from './commands/program.ts';
import type { RunCommand } from './commands/command.ts';
import { DepweightError } from './errors.ts';
import { EXIT_CODES, type ExitCode } from './exit-code.ts';
import type { CommandName, Invocation } from './options.ts';

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
    if (typeof invocation === 'number') return invocation;
    const { runCommand } = await import('./run-command.ts');
    return await runCommand(invocation, runners[invocation.command], host);
  } catch (error) {
    const { printError } = await import('./run-command.ts');
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
  cost: () => import('./commands/cost.ts'),
  compare: () => import('./commands/compare.ts'),
  diff: () => import('./commands/diff.ts'),
  split: () => import('./commands/split.ts'),
  check: () => import('./commands/check.ts'),
  scan: () => import('./commands/scan.ts'),
  cache: () => import('./commands/cache.ts'),
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
  const words = commandFirst(
    host.argv.slice(2),
    new Set(program.commands.map((command) => command.name())),
  );
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

/** `depweight --isolated tree` means what `depweight tree --isolated` does. */
function commandFirst(words: readonly string[], names: ReadonlySet<string>): readonly string[] {
  const at = words.findIndex((word) => names.has(word));
  const asksForProgram = ['-h', '--help', '-V', '--version'].includes(words[0] ?? '');
  if (at <= 0 || asksForProgram || !words.slice(0, at).some((word) => word.startsWith('-')))
    return words;
  return [...words.slice(at, at + 1), ...words.slice(0, at), ...words.slice(at + 1)];
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
