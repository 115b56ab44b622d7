import { DepweightError } from '../errors.ts';
import { didYouMean, type Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { explainPackage } from './explain-package.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight why PACKAGE [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const result = await runPipeline(options, context);
  const { document } = result;
  const name = options.package ?? '';
  const facts = explainPackage(document, name);
  if (facts === null) {
    const names = document.packages.map((row) => row.name);
    throw new DepweightError('package-not-found', { name, hint: didYouMean(name, names) });
  }
  return { ...result, document: { ...document, ...facts } };
}
