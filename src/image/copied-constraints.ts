/** Files of constraints that an image copies from the build context, read. */
import { decodeFile } from '../inputs/decode.ts';
import { fileNameOf, folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import { parseRequirementsTxt } from '../inputs/requirements-txt.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput } from '../types.ts';

/** A file with the line of the Dockerfile that copies it. */
export interface CopiedConstraints {
  readonly input: ParsedInput;
  readonly line: number;
}

/** Those that are named as such: a file that is not there is left out. */
export function readCopiedConstraints(
  image: ProductImage,
  files: FileAccess,
): readonly CopiedConstraints[] {
  const found = new Map<string, CopiedConstraints>();
  for (const { from, sources, line } of image.copies) {
    if (from !== null) continue;
    for (const source of sources.filter((one) => /constraint[^/]*$/i.test(one))) {
      // `constraints.txt*` copies the file where it is there.
      const input = readInput(source.replace(/^\/+|\*+$/g, ''), image, files);
      if (input !== null && !found.has(input.path)) found.set(input.path, { input, line });
    }
  }
  return [...found.values()];
}

function readInput(source: string, image: ProductImage, files: FileAccess): ParsedInput | null {
  for (const folder of ['.', folderOf(image.path)]) {
    const path = joinPath(folder, source);
    const decoded = decodeFile(path, files.read(path));
    if (!decoded.ok) continue;
    return parseRequirementsTxt(decoded.file, {
      read: (asked) => files.read(asked),
      list: (asked) => files.list(asked),
      variables: {},
    });
  }
  return null;
}

/** True where some command, or a file that it installs, is held by these constraints. */
export function isConstraining(
  path: string,
  image: ProductImage,
  inputs: readonly ParsedInput[],
): boolean {
  const name = fileNameOf(path);
  const isNamed = image.installs.some(({ constraintFiles, requirementFiles }) =>
    [...constraintFiles, ...requirementFiles].some((file) => fileNameOf(file) === name),
  );
  const isSet = image.layers.some(({ variables, commands }) =>
    [variables, ...commands.map((command) => command.variables)].some((known) =>
      ['PIP_CONSTRAINT', 'UV_CONSTRAINT'].some((key) => known.get(key)?.includes(name) === true),
    ),
  );
  return (
    isNamed ||
    isSet ||
    inputs.some(({ constraints }) => constraints.some(({ location }) => location.path === path))
  );
}
