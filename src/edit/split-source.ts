/** The text that splits are made from: a requirements file as it is, or one made of what is declared elsewhere. */
import { fileNameOf, folderOf } from '../inputs/file-access.ts';
import { formatRequirement, parseRequirement } from '../pep/requirement.ts';
import type { DeclaredRequirement, SourceFile } from '../types.ts';
import { reachedFiles } from './flatten.ts';
import type { SplitRequest } from './plan-splits.ts';
import type { Routing } from './split-routing.ts';

/** A requirements file with the requirements that stand in it and in what it includes. */
export interface Source {
  readonly file: SourceFile;
  readonly lines: readonly DeclaredRequirement[];
}

/** The requirements file itself, or one made of the declared strings, a line each, in their order. */
export function sourceOf({ primary, style, lines }: SplitRequest): Source {
  if (style === 'requirements-file') return { file: primary, lines };
  const texts = lines.map(requirementText);
  return {
    file: { path: primary.path, text: texts.map((text) => `${text}\n`).join('') },
    lines: lines.map((declared, index) => ({
      ...declared,
      location: { path: primary.path, line: index + 1, column: 1 },
    })),
  };
}

/** As written where that is a requirement (PEP 508); poetry's `^1.2` and the like as what they mean. */
function requirementText({ raw, requirement }: DeclaredRequirement): string {
  const plain = formatRequirement(requirement);
  if (/[\r\n]/.test(raw)) return plain;
  try {
    return parseRequirement(raw).name === requirement.name ? raw : plain;
  } catch {
    return plain;
  }
}

/** An include is inlined when a line of it goes or moves, or when it would be overwritten by a proposal. */
export function inliningOf(
  request: SplitRequest,
  { file, lines }: Source,
  { destinationOfName }: Routing,
): (path: string) => boolean {
  const changed = new Set(
    lines
      .filter(({ requirement }) => destinationOfName(requirement.name) !== 'stays')
      .map(({ location }) => location.path),
  );
  const folder = folderOf(file.path);
  const isOutput = (path: string): boolean =>
    folderOf(path) === folder &&
    /^requirements-(?:prod|dev|slim|minimal)\.txt$/.test(fileNameOf(path));
  return (path) => {
    const own = request.included.find((one) => one.path === path);
    if (own === undefined) return false;
    const below = [path, ...reachedFiles(own, request.included)];
    return below.some((one) => changed.has(one) || isOutput(one));
  };
}
