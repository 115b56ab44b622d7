/** What one more requirement would cost a project: its set resolved again with it, every version in force held where it can be. */
import { DepweightError } from './errors.ts';
import { ParseError } from './pep/parse-error.ts';
import { parseRequirement } from './pep/requirement.ts';
import { resolveHeld, versionsInForce } from './resolve/held.ts';
import type { ResolvedProject } from './resolve/project.ts';
import { toError } from './resolve/project.ts';
import type {
  AuditDocument,
  CostFacts,
  DeclaredRequirement,
  Requirement,
  Warning,
} from './types.ts';
import { compareGraphs } from './weigh/compare-graphs.ts';

/** The answer, or why there is none. */
export interface CostStage {
  readonly cost: CostFacts | null;
  readonly error: AuditDocument['error'];
  readonly warnings: readonly Warning[];
}

/** Measures the requirement in the headline environment. Throws DepweightError where the text is no requirement. */
export async function measureCost(text: string, resolved: ResolvedProject): Promise<CostStage> {
  const requirement = readRequirement(text);
  const [headline] = resolved.environments;
  if (headline === undefined) return { cost: null, error: resolved.error, warnings: [] };
  const { environment, graph } = headline;
  const { pins: _pins, lockedAt: _lockedAt, ...open } = environment;
  const requirements = [...environment.requirements, additionOf(text, requirement)];
  const outcome = await resolved.resolveMore({ ...open, requirements }, versionsInForce(graph));
  if (!outcome.solved) return { cost: null, error: toError(outcome.conflict), warnings: [] };
  const change = compareGraphs(graph, outcome.graph);
  const before = new Set(graph.distributions.map(({ name }) => name));
  const { name, extras } = requirement;
  const needed = resolveHeld(outcome.graph, [{ name, extras }], resolved.target).names;
  const known = new Set(graph.warnings.map(({ message }) => message));
  return {
    cost: {
      ...change,
      requirement: text,
      shared: [...needed].filter((one) => before.has(one)).toSorted(),
    },
    error: null,
    warnings: outcome.graph.warnings.filter(({ message }) => !known.has(message)),
  };
}

function readRequirement(text: string): Requirement {
  try {
    const requirement = parseRequirement(text);
    if (requirement.url === null) return requirement;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const hint = `${error.message}; for instance 'pandas>=2'`;
    throw new DepweightError('wrong-call', { message: `${text} is no requirement`, hint });
  }
  throw new DepweightError('wrong-call', {
    message: `${text} names an address`,
    hint: 'put the line into a file and run `depweight tree FILE`',
  });
}

function additionOf(raw: string, requirement: Requirement): DeclaredRequirement {
  return {
    requirement,
    raw,
    location: { path: 'the command line', line: 1, column: 1 },
    source: 'index',
    editable: false,
    hashes: [],
    index: null,
    keep: null,
  };
}
