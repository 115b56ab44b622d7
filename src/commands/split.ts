import { DepweightError } from '../errors.ts';
import type { Options } from '../options.ts';
import type { AuditDocument, Warning } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { Session } from './session.ts';
import { runPipeline } from './run-pipeline.ts';

/** `depweight split [PATH] [--write]`: dry by default. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const finish = async (proposed: AuditDocument, session: Session): Promise<AuditDocument> => {
    const { write, verify, force } = session.options.split;
    if (verify) refuseUnproven(proposed);
    const document = verify ? await verified(proposed, session, context) : proposed;
    const { foreseeRefusals, writeSplits } = await import('../io/write-splits.ts');
    if (!write)
      return { ...document, splits: foreseeRefusals(session.root, document.splits, force) };
    refuseUnproven(document);
    const { splits, warnings } = writeSplits(session.root, document.splits, force);
    return { ...document, splits, warnings: [...document.warnings, ...warnings] };
  };
  return runPipeline(options, context, { finish });
}

/** Installs and imports the proposals: runs code of others, and is asked for by a flag of its own. */
async function verified(
  document: AuditDocument,
  { root, indexes }: Session,
  { searchPath, variables, signal, progress }: CommandContext,
): Promise<AuditDocument> {
  const { verifySplits } = await import('../io/verify-splits.ts');
  const { ownAddress } = await import('../package-index/index-source.ts');
  const splits = await verifySplits(document, {
    root,
    searchPath,
    variables,
    signal,
    indexes: (indexes()?.sources ?? []).map(ownAddress),
    findLinks: indexes()?.findLinks ?? [],
    onStart: (label) => progress.update('verifying', 0, 0, label),
  });
  const warnings = splits.flatMap(({ file, proof: { verification } }) =>
    (verification?.failed ?? []).map(({ module, error }) =>
      toWarning(file, module, error, verification?.leftOut ?? []),
    ),
  );
  return { ...document, splits, warnings: [...document.warnings, ...warnings] };
}

/** What lacks a module is a fault of the set, unless something without a wheel may have it; all else may be one of this machine. */
function toWarning(
  file: string,
  module: string,
  error: string,
  leftOut: readonly string[],
): Warning {
  const isLack = error.startsWith('ModuleNotFoundError') && leftOut.length === 0;
  const severity = isLack ? ('error' as const) : ('warning' as const);
  return { code: 'verify-failed', message: `${file}: import ${module} fails: ${error}`, severity };
}

/** Nothing is written on a set that could not be read whole or proven (CONTRACT.md, exit codes). */
function refuseUnproven({ warnings, error, splits, environments }: AuditDocument): void {
  const failed = warnings.find(
    ({ code, severity }) => code === 'verify-failed' && severity === 'error',
  );
  if (failed !== undefined)
    withhold(failed.message, 'the code imports it, and the proposed set does not have it');
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
