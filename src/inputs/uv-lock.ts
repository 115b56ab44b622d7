/**
 * uv.lock, version 1.
 *
 * Traps: one name may be locked several times, for different `resolution-markers`; the project itself is a package with an
 * `editable` or `virtual` source; a package without version is legal (its project is dynamic); unknown keys are to be ignored.
 */
import { normalizeName } from '../pep/name.ts';
import type { ParsedInput, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import type { Input, InputFile } from './input.ts';
import {
  anyMarker,
  findTableLines,
  toLockInput,
  unusableLock,
  type LockedPackage,
} from './lock.ts';
import { quoteText } from './quote.ts';
import {
  describeType,
  field,
  isTable,
  parseToml,
  textOf,
  textsOf,
  type TomlDocument,
} from './toml.ts';

const kind = 'uv-lock';

/** uv.lock. */
export const uvLock: Input = { name: kind, parse: (file) => parseUvLock(file) };

/** Pins of a uv.lock. Loads the TOML parser. Never throws for bad text. */
export async function parseUvLock(file: InputFile): Promise<ParsedInput> {
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(file, kind, document);
  const version = field(document.root, 'version');
  if (version !== 1) {
    const message = `version ${quoteText(String(version))} of the lock format is not known; depweight reads version 1`;
    return unusableLock(
      file,
      kind,
      toWarning('unknown-lock-version', document.at(['version']), message),
    );
  }
  const warnings: Warning[] = [];
  const packages = readPackages(file, document, warnings);
  return toLockInput(file, packages, {
    kind,
    requiresPython: textOf(field(document.root, 'requires-python')),
    warnings,
  });
}

function readPackages(
  file: InputFile,
  document: TomlDocument,
  warnings: Warning[],
): readonly LockedPackage[] {
  const value = field(document.root, 'package');
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const lines = findTableLines(file.text, 'package');
  const packages: LockedPackage[] = [];
  for (const [index, entry] of entries.entries()) {
    // The line of `name`, which is the first key of every package that uv writes.
    const place = { path: file.path, line: lines[index] ?? 1, column: 1 };
    const name = textOf(field(entry, 'name'));
    if (name === null) {
      const message = `a package has ${describeType(field(entry, 'name'))} for a name`;
      warnings.push({ ...toWarning('invalid-lock', place, message), severity: 'error' });
      continue;
    }
    if (textOf(field(entry, 'source', 'registry')) === null) continue;
    const version = textOf(field(entry, 'version'));
    if (version === null) {
      warnings.push(
        toWarning(
          'unlocked-package',
          place,
          `${quoteText(name)} has no version in the lock; any version will do`,
        ),
      );
      continue;
    }
    warnings.push(...warnOfSizes(document, index, entry));
    packages.push({
      name,
      version,
      marker: anyMarker(textsOf(field(entry, 'resolution-markers')) ?? []),
      place,
    });
  }
  warnings.push(...warnOfDangling(file, entries, lines));
  return packages;
}

function warnOfSizes(document: TomlDocument, index: number, entry: unknown): readonly Warning[] {
  const wheels = field(entry, 'wheels');
  const files: readonly unknown[] = Array.isArray(wheels) ? wheels : [];
  const wrong = files.findIndex((wheel) => {
    const size = field(wheel, 'size');
    return (
      size !== undefined && !(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)
    );
  });
  if (wrong === -1) return [];
  return [
    toWarning(
      'invalid-size',
      document.at(['package', index, 'wheels', wrong]),
      'the size of a file cannot be right and is not used',
    ),
  ];
}

function warnOfDangling(
  file: InputFile,
  entries: readonly unknown[],
  lines: readonly number[],
): readonly Warning[] {
  const names = new Set(entries.map((entry) => normalizeName(textOf(field(entry, 'name')) ?? '')));
  const warnings: Warning[] = [];
  for (const [index, entry] of entries.entries()) {
    const dependencies = field(entry, 'dependencies');
    for (const dependency of Array.isArray(dependencies) ? dependencies : []) {
      const name = isTable(dependency) ? textOf(field(dependency, 'name')) : null;
      if (name === null || names.has(normalizeName(name))) continue;
      const place = { path: file.path, line: lines[index] ?? 1, column: 1 };
      warnings.push(
        toWarning(
          'dangling-dependency',
          place,
          `${quoteText(textOf(field(entry, 'name')) ?? '')} needs ${quoteText(name)}, which the lock does not have`,
        ),
      );
    }
  }
  return warnings;
}
