/**
 * poetry.lock, lock-version 1.x and 2.x.
 *
 * Traps: markers of a package are a text, or since 2.1 a table by group; `source` is given for what is not on the default index;
 * an old lock has no `[metadata]` worth reading, and is read all the same.
 */
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
import { poetryPythonMarker } from './poetry-constraint.ts';
import { quoteText } from './quote.ts';
import { field, isTable, parseToml, textOf } from './toml.ts';

const kind = 'poetry-lock';

/** poetry.lock. */
export const poetryLock: Input = { name: kind, parse: (file) => parsePoetryLock(file) };

/** Pins of a poetry.lock. Loads the TOML parser. Never throws for bad text. */
export async function parsePoetryLock(file: InputFile): Promise<ParsedInput> {
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(file, kind, document);
  const version = textOf(field(document.root, 'metadata', 'lock-version'));
  const place = document.at(['metadata', 'lock-version']);
  const warnings: Warning[] = [];
  if (version === null)
    warnings.push(
      toWarning(
        'unknown-lock-version',
        place,
        'the lock does not say its version; read as version 2',
      ),
    );
  else if (!/^[12]\./.test(version)) {
    const message = `version ${quoteText(version)} of the lock format is not known; depweight reads 1.x and 2.x`;
    return unusableLock(file, kind, toWarning('unknown-lock-version', place, message));
  } else if (version.startsWith('1.')) {
    warnings.push(
      toWarning(
        'old-lock-version',
        place,
        `the lock is of the old version ${quoteText(version)}; \`poetry lock\` renews it`,
      ),
    );
  }
  const requiresPython = textOf(field(document.root, 'metadata', 'python-versions'));
  return toLockInput(file, readPackages(file, field(document.root, 'package'), warnings), {
    kind,
    requiresPython,
    warnings,
  });
}

function readPackages(
  file: InputFile,
  value: unknown,
  warnings: Warning[],
): readonly LockedPackage[] {
  const lines = findTableLines(file.text, 'package');
  const packages: LockedPackage[] = [];
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  for (const [index, entry] of entries.entries()) {
    const place = { path: file.path, line: lines[index] ?? 1, column: 1 };
    const name = textOf(field(entry, 'name'));
    const version = textOf(field(entry, 'version'));
    if (name === null || version === null) {
      warnings.push({
        ...toWarning('invalid-lock', place, 'a package has no name or no version'),
        severity: 'error',
      });
      continue;
    }
    const source = textOf(field(entry, 'source', 'type'));
    if (source !== null && source !== 'legacy' && source !== 'pypi') continue;
    packages.push({ name, version, marker: markerOf(entry), place });
  }
  return packages;
}

function markerOf(entry: unknown): string | null {
  const markers = field(entry, 'markers');
  const own = isTable(markers)
    ? Object.values(markers).filter((marker) => typeof marker === 'string')
    : [markers].filter((marker) => typeof marker === 'string');
  const written = anyMarker(own);
  // One name twice, for different Pythons: old locks tell them apart by `python-versions` alone.
  const python = textOf(field(entry, 'python-versions'));
  return (
    written ??
    (python === null || /^(?:\*|>=?[\d.]+)$/.test(python) ? null : poetryPythonMarker(python))
  );
}
