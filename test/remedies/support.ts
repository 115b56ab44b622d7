/** A set that resolves among invented distributions, with code, for the tests of remedies. */
import { scanSources } from '../../src/imports/scan-project.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import { createCodeEvidence } from '../../src/remedies/code-evidence.ts';
import type { Remedies } from '../../src/remedies/find-remedies.ts';
import { findRemedies } from '../../src/remedies/find-remedies.ts';
import type { ResolveMore } from '../../src/resolve/project.ts';
import type { DeclaredRequirement, Environment, TargetEnvironment } from '../../src/types.ts';
import { attributeWeights } from '../../src/weigh/attribution.ts';
import { memoryAccess } from '../imports/support.ts';
import { declaration, linux, weighedGraph, type Invented } from '../support/weighed-graph.ts';

/** What a test invents. */
export interface Scene {
  readonly requirements: readonly string[];
  readonly world: Readonly<Record<string, Invented>>;
  /** What is newer than the world: taken where a requirement is open to it (no `==`). */
  readonly newer?: Readonly<Record<string, Invented>>;
  readonly code?: Readonly<Record<string, string>>;
  readonly leaving?: readonly string[];
  readonly indirect?: readonly string[];
  readonly target?: TargetEnvironment;
  readonly makesFiles?: boolean;
  readonly subject?: string;
  readonly more?: Partial<DeclaredRequirement>;
}

/** The remedies for a scene, and what was asked to be resolved. */
export async function remediesOf(
  scene: Scene,
): Promise<Remedies & { readonly asked: readonly string[][] }> {
  const {
    requirements,
    world,
    newer = {},
    code = {},
    target = linux,
    makesFiles = false,
    subject = null,
  } = scene;
  const lines = requirements.map((raw, at) =>
    declaration(raw, at + 1, 'requirements.txt', scene.more),
  );
  const environment: Environment = {
    id: 'prod',
    project: '.',
    inputs: ['requirements.txt'],
    requirements: lines,
    constraints: [],
    overrides: [],
    options: {},
  };
  const graph = weighedGraph(requirements, world, target);
  const access = memoryAccess(code);
  const asked: string[][] = [];
  const resolveMore: ResolveMore = async (changed, versions = new Map()) => {
    const texts = changed.requirements.map(({ requirement }) => formatRequirement(requirement));
    asked.push(texts);
    const open = Object.entries(newer).filter(
      ([name]) =>
        !versions.has(normalizeName(name)) && !texts.some((text) => text.startsWith(`${name}==`)),
    );
    const roots = texts.map((text) => text.replace(/[<>=!~].*$/, ''));
    const known = { ...world, ...Object.fromEntries(open) };
    if (roots.some((root) => known[root.replace(/\[.*/, '')] === undefined))
      return { solved: false, conflict: { message: 'no such name', hint: null, requirements: [] } };
    return { solved: true, graph: weighedGraph(roots, known, target) };
  };
  const found = await findRemedies(
    {
      environment,
      graph,
      target,
      attribution: attributeWeights(graph, target),
      leaving: new Set((scene.leaving ?? []).map(normalizeName)),
      indirect: new Set((scene.indirect ?? []).map(normalizeName)),
      code: createCodeEvidence(access, await scanSources(access, {})),
    },
    { resolveMore, makesFiles, subject: subject === null ? null : normalizeName(subject) },
  );
  return { ...found, asked };
}
