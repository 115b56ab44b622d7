/** What one attempt at a resolution knows and keeps, and what it shares with the attempts before it. */
import { createBatchPrefetcher, type BatchPrefetcher } from './batch-prefetch.ts';
import type { DeclaredRequirement, DistributionName, Requirement, Warning } from '../types.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { compatibleTags } from '../pep/tags.ts';
import type { Eventually, MetadataAnswer } from '../package-index/package-index.ts';
import type { CandidatePolicy, Leaf, Universe } from './candidates.ts';
import { buildPolicy } from './candidate-policy.ts';
import type { CondaProvision, Replacement } from './conda.ts';
import type { Note } from './conflict.ts';
import type { ConflictTracker } from './conflict-tracker.ts';
import { createConflictTracker } from './conflict-tracker.ts';
import type { PackageStore } from './packages.ts';
import { createPackageStore } from './packages.ts';
import type { Priorities } from './priorities.ts';
import { createPriorities } from './priorities.ts';
import type { GlobalRequirements } from './requirements.ts';
import type { ResolveEnv, ResolveRequest } from './resolve-request.ts';
import type { Solver } from './solver.ts';
import { createSolver } from './solver.ts';
import type { VersionScale } from './version-scale.ts';
import { createVersionScale } from './version-scale.ts';
import type { VersionSet } from './version-set.ts';

/** What all attempts share: answers of the index do not change. */
export interface Shared {
  readonly request: ResolveRequest;
  readonly env: ResolveEnv;
  readonly policy: CandidatePolicy;
  readonly global: GlobalRequirements;
  readonly universes: Map<string, Eventually<Universe>>;
  /** Names that a root requirement gives a place for (URL, VCS, path), or an explicit index. */
  readonly direct: ReadonlyMap<DistributionName, DeclaredRequirement>;
  /** Where the requirements of the input stand. */
  readonly places: ReadonlyMap<Requirement, DeclaredRequirement>;
  readonly conda: CondaState;
}

/** Names move from the first to the second where conda's version will not do. */
export interface CondaState {
  readonly provisions: Map<DistributionName, CondaProvision>;
  readonly replaced: Map<DistributionName, Replacement>;
}

/** What the first attempt begins with. */
export function createShared(request: ResolveRequest, env: ResolveEnv, conda: CondaState): Shared {
  const { target } = request;
  // As in uv: a constraint limits a version and asks for nothing, extras included.
  const limits = request.constraints.map((declared) => ({
    declared,
    requirement:
      declared.requirement.extras.length === 0
        ? declared.requirement
        : { ...declared.requirement, extras: [] },
  }));
  const demands = [...request.overrides, ...request.requirements];
  return {
    request,
    env,
    policy: buildPolicy(
      request,
      compatibleTags(target),
      createRequiresPythonCheck(target.pythonFull),
    ),
    global: {
      markers: target.markers,
      constraints: byName(limits),
      overrides: byName(request.overrides),
      known: new WeakMap(),
    },
    universes: new Map(),
    direct: new Map(
      [...request.requirements, ...request.constraints, ...request.overrides]
        .filter((declared) => declared.source !== 'index' || declared.index !== null)
        // A place that is meant for another platform is none here.
        .filter(
          ({ requirement: { marker } }) =>
            marker === null || evaluateMarker(marker, target.markers, []),
        )
        .map((declared) => [declared.requirement.name, declared]),
    ),
    places: new Map([
      ...limits.map(({ requirement, declared }) => [requirement, declared] as const),
      ...demands.map((declared) => [declared.requirement, declared] as const),
    ]),
    conda,
  };
}

function byName(
  declared: readonly Pick<DeclaredRequirement, 'requirement'>[],
): ReadonlyMap<DistributionName, readonly Requirement[]> {
  const map = new Map<DistributionName, Requirement[]>();
  for (const { requirement } of declared) {
    const list = map.get(requirement.name);
    if (list === undefined) map.set(requirement.name, [requirement]);
    else list.push(requirement);
  }
  return map;
}

/** The mutable state of an attempt. */
export interface Run extends Shared {
  readonly leaves: ReadonlyMap<DistributionName, Leaf>;
  /** `name version` of releases that are taken though their metadata is broken. */
  readonly tolerated: ReadonlySet<string>;
  readonly solver: Solver<Note>;
  readonly packages: PackageStore;
  readonly priorities: Priorities;
  readonly conflicts: ConflictTracker;
  /** Told of each decision on a release. */
  readonly walkAhead: BatchPrefetcher;
  /** Versions of Python, of which none is on a list: what a release needs of it is a range. */
  readonly pythons: VersionScale;
  /** What a Requires-Python as written admits of them. */
  readonly pythonSets: Map<string, VersionSet>;
  /** `package:version` whose dependencies the solver has been told. */
  readonly told: Set<string>;
  /** By message. */
  readonly warnings: Map<string, { readonly warning: Warning; readonly release: string | null }>;
  readonly metadata: Map<string, MetadataAnswer>;
  /** The releases of which it was asked what they need, in that order. */
  readonly asked: AskedRelease[];
}

/** A release of which somebody asked what it needs, or what an extra of it adds. */
export interface AskedRelease {
  readonly universe: Universe;
  readonly version: number;
  readonly extra: string | null;
}

/** An attempt that has decided nothing yet. */
export function createRun(
  shared: Shared,
  leaves: ReadonlyMap<DistributionName, Leaf>,
  tolerated: ReadonlySet<string>,
): Run {
  return {
    ...shared,
    leaves,
    tolerated,
    solver: createSolver<Note>(),
    packages: createPackageStore(),
    priorities: createPriorities(),
    conflicts: createConflictTracker(),
    walkAhead: createBatchPrefetcher(shared.env.index),
    pythons: createVersionScale([]),
    pythonSets: new Map(),
    told: new Set(),
    warnings: new Map(),
    metadata: new Map(),
    asked: [],
  };
}
