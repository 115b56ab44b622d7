import type { AdviceContext, AdviceRule } from './advice.ts';
import { listNames } from './wording.ts';

/** Product code imports a module that nothing of the environment provides. */
export const missing: AdviceRule = {
  code: 'DW104',
  rule: 'missing',
  title: 'imported, but nothing that is installed provides it',
  severity: 'error',
  evaluate: (context) => {
    const mayBeOfConda = hasCondaPackages(context);
    // What could not be read may well declare it.
    const isUnread = context.partial === true;
    const isOpen = mayBeOfConda || isUnread || hasUnknownNeeds(context);
    return context.undeclaredImports
      .filter(({ distribution }) => distribution === null)
      .map(({ module, candidates, places, guarded, conditional = false }) => ({
        code: missing.code,
        rule: missing.rule,
        packages: [],
        leaves: [],
        severity: guarded || isOpen ? 'info' : conditional ? 'warning' : missing.severity,
        confidence: guarded || isOpen || conditional ? 'possible' : 'likely',
        message: messageOf(module, {
          guarded,
          conditional,
          inNotebook: places[0]?.path.endsWith('.ipynb') === true,
          mayBeOfConda,
          isUnread,
          isOpen,
        }),
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
      }));
  },
};

/** What is installed from version control may bring anything. */
function hasUnknownNeeds({ graph }: AdviceContext): boolean {
  return graph.distributions.some(
    ({ unknownReason, metadataFrom }) =>
      unknownReason !== null && unknownReason !== 'not-weighed' && metadataFrom === null,
  );
}

/** Of a conda package neither the modules nor what it brings are known: any module may be one of these. */
function hasCondaPackages({ declared, graph }: AdviceContext): boolean {
  const known = new Set(
    graph.distributions.filter(({ weight }) => weight.known).map(({ name }) => name),
  );
  return declared.some(
    ({ source, requirement }) => source === 'conda' && !known.has(requirement.name),
  );
}

interface Doubts {
  readonly guarded: boolean;
  readonly conditional: boolean;
  readonly inNotebook: boolean;
  readonly mayBeOfConda: boolean;
  readonly isUnread: boolean;
  readonly isOpen: boolean;
}

function messageOf(
  module: string,
  { guarded, conditional, inNotebook, mayBeOfConda, isUnread, isOpen }: Doubts,
): string {
  if (mayBeOfConda)
    return `${module} is imported, but nothing that is declared is known to provide it; a package of conda may bring it`;
  const found = `${module} is imported, but nothing that is declared provides it`;
  if (guarded) return `${found}; the import is guarded`;
  if (isUnread) return `${found}; not all that is declared could be read`;
  if (isOpen) return `${found}; what some of that needs is not known`;
  if (!conditional) return found;
  return inNotebook
    ? `${found}; the notebook installs others, which may bring it`
    : `${found}; the import hangs on a condition`;
}
