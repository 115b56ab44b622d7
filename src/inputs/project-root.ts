/**
 * Addresses that name the folder of the project by a placeholder: `file:///${PROJECT_ROOT}/x` of PDM and uv, `{root:uri}/x` of
 * Hatch. As a path from that folder they are like any other.
 */
const shellLike = /(?:file:\/{0,3})?\$\{PROJECT_ROOT\}/g;
const hatchLike = /(?:file:\/{0,3})?\{root((?::parent)*)(?::uri|:real)?\}/g;

/** The text with these placeholders filled in; others stay as they are. */
export function fillProjectRoot(text: string): string {
  if (!text.includes('{')) return text;
  return text
    .replace(shellLike, 'file:.')
    .replace(hatchLike, (_, parents: string) => `file:.${'/..'.repeat(parents.length / 7)}`);
}
