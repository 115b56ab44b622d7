import { DepweightError } from '../errors.ts';
import { joinPath } from '../inputs/file-access.ts';
import { didYouMean, type Options } from '../options.ts';
import { normalizeName } from '../pep/name.ts';
import type { AuditDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { explainPackage } from './explain-package.ts';
import { runPipeline, type PipelineResult } from './run-pipeline.ts';

/** `depweight why PACKAGE [PATH]` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const name = options.package ?? '';
  const asked = await runPipeline(options, context);
  const other =
    explainPackage(asked.document, name) === null ? otherEnvironment(asked.document, name) : null;
  const result = other === null ? asked : await runAgain(other, asked, options, context);
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
  const name = normalizeName(written.replace(/\[.*$/, ''));
  const holds = (row: string): boolean => row.startsWith(`${name}==`);
  return document.environments.find(({ packages }) => packages.some(holds))?.id ?? null;
}

/** Once more for the set that holds the package; time and transfer are those of both runs. */
async function runAgain(
  environment: string,
  asked: PipelineResult,
  options: Options,
  context: CommandContext,
): Promise<PipelineResult> {
  refusePart(environment, options);
  const selection = { ...options.selection, environment };
  const again = await runPipeline({ ...options, selection }, context);
  const { receivedBytes: _, ...result } = again;
  return {
    ...result,
    elapsedMs: (asked.elapsedMs ?? 0) + (again.elapsedMs ?? 0),
    ...receivedInBoth(asked, again),
  };
}

/** A development set that was resolved file by file has no parts that could be asked for by name. */
function refusePart(environment: string, { package: name, path }: Options): void {
  if (!environment.startsWith('dev:')) return;
  const file = environment.slice('dev:'.length);
  const set = `it is in the development set of ${file} alone`;
  const hint = /\.(?:txt|in)$/.test(file)
    ? `${set}: \`depweight why ${name ?? ''} ${joinPath(path, file)}\``
    : set;
  throw new DepweightError('package-not-found', { name: name ?? '', hint });
}

/** Nothing is said where one of the runs could not say and the other got nothing. */
function receivedInBoth(
  first: PipelineResult,
  second: PipelineResult,
): Pick<PipelineResult, 'receivedBytes'> {
  const received = (first.receivedBytes ?? 0) + (second.receivedBytes ?? 0);
  const isKnown = first.receivedBytes !== undefined && second.receivedBytes !== undefined;
  return received === 0 && !isKnown ? {} : { receivedBytes: received };
}
