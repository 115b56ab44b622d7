/** What remedies are proposed from: the set that stays once the unused and the development tools have left. */
import type { Root } from '../resolve/held.ts';
import { createHeldResolver, type HeldResolver } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Environment,
  TargetEnvironment,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import type { Attribution } from '../weigh/attribution.ts';
import type { CodeEvidence } from './code-evidence.ts';

/** What of a project remedies rest on. */
export interface RemedyInput {
  readonly environment: Environment;
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
  readonly attribution: ReadonlyMap<DistributionName, Attribution>;
  /** Directs that leave anyway: unused, or for development. */
  readonly leaving: ReadonlySet<DistributionName>;
  /** Directs that only others need: they come back where somebody does. */
  readonly indirect: ReadonlySet<DistributionName>;
  readonly code: CodeEvidence;
}

/** The input with what proposals share. */
export interface RemedyContext extends RemedyInput {
  readonly held: HeldResolver;
  /** Directs that stay, with the union of their extras. */
  readonly roots: readonly Root[];
  /** All that they hold. */
  readonly staying: readonly WeighedDistribution[];
  /** Their lines. */
  readonly lines: readonly DeclaredRequirement[];
}

/** Prepares what proposals share. */
export function createRemedyContext(input: RemedyInput): RemedyContext {
  const { graph, target, environment, leaving, indirect } = input;
  const held = createHeldResolver(graph, target);
  const stays = (name: DistributionName): boolean => !leaving.has(name) && !indirect.has(name);
  const roots = graph.roots.filter(({ name }) => stays(name));
  const { names } = held(roots);
  return {
    ...input,
    held,
    roots,
    staying: graph.distributions.filter(({ name }) => names.has(name)),
    lines: environment.requirements.filter(({ requirement }) => stays(requirement.name)),
  };
}
