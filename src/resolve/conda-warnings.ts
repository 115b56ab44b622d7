/** What a reader must know of a set that conda and pip install together: what is not weighed, and what was assumed. */
import type { Warning } from '../types.ts';
import type { CondaNeed } from './conda-graph.ts';
import type { Replacement } from './conda.ts';

const mostNames = 6;

/** One warning each on what is not weighed, what is taken to be there, what pip replaces, and extras. */
export function warnOfConda(
  needs: readonly CondaNeed[],
  replaced: readonly Replacement[],
): readonly Warning[] {
  const needed = needs.filter(({ neededBy }) => neededBy.length > 0);
  return [
    ...warnOfUnweighed(needs),
    ...warnOfAssumed(needed),
    ...replaced.map(warnOfReplaced),
    ...needed.filter(({ extras }) => extras.length > 0).map(warnOfExtras),
  ];
}

function warnOfUnweighed(needs: readonly CondaNeed[]): readonly Warning[] {
  const [first] = needs;
  if (first === undefined) return [];
  const names = needs.map(({ provision }) => provision.declared[0].conda?.name ?? provision.name);
  const what = needs.length === 1 ? '1 conda package is' : `${needs.length} conda packages are`;
  // A lock names all of them.
  const isOpen = needs.some(({ provision }) =>
    provision.declared.every(({ conda }) => conda?.needs === undefined),
  );
  const more = isOpen ? `, nor what ${needs.length === 1 ? 'it brings' : 'they bring'}` : '';
  const message = `${what} not weighed${more}: ${listSome(names)}`;
  return [{ code: 'conda', message, path: first.provision.declared[0].location.path }];
}

function warnOfAssumed(needed: readonly CondaNeed[]): readonly Warning[] {
  const [first] = needed;
  if (first === undefined) return [];
  const parts = needed.map(({ provision, neededBy }) => {
    const own = provision.declared[0].conda?.name ?? provision.name;
    const alias = own === provision.name ? '' : `conda's ${own}, `;
    return `${provision.name} (${alias}for ${neededBy.slice(0, 2).join(', ')}${neededBy.length > 2 ? ', …' : ''})`;
  });
  const message = `taken to be there from conda, so not fetched from the index: ${listSome(parts)}; names and versions are assumed to fit`;
  return [{ code: 'conda-provides', message, path: first.provision.declared[0].location.path }];
}

function warnOfReplaced({ provision, why }: Replacement): Warning {
  const [first] = provision.declared;
  const message = `${provision.name} is weighed as pip installs it, over that of conda (${first.location.path}:${first.location.line}): ${why}`;
  return { code: 'conda-replaced', message, ...first.location };
}

function warnOfExtras({ provision, extras, neededBy }: CondaNeed): Warning {
  const [first] = provision.declared;
  const message = `what ${provision.name}[${extras.join(',')}] needs for its extras is not known, as ${provision.name} comes from conda; ${neededBy.join(', ')} asks for it`;
  return { code: 'conda-extra', message, ...first.location };
}

function listSome(items: readonly string[]): string {
  const left = items.length - mostNames;
  return `${items.slice(0, mostNames).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
