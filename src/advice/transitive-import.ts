import type { AdviceRule } from './advice.ts';
import { dependentsOf } from './verdicts.ts';
import { listNames } from './wording.ts';

/** Product code imports a module of a distribution that is there only because another one needs it. */
export const transitiveImport: AdviceRule = {
  code: 'DW105',
  rule: 'transitive-import',
  title: 'imported, but only another package brings it in',
  severity: 'info',
  evaluate: ({ undeclaredImports, graph }) =>
    undeclaredImports.flatMap(({ module, distribution, places, guarded }) => {
      if (distribution === null) return [];
      const dependents = dependentsOf(graph, distribution);
      const verb = dependents.length === 1 ? 'needs' : 'need';
      const isHere = graph.distributions.some(({ name }) => name === distribution);
      const reason = !isHere
        ? ' only with an extra, with a group or for development'
        : dependents.length === 0
          ? ''
          : ` only because ${listNames(dependents, 3)} ${verb} it`;
      return [
        {
          code: transitiveImport.code,
          rule: transitiveImport.rule,
          packages: [],
          leaves: [],
          severity: transitiveImport.severity,
          confidence: guarded ? 'possible' : 'certain',
          message: `${module} is imported, but ${distribution}, which provides it, is not declared: it is there${reason}`,
          locations: places.slice(0, 1).map(({ path, line }) => ({ path, line, column: 1 })),
          evidence: places,
          savedInstalledBytes: null,
          savedDownloadBytes: null,
          remedy: { kind: 'add', text: `declare ${distribution}` },
        },
      ];
    }),
};
