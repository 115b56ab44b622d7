import { decodeFile } from '../../src/inputs/decode.ts';
import { createMemoryFiles, type FileAccess } from '../../src/inputs/file-access.ts';
import type { InputContext } from '../../src/inputs/input.ts';
import { parsePyproject } from '../../src/inputs/pyproject.ts';
import { parseRequirementsTxt } from '../../src/inputs/requirements-txt.ts';
import type { DeclaredRequirement, ParsedInput, Warning } from '../../src/types.ts';

/** Files by path, as `createMemoryFiles` takes them. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a member of the input axis is handed. */
export function contextOf(
  access: FileAccess,
  variables: InputContext['variables'] = {},
): InputContext {
  return { read: (path) => access.read(path), list: (folder) => access.list(folder), variables };
}

/** Parses one of the files as requirements; the first unless named. */
export function readRequirements(
  files: Files | string,
  options: { readonly path?: string; readonly variables?: InputContext['variables'] } = {},
): ParsedInput {
  const all: Files = typeof files === 'string' ? { 'requirements.txt': files } : files;
  const access = createMemoryFiles(all);
  const path = options.path ?? Object.keys(all)[0] ?? '';
  const decoded = decodeFile(path, access.read(path));
  if (!decoded.ok) throw new Error(decoded.warning.message);
  return parseRequirementsTxt(decoded.file, contextOf(access, options.variables));
}

/** Parses a pyproject.toml beside other files. */
export function readPyproject(
  text: string,
  others: Files = {},
  path = 'pyproject.toml',
): Promise<ParsedInput> {
  const access = createMemoryFiles({ ...others, [path]: text });
  return parsePyproject({ path, text, realPath: path, warnings: [] }, contextOf(access));
}

/** `name==1` at `file:line:column`, one per requirement of the main set. */
export function placesOf(input: ParsedInput): readonly string[] {
  return mainOf(input).map(
    ({ raw, location }) => `${location.path}:${location.line}:${location.column} ${raw}`,
  );
}

/** The main set. */
export function mainOf(input: ParsedInput): readonly DeclaredRequirement[] {
  return input.groups
    .filter(({ kind }) => kind === 'main')
    .flatMap(({ requirements }) => requirements);
}

/** The texts of the main set. */
export function rawsOf(input: ParsedInput): readonly string[] {
  return mainOf(input).map(({ raw }) => raw);
}

/** `code file:line severity`, in order. */
export function codesOf(warnings: readonly Warning[]): readonly string[] {
  return warnings.map(
    ({ code, path, line, severity }) =>
      `${code} ${path ?? ''}:${line ?? ''} ${severity ?? 'warning'}`,
  );
}
