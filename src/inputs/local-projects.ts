/**
 * Projects that a requirement names by folder (`-e .`, `./libs/shared[extra]`, members of a workspace): what they need is
 * needed too, and their pyproject.toml says it.
 */
import { normalizeExtra } from '../pep/name.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { nameAnew, toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import { joinPath } from './file-access.ts';
import type { InputContext, InputFile } from './input.ts';
import { quoteText } from './quote.ts';
import { isArchiveName } from './requirement-source.ts';

/** Requirements with those of local projects added, each local one renamed to what its own metadata says. */
export interface FollowedRequirements {
  readonly requirements: readonly DeclaredRequirement[];
  /** What one of the projects needs could not be read, or not all of it. */
  readonly partial: boolean;
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
  let partial = false;
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
    // Its own size is unknown too, unless it is the project itself.
    partial ||= input === null;
    if (input === null) continue;
    for (const group of input.groups) {
      const wanted =
        group.kind === 'main' ||
        (group.kind === 'extra' &&
          declared.requirement.extras.includes(normalizeExtra(group.name ?? '')));
      const key = `${folder} ${group.kind} ${group.name ?? ''}`;
      if (!wanted || seen.has(key)) continue;
      seen.add(key);
      partial ||= group.partial === true;
      open.push(...group.requirements);
    }
  }
  return { requirements: followed, partial, warnings };
}

function localFolder(declared: DeclaredRequirement): string | null {
  const { url } = declared.requirement;
  if (declared.source !== 'local' || url === null) return null;
  const path = joinPath('.', url.replace(/^file:|#.*$/g, ''));
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
    const setup = read.problem === 'missing' ? await readSetupFiles(folder, context) : null;
    if (setup === null)
      warnings.push(warnOfFolder(folder, place, context, read.problem === 'outside'));
    else warnings.push(...setup.warnings);
    return setup;
  }
  const decoded = decodeFile(path, read);
  if (!decoded.ok) {
    warnings.push(decoded.warning);
    return null;
  }
  const { parsePyproject } = await import('./pyproject.ts');
  const input = await parsePyproject(decoded.file, context);
  const isElsewhere = input.mainSetElsewhere === true && mainSize(input) === 0;
  const setup = isElsewhere ? await readSetupFiles(folder, context) : null;
  const chosen =
    setup === null ? input : { ...setup, projectName: input.projectName ?? setup.projectName };
  warnings.push(...chosen.warnings);
  return chosen;
}

function mainSize({ groups }: ParsedInput): number {
  return groups.filter(({ kind }) => kind === 'main').flatMap(({ requirements }) => requirements)
    .length;
}

/** setup.py and setup.cfg of a folder as one, null where neither says anything. */
async function readSetupFiles(folder: string, context: InputContext): Promise<ParsedInput | null> {
  const { parseSetupPy } = await import('./setup-py.ts');
  const { parseSetupCfg } = await import('./setup-cfg.ts');
  const script = await readSetupFile(joinPath(folder, 'setup.py'), context, parseSetupPy);
  const configuration = await readSetupFile(joinPath(folder, 'setup.cfg'), context, parseSetupCfg);
  const [first, second] = [script, configuration].filter((input) => input !== null);
  const isSilent = ({ groups, projectName }: ParsedInput): boolean =>
    groups.length === 0 && projectName === null;
  if (first === undefined || (isSilent(first) && (second === undefined || isSilent(second))))
    return null;
  // What both give, setuptools takes from setup.py.
  const [main, other] =
    second !== undefined && mainSize(first) === 0 ? [second, first] : [first, second];
  const extras = (other?.groups ?? []).filter(
    (group) => group.kind === 'extra' && !main.groups.some(({ kind }) => kind === 'extra'),
  );
  return {
    ...main,
    groups: [...main.groups, ...extras],
    projectName: main.projectName ?? other?.projectName ?? null,
    warnings: [...main.warnings, ...(other?.warnings ?? [])],
  };
}

async function readSetupFile(
  path: string,
  context: InputContext,
  parse: (file: InputFile, context: InputContext) => ParsedInput | Promise<ParsedInput>,
): Promise<ParsedInput | null> {
  const decoded = decodeFile(path, context.read(path));
  return decoded.ok ? parse(decoded.file, context) : null;
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
  return toWarning(
    'local-needs-unknown',
    place,
    `${quoteText(folder)} has no pyproject.toml, setup.py or setup.cfg that says what it needs: that is unknown`,
  );
}
