/** Builds that ask git for the version of the project: they need `.git` in the image. */
import { decodeFile } from '../inputs/decode.ts';
import { fileNameOf, type FileAccess } from '../inputs/file-access.ts';
import type { ContextFile } from './context-tree.ts';

const tools =
  /\b(?:setuptools[-_]scm|setuptools[-_]git[-_]versioning|hatch-vcs|versioneer|versioningit|poetry-dynamic-versioning|uv-dynamic-versioning|pdm\.version|dunamai|pbr|gitpython|pygit2|dulwich)\b|["']\.git["'/]|\bgit["', ]+(?:describe|rev-parse|log|show|tag)\b/i;
const files =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|.*requirements.*\.(?:txt|in)|Dockerfile.*|Makefile|.*\.(?:sh|py))$/i;

/** `pyproject.toml:3 asks git (setuptools_scm)`, null where nothing does. */
export function findVersionTool(
  context: readonly ContextFile[],
  access: FileAccess,
): string | null {
  for (const { path, bytes } of context) {
    if (!files.test(fileNameOf(path)) || bytes > 1_000_000) continue;
    const decoded = decodeFile(path, access.read(path));
    const found = decoded.ok ? tools.exec(decoded.file.text) : null;
    if (!decoded.ok || found === null) continue;
    const line = decoded.file.text.slice(0, found.index).split('\n').length;
    return `${path}:${line} may ask git`;
  }
  return null;
}
