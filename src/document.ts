/**
 * The JSON document of a run (CONTRACT.md, JSON): what every stage found, as sorted rows. Plain data in and out, no clock
 * and no absolute path, so that two runs on the same index are byte-equal.
 */
import { formatSpecifiers } from './pep/specifier.ts';
import type { Besides } from './image/besides.ts';
import { compareText } from './report/order.ts';
import type {
  AcceleratorBuilds,
  AuditDocument,
  BesidesRow,
  Bytes,
  DeclaredRequirement,
  DeclaredRow,
  DistributionName,
  Environment,
  EntryPointRow,
  EnvironmentRow,
  Finding,
  InputRow,
  JobRow,
  PackageRow,
  PlaceRow,
  Requirement,
  ServiceRow,
  SourceLocation,
  SplitRow,
  TargetEnvironment,
  TargetRow,
  Totals,
  Usage,
  Warning,
  WeighedDistribution,
  WeighedGraph,
} from './types.ts';
import type { Attribution } from './weigh/attribution.ts';
import { attributeWeights } from './weigh/attribution.ts';
import { downloadBytesOf, sumTotals, totalsOf } from './weigh/totals.ts';

/** One environment with its resolved and weighed graph. */
export interface EnvironmentResult {
  readonly environment: Environment;
  readonly graph: WeighedGraph;
  /** The job of CI that installs it, on a machine of its own. */
  readonly job?: JobOfSet;
  /** The services of a compose file that run it. */
  readonly service?: ServiceOfSet;
  /** What its image holds besides. */
  readonly besides?: readonly Besides[];
  /** Given where it was computed already, else computed when a row needs it. */
  readonly attribution?: ReadonlyMap<DistributionName, Attribution>;
}

/** A job of CI with the machine that is weighed. */
export interface JobOfSet extends Omit<JobRow, 'target' | 'others'> {
  readonly target: TargetEnvironment;
  readonly others: readonly (Omit<JobRow['others'][number], 'target'> & {
    readonly target: TargetEnvironment;
  })[];
}

/** Services with the target that their image is for. */
export interface ServiceOfSet extends Omit<ServiceRow, 'target'> {
  readonly target: TargetEnvironment;
}

/** What the stages found; what is left out has not been asked for. */
export interface DocumentParts {
  readonly toolVersion: string;
  readonly command: string;
  /** Name of the project for headings. */
  readonly project: string;
  readonly target: TargetEnvironment;
  readonly inputs: readonly InputRow[];
  /** Headline first, as they shall be listed. Empty where nothing could be resolved. */
  readonly environments: readonly EnvironmentResult[];
  /** Id of the environment that totals, exclusive bytes and `direct` speak of; `prod` when left out. */
  readonly headline?: string;
  readonly declared: readonly {
    readonly declared: DeclaredRequirement;
    readonly environment: string;
  }[];
  /** Verdicts by environment id. A declaration without one is `unknown`. */
  readonly usages?: ReadonlyMap<string, readonly Usage[]>;
  readonly findings?: readonly Finding[];
  readonly splits?: readonly SplitRow[];
  readonly entryPoints?: readonly EntryPointRow[];
  readonly places?: readonly PlaceRow[];
  readonly imagePatch?: string;
  readonly accelerators?: AcceleratorBuilds;
  readonly scannedFiles?: number | null;
  readonly warnings?: readonly Warning[];
  readonly error?: AuditDocument['error'];
}

/** Puts the document together: rows sorted by code points, totals those of the headline environment. */
export function buildDocument(parts: DocumentParts): AuditDocument {
  const headline = parts.headline ?? 'prod';
  const environments = [
    ...parts.environments.filter(({ environment }) => environment.id === headline),
    ...parts.environments.filter(({ environment }) => environment.id !== headline),
  ];
  return {
    schemaVersion: 1,
    tool: { name: 'depweight', version: parts.toolVersion },
    command: parts.command,
    project: parts.project,
    target: targetRow(parts.target),
    inputs: sortedBy(parts.inputs, (input) => [input.path, input.kind, input.role]),
    environments: environments.map(environmentRow),
    declared: declaredRows(parts),
    // Only the headline's: `packages` and `totals` of a document speak of the same set.
    packages: packageRows(environments, parts),
    totals: totalsOfHeadline(environments[0], parts.error ?? null),
    findings: parts.findings ?? [],
    splits: parts.splits ?? [],
    ...((parts.entryPoints ?? []).length === 0 ? {} : { entryPoints: parts.entryPoints ?? [] }),
    ...((parts.places ?? []).length === 0 ? {} : { places: parts.places ?? [] }),
    ...(parts.imagePatch === undefined ? {} : { imagePatch: parts.imagePatch }),
    ...(parts.accelerators === undefined ? {} : { accelerators: parts.accelerators }),
    scannedFiles: parts.scannedFiles ?? null,
    warnings: warningRows(parts.warnings ?? []),
    error: parts.error ?? null,
  };
}

/** Package URL (purl) of a distribution on a Python package index. */
export function packageUrl(name: string, version: string): string {
  return `pkg:pypi/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
}

/** A conda package is on no Python package index, and its version may be open. */
function packageUrlOf({ name, version, conda }: WeighedDistribution): string {
  if (conda === undefined) return packageUrl(name, version);
  const pinned = version === 'unknown' ? '' : `@${encodeURIComponent(version)}`;
  return `pkg:conda/${encodeURIComponent(conda)}${pinned}`;
}

/** The parts of a document of which nothing is known, or in which there is nothing. */
export function emptyParts(): Pick<
  AuditDocument,
  'environments' | 'declared' | 'packages' | 'totals' | 'findings' | 'splits' | 'scannedFiles'
> {
  return {
    environments: [],
    declared: [],
    packages: [],
    totals: totalsOf([]),
    findings: [],
    splits: [],
    scannedFiles: null,
  };
}

/** A target as the document tells it. */
export function targetRow(target: TargetEnvironment): TargetRow {
  const { python, implementation, freeThreaded, os, arch, libc, platformTag, from } = target;
  const build = freeThreaded === true ? { freeThreaded } : {};
  return { python, implementation, ...build, os, arch, libc, platformTag, from };
}

/** Of the set, with what the image holds besides. */
export function totalsOfResult({ graph, environment, besides = [] }: EnvironmentResult): Totals {
  const set = totalsOf(graph.distributions);
  const totals =
    besides.length === 0
      ? set
      : sumTotals([set, ...besides.map(({ distributions }) => totalsOf(distributions))]);
  return environment.partial === true ? { ...totals, lowerBound: true } : totals;
}

/** Of a conflict nothing was weighed: its totals are no answer, only bounds. */
function totalsOfHeadline(
  headline: EnvironmentResult | undefined,
  error: AuditDocument['error'],
): Totals {
  const totals = headline === undefined ? totalsOf([]) : totalsOfResult(headline);
  return error === null ? totals : { ...totals, lowerBound: true };
}

function environmentRow(result: EnvironmentResult): EnvironmentRow {
  const { id, project, inputs, partial } = result.environment;
  const { besides = [] } = result;
  const distributions = [
    ...result.graph.distributions,
    ...besides.flatMap((set) => set.distributions),
  ];
  const packages = distributions.map(({ name, version }) => `${name}==${version}`);
  return {
    id,
    project,
    inputs,
    totals: totalsOfResult(result),
    packages: packages.toSorted(),
    ...(partial === true ? { partial } : {}),
    ...(result.job === undefined ? {} : { job: jobRow(result.job) }),
    ...(result.service === undefined
      ? {}
      : { service: { ...result.service, target: targetRow(result.service.target) } }),
    ...(besides.length === 0 ? {} : { besides: besides.map(besidesRow) }),
  };
}

function besidesRow({ kind, names, at, distributions }: Besides): BesidesRow {
  const packages = distributions.map(({ name, version }) => `${name}==${version}`).toSorted();
  const totals = totalsOf(distributions);
  return { kind, names, path: at.path, line: at.line, totals, packages };
}

function jobRow({ target, others, ...job }: JobOfSet): JobRow {
  const rows = others.map((other) => ({ ...other, target: targetRow(other.target) }));
  return { ...job, target: targetRow(target), others: rows };
}

function declaredRows(parts: DocumentParts): readonly DeclaredRow[] {
  const verdicts = new Map<string, Usage>();
  for (const [environment, usages] of parts.usages ?? []) {
    for (const usage of usages) verdicts.set(`${environment} ${usage.name}`, usage);
  }
  const rows = parts.declared.map(({ declared, environment }): DeclaredRow => {
    const { requirement, raw, location } = declared;
    const usage = verdicts.get(`${environment} ${requirement.name}`);
    return {
      name: requirement.name,
      raw,
      path: location.path,
      line: location.line,
      column: location.column,
      environment,
      extras: requirement.extras,
      marker: requirement.markerText,
      verdict: usage?.verdict ?? 'unknown',
      confidence: usage?.confidence ?? 'possible',
      evidence: usage?.evidence ?? [],
    };
  });
  return sortedBy(rows, (row) => [row.path, row.line, row.column, row.name, row.environment]);
}

/** One distribution of the headline environment, and all environments that hold it in this version. */
interface Holders {
  readonly first: WeighedDistribution;
  readonly results: EnvironmentResult[];
}

function packageRows(
  [headline, ...others]: readonly EnvironmentResult[],
  parts: DocumentParts,
): readonly PackageRow[] {
  if (headline === undefined) return [];
  const holders = new Map<string, Holders>();
  const requiredBy = new Map<string, Set<string>>();
  for (const distribution of headline.graph.distributions) {
    const key = `${distribution.name} ${distribution.version}`;
    holders.set(key, { first: distribution, results: [headline] });
    for (const { name } of distribution.dependencies) {
      if (name === distribution.name) continue;
      requiredBy.set(name, (requiredBy.get(name) ?? new Set()).add(distribution.name));
    }
  }
  for (const result of others) {
    for (const { name, version } of result.graph.distributions) {
      holders.get(`${name} ${version}`)?.results.push(result);
    }
  }
  const declaredAt = locationsByName(parts);
  const attribute = lazyAttribution(parts.target);
  const roots = new Set(headline.graph.roots.map(({ name }) => name));
  const rows = [...holders.values()].map((held) =>
    packageRow(held, {
      direct: roots.has(held.first.name),
      declaredAt: declaredAt.get(held.first.name) ?? [],
      requiredBy: [...(requiredBy.get(held.first.name) ?? [])].toSorted(),
      attribution: held.results[0] && attribute(held.results[0]).get(held.first.name),
    }),
  );
  return sortedBy([...rows, ...besidesRows(headline, others)], (row) => [
    row.name,
    row.version,
    row.besides ?? '',
  ]);
}

/** Nothing needs them: each goes by itself. */
function besidesRows(
  headline: EnvironmentResult,
  others: readonly EnvironmentResult[],
): readonly PackageRow[] {
  return (headline.besides ?? []).flatMap(({ kind, names, at, distributions }) =>
    distributions.map((first) => {
      const { installedBytes } = first.weight.known ? first.weight.value : { installedBytes: 0 };
      const results = [headline, ...others].filter(({ besides = [] }) =>
        besides.some((set) => set.kind === kind && set.distributions.includes(first)),
      );
      const isAsked = kind !== 'left-behind' && names.includes(first.name);
      const row = packageRow(
        { first, results },
        {
          direct: false,
          declaredAt: isAsked ? [at] : [],
          requiredBy: [],
          attribution: {
            exclusiveBytes: installedBytes,
            subtreeBytes: installedBytes,
            exclusiveAtLeast: installedBytes,
            subtreeAtLeast: installedBytes,
          },
        },
      );
      return { ...row, besides: kind };
    }),
  );
}

function packageRow(
  { first, results }: Holders,
  around: {
    readonly direct: boolean;
    readonly declaredAt: readonly SourceLocation[];
    readonly requiredBy: readonly string[];
    readonly attribution: Attribution | undefined;
  },
): PackageRow {
  const { name, version, file, weight } = first;
  const summary = weight.known ? weight.value : null;
  const known = <T>(value: T): T | null => (weight.known ? value : null);
  return {
    name,
    version,
    purl: packageUrlOf(first),
    direct: around.direct,
    environments: [...new Set(results.map(({ environment }) => environment.id))],
    extras: first.extras,
    declaredAt: around.declaredAt,
    file: file && { kind: file.kind, filename: file.filename, sha256: file.sha256 },
    downloadBytes: downloadBytesOf(first),
    installedBytes: summary?.installedBytes ?? null,
    diskBytes: summary?.diskBytes ?? null,
    exclusiveBytes: known<Bytes | null>(around.attribution?.exclusiveBytes ?? null),
    subtreeBytes: known<Bytes | null>(around.attribution?.subtreeBytes ?? null),
    bytecodeBytes: summary?.bytecodeBytes ?? null,
    known: weight.known,
    from: weight.known ? weight.from : null,
    metadataFrom: first.metadataFrom,
    unknownReason: weight.known ? null : weight.reason,
    composition: summary?.composition ?? null,
    requires: requirementRows(first.requires),
    requiredBy: around.requiredBy,
    modules: summary?.modules ?? [],
    scripts: summary?.scripts ?? [],
  };
}

function requirementRows(requires: readonly Requirement[]): PackageRow['requires'] {
  const rows = requires.map(({ name, specifiers, url, extras, markerText }) => {
    const specifier = url === null ? formatSpecifiers(specifiers) : `@ ${url}`;
    // One text as the key: thousands of these rows are sorted in a run, and all are ASCII but for odd markers.
    const key = [name, markerText ?? '', specifier, ...extras].join('\u0000');
    return { key, row: { name, specifier, extras, marker: markerText } };
  });
  return rows.toSorted((a, b) => compareText(a.key, b.key)).map(({ row }) => row);
}

function locationsByName(parts: DocumentParts): ReadonlyMap<string, readonly SourceLocation[]> {
  const places = new Map<string, Map<string, SourceLocation>>();
  for (const { declared } of parts.declared) {
    const { path, line, column } = declared.location;
    const ofName = places.get(declared.requirement.name) ?? new Map<string, SourceLocation>();
    // One line may count in several environments (prod, and dev as its superset).
    ofName.set(`${path}:${line}:${column}`, { path, line, column });
    places.set(declared.requirement.name, ofName);
  }
  return new Map(
    [...places].map(([name, ofName]) => [
      name,
      sortedBy([...ofName.values()], (place) => [place.path, place.line, place.column]),
    ]),
  );
}

function lazyAttribution(
  target: TargetEnvironment,
): (result: EnvironmentResult) => ReadonlyMap<DistributionName, Attribution> {
  const computed = new Map<EnvironmentResult, ReadonlyMap<DistributionName, Attribution>>();
  return (result) => {
    const attribution =
      result.attribution ?? computed.get(result) ?? attributeWeights(result.graph, target);
    computed.set(result, attribution);
    return attribution;
  };
}

function warningRows(warnings: readonly Warning[]): readonly Warning[] {
  const distinct = new Map(
    warnings.map((warning) => [
      JSON.stringify([warning.code, warning.message, warning.path, warning.line, warning.column]),
      warning,
    ]),
  );
  return sortedBy([...distinct.values()], (warning) => [
    warning.path ?? '',
    warning.line ?? 0,
    warning.column ?? 0,
    warning.code,
    warning.message,
  ]);
}

type SortKey = readonly (string | number)[];

/** A sorted copy, by code points and numbers: never by locale. */
function sortedBy<T>(rows: readonly T[], keyOf: (row: T) => SortKey): readonly T[] {
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .toSorted((a, b) => compareKeys(a.key, b.key))
    .map(({ row }) => row);
}

function compareKeys(left: SortKey, right: SortKey): number {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? '';
    const order =
      typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
    if (order !== 0) return order;
  }
  return 0;
}
