import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadPipeline } from './seam.ts';

/** `depweight scan [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { runScan } = await loadPipeline();
  return { document: await runScan(options, context) };
}
