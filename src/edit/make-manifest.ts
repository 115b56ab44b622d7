/** The edit of a pyproject.toml, proven by reading the project again with the new text and resolving each of its sets. */
import type { AuditEnv } from '../audit-env.ts';
import { decodeFile } from '../inputs/decode.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { readNamedFile } from '../inputs/read-named-file.ts';
import { readRepository } from '../inputs/read-project.ts';
import { createHeldResolver, type HeldResolution } from '../resolve/held.ts';
import type {
  DistributionName,
  EnvironmentRow,
  ParsedInput,
  SplitRow,
  SplitSet,
  WeighedGraph,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import { editManifest, type ManifestChange, type ManifestStyle } from './edit-manifest.ts';
import type { SplitInput } from './make-splits.ts';
import { planManifest } from './plan-manifest.ts';
import { changedVersions, lostModules, packagesOf, providedModules } from './prove-split.ts';
import { withProposed } from './resolve-proposed.ts';
import { unifiedDiff } from './unified-diff.ts';

/** The pyproject.toml that says what the project needs: the primary source, or that of the lock which is. */
export function findManifest({ inputs, primaries, manifest }: ProjectInputs): ParsedInput | null {
  const paths = new Set([...primaries, ...(manifest === null ? [] : [manifest])]);
  return inputs.find(({ path, kind }) => kind === 'pyproject' && paths.has(path)) ?? null;
}

/** The file, and what else changes. */
export interface ManifestInput {
  readonly manifest: ParsedInput;
  /** null: what the project has. */
  readonly style: ManifestStyle | null;
  /** Requirements files that are installed with it, with what they are to hold, by path. */
  readonly beside: ReadonlyMap<string, string>;
}

/** The row for the file; null where nothing of it changes. */
export async function makeManifest(
  input: SplitInput,
  { manifest, style, beside }: ManifestInput,
  env: Pick<AuditEnv, 'files' | 'variables' | 'rootName'>,
): Promise<SplitRow | null> {
  const { project, environments, headline, target, leaving, productImports } = input;
  const production = environments.find(({ environment }) => environment.id === headline);
  const read = env.files.read(manifest.path);
  const decoded = decodeFile(manifest.path, read);
  if (production === undefined || !decoded.ok || !read.ok) return null;
  const mark = read.bytes[0] === 0xef ? '\uFEFF' : '';
  const { text } = decoded.file;
  const change = planManifest({
    manifest,
    file: { path: manifest.path, text },
    declared: project.declared,
    style,
    unused: leaving.unused,
    developmentOnly: leaving.developmentOnly,
    guarded: input.guarded,
    imports: productImports,
    graph: production.graph,
    target,
  });
  if (change === null) return null;
  const edited = editManifest(change);
  if (edited.text === text) return null;
  const { graph } = production;
  const held = heldAfter(
    change,
    edited.left.map(({ requirement }) => requirement.name),
    input,
    graph,
  );
  const texts = new Map([...beside, [manifest.path, edited.text]]);
  const outcome = await resolveEdited(texts, input, env);
  const free = outcome?.get(headline) ?? null;
  const lost = lostModules(
    { graph, held },
    productImports.map(({ module }) => module),
  );
  const removed = [...change.removed, ...change.moved].map((declared) => ({
    declared,
    destination: 'goes' as const,
  }));
  return {
    file: manifest.path,
    kind: 'manifest',
    content: mark + edited.text,
    diff: unifiedDiff(manifest.path, text, edited.text),
    totals: totalsOf(graph.distributions.filter(({ name }) => held.names.has(name))),
    packages: packagesOf(graph, held.names),
    sets: setsOf(input, outcome),
    proof: {
      resolved: held.missing.length === 0 && free !== null,
      changedVersions: free === null ? [] : changedVersions({ graph, held, removed }, free),
      unprovidedModules: lost,
      importErrors: productImports.filter(({ module }) => lost.includes(module)),
      providedModules: providedModules(graph, held.names, productImports),
    },
  };
}

/** The headline set with every version held, without what leaves it. */
function heldAfter(
  { removed, moved, features }: ManifestChange,
  left: readonly DistributionName[],
  { target }: SplitInput,
  graph: WeighedGraph,
): HeldResolution {
  const leaving = new Set(
    [...removed, ...moved, ...features.flatMap(({ requirements }) => requirements)]
      .map(({ requirement }) => requirement.name)
      .filter((name) => !left.includes(name)),
  );
  return createHeldResolver(graph, target)(graph.roots.filter(({ name }) => !leaving.has(name)));
}

/** The sets of the edited project by id; null where it cannot be read or one of them has no solution. */
async function resolveEdited(
  texts: ReadonlyMap<string, string>,
  { request, project, resolveMore }: SplitInput,
  env: Pick<AuditEnv, 'files' | 'variables' | 'rootName'>,
): Promise<ReadonlyMap<string, WeighedGraph> | null> {
  const { constraintFiles, overrideFiles, extras, groups, allExtras } = request;
  const { variables, rootName } = env;
  const options = {
    rootName,
    variables,
    constraintFiles,
    overrideFiles,
    extras,
    groups,
    allExtras,
    ignoresOutputs: true,
  };
  const files = withProposed(env.files, texts);
  const { projects } =
    request.path === '.'
      ? await readRepository(files, options)
      : await readNamedFile(files, request.path, options);
  const edited = projects.find((other) => other.project === project.project);
  if (edited === undefined) return null;
  const known = new Set(errorsIn(project));
  if (errorsIn(edited).some((error) => !known.has(error))) return null;
  const graphs = new Map<string, WeighedGraph>();
  for (const { locked: _locked, ...environment } of edited.environments) {
    // The lock is that of the file as it was; locking again keeps its pins wherever the edited file allows them.
    const outcome = await resolveMore(environment);
    if (!outcome.solved) return null;
    graphs.set(environment.id, outcome.graph);
  }
  return graphs;
}

function errorsIn({ warnings }: ProjectInputs): readonly string[] {
  return warnings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message.replaceAll(/:\d+/g, '')}`);
}

/** Each set before and after, as far as it differs or is new. */
function setsOf(
  { environments }: SplitInput,
  after: ReadonlyMap<string, WeighedGraph> | null,
): readonly SplitSet[] {
  const before = new Map(environments.map(({ environment, graph }) => [environment.id, graph]));
  return [...(after ?? [])].flatMap(([environment, graph]) => {
    const old = before.get(environment);
    const packages: EnvironmentRow['packages'] = packagesOf(graph);
    if (old !== undefined && packagesOf(old).join() === packages.join()) return [];
    return [
      {
        environment,
        before: old === undefined ? null : totalsOf(old.distributions),
        after: totalsOf(graph.distributions),
      },
    ];
  });
}
