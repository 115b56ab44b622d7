import type { TargetEnvironment, UnknownReason, WeighedDistribution } from '../types.ts';
import { smallestRemovalSet } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { locationsOf } from './wording.ts';

const reasons: ReadonlySet<UnknownReason> = new Set([
  'sdist-only',
  'no-wheel-for-target',
  'no-usable-file',
]);

/** No wheel for the target: an installer has to build it, and its size cannot be known. */
export const noWheel: AdviceRule = {
  code: 'DW113',
  rule: 'no-wheel',
  title: 'no wheel for the target: has to be built, size unknown',
  severity: 'info',
  evaluate: (context) =>
    context.graph.distributions.flatMap((distribution) => {
      const { weight, name, version } = distribution;
      if (weight.known || !reasons.has(weight.reason)) return [];
      const declared = declaredFor(context, distribution);
      return [
        {
          code: noWheel.code,
          rule: noWheel.rule,
          packages: declared,
          leaves: [],
          severity: noWheel.severity,
          confidence: 'certain',
          message: `${name} ${version} has ${reasonOf(weight.reason, context.target)}; its size is unknown and left out of the totals`,
          locations: locationsOf(context.declared, declared),
          evidence: [],
          savedInstalledBytes: null,
          savedDownloadBytes: null,
          remedy: null,
        },
      ];
    }),
};

/** The name itself where it is declared, else the declared ones that bring it in. */
function declaredFor(
  { graph, held }: AdviceContext,
  { name }: WeighedDistribution,
): readonly string[] {
  if (graph.roots.some((root) => root.name === name)) return [name];
  return smallestRemovalSet(graph, held, name).with;
}

function reasonOf(reason: UnknownReason, target: TargetEnvironment): string {
  if (reason === 'sdist-only') return 'no wheel, only a source archive that has to be built';
  const place = `Python ${target.python} on ${target.platformTag}`;
  if (reason === 'no-wheel-for-target') return `no wheel for ${place} and has to be built`;
  return `no file that ${place} can use`;
}
