/** What the product image installs beside the files that are weighed: told, since it is in none of the figures. */
import { isInstaller } from '../inputs/installer-names.ts';
import { ParseError } from '../pep/parse-error.ts';
import { parseRequirement } from '../pep/requirement.ts';
import { specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type { Requirement, Warning, WeighedGraph } from '../types.ts';
import type { ProductImage } from './product-image.ts';

/** One warning for each install command that brings something else than what was resolved. */
export function warnOfImage(image: ProductImage | null, graph: WeighedGraph): readonly Warning[] {
  if (image === null) return [];
  const versions = new Map(graph.distributions.map(({ name, version }) => [name, version]));
  const warnings: Warning[] = [];
  for (const { line, script, packages } of image.installs) {
    const others = packages.flatMap(({ text }) => {
      const requirement = read(text);
      return requirement === null || isCovered(requirement, versions) ? [] : [text];
    });
    if (others.length === 0) continue;
    const message = `the image also installs ${others.join(', ')} here, which is in none of the figures`;
    const place = script ?? { path: image.path, line, column: 1 };
    warnings.push({ code: 'image-installs-more', message, ...place });
  }
  return warnings;
}

function read(text: string): Requirement | null {
  try {
    return parseRequirement(text);
  } catch (error) {
    // A path or a variable of the shell: the reader of Dockerfiles tells what it could not follow.
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** Installed already in a version that satisfies it. */
function isCovered(
  { name, specifiers }: Requirement,
  versions: ReadonlyMap<string, string>,
): boolean {
  if (isInstaller(name)) return true;
  const version = parseVersion(versions.get(name) ?? '');
  return version !== null && specifierContains(specifiers, version);
}
