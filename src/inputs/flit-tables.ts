/**
 * `[tool.flit.metadata]`: how flit had its requirements before `[project]`, which wins where both are there.
 *
 * Traps: the extra `.none` is flit's own word for the main set; `dev-requires` is an old name of the extra `dev`.
 */
import type { DeclaredRequirement } from '../types.ts';
import {
  readPythonSpecifiers,
  readRequirementArray,
  type PythonText,
  type TomlReading,
} from './toml-requirements.ts';
import { field, isTable, textOf } from './toml.ts';

/** What the tables of flit declare. */
export interface FlitTables {
  readonly name: string | null;
  readonly python: PythonText | null;
  readonly main: readonly DeclaredRequirement[];
  readonly extras: ReadonlyMap<string, readonly DeclaredRequirement[]>;
}

const path = ['tool', 'flit', 'metadata'] as const;

/** Reads `[tool.flit.metadata]`; null where there is none. */
export function readFlitTables(reading: TomlReading): FlitTables | null {
  const metadata = field(reading.document.root, ...path);
  if (!isTable(metadata)) return null;
  const read = (...keys: readonly string[]): readonly DeclaredRequirement[] =>
    readRequirementArray(reading, [...path, ...keys], field(metadata, ...keys));
  const extras = new Map<string, readonly DeclaredRequirement[]>();
  const tables = field(metadata, 'requires-extra');
  for (const name of Object.keys(isTable(tables) ? tables : {}))
    extras.set(name, read('requires-extra', name));
  const main = [...read('requires'), ...(extras.get('.none') ?? [])];
  extras.delete('.none');
  if (field(metadata, 'dev-requires') !== undefined)
    extras.set('dev', [...(extras.get('dev') ?? []), ...read('dev-requires')]);
  return {
    name: textOf(field(metadata, 'dist-name')) ?? textOf(field(metadata, 'module')),
    python: readPythonSpecifiers(reading, [...path, 'requires-python']),
    main,
    extras,
  };
}
