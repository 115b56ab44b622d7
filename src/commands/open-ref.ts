/** The world as it was at a git ref: that of the session with the files of the commit in place of those on disk. */
import type { AuditEnv } from '../audit-env.ts';
import { remember } from '../audit-projects.ts';
import { parseRef } from '../diff/parse-ref.ts';
import type { Sides } from '../diff/weigh-sides.ts';
import { asThen } from '../diff/weigh-sides.ts';
import { mayBeSource } from '../imports/source-files.ts';
import { toSourceAccess } from '../imports/source-access.ts';
import { findCommit, openGit } from '../io/git.ts';
import { readGitTree } from '../io/git-tree.ts';
import { createRefArchives } from '../io/ref-archives.ts';
import { createTreeFiles } from '../io/tree-files.ts';
import type { RefRow, Warning } from '../types.ts';
import type { CommandContext } from './command.ts';
import type { Session } from './session.ts';

/** Both worlds, the commit, and what there is to say of it. */
export interface OpenedRef {
  readonly sides: Sides;
  readonly ref: RefRow;
  /** Complete when the other side is weighed. */
  readonly warnings: readonly Warning[];
}

/** Opens the ref that the user wrote. Throws DepweightError where git or the repository does not have it. */
export async function openRef(
  written: string,
  session: Session,
  { searchPath, systemRoot, signal }: CommandContext,
  readsSources: boolean,
): Promise<OpenedRef> {
  const asked = parseRef(written);
  const { root, boundary, env } = session;
  const place = {
    folder: root,
    boundary,
    searchPath,
    ...(systemRoot === undefined ? {} : { systemRoot }),
    signal,
  };
  const git = await openGit(place);
  const commit = await findCommit(git, asked);
  const name = asked.text;
  const isLikely = (path: string): boolean => mayBeRead(path, readsSources);
  const tree = await readGitTree(git, place, { commit: commit.id, name, isLikely });
  const { top, prefix } = git;
  const files = createTreeFiles({ ...tree, prefix, top, outside: env.files });
  const archives = createRefArchives({ files, outside: env.locate });
  session.atEnd(archives.close);
  const warnings: Warning[] = [...tree.warnings, ...divergence(asked.revision, commit.hasDiverged)];
  const current: AuditEnv = { ...env, openIndex: remember(env.openIndex) };
  const former: AuditEnv = {
    ...current,
    files,
    sources: toSourceAccess(files),
    locate: archives.locate,
    progress: {
      update: (stage, done, total, label) =>
        env.progress.update(stage, done, total, `${name}  ${label}`),
    },
    warn: (warning) => void warnings.push(...asThen(warning, name)),
    note: () => {},
  };
  const ref = { name, commit: commit.id, mergeBase: asked.mergeBase };
  return { sides: { current, former, name }, ref, warnings };
}

/** What a branch got meanwhile looks as if this one had taken it back. */
function divergence(revision: string, hasDiverged: boolean | null): readonly Warning[] {
  if (hasDiverged !== true) return [];
  const message = `${revision} has commits that are not in HEAD, and they are part of the difference; ${revision}... compares with where the two parted`;
  return [{ code: 'diverged', message }];
}

const DEPENDENCY_FILE =
  /\.(?:txt|in|toml|lock|cfg|ya?ml)$|^(?:Pipfile|setup\.py|\.python-version|\.gitignore|\.dockerignore|Procfile)$|(?:^|\.)(?:Docker|Container)file/i;

function mayBeRead(path: string, readsSources: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return DEPENDENCY_FILE.test(name) || (readsSources && mayBeSource(name));
}
