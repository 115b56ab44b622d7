import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadPipeline } from './seam.ts';

/** `depweight split [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { runAudit } = await loadPipeline();
  return { document: await runAudit(options, context) };
}
