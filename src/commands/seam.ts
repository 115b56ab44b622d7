import { DepweightError } from '../errors.ts';
import type { Options } from '../options.ts';
import { TOOL } from '../tool.ts';
import type { AuditDocument, ScanDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** What the commands ask of the stages; `src/audit.ts` will answer. */
export interface Pipeline {
  runAudit(options: Options, context: CommandContext): Promise<AuditDocument>;
  runScan(options: Options, context: CommandContext): Promise<ScanDocument>;
  runCache(options: Options, context: CommandContext): Promise<CommandResult>;
}

/** The stages. THE SEAM: becomes `import('../audit.ts')` and goes when that is written. */
export function loadPipeline(): Promise<Pipeline> {
  const instead = '`depweight --help` works';
  throw new DepweightError('not-built', { what: 'the pipeline', instead, version: TOOL.version });
}
