/**
 * Projects that a requirement names by folder (`-e .`, `./libs/shared[extra]`, members of a workspace): what they need is
 * needed too, and their pyproject.toml says it.
 */
import { normalizeExtra } from '../pep/name.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { nameAnew, toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import { joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { quoteText } from './quote.ts';
import { isArchiveName } from './requirement-source.ts';

/** Requirements with those of local projects added, each local one renamed to what its own metadata says. */
export interface FollowedRequirements {
  readonly requirements: readonly DeclaredRequirement[];
  readonly warnings: readonly Warning[];
}

/** Follows local folders, each once per extra. `own` is the folder of the project itself: its code is not a dependency. */
export async function followLocalProjects(
  requirements: readonly DeclaredRequirement[],
  context: InputContext,
  own: string,
): Promise<FollowedRequirements> {
  const followed: DeclaredRequirement[] = [];
  const warnings: Warning[] = [];
  const seen = new Set<string>();
  const parsed = new Map<string, ParsedInput | null>();
  // A list that grows: circles of workspace members end at what was seen.
  const open = [...requirements];
  for (let index = 0; index < open.length; index++) {
    const declared = open[index];
    if (declared === undefined) continue;
    const folder = localFolder(declared);
    if (folder === null) {
      followed.push(declared);
      continue;
    }
    const input = parsed.has(folder)
      ? (parsed.get(folder) ?? null)
      : await readFolder(folder, declared.location, context, warnings);
    parsed.set(folder, input);
    const name = input?.projectName ?? null;
    const isOwn = folder === own;
    const first = !seen.has(folder);
    if (first && !isOwn)
      followed.push(
        name === null
          ? declared
          : { ...declared, requirement: nameAnew(declared.requirement, name) },
      );
    seen.add(folder);
    if (input === null) continue;
    for (const group of input.groups) {
      const wanted =
        group.kind === 'main' ||
        (group.kind === 'extra' &&
          declared.requirement.extras.includes(normalizeExtra(group.name ?? '')));
      const key = `${folder} ${group.kind} ${group.name ?? ''}`;
      if (!wanted || seen.has(key)) continue;
      seen.add(key);
      open.push(...group.requirements);
    }
  }
  return { requirements: followed, warnings };
}

function localFolder(declared: DeclaredRequirement): string | null {
  const { url } = declared.requirement;
  if (declared.source !== 'local' || url === null) return null;
  const path = joinPath('.', url.replace(/^file:/, ''));
  return isArchiveName(path) ? null : path;
}

async function readFolder(
  folder: string,
  place: SourceLocation,
  context: InputContext,
  warnings: Warning[],
): Promise<ParsedInput | null> {
  const path = joinPath(folder, 'pyproject.toml');
  const read = context.read(path);
  if (!read.ok) {
    warnings.push(warnOfFolder(folder, place, context, read.problem === 'outside'));
    return null;
  }
  const decoded = decodeFile(path, read);
  if (!decoded.ok) {
    warnings.push(decoded.warning);
    return null;
  }
  const { parsePyproject } = await import('./pyproject.ts');
  const input = await parsePyproject(decoded.file, context);
  warnings.push(...input.warnings);
  return input;
}

function warnOfFolder(
  folder: string,
  place: SourceLocation,
  context: InputContext,
  isOutside: boolean,
): Warning {
  if (isOutside)
    return toWarning(
      'outside-repository',
      place,
      `${quoteText(folder)} lies outside the repository: what it needs is unknown`,
    );
  const listed = context.list(folder);
  if (!listed.ok)
    return {
      ...toWarning('missing-folder', place, `${quoteText(folder)} ${listed.detail}`),
      severity: 'error',
    };
  const hasSetup = listed.entries.some(({ name }) => name === 'setup.py' || name === 'setup.cfg');
  const reason = hasSetup
    ? 'has only a setup.py or setup.cfg, which depweight does not read yet'
    : 'has no pyproject.toml';
  return toWarning(
    'local-needs-unknown',
    place,
    `${quoteText(folder)} ${reason}: what it needs is unknown`,
  );
}
