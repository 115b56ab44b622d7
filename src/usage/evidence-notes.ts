/** Places and notes that a verdict rests on, as a reviewer reads them. */

import type { DistributionName, ImportUse, Overrule, Reference, UsageEvidence } from '../types.ts';
import { isTried } from './guards.ts';
import { MOST_EVIDENCE } from './judgement.ts';
import type { Court, UseAround } from './usage-facts.ts';

/** The place of an import, with what it is guarded by and where it stands. */
export function importEvidence(use: ImportUse): UsageEvidence {
  const what = use.dynamic ? `import of ${use.module} by name` : `import ${use.module}`;
  const guards: string[] = [];
  if (use.context.includes('type-checking')) guards.push('for type checking');
  else if (isTried(use)) guards.push('guarded');
  else if (use.fallback === true) guards.push('as a fallback');
  if (use.area !== undefined) guards.push(`in ${AREA_WORDS[use.area]}`);
  return { path: use.path, line: use.line, note: [what, ...guards].join(' ') };
}

/** The same for code beside that of the project, saying whose it is. */
export function aroundEvidence(use: UseAround): UsageEvidence {
  const { path, line, note } = importEvidence(use);
  const where = use.project === null ? '' : ` in ${use.project}, which does not declare it`;
  return { path, line, note: `${note}${where}` };
}

/** An import of a project that declares the distribution itself. */
export function elsewhereEvidence(use: UseAround): UsageEvidence {
  const { path, line, note } = importEvidence(use);
  return { path, line, note: `${note} in ${use.project}, which declares it itself` };
}

const AREA_WORDS = {
  test: 'tests',
  docs: 'docs',
  example: 'examples',
  benchmark: 'benchmarks',
  tool: 'tools',
} as const;

/** The place of a name outside of imports. */
export function referenceEvidence({ path, line, kind, name, imported }: Reference): UsageEvidence {
  if (imported === true) return { path, line, note: `imports ${name}` };
  const notes = {
    command: `runs ${name}`,
    dockerfile: `runs ${name}`,
    'entry-point': `entry point in ${name}`,
    string: `names ${name}`,
    config: `configures ${name}`,
  } as const;
  return { path, line, note: notes[kind] };
}

/** Product code before the rest, commands before configuration, else as it was: the first is shown as the reason. */
export function codeFirst(references: readonly Reference[]): readonly Reference[] {
  const rank = ({ path, kind, area }: Reference): number =>
    (area === undefined ? 0 : 4) + (isPython(path) ? 0 : kind === 'config' ? 2 : 1);
  return references.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether a path is that of code, not of configuration. */
export function isPython(path: string): boolean {
  return /\.(?:py[iwx]?|ipynb)$/.test(path);
}

/** The place where the user keeps a name, with the reason given. */
export function overruleEvidence({ reason, location, from }: Overrule): UsageEvidence {
  const what = from === 'line' ? '# depweight: keep' : 'kept by the configuration';
  const { path, line } = location;
  return { path, line, note: reason === '' ? what : `${what} (${reason})` };
}

/** The places of the declarations of a name, those of the product before all, with one note. */
export function placeEvidence(
  court: Court,
  name: DistributionName,
  note: string,
): readonly UsageEvidence[] {
  const places = court.input.declared.filter(
    ({ declared, role }) =>
      declared.requirement.name === name && role !== 'build' && role !== 'constraints',
  );
  const isProduct = places.some(({ role }) => role === 'prod');
  const rows = new Map<string, UsageEvidence>();
  for (const { declared, role } of places) {
    const { path, line } = declared.location;
    if (!isProduct || role === 'prod') rows.set(`${path}\0${line}`, { path, line, note });
  }
  return [...rows.values()]
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
    .slice(0, MOST_EVIDENCE);
}
