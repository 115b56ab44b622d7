import { DepweightError } from '../errors.ts';
import { didYouMean, type Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadPipeline } from './seam.ts';
import { explainPackage } from './explain-package.ts';

/** `depweight why PACKAGE [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { runAudit } = await loadPipeline();
  const document = await runAudit(options, context);
  const name = options.package ?? '';
  const facts = explainPackage(document, name);
  if (facts === null) {
    const names = document.packages.map((row) => row.name);
    throw new DepweightError('package-not-found', { name, hint: didYouMean(name, names) });
  }
  return { document: { ...document, ...facts } };
}
