/**
 * What the product can start without (CONTRACT.md, Splits: minimal): distributions that product code imports in guarded or
 * lazy places only, and that nothing else of it needs.
 *
 * Traps: an import in an `except` handler is the way out when another is missing, so it has to stay; `if TYPE_CHECKING`
 * never runs; a driver that is imported once in a function may be loaded by an address as well.
 */
import { isStandardModule } from '../imports/standard-library.ts';
import type { DistributionName, ImportAtRisk, ImportScan, ImportUse } from '../types.ts';
import { importsOfCommands } from './command-imports.ts';
import { isTried } from './guards.ts';
import { judgeFeatures, isProductReference } from './product-use.ts';
import { openCourt, type Court, type UsageInput } from './usage-facts.ts';

/** The names; ask with the evidence of `questionsFor` for the names of `lazilyImported`, else nothing is known of features. */
export function findOptional(input: UsageInput): ReadonlySet<DistributionName> {
  const court = openCourt(input);
  const names = lazilyImported(court).filter(
    (name) => !hasOtherUse(court, name) && judgeFeatures(court, name, 'product') === null,
  );
  return new Set(names);
}

/** Declared names whose imports by product code are all lazy, guarded or for types. */
export function lazilyImported(court: Court): readonly DistributionName[] {
  return [...court.roles.keys()].toSorted().filter((name) => {
    const imports = productImports(court, name);
    return imports.length > 0 && imports.every(isDispensable);
  });
}

function productImports(court: Court, name: DistributionName): readonly ImportUse[] {
  return (court.signs.get(name)?.imports ?? []).filter(({ area }) => area === undefined);
}

function isDispensable(use: ImportUse): boolean {
  const { context, fallback } = use;
  if (context.includes('type-checking')) return true;
  return fallback !== true && (isTried(use) || context.includes('function'));
}

/** A command, the word of the user, or code around the project. */
function hasOtherUse(court: Court, name: DistributionName): boolean {
  const signs = court.signs.get(name);
  const references = [...(signs?.references ?? []), ...(signs?.referencesAround ?? [])];
  return (
    court.overrules.has(name) ||
    (signs?.importsAround ?? []).some(({ area }) => area === undefined) ||
    references.some((reference) => isProductReference(reference, name))
  );
}

/** Every import of product code of modules of others, types apart, by path and line. */
export function importsAtRisk(scan: ImportScan, python: string): readonly ImportAtRisk[] {
  const scripts = new Set(scan.inlineScripts);
  const found: ImportAtRisk[] = [];
  for (const use of [...scan.imports, ...importsOfCommands(scan)]) {
    const { module, path, line, level, area, firstParty, context } = use;
    if (level > 0 || area !== undefined || firstParty === true || scripts.has(path)) continue;
    const [top = ''] = module.split('.');
    if (top === '' || context.includes('type-checking') || isStandardModule(top, python)) continue;
    const guarded = isTried(use);
    found.push({ module, path, line, guarded, lazy: context.includes('function') });
  }
  return found.toSorted(byPlace);
}

function byPlace(a: ImportAtRisk, b: ImportAtRisk): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  return a.module < b.module ? -1 : a.module > b.module ? 1 : 0;
}
