import { audit } from '../audit.ts';
import type { Options } from '../options.ts';
import type { AuditDocument, CostFacts, Prices, Removal } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { Session } from './session.ts';
import { openSession } from './session.ts';

/** A result that has a document of the pipeline. */
export type PipelineResult = CommandResult & {
  readonly document: AuditDocument;
  readonly removal: Removal | null;
  readonly cost: CostFacts | null;
};

/** What a command does around the pipeline. */
interface PipelineHooks {
  /** Before anything is read or asked, with the options of the project in force. */
  readonly start?: (session: Session) => Promise<void>;
  /** What it adds to the document. */
  readonly finish?: (document: AuditDocument, session: Session) => Promise<AuditDocument>;
}

/** Opens the world, runs the pipeline, and gives its document with the warnings and notes of both. */
export async function runPipeline(
  options: Options,
  context: CommandContext,
  { start, finish }: PipelineHooks = {},
): Promise<PipelineResult> {
  let rest: Pick<PipelineResult, 'removal' | 'cost'> = { removal: null, cost: null };
  const result = await runStages(options, context, async (session) => {
    await start?.(session);
    const { document, removal, cost } = await audit(session.request, session.env);
    rest = { removal, cost };
    const whole = withWarnings(session, document);
    const finished = (await finish?.(whole, session)) ?? whole;
    const { prices } = session.options;
    return prices === null ? finished : withExpenses(finished, cost, prices);
  });
  return { ...result, ...rest };
}

/** With what it costs: before and after the addition of `cost`, else before and after what can go. */
async function withExpenses(
  document: AuditDocument,
  cost: CostFacts | null,
  prices: Prices,
): Promise<AuditDocument> {
  const { priceDocument, priceSets } = await import('../expenses/price-document.ts');
  if (cost !== null) {
    const { before, after } = cost;
    const lowerBound = after.lowerBound;
    return { ...document, expenses: priceSets({ before, after, lowerBound }, prices) };
  }
  const projects = document.projects?.map((project) => ({
    ...project,
    expenses: priceDocument(project, prices),
  }));
  return {
    ...document,
    expenses: priceDocument(document, prices),
    ...(projects === undefined ? {} : { projects }),
  };
}

/** The document with the warnings of the session before its own. */
export function withWarnings<T extends AuditDocument>(session: Session, document: T): T {
  return { ...document, warnings: [...session.warnings, ...document.warnings] };
}

/** Opens the world, makes a document in it, and leaves it; with the notes and the time that it took. */
export async function runStages<T extends AuditDocument>(
  options: Options,
  context: CommandContext,
  stages: (session: Session) => Promise<T>,
): Promise<CommandResult & { readonly document: T }> {
  const started = performance.now();
  const session = await openSession(options, context);
  try {
    const document = await stages(session);
    const notes = [
      ...(session.options.verbose ? session.notes : []),
      ...(session.options.timings ? [timingsOf(session, performance.now() - started)] : []),
    ];
    return {
      document,
      options: session.options,
      notes,
      elapsedMs: performance.now() - started,
      ...receivedOf(session),
    };
  } finally {
    await session.close();
  }
}

/** Nothing where answers came without a body: that is neither a transfer nor the cache. */
function receivedOf(session: Session): { readonly receivedBytes?: number } {
  const counts = session.counts();
  if (counts === null || counts.requests === 0) return { receivedBytes: 0 };
  return counts.receivedBytes === 0 ? {} : { receivedBytes: counts.receivedBytes };
}

function timingsOf(session: Session, elapsedMs: number): string {
  const counts = session.counts();
  const network =
    counts === null
      ? 'nothing was asked of the network'
      : `${counts.requests} requests, ${counts.receivedBytes} bytes received`;
  return `${Math.round(elapsedMs)} ms, ${network}`;
}
