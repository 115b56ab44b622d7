import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import type { Remedy } from '../../src/remedies/remedy.ts';
import type { AdviceContext, AdviceInput } from '../../src/advice/advice.ts';
import { createAdviceContext } from '../../src/advice/advice.ts';
import type { Confidence, DeclaredRequirement, Usage, Verdict } from '../../src/types.ts';
import { declaration, linux, weighedGraph, type Invented } from '../support/weighed-graph.ts';

/** A verdict with one place as evidence. */
export function usage(
  name: string,
  verdict: Verdict,
  confidence: Confidence = 'certain',
  note = `import ${name}`,
): Usage {
  const evidence = verdict === 'unused' ? [] : [{ path: 'app.py', line: 1, note }];
  return { name: normalizeName(name), verdict, confidence, evidence, lookedFor: [name] };
}

/** A measured change of lines: `before` by `after`, null where it goes; what is not given is the plain case. */
export function remedy(
  rule: Remedy['rule'],
  changes: Readonly<Record<string, string | null>>,
  more: Partial<Remedy> = {},
): Remedy {
  const replacements = Object.entries(changes).map(([name, text]) => ({
    name: normalizeName(name),
    requirement: text === null ? null : parseRequirement(text),
  }));
  return {
    rule,
    fit: 'same-import',
    replacements,
    added: [],
    instead: replacements.flatMap(({ requirement }) => requirement?.name ?? []),
    condition: 'no windows',
    against: [],
    confidence: 'likely',
    savedInstalledBytes: 40_000_000,
    savedDownloadBytes: 20_000_000,
    atLeast: false,
    leaves: Object.keys(changes).map(normalizeName),
    arrives: [],
    ...more,
  };
}

/** A context of requirements on consecutive lines of requirements.txt, with the graph that they resolve to. */
export function contextOf(
  roots: readonly string[],
  invented: Readonly<Record<string, Invented>>,
  more: Partial<AdviceInput> = {},
): AdviceContext {
  return createAdviceContext(inputOf(roots, invented, more));
}

/** As `contextOf`, before what rules share is prepared. */
export function inputOf(
  roots: readonly string[],
  invented: Readonly<Record<string, Invented>>,
  more: Partial<AdviceInput> = {},
): AdviceInput {
  const declared: readonly DeclaredRequirement[] = roots.map((root, index) =>
    declaration(root, index + 1),
  );
  return {
    declared,
    usages: [],
    graph: weighedGraph(roots, invented),
    target: linux,
    undeclaredImports: [],
    drift: [],
    ...more,
  };
}
