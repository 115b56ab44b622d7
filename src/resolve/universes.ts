/** The versions of each name, asked for once: from an index, an address, conda, or as a leaf of which nothing is known. */
import type { DistributionName } from '../types.ts';
import type { Eventually, PackageIndex } from '../package-index/package-index.ts';
import type { Universe } from './candidates.ts';
import { createLeafUniverse, createMissingUniverse, createUniverse } from './candidates.ts';
import { createCondaUniverse } from './conda.ts';
import { directLeaf, directUniverse } from './direct-references.ts';
import type { Run } from './run.ts';

/** The versions of a name. */
export function universeOf(run: Run, name: DistributionName): Eventually<Universe> {
  const leaf = run.leaves.get(name);
  const provision = run.conda.provisions.get(name);
  const key =
    provision === undefined ? (leaf === undefined ? name : `${name} leaf`) : `${name} conda`;
  const known = run.universes.get(key);
  if (known !== undefined) return known;
  const found =
    provision !== undefined
      ? createCondaUniverse(provision)
      : leaf === undefined
        ? findUniverse(run, name)
        : createLeafUniverse(name, leaf);
  run.universes.set(key, found);
  // A failure is told to whoever waits for the answer; nobody waits for this copy of it.
  if (found instanceof Promise)
    void found.then(
      (universe) => run.universes.set(key, universe),
      () => undefined,
    );
  return found;
}

function findUniverse(run: Run, name: DistributionName): Eventually<Universe> {
  const declared = run.direct.get(name);
  const leaf = declared === undefined ? null : directLeaf(declared);
  if (leaf !== null) return createLeafUniverse(name, leaf);
  const direct = declared === undefined ? null : directUniverse(declared, run.policy);
  if (direct !== null) return direct;
  const answer = run.env.index.page(name, declared?.index ?? null);
  return answer instanceof Promise
    ? answer.then((found) => toUniverse(run, name, found))
    : toUniverse(run, name, answer);
}

function toUniverse(
  run: Run,
  name: DistributionName,
  answer: Awaited<ReturnType<PackageIndex['page']>>,
): Universe {
  if (answer.status === 'found') return createUniverse(answer.page, run.policy);
  if (answer.status === 'not-found') {
    return createMissingUniverse(name, {
      reason: 'not-on-index',
      detail: `no index has a project named ${name}`,
    });
  }
  // What could not be asked for must not change the versions of the rest.
  return createLeafUniverse(name, {
    version: 'unknown',
    reason: answer.reason,
    detail: answer.detail,
  });
}
