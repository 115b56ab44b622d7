import { checkBudgets } from '../budget/check-budgets.ts';
import { readLimits } from '../budget/read-limits.ts';
import { DepweightError } from '../errors.ts';
import type { Options } from '../options.ts';
import type { AuditDocument, CheckDocument, Warning } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { OpenedRef } from './open-ref.ts';
import { runPipeline } from './run-pipeline.ts';
import type { Session } from './session.ts';

/** `depweight check [PATH]`: the gate. A limit or a ref that cannot be read fails before anything is asked of the network. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  readLimits(options.budget);
  let opened: OpenedRef | null = null;
  return runPipeline(options, context, {
    async start(session) {
      opened = await openAgainst(session, context);
    },
    finish: (document, session) => judge(document, session, opened),
  });
}

/** The ref that growth is measured from; null where nothing limits it, or where only the configuration does and names none. */
async function openAgainst(session: Session, context: CommandContext): Promise<OpenedRef | null> {
  const { budget, against } = session.options;
  const isLimited = readLimits(budget).some(({ measure }) => measure === 'growth');
  if (!isLimited && budget.flags['against'] !== undefined)
    throw new DepweightError('wrong-call', {
      message: '--against names what growth is measured from, and no growth is limited',
      hint: "--max-growth '10 MB', or growth in [tool.depweight.budget]; `depweight diff REF` shows it without a limit",
    });
  if (!isLimited) return null;
  if (against === null && budget.flags['max-growth'] !== undefined)
    throw new DepweightError('wrong-call', {
      message: '--max-growth has nothing to measure from',
      hint: '--against origin/main... names the ref: a branch, a tag or a commit',
    });
  if (against === null) return null;
  const { openRef } = await import('./open-ref.ts');
  return openRef(against, session, context, false);
}

async function judge(
  document: AuditDocument,
  session: Session,
  opened: OpenedRef | null,
): Promise<CheckDocument> {
  const limits = readLimits(session.options.budget);
  if (opened === null) return { ...document, budgets: checkBudgets(document, limits) };
  const { measureGrowth } = await import('../diff/growth.ts');
  const { sides, ref } = opened;
  const { growth, warnings } = await measureGrowth(session.request, sides, ref, document);
  const told: readonly Warning[] = [...document.warnings, ...opened.warnings, ...warnings];
  return {
    ...document,
    budgets: checkBudgets(document, limits, growth),
    ...(growth === null ? {} : { growth }),
    warnings: told,
  };
}
