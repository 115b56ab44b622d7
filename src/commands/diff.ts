import type { Options } from '../options.ts';
import type { DiffDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runStages, withWarnings } from './run-pipeline.ts';

/** `depweight diff REF [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  return runStages(options, context, async (session): Promise<DiffDocument> => {
    const { openRef } = await import('./open-ref.ts');
    const { diffSides } = await import('../diff/diff-sides.ts');
    const { sides, ref, warnings } = await openRef(options.ref ?? '', session, context, true);
    const document = await diffSides(session.request, sides, ref);
    return withWarnings(session, { ...document, warnings: [...warnings, ...document.warnings] });
  });
}
