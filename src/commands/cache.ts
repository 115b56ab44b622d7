import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadPipeline } from './seam.ts';

/** `depweight cache dir|info|prune|clear` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { runCache } = await loadPipeline();
  return await runCache(options, context);
}
