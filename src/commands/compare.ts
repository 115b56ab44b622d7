import { compareTargets } from '../compare/compare-targets.ts';
import type { ExitCode } from '../exit-code.ts';
import { EXIT_CODES, exitCodeFor } from '../exit-code.ts';
import type { Options } from '../options.ts';
import type { CompareDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runStages, withWarnings } from './run-pipeline.ts';

/** `depweight compare [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const result = await runStages(options, context, async (session) =>
    withWarnings(session, await compareTargets(session.request, session.env)),
  );
  return { ...result, exitCode: exitCodeOf(result.document, result.options ?? options) };
}

/** A target that is not installable is an answer, as long as there is one that is; `--strict` asks for all of them. */
function exitCodeOf(document: CompareDocument, { strict, failOn }: Options): ExitCode {
  const code = exitCodeFor(document, { strict, failOn });
  if (code !== EXIT_CODES.done) return code;
  const isOpen = document.targets.some(
    ({ verdict, totals }) => verdict === 'incomplete' || (strict && totals.lowerBound),
  );
  return isOpen ? EXIT_CODES.incomplete : EXIT_CODES.done;
}
