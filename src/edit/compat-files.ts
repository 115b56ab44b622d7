/**
 * A requirements.txt that leads to the production or the development file, for whoever still installs that, and the kept
 * copy of the one whose place it takes. Once that is done the copy is the source (`inputs/outputs.ts`).
 */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import { lineEndOf } from './requirements-blocks.ts';
import { hasOutputHeader, outputHeader } from './write-policy.ts';
import type { SourceFile, SplitRow } from '../types.ts';

/** Which of the new files requirements.txt is to lead to, and whether the old one is kept. */
export interface SplitWishes {
  readonly style: 'requirements' | 'extras' | 'groups' | 'poetry' | null;
  readonly compat: 'dev' | 'prod' | 'none';
  readonly keepOriginal: boolean;
  /** A file for each program too. */
  readonly perEntryPoint: boolean;
}

/** What the two files are made from. */
export interface CompatRequest {
  readonly wishes: SplitWishes;
  /** The primary source. */
  readonly primary: SourceFile;
  /** False for a pyproject.toml and the like, of which no copy is kept. */
  readonly isRequirements: boolean;
  /** The requirements.txt of that folder, null where there is none. */
  readonly existing: SourceFile | null;
}

/** Names that the plan of the other files needs. */
export interface CompatPlan {
  /** Where the text of the primary source stands once all is written. */
  readonly source: string;
  /** What is copied byte for byte, null for nothing. */
  readonly copied: SourceFile | null;
}

const ORIGINAL = 'requirements-original.txt';

/** Which file is kept, and what is the source afterwards. */
export function planCompat({
  wishes,
  primary,
  isRequirements,
  existing,
}: CompatRequest): CompatPlan {
  const original = joinPath(folderOf(primary.path), ORIGINAL);
  const overwritten =
    wishes.compat === 'none' || existing === null || hasOutputHeader(existing.text)
      ? null
      : existing;
  const wanted = overwritten ?? (isRequirements ? primary : null);
  const copied = wishes.keepOriginal && wanted?.path !== original ? wanted : null;
  const isReplaced = copied !== null && overwritten?.path === primary.path;
  return { source: isReplaced ? original : primary.path, copied };
}

/**
 * The rows for the copy and for the requirements.txt, in the order in which they are to be written: none of them leads to a
 * file that is not there yet. `rows` are those of the other files, `original` says what the copied file installs.
 */
export function compatRows(
  request: CompatRequest,
  plan: CompatPlan,
  rows: readonly SplitRow[],
  original: Pick<SplitRow, 'totals' | 'packages'>,
): readonly SplitRow[] {
  const folder = folderOf(request.primary.path);
  const made: SplitRow[] = [];
  if (plan.copied !== null) {
    const { path, text } = plan.copied;
    made.push({
      file: joinPath(folder, ORIGINAL),
      kind: 'original',
      content: text,
      copyOf: path,
      ...original,
      proof: {
        resolved: true,
        changedVersions: [],
        unprovidedModules: [],
        importErrors: [],
        providedModules: [],
      },
    });
  }
  const { compat } = request.wishes;
  const production = rows.find(({ kind }) => kind === 'prod');
  // Where nothing is for development only, both are the same set.
  const target = rows.find(({ kind }) => kind === compat) ?? production;
  if (compat === 'none' || target === undefined) return made;
  const { totals, packages, proof } = target;
  const content = compatText(request.primary, { source: plan.source, compat, target });
  return [
    ...made,
    {
      file: joinPath(folder, 'requirements.txt'),
      kind: 'compat',
      content,
      totals,
      packages,
      proof,
    },
  ];
}

function compatText(
  { text }: SourceFile,
  {
    source,
    compat,
    target,
  }: { readonly source: string; readonly compat: string; readonly target: SplitRow },
): string {
  const name = target.file.slice(target.file.lastIndexOf('/') + 1);
  const hint =
    target.kind === 'dev'
      ? '# All that development needs. For production install requirements-prod.txt instead.'
      : '# What the product needs. For development install requirements-dev.txt, where there is one.';
  const header = outputHeader(source, `depweight split --write --compat ${compat}`);
  return `${[header, hint, `-r ${name}`].join(lineEndOf(text))}${lineEndOf(text)}`;
}
