/**
 * pylock.toml (PEP 751).
 *
 * Traps: the version of a package may be left out for what is built from a folder; `marker` says for which targets a package
 * holds; files named `pylock.NAME.toml` are locks too; a major version that is not known must not be read.
 */
import type { ParsedInput, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { findTableLines, toLockInput, unusableLock, type LockedPackage } from './lock.ts';
import { quoteText } from './quote.ts';
import { field, parseToml, textOf, type TomlDocument } from './toml.ts';

const kind = 'pylock';

/** pylock.toml and pylock.NAME.toml. */
export const pylock: Input = { name: kind, parse: (file, context) => parsePylock(file, context) };

/** Pins of a pylock.toml. Loads the TOML parser. Never throws for bad text. */
export async function parsePylock(file: InputFile, context: InputContext): Promise<ParsedInput> {
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(file, kind, document);
  const version = textOf(field(document.root, 'lock-version'));
  if (version === null || !/^1\./.test(version)) {
    const message = `version ${quoteText(version ?? 'none')} of the lock format is not known; depweight reads 1.x`;
    return unusableLock(
      file,
      kind,
      toWarning('unknown-lock-version', document.at(['lock-version']), message),
    );
  }
  const warnings: Warning[] = [];
  const packages = readPackages(file, document, context, warnings);
  return toLockInput(file, packages, {
    kind,
    requiresPython: textOf(field(document.root, 'requires-python')),
    warnings,
  });
}

function readPackages(
  file: InputFile,
  document: TomlDocument,
  context: InputContext,
  warnings: Warning[],
): readonly LockedPackage[] {
  const value = field(document.root, 'packages');
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const lines = findTableLines(file.text, 'packages');
  const packages: LockedPackage[] = [];
  for (const [index, entry] of entries.entries()) {
    const place = { path: file.path, line: lines[index] ?? 1, column: 1 };
    const name = textOf(field(entry, 'name'));
    if (name === null) {
      warnings.push({
        ...toWarning('invalid-lock', place, 'a package has no name'),
        severity: 'error',
      });
      continue;
    }
    const archive =
      textOf(field(entry, 'archive', 'path')) ?? textOf(field(entry, 'directory', 'path'));
    if (archive !== null) {
      const read = context.read(joinPath(folderOf(file.path), archive));
      if (!read.ok && read.problem !== 'folder') {
        const at = document.at(['packages', index, 'archive', 'path']);
        warnings.push(toWarning('outside-repository', at, `${quoteText(archive)} ${read.detail}`));
      }
    }
    const version = textOf(field(entry, 'version'));
    if (version !== null)
      packages.push({ name, version, marker: textOf(field(entry, 'marker')), place });
    else
      warnings.push(
        toWarning('unlocked-package', place, `${quoteText(name)} has no version in the lock`),
      );
  }
  return packages;
}
