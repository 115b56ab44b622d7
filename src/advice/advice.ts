/** The axis of advice: everything depweight can say about the requirements of one environment. */
import type { WeighedCiJob } from '../ci/weigh-jobs.ts';
import type { Drift } from '../inputs/project.ts';
import type { ImageFacts } from '../image/image-facts.ts';
import type { MuslCost } from '../image/musl-wheels.ts';
import type { Remedy } from '../remedies/remedy.ts';
import type { HeldResolver } from '../resolve/held.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Finding,
  PlaceRow,
  RuleName,
  Severity,
  SourceLocation,
  TargetEnvironment,
  Usage,
  UsageEvidence,
  WeighedGraph,
} from '../types.ts';
import type { EitherOne } from '../usage/either-one.ts';
import type { Attribution } from '../weigh/attribution.ts';
import { attributeWeights } from '../weigh/attribution.ts';
import { groupRemovals, type RemovalGroups } from './removal-groups.ts';

/** A module that product code imports and no declared distribution provides. */
export interface UndeclaredImport {
  /** As imported: `yaml`, `google.cloud.storage`. */
  readonly module: string;
  /** The distribution of the environment that brings it, null where none does. */
  readonly distribution: DistributionName | null;
  /** Distributions on the index known to provide it, best first; empty where none is known. */
  readonly candidates: readonly string[];
  /** The places of the imports, in order. */
  readonly places: readonly UsageEvidence[];
  /** True when each place tolerates its absence: `try`, `TYPE_CHECKING`, `suppress(ImportError)`. */
  readonly guarded: boolean;
  /** True when each place that is not guarded hangs on a condition: it may never come to it. */
  readonly conditional?: boolean;
}

/** A distribution that a command imports at once and only extras declare. */
export interface MisplacedExtra {
  readonly name: DistributionName;
  readonly extras: readonly string[];
  /** The module that the command starts with, and where it is declared. */
  readonly command: string;
  readonly commandAt: Pick<UsageEvidence, 'path' | 'line'>;
  /** The imports, in order. */
  readonly places: readonly UsageEvidence[];
  /** Where the extras declare it. */
  readonly locations?: readonly SourceLocation[];
}

/** What the stages before know of one environment. */
export interface AdviceInput {
  /** Every requirement of the environment, as declared: never a line of a lock. */
  readonly declared: readonly DeclaredRequirement[];
  /** One verdict per declared distribution; empty where no source was scanned. */
  readonly usages: readonly Usage[];
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
  readonly undeclaredImports: readonly UndeclaredImport[];
  readonly drift: readonly Drift[];
  readonly misplacedExtras?: readonly MisplacedExtra[];
  /** How many names product code takes from a distribution, where that can be counted. */
  readonly usedNames?: ReadonlyMap<DistributionName, number>;
  /** Versions that constraint files hold for the environment. */
  readonly constraints?: readonly DeclaredRequirement[];
  /** Names that some environment installs. */
  readonly installed?: ReadonlySet<DistributionName>;
  /** What would be lighter, measured; the largest saving first. */
  readonly remedies?: readonly Remedy[];
  /** Where the repository goes, held against what is taken there. */
  readonly places?: readonly PlaceRow[];
  /** Some requirements of the environment could not be read. */
  readonly partial?: boolean;
  /** What is known of the image that the product is shipped in. */
  readonly image?: ImageFacts | null;
  /** What musl would cost, where no image says what the base is. */
  readonly musl?: MuslCost | null;
  /** Sets of which a run of the program needs one. */
  readonly eitherOne?: readonly EitherOne[];
  /** Jobs of CI that install what the product needs. */
  readonly ciJobs?: readonly WeighedCiJob[];
}

/** What rules see: the input and what several of them need of it. */
export interface AdviceContext extends AdviceInput {
  readonly remedies: readonly Remedy[];
  readonly places: readonly PlaceRow[];
  readonly misplacedExtras: readonly MisplacedExtra[];
  readonly usedNames: ReadonlyMap<DistributionName, number>;
  readonly constraints: readonly DeclaredRequirement[];
  readonly image: ImageFacts | null;
  readonly musl: MuslCost | null;
  readonly eitherOne: readonly EitherOne[];
  readonly ciJobs: readonly WeighedCiJob[];
  readonly held: HeldResolver;
  readonly attribution: ReadonlyMap<DistributionName, Attribution>;
  /** Unused for certain or likely, grouped by what can only leave together. */
  readonly unused: RemovalGroups;
  /** Likewise what only development needs. */
  readonly developmentOnly: RemovalGroups;
}

/**
 * One piece of advice. To add a rule:
 *
 * 1. Copy `_template.ts.txt` to `src/advice/<rule>.ts` and export one `AdviceRule`.
 * 2. Add its name to `RuleName` in `types.ts` if it is new, and take the next free code: codes are stable and never reused.
 * 3. Add one line to the list in `index.ts`.
 * 4. Add `test/advice/<rule>.test.ts`: a graph where it speaks, one where it is silent, and one with unknown sizes.
 *
 * `evaluate` is called once per run, after usage was judged. It is given plain data and returns findings, the weightiest
 * first; it reads no file, asks no index and keeps nothing. What every rule keeps to:
 *
 * - Bytes saved are computed by resolving again with the rest held (`savingWithout`), never by subtraction of own sizes.
 * - What can only leave together is one finding. What frees nothing says so and claims 0.
 * - `packages` holds declared names; what goes with them is in `leaves`.
 * - Every finding has a place that an editor can open, and the evidence that its verdict rests on.
 * - A confidence is the weakest of the facts it rests on. Nothing of confidence `possible` may be more than `info`.
 * - Messages are sentences in plain text without figures in bytes: the report writes those in the units asked for. Names
 *   come from files and indexes and are made safe for a terminal by the report.
 */
export interface AdviceRule {
  /** `DW1xx`. */
  readonly code: string;
  readonly rule: RuleName;
  /** Half a sentence for lists of rules. */
  readonly title: string;
  /** The severity that it has by default; a single finding may be milder. */
  readonly severity: Severity;
  readonly evaluate: (context: AdviceContext) => readonly Finding[];
}

/** Prepares what rules share. Names that the target does not install are in no group. */
export function createAdviceContext(input: AdviceInput): AdviceContext {
  const { graph, target, usages } = input;
  const held = createHeldResolver(graph, target);
  const installed = new Set(graph.roots.map(({ name }) => name));
  const withVerdict = (verdict: Usage['verdict']): ReadonlySet<DistributionName> => {
    const found = usages.filter(
      (usage) => usage.verdict === verdict && usage.confidence !== 'possible',
    );
    return new Set(found.map(({ name }) => name).filter((name) => installed.has(name)));
  };
  const unused = withVerdict('unused');
  const developmentOnly = withVerdict('dev-only');
  return {
    remedies: [],
    places: [],
    misplacedExtras: [],
    usedNames: new Map(),
    constraints: [],
    image: null,
    musl: null,
    eitherOne: [],
    ciJobs: [],
    ...input,
    held,
    attribution: attributeWeights(graph, target),
    unused: groupRemovals(graph, held, unused, developmentOnly),
    developmentOnly: groupRemovals(graph, held, developmentOnly, unused),
  };
}

/** What a split takes out of the production file: the unused that nothing holds, and all that is for development. */
export function leavingNames(context: AdviceContext): {
  readonly unused: ReadonlySet<DistributionName>;
  readonly developmentOnly: ReadonlySet<DistributionName>;
} {
  const { unused, developmentOnly } = context;
  return {
    unused: new Set(unused.groups.flatMap(({ names }) => names)),
    developmentOnly: new Set([
      ...developmentOnly.groups.flatMap(({ names }) => names),
      ...developmentOnly.held,
    ]),
  };
}
