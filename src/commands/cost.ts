import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight cost REQUIREMENT [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { cost, ...result } = await runPipeline(options, context);
  return cost === null ? result : { ...result, document: { ...result.document, ...cost } };
}
