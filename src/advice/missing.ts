import type { AdviceRule } from './advice.ts';
import { listNames } from './wording.ts';

/** Product code imports a module that nothing of the environment provides. */
export const missing: AdviceRule = {
  code: 'DW104',
  rule: 'missing',
  title: 'imported, but nothing that is installed provides it',
  severity: 'error',
  evaluate: ({ undeclaredImports }) =>
    undeclaredImports
      .filter(({ distribution }) => distribution === null)
      .map(({ module, candidates, places, guarded }) => ({
        code: missing.code,
        rule: missing.rule,
        packages: [],
        leaves: [],
        severity: guarded ? 'info' : missing.severity,
        confidence: guarded ? 'possible' : 'likely',
        message: `${module} is imported, but nothing that is declared provides it${guarded ? '; the import is guarded' : ''}`,
        locations: places.slice(0, 1).map(({ path, line }) => ({ path, line, column: 1 })),
        evidence: places,
        savedInstalledBytes: null,
        savedDownloadBytes: null,
        remedy:
          candidates.length === 0
            ? null
            : {
                kind: 'add',
                text: `declare ${listNames(candidates.slice(0, 3)).replace(' and ', ' or ')}`,
              },
      })),
};
