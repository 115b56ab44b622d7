import { DepweightError } from '../errors.ts';
import type { Options } from '../options.ts';
import type { AuditDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight split [PATH] [--write]`: dry by default. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  return runPipeline(options, context, async (document, session) => {
    if (!session.options.split.write) return document;
    refuseUnproven(document);
    const { writeSplits } = await import('../io/write-splits.ts');
    const { force } = session.options.split;
    const { splits, warnings } = writeSplits(session.root, document.splits, force);
    return { ...document, splits, warnings: [...document.warnings, ...warnings] };
  });
}

/** Nothing is written on a set that could not be read whole or proven (CONTRACT.md, exit codes). */
function refuseUnproven({ warnings, error, splits, environments }: AuditDocument): void {
  const bad = warnings.find(({ severity }) => severity === 'error');
  if (bad !== undefined) {
    const place = bad.path === undefined ? 'an input' : `${bad.path}:${bad.line ?? 1}`;
    withhold(
      `${place} cannot be read whole`,
      'put that right first; without --write the proposals are shown',
    );
  }
  if (environments[0]?.partial === true)
    withhold(
      'not all requirements could be read, and the new files would lack them',
      'the warnings say which; without --write the proposals are shown',
    );
  if (error !== null) withhold('the requirements have no solution', 'the conflict is told above');
  const unproven = splits.find(({ proof }) => !proof.resolved);
  if (unproven !== undefined)
    withhold(
      `${unproven.file} does not resolve by itself`,
      'without --write the proposals are shown',
    );
}

function withhold(reason: string, hint: string): never {
  throw new DepweightError('write-withheld', { reason, hint });
}
