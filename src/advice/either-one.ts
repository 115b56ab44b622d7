import { formatRequirement } from '../pep/requirement.ts';
import type { DeclaredRequirement, DistributionName, UsageEvidence } from '../types.ts';
import { savingWithout, type Saving } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { listNames, locationsOf } from './wording.ts';

/** Distributions of which no run of the program needs more than one. */
export const eitherOne: AdviceRule = {
  code: 'DW135',
  rule: 'either-one',
  title: 'packages of which each run of the program needs one',
  severity: 'info',
  evaluate: (context) =>
    context.eitherOne.map(({ names, places }) => {
      const least = leastSaving(context, names);
      return {
        code: eitherOne.code,
        rule: eitherOne.rule,
        packages: names,
        leaves: [],
        severity: eitherOne.severity,
        confidence: 'likely',
        message: `${listNames(names)} are imported in branches that exclude one another (${placesOf(places)}): whoever installs this needs one of the ${COUNTS[names.length] ?? names.length}`,
        locations: locationsOf(context.declared, names),
        evidence: places,
        savedInstalledBytes: least?.installedBytes ?? null,
        savedDownloadBytes: least?.downloadBytes ?? null,
        remedy: {
          kind: 'extra',
          text: [
            '[project.optional-dependencies]',
            ...names.map((name) => extraOf(name, context)),
          ].join('\n'),
        },
      };
    }),
};

const COUNTS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 4: 'four' };

/** What goes in any case: whoever keeps the heaviest saves the others. */
function leastSaving(
  { graph, held }: AdviceContext,
  names: readonly DistributionName[],
): Saving | undefined {
  return names
    .map((kept) => savingWithout(graph, held, new Set(names.filter((name) => name !== kept))))
    .toSorted((a, b) => (a.installedBytes ?? 0) - (b.installedBytes ?? 0))[0];
}

/** `alpha = ["alpha>=1.0"]`, as it is declared. */
function extraOf(name: DistributionName, { declared }: AdviceContext): string {
  const own = declared.filter(({ requirement }) => requirement.name === name).map(textOf);
  const texts = own.length === 0 ? [name] : [...new Set(own)];
  return `${name} = [${texts.map((text) => `"${text}"`).join(', ')}]`;
}

/** Markers have quotes of their own, and TOML has two kinds. */
function textOf({ requirement }: DeclaredRequirement): string {
  return formatRequirement(requirement).replaceAll('"', "'");
}

/** `worker/run.py:27, worker/run.py:35`. */
function placesOf(places: readonly UsageEvidence[]): string {
  return listNames(
    places.map(({ path, line }) => `${path}:${line}`),
    4,
  );
}
