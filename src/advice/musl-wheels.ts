import { comparedBases } from '../image/base-images.ts';
import { smallestRemovalSet } from '../weigh/attribution.ts';
import type { AdviceRule } from './advice.ts';
import { sayMuslCost, sayRows } from './musl-wording.ts';
import { locationsOf } from './wording.ts';

/** What a base on musl would cost, where no image of the repository says what the base is. */
export const muslWheels: AdviceRule = {
  code: 'DW137',
  rule: 'musl-wheels',
  title: 'what would have to be built on musl (Alpine), where no Dockerfile names a base',
  severity: 'info',
  evaluate: ({ musl, graph, held, declared, target }) => {
    if (musl === null || musl.lacking.length === 0) return [];
    const roots = new Set(graph.roots.map(({ name }) => name));
    const packages = musl.lacking.flatMap(({ name }) =>
      roots.has(name) ? [name] : smallestRemovalSet(graph, held, name).with,
    );
    const names = [...new Set(packages)].toSorted();
    const locations = locationsOf(declared, names);
    const [place] = locations;
    const said = sayMuslCost(musl, graph).replace(/^but /, '');
    const notes = place === undefined ? [] : sayRows(comparedBases(target.arch));
    return [
      {
        code: muslWheels.code,
        rule: muslWheels.rule,
        packages: names,
        leaves: [],
        severity: muslWheels.severity,
        confidence: 'certain',
        message: `in an image on Alpine (musl) ${said}`,
        locations,
        evidence: notes.map((note) => ({ path: place?.path ?? '', line: place?.line ?? 1, note })),
        savedInstalledBytes: null,
        savedDownloadBytes: null,
        remedy: null,
      },
    ];
  },
};
