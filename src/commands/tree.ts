import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight tree [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  return runPipeline(options, context);
}
