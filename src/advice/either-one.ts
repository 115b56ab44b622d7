import type { AdviceRule } from './advice.ts';
import type { UsageEvidence } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import { listNames, locationsOf } from './wording.ts';

/** Two distributions that no run of the program needs both of. */
export const eitherOne: AdviceRule = {
  code: 'DW135',
  rule: 'either-one',
  title: 'two packages of which each run of the program needs one',
  severity: 'info',
  evaluate: (context) =>
    context.eitherOne.map(({ names, places }) => {
      const savings = names.map((name) =>
        savingWithout(context.graph, context.held, new Set([name])),
      );
      const least = savings.toSorted(
        (a, b) => (a.installedBytes ?? 0) - (b.installedBytes ?? 0),
      )[0];
      const extras = names.map((name) => `${name} = ["${name}"]`).join(', ');
      return {
        code: eitherOne.code,
        rule: eitherOne.rule,
        packages: names,
        leaves: [],
        severity: eitherOne.severity,
        confidence: 'likely',
        message: `${listNames(names)} are imported in branches that exclude one another (${placesOf(places)}): whoever installs this needs one of the two`,
        locations: locationsOf(context.declared, names),
        evidence: places,
        savedInstalledBytes: least?.installedBytes ?? null,
        savedDownloadBytes: least?.downloadBytes ?? null,
        remedy: {
          kind: 'extra',
          text: `an extra for each lets people choose: [project.optional-dependencies] ${extras}`,
        },
      };
    }),
};

/** `worker/run.py:27, worker/run.py:35`. */
function placesOf(places: readonly UsageEvidence[]): string {
  return listNames(
    places.map(({ path, line }) => `${path}:${line}`),
    4,
  );
}
