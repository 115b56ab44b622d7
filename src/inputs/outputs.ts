/**
 * Files that `split` wrote (CONTRACT.md, Splits): outputs, not inputs. `split` never reads them; other commands do where an
 * image or a file of the user names them, and where nothing else says what the project needs.
 */
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput } from '../types.ts';
import { projectOf } from './discover.ts';
import { compareText, fileNameOf } from './file-access.ts';

/** Paths of the files that are no inputs, sorted. */
export function findOutputs(
  inputs: readonly ParsedInput[],
  images: readonly ProductImage[],
  ignoresOutputs: boolean,
): readonly string[] {
  const written = inputs.filter(({ writtenByDepweight }) => writtenByDepweight === true);
  const paths = written.map(({ path }) => path).toSorted(compareText);
  if (ignoresOutputs || written.length === 0) return paths;
  const own = inputs.filter((input) => !written.includes(input));
  const included = new Set(own.flatMap(({ includes }) => includes));
  const installed = images.flatMap(({ installs }) =>
    installs.flatMap(({ requirementFiles }) => requirementFiles.map(fileNameOf)),
  );
  const declaring = new Set(
    own.filter(({ groups }) => groups.length > 0).map(({ path }) => projectOf(path)),
  );
  return paths.filter(
    (path) =>
      !included.has(path) &&
      !installed.includes(fileNameOf(path)) &&
      declaring.has(projectOf(path)),
  );
}

/** What a file says that it was made from, null for one that depweight did not write. */
export function sourceOfOutput(text: string): string | null {
  return /^\uFEFF?# Written by depweight from (.+)\. To renew it: /.exec(text)?.[1] ?? null;
}
