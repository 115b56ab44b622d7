import { DepweightError } from '../errors.ts';
import { didYouMean, type Options } from '../options.ts';
import type { AuditDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { explainPackage } from './explain-package.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight why PACKAGE [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const name = options.package ?? '';
  const asked = await runPipeline(options, context);
  const other =
    explainPackage(asked.document, name) === null ? otherEnvironment(asked.document, name) : null;
  const result =
    other === null
      ? asked
      : await runPipeline(
          { ...options, selection: { ...options.selection, environment: other } },
          context,
        );
  const { document } = result;
  const facts = explainPackage(document, name, result.removal ?? undefined);
  if (facts === null) {
    const names = document.packages.map((row) => row.name);
    throw new DepweightError('package-not-found', { name, hint: didYouMean(name, names) });
  }
  return { ...result, document: { ...document, ...facts } };
}

/** A development tool is in none of the headline's rows, but asked about all the same. */
function otherEnvironment(document: AuditDocument, written: string): string | null {
  const name = written
    .replace(/\[.*$/, '')
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
  const holds = (row: string): boolean => row.startsWith(`${name}==`);
  return document.environments.find(({ packages }) => packages.some(holds))?.id ?? null;
}
