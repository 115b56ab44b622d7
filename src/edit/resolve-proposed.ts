/** Resolves files that are not written yet, as anybody who installs them will. */
import { normalizePath, type FileAccess } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { mergeOptions } from '../inputs/merge-options.ts';
import { readNamedFile } from '../inputs/read-named-file.ts';
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type { DeclaredRequirement, Warning, WeighedGraph } from '../types.ts';

/** What the files stand in. */
export interface ProposedWorld {
  /** What was asked on the command line holds for the proposed files as well. */
  readonly request: Pick<AuditRequest, 'constraintFiles' | 'overrideFiles'>;
  readonly project: ProjectInputs;
  readonly resolveMore: ResolveMore;
  readonly env: Pick<AuditEnv, 'files' | 'variables'>;
  /** Installed beside every file. */
  readonly beside?: readonly DeclaredRequirement[];
  /** What commands of the image put in the place of something else, in every file. */
  readonly replacing?: readonly DeclaredRequirement[];
}

/** A file that is to be resolved. */
export interface ProposedFile {
  /** Where it would stand. */
  readonly path: string;
  readonly text: string;
  /** The other files that would be there, by path. */
  readonly beside: ReadonlyMap<string, string>;
}

/** The set of the file, freely resolved; null where it has no solution or something of it cannot be read. */
export async function resolveProposed(
  { path, text, beside }: ProposedFile,
  { request, project, resolveMore, env, beside: others = [], replacing = [] }: ProposedWorld,
): Promise<WeighedGraph | null> {
  const { constraintFiles, overrideFiles } = request;
  const options = { variables: env.variables, constraintFiles, overrideFiles };
  const files = withProposed(env.files, new Map([...beside, [path, text]]));
  const { projects } = await readNamedFile(files, path, options);
  const environment = projects[0]?.environments.find(({ id }) => id === 'prod');
  if (environment === undefined) return null;
  // What could not be read would be missing from the resolution without a word.
  const known = new Set(errorsOf(project.warnings));
  if (errorsOf(projects[0]?.warnings ?? []).some((error) => !known.has(error))) return null;
  const image = project.inputs.find(({ path }) => path === project.weighedImage?.path);
  const outcome = await resolveMore({
    ...environment,
    requirements: [...environment.requirements, ...others],
    overrides: [...environment.overrides, ...replacing],
    options: mergeOptions(environment.options, image?.options ?? {}),
  });
  return outcome.solved ? outcome.graph : null;
}

/** The files as they are once all is written: what a proposal includes is read from the disk or from another proposal. */
export function withProposed(files: FileAccess, texts: ReadonlyMap<string, string>): FileAccess {
  const encoder = new TextEncoder();
  return {
    list: (folder) => files.list(folder),
    sizeOf: (path) => files.sizeOf(path),
    read: (asked) => {
      const realPath = normalizePath(asked);
      const content = texts.get(realPath);
      if (content === undefined) return files.read(asked);
      return { ok: true, bytes: encoder.encode(content), realPath };
    },
  };
}

/** What makes two errors the same although the line stands elsewhere in another file. */
function errorsOf(warnings: readonly Warning[]): readonly string[] {
  return warnings
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, message, path = '' }) =>
        `${code} ${message.replaceAll(path, '').replace(/^:\d+: /, '')}`,
    );
}
