/** An environment that is installed from a lock: the lock is the answer, and nothing is resolved. */
import type { MetadataAnswer, PackageIndex } from '../package-index/package-index.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { compatibleTags } from '../pep/tags.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  LockedPart,
  ResolvedGraph,
  TargetEnvironment,
} from '../types.ts';
import { buildPolicy } from './candidate-policy.ts';
import type { LockedChoice, LockedPythons } from './lock-files.ts';
import { findLockedFile } from './lock-files.ts';
import { buildLockedGraph } from './lock-graph.ts';
import { selectFromLock, type LockSelection } from './lock-selection.ts';
import type { ResolveOptions } from './resolve-request.ts';

/** What a locked environment is made of. */
export interface LockedRequest {
  readonly locked: LockedPart;
  /** What the project declares, markers of other targets included. */
  readonly requirements: readonly DeclaredRequirement[];
  readonly target: TargetEnvironment;
  readonly options: ResolveOptions;
  /** Whether sizes are asked for. */
  readonly weights: boolean;
  readonly pythons: LockedPythons;
}

/** The graph of the lock for the target. The index is asked for what the lock does not tell. */
export async function resolveLocked(
  request: LockedRequest,
  index: PackageIndex,
  onFound: (name: string, version: string) => void,
): Promise<ResolvedGraph> {
  const { locked, requirements, target } = request;
  const selection = selectFromLock(locked, requirements, target);
  const choices = await chooseFiles(request, selection, index, onFound);
  const metadata =
    locked.facts.needsUntold === true ? await readMetadata(selection, choices, index) : null;
  return buildLockedGraph(selection, { choices, metadata }, target);
}

async function chooseFiles(
  { locked, requirements, target, options, weights, pythons }: LockedRequest,
  { pins }: LockSelection,
  index: PackageIndex,
  onFound: (name: string, version: string) => void,
): Promise<ReadonlyMap<DistributionName, LockedChoice>> {
  const nothing = { requirements: [], constraints: [], overrides: [] };
  const policy = buildPolicy(
    { ...nothing, target, options },
    compatibleTags(target),
    createRequiresPythonCheck(target.pythonFull),
  );
  const placed = new Map(
    requirements
      .filter(({ source }) => source !== 'index')
      .map((declared) => [declared.requirement.name, declared]),
  );
  const needsUntold = locked.facts.needsUntold === true;
  const ports = {
    policy,
    index,
    needsAddress: weights || needsUntold,
    needsUntold,
    pythons,
    placeOf: ({ name }: { readonly name: DistributionName }) => placed.get(name),
  };
  const found = await Promise.all(
    [...pins].map(async ([name, pin]) => {
      const choice = await findLockedFile(pin, ports);
      onFound(name, pin.version?.text ?? '');
      return [name, choice] as const;
    }),
  );
  return new Map(found);
}

async function readMetadata(
  { pins }: LockSelection,
  choices: ReadonlyMap<DistributionName, LockedChoice>,
  index: PackageIndex,
): Promise<ReadonlyMap<DistributionName, MetadataAnswer>> {
  const found = await Promise.all(
    [...pins.keys()].map(async (name) => {
      const { file = null, release = null } = choices.get(name) ?? {};
      if (file === null || release === null) return null;
      return [name, await index.metadata(name, file, release)] as const;
    }),
  );
  return new Map(found.filter((one) => one !== null));
}
