/** Files of constraints and overrides that the command line names, and those that the image installs with. */
import type { ParsedInput, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import type { NamedRequirements } from './environments.ts';
import { sayWhy } from './image-messages.ts';
import { findFormatOfNamedFile } from './index.ts';
import type { InputContext } from './input.ts';
import type { PrimarySource } from './primary-source.ts';
import type { ReadProjectOptions } from './project.ts';
import { quoteText } from './quote.ts';
import { readAll } from './read-files.ts';
import { mainSetOf } from './related-files.ts';

/** Constraints and overrides. Files of an image are looked for where they may lie; that one is nowhere is said. */
export async function readCommandLineFiles(
  options: ReadProjectOptions,
  primary: PrimarySource,
  context: InputContext,
): Promise<NamedRequirements> {
  const read = async (paths: readonly string[] | undefined): Promise<readonly ParsedInput[]> => {
    const format = findFormatOfNamedFile('constraints.txt');
    return format === undefined
      ? []
      : readAll(
          (paths ?? []).map((path) => ({ path, format })),
          context,
        );
  };
  const ofImage = findConstraints(primary, context);
  const constraints = await read([...(options.constraintFiles ?? []), ...ofImage.paths]);
  const overrides = await read(options.overrideFiles);
  return {
    constraints: constraints.flatMap((input) => [...mainSetOf(input), ...input.constraints]),
    overrides: overrides.flatMap(mainSetOf),
    options: {},
    warnings: [
      ...[...constraints, ...overrides].flatMap(({ warnings }) => warnings),
      ...ofImage.warnings,
    ],
  };
}

/** The constraint files of the image, each where it can be read first. */
function findConstraints(
  { constraintFiles }: PrimarySource,
  context: InputContext,
): { readonly paths: readonly string[]; readonly warnings: readonly Warning[] } {
  const paths = new Set<string>();
  const warnings: Warning[] = [];
  for (const { written, at, places, isMade } of constraintFiles) {
    const place = places.find((path) => context.read(path).ok);
    if (place !== undefined) paths.add(place);
    else if (!isMade) {
      const message = `${quoteText(written)} limits what is installed here, ${sayWhy(written)}: versions may be others than those of the image`;
      warnings.push(toWarning('installed-file-missing', at, message));
    }
  }
  return { paths: [...paths], warnings };
}
