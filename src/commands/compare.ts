import type { ComparedInput } from '../compare/compare-inputs.ts';
import { compareTargets } from '../compare/compare-targets.ts';
import { DepweightError } from '../errors.ts';
import type { ExitCode } from '../exit-code.ts';
import { EXIT_CODES, exitCodeFor } from '../exit-code.ts';
import type { Options } from '../options.ts';
import type { CompareDocument, TargetRow } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runStages, withWarnings } from './run-pipeline.ts';

type Compared = CommandResult & { readonly document: CompareDocument };

/** `depweight compare [PATH] [OTHER]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const result =
    options.other === null
      ? await runTargets(options, context, false)
      : await runInputs(options, context, options.other);
  return { ...result, exitCode: exitCodeOf(result.document, result.options ?? options) };
}

/** With `isAlone` for the one target that is asked for, and no other beside it. */
function runTargets(
  options: Options,
  context: CommandContext,
  isAlone: boolean,
): Promise<Compared> {
  return runStages(options, context, async (session) => {
    const { platforms, pythons } = session.options.targets;
    if (isAlone && Math.max(platforms.length, pythons.length) > 1) refuseSeveral();
    const request = { ...session.request, targets: { platforms, pythons, isAlone } };
    return withWarnings(session, await compareTargets(request, session.env));
  });
}

/** Both on the target of the first: what differs is then due to the inputs alone. */
async function runInputs(
  options: Options,
  context: CommandContext,
  other: string,
): Promise<Compared> {
  const { joinInputs } = await import('../compare/compare-inputs.ts');
  const first = await runTargets(options, context, true);
  const targets = namesOf(first.document.target);
  const second = await runTargets(
    { ...options, path: other, targets },
    { ...context, configure: (found) => ({ ...context.configure(found), targets }) },
    true,
  );
  const before: ComparedInput = { path: options.path, document: first.document };
  const after: ComparedInput = { path: other, document: second.document };
  const received = (first.receivedBytes ?? 0) + (second.receivedBytes ?? 0);
  return {
    ...first,
    document: joinInputs(before, after),
    notes: [...(first.notes ?? []), ...(second.notes ?? [])],
    elapsedMs: (first.elapsedMs ?? 0) + (second.elapsedMs ?? 0),
    receivedBytes: received,
  };
}

function namesOf({
  python,
  implementation,
  platformTag,
  freeThreaded,
}: TargetRow): Options['targets'] {
  const name =
    implementation === 'pp' ? `pypy${python}` : `${python}${freeThreaded === true ? 't' : ''}`;
  return { platforms: [platformTag], pythons: [name] };
}

function refuseSeveral(): never {
  throw new DepweightError('wrong-call', {
    message: 'two inputs are compared on one target',
    hint: 'name one --platform and one --python, or one input',
  });
}

/** A target that is not installable is an answer, as long as there is one that is; `--strict` asks for all of them. */
function exitCodeOf(document: CompareDocument, { strict }: Options): ExitCode {
  const code = exitCodeFor(document, { strict, failOn: null });
  if (code !== EXIT_CODES.done) return code;
  const isOpen = document.targets.some(
    ({ verdict, totals }) => verdict === 'incomplete' || (strict && totals.lowerBound),
  );
  return isOpen ? EXIT_CODES.incomplete : EXIT_CODES.done;
}
