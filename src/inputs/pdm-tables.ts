/**
 * `[tool.pdm]` besides its sources: the groups of development before PEP 735, and what it says of the resolution.
 *
 * Traps: an editable entry is `-e file:///${PROJECT_ROOT}/x#egg=name`; an override is a version (`"3.2.10"` means exactly
 * that one), specifiers or an address; a name that is excluded is installed for nobody.
 */
import type { DeclaredRequirement, IndexOptions } from '../types.ts';
import type { GroupItem } from './dependency-groups.ts';
import { readExclusions } from './excluded-distributions.ts';
import { quoteText } from './quote.ts';
import {
  declareAt,
  declareEditableText,
  readRequirementItems,
  reject,
  type TomlReading,
} from './toml-requirements.ts';
import { field, isTable, textOf } from './toml.ts';

const tool = ['tool', 'pdm'] as const;

/** The groups of `[tool.pdm.dev-dependencies]` by name as written. */
export function readPdmGroups(reading: TomlReading): ReadonlyMap<string, readonly GroupItem[]> {
  const table = field(reading.document.root, ...tool, 'dev-dependencies');
  const groups = new Map<string, readonly GroupItem[]>();
  for (const [name, value] of Object.entries(isTable(table) ? table : {})) {
    const path = [...tool, 'dev-dependencies', name];
    groups.set(name, readRequirementItems(reading, path, value, declareEditableText));
  }
  return groups;
}

/** What `[tool.pdm.resolution]` and its older places say. */
export interface PdmResolution {
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
}

/** Reads them. */
export function readPdmResolution(reading: TomlReading): PdmResolution {
  const pdm = field(reading.document.root, ...tool);
  const resolution = field(pdm, 'resolution');
  const allows =
    field(resolution, 'allow-prereleases') ??
    field(pdm, 'allow-prereleases') ??
    field(pdm, 'allow_prereleases');
  return {
    overrides: [
      ...readOverrides(reading, [...tool, 'resolution', 'overrides']),
      ...readOverrides(reading, [...tool, 'overrides']),
      ...readExclusions(reading, [...tool, 'resolution', 'excludes']),
    ],
    options: allows === true ? { pre: true } : {},
  };
}

function readOverrides(
  reading: TomlReading,
  path: readonly string[],
): readonly DeclaredRequirement[] {
  const table = field(reading.document.root, ...path);
  return Object.entries(isTable(table) ? table : {}).flatMap(([name, value]) => {
    const at = [...path, name];
    const text = textOf(value);
    if (text === null) {
      reject(reading, at, `the override of ${quoteText(name)} is no text`);
      return [];
    }
    return declareAt(reading, reading.document.atKey(at), `${name}${toSuffix(text.trim())}`) ?? [];
  });
}

function toSuffix(text: string): string {
  if (text === '' || text === '*') return '';
  if (/^\d/.test(text)) return `==${text}`;
  return /^(?:[a-z][a-z0-9+.-]*:|\.{0,2}\/)/i.test(text) ? ` @ ${text}` : text;
}
