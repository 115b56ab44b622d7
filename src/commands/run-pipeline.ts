import { audit } from '../audit.ts';
import type { Options } from '../options.ts';
import type { AuditDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { Session } from './session.ts';
import { openSession } from './session.ts';

/** A result that has a document of the pipeline. */
export type PipelineResult = CommandResult & { readonly document: AuditDocument };

/** Opens the world, runs the pipeline, and gives its document with the warnings and notes of both. */
export async function runPipeline(
  options: Options,
  context: CommandContext,
  beforeClosing?: (document: AuditDocument, session: Session) => Promise<void>,
): Promise<PipelineResult> {
  const started = performance.now();
  const session = await openSession(options, context);
  try {
    const found = await audit(session.request, session.env);
    const document = { ...found, warnings: [...session.warnings, ...found.warnings] };
    await beforeClosing?.(document, session);
    const notes = [
      ...(session.options.verbose ? session.notes : []),
      ...(session.options.timings ? [timingsOf(session, performance.now() - started)] : []),
    ];
    return { document, options: session.options, notes };
  } finally {
    await session.close();
  }
}

function timingsOf(session: Session, elapsedMs: number): string {
  const counts = session.counts();
  const network =
    counts === null ? 'nothing was asked of the network' : `${counts.requests} requests, ${counts.receivedBytes} bytes received`;
  return `${Math.round(elapsedMs)} ms, ${network}`;
}
