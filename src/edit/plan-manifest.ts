/** What is to be done with a pyproject.toml: which of its requirements go, move, or become features of their own. */
import type { ProjectInputs } from '../inputs/project.ts';
import { isDevelopmentRole } from '../inputs/roles.ts';
import { normalizeName } from '../pep/name.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  ImportAtRisk,
  ParsedInput,
  SourceFile,
  TargetEnvironment,
  WeighedGraph,
} from '../types.ts';
import type { Feature, ManifestChange, ManifestStyle } from './edit-manifest.ts';

/** What the plan rests on. */
export interface ManifestRequest {
  readonly manifest: ParsedInput;
  readonly file: SourceFile;
  readonly declared: ProjectInputs['declared'];
  readonly style: ManifestStyle | null;
  readonly unused: ReadonlySet<DistributionName>;
  readonly developmentOnly: ReadonlySet<DistributionName>;
  /** Imported under `try` only, whatever else; and needed by nothing else. */
  readonly guarded: ReadonlySet<DistributionName>;
  readonly imports: readonly ImportAtRisk[];
  readonly graph: WeighedGraph;
  readonly target: TargetEnvironment;
}

/** The change, with the names that leave the headline set by it; null where nothing is to be done. */
export function planManifest(request: ManifestRequest): ManifestChange | null {
  const { manifest, file, unused, developmentOnly } = request;
  const product = productEntries(request);
  const pick = (names: ReadonlySet<DistributionName>): readonly DeclaredRequirement[] =>
    product.filter(({ requirement }) => names.has(requirement.name));
  const removed = pick(unused);
  const moved = pick(developmentOnly);
  const features = planFeatures(request, product);
  if (removed.length + moved.length + features.length === 0) return null;
  return {
    text: file.text,
    style: request.style ?? styleOf(manifest),
    projectName: manifest.projectName === null ? null : normalizeName(manifest.projectName),
    removed,
    moved,
    features,
    inDevelopment: new Set(
      manifest.groups
        .filter(({ role }) => isDevelopmentRole(role))
        .flatMap(({ requirements }) => requirements.map(({ requirement }) => requirement.name)),
    ),
  };
}

/** What the project has: Poetry's tables where those declare the main set, groups, an extra for development; else groups. */
export function styleOf({
  toolTables = [],
  groups,
  kind,
}: Pick<ParsedInput, 'toolTables' | 'groups' | 'kind'>): ManifestStyle {
  if (kind === 'pyproject' && toolTables.includes('poetry')) return 'poetry';
  const development = groups.filter(({ role }) => isDevelopmentRole(role));
  if (development.some((group) => group.kind === 'group')) return 'groups';
  return development.some((group) => group.kind === 'extra') ? 'extras' : 'groups';
}

/** Requirements of the main set and of extras and groups of the product that stand in this very file, each place once. */
function productEntries({ manifest, declared }: ManifestRequest): readonly DeclaredRequirement[] {
  const places = new Map<string, DeclaredRequirement>();
  for (const { declared: one, role, inputPath } of declared) {
    const { path, line, column } = one.location;
    if (inputPath !== manifest.path || path !== manifest.path) continue;
    if (role === 'prod' || role === 'extra') places.set(`${line}:${column}`, one);
  }
  return [...places.values()];
}

/** Guarded distributions of the headline set that leave it when they are not asked for, by the files that import them. */
function planFeatures(
  { graph, target, unused, developmentOnly, guarded, imports, manifest }: ManifestRequest,
  product: readonly DeclaredRequirement[],
): readonly Feature[] {
  const held = createHeldResolver(graph, target);
  const roots = graph.roots.filter(
    ({ name }) => !unused.has(name) && !developmentOnly.has(name) && !guarded.has(name),
  );
  const needed = held(roots).names;
  const own = new Map<DistributionName, DeclaredRequirement[]>();
  for (const one of product) {
    const { name } = one.requirement;
    const isRoot = graph.roots.some((root) => root.name === name);
    if (
      !guarded.has(name) ||
      needed.has(name) ||
      !isRoot ||
      isFeatureAlready(one, manifest, guarded)
    )
      continue;
    own.set(name, [...(own.get(name) ?? []), one]);
  }
  const groups = new Map<string, DistributionName[]>();
  for (const name of own.keys()) {
    const files = filesOf(name, graph, imports).join('\0');
    groups.set(files, [...(groups.get(files) ?? []), name]);
  }
  return [...groups].map(([files, names]) => ({
    name: featureName(names, files),
    requirements: names.flatMap((name) => own.get(name) ?? []),
  }));
}

/** Stands in an extra whose members are all optional: that is what such an extra is for. */
function isFeatureAlready(
  declared: DeclaredRequirement,
  { groups }: ParsedInput,
  guarded: ReadonlySet<DistributionName>,
): boolean {
  return groups.some(
    ({ kind, requirements }) =>
      kind !== 'main' &&
      requirements.some(
        (one) =>
          one.location.line === declared.location.line &&
          one.requirement.name === declared.requirement.name,
      ) &&
      requirements.every(({ requirement }) => guarded.has(requirement.name)),
  );
}

function filesOf(
  name: DistributionName,
  { distributions }: WeighedGraph,
  imports: readonly ImportAtRisk[],
): readonly string[] {
  const weight = distributions.find((one) => one.name === name)?.weight;
  const modules = weight?.known === true ? weight.value.modules : [];
  const uses = imports.filter(({ module }) =>
    modules.some((own) => module === own || module.startsWith(`${own}.`)),
  );
  return [...new Set(uses.map(({ path }) => path))].toSorted();
}

/** One distribution gives its name; several that the same file imports are that of the file. */
function featureName(names: readonly DistributionName[], files: string): string {
  const [first = ''] = names;
  if (names.length === 1) return first;
  const stem = /([^/\0]+)\.\w+$/.exec(files.split('\0')[0] ?? '')?.[1] ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(stem) && stem !== 'all' ? normalizeName(stem) : first;
}
