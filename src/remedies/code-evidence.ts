/** What the code says of the conditions of remedies. A port, so that proposals stay plain functions. */
import type { SourceAccess } from '../imports/source-access.ts';
import type { FeatureRow, FeatureTable, LineRow } from '../usage/feature-needs.ts';
import { FEATURES } from '../usage/feature-needs.ts';
import { gatherEvidence } from '../usage/source-evidence.ts';
import type { DistributionName, ImportScan, UsageEvidence } from '../types.ts';

/** A condition: places that match one of its rows speak for the heavier side. */
export interface Condition {
  readonly features: readonly Omit<FeatureRow, 'needs'>[];
  readonly lines: readonly Omit<LineRow, 'needs'>[];
}

/** Answers what product code and the files beside it say. */
export interface CodeEvidence {
  /** Places that match a condition, in order. */
  find(condition: Condition): readonly UsageEvidence[];
  /** Uses of distributions without an import (data/feature-needs.json), in order. */
  needsOf(names: readonly DistributionName[]): readonly UsageEvidence[];
  /** Imports of these top-level modules, and commands of these names. */
  usesOf(modules: readonly string[], scripts: readonly string[]): readonly UsageEvidence[];
}

/** Reads what is asked for from the files of a scan; code outside of the product says nothing. */
export function createCodeEvidence(access: SourceAccess, scan: ImportScan): CodeEvidence {
  const subject = 'condition' as DistributionName;
  const gather = (
    names: readonly DistributionName[],
    table: FeatureTable,
  ): readonly UsageEvidence[] => {
    const questions = names.map((name) => ({ name, words: [] }));
    return gatherEvidence(access, scan, questions, table)
      .features.filter(({ area }) => area === undefined)
      .map(({ path, line, note }) => ({ path, line, note }));
  };
  return {
    find({ features, lines }) {
      const needs = [subject];
      return gather([subject], {
        features: features.map((row) => ({ ...row, needs })),
        lines: lines.map((row) => ({ ...row, needs })),
      });
    },
    needsOf: (names) => (names.length === 0 ? [] : gather(names, FEATURES)),
    usesOf(modules, scripts) {
      const tops = new Set(modules);
      const commands = new Set(scripts);
      const imports = scan.imports
        .filter(({ module, level, area, firstParty }) => {
          if (level > 0 || area !== undefined || firstParty === true) return false;
          return tops.has(module) || tops.has(module.split('.', 1)[0] ?? '');
        })
        .map(({ path, line, module }) => ({ path, line, note: `import ${module}` }));
      const runs = scan.references
        .filter(({ name, area }) => area === undefined && (commands.has(name) || tops.has(name)))
        .map(({ path, line, name }) => ({ path, line, note: `names ${name}` }));
      return [...imports, ...runs];
    },
  };
}
