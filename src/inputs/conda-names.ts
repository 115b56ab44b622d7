/**
 * From conda packages to distributions, as pip sees them beside its own.
 *
 * pip finds what conda installed by the dist-info inside the conda package, whose name is not in environment.yml. Assumed is
 * the package's own name, normalised as by PEP 503: of the conda-forge packages with a dist-info 96 % have one of that name.
 * data/conda-names.json has well-known others (`pytorch` brings torch), and packages that are no Python distribution although
 * an index has one of that name (`ffmpeg`). A guess may be wrong, so the resolver says where it rested on one.
 */
import condaNames from '../../data/conda-names.json' with { type: 'json' };
import { normalizeName } from '../pep/name.ts';
import type { DistributionName } from '../types.ts';

const table: Readonly<Record<string, readonly string[]>> = condaNames.distributions;

/** The distributions that a conda package most likely holds, the main one first; none where it is known to hold none. */
export function distributionsOfConda(name: string): readonly DistributionName[] {
  // No distribution has such a name: `_libgcc_mutex`.
  if (name.startsWith('_')) return [];
  const own = normalizeName(name);
  const known = Object.hasOwn(table, own) ? table[own] : undefined;
  return known === undefined ? [own] : known.map(normalizeName);
}

/** The name under which a conda package is listed. */
export function nameOfConda(name: string): DistributionName {
  const [main] = distributionsOfConda(name);
  return main ?? normalizeName(name.replace(/^[-_.]+|[-_.]+$/g, ''));
}
