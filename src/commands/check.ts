import { checkBudgets } from '../budget/check-budgets.ts';
import { readLimits } from '../budget/read-limits.ts';
import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight check [PATH]`: the gate. A limit that cannot be read fails before anything is asked of the network. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  readLimits(options.budget);
  const result = await runPipeline(options, context);
  const limits = readLimits((result.options ?? options).budget);
  const { document } = result;
  return { ...result, document: { ...document, budgets: checkBudgets(document, limits) } };
}
