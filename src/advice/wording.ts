/** How findings put things into words, alike in all rules. */
import type { DeclaredRequirement, SourceLocation } from '../types.ts';

/** `a`, `a and b`, `a, b and c`, `a, b, c, d, e and 7 more`. */
export function listNames(names: readonly string[], limit = 5): string {
  const shown = names.length > limit ? names.slice(0, limit) : names;
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.at(-1);
  const head = rest > 0 ? shown : shown.slice(0, -1);
  return head.length === 0 ? `${last ?? ''}` : `${head.join(', ')} and ${last}`;
}

/** `1 package`, `3 packages`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `torch (requirements.txt:12)`; a name declared in several places has them all. */
export function withPlaces(name: string, locations: readonly SourceLocation[]): string {
  if (locations.length === 0) return name;
  return `${name} (${locations.map(({ path, line }) => `${path}:${line}`).join(', ')})`;
}

/** Where the names are declared, in the order of the files. */
export function locationsOf(
  declared: readonly DeclaredRequirement[],
  names: Iterable<string>,
): readonly SourceLocation[] {
  const wanted = new Set(names);
  const places = new Map<string, SourceLocation>();
  for (const { requirement, location } of declared) {
    if (wanted.has(requirement.name)) {
      places.set(`${location.path}:${location.line}:${location.column}`, location);
    }
  }
  return [...places.values()].toSorted(
    (a, b) =>
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

/** `remove torch (requirements.txt:12), torchaudio (requirements.txt:13)`, for any verb. */
export function instruction(
  verb: string,
  names: readonly string[],
  declared: readonly DeclaredRequirement[],
): string {
  const each = names.map((name) => withPlaces(name, locationsOf(declared, [name])));
  return `${verb} ${each.join(', ')}`;
}

/** `15 nvidia-* and triton`: names of one family as one where there are three or more. */
export function listFamilies(names: readonly string[], limit = 5): string {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const family = name.split('-', 1)[0] ?? name;
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  const entries = [...families]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .flatMap(([family, members]) =>
      members.length < 3 ? members : [`${members.length} ${family}-*`],
    );
  return listNames(entries, limit);
}
