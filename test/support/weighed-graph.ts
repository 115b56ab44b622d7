/**
 * Small invented graphs for tests: distributions by name with sizes and requirements as text; extras in force and active
 * edges follow from the roots.
 */
import { evaluateMarker } from '../../src/pep/marker.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import type {
  Bytes,
  Composition,
  DeclaredRequirement,
  DistributionName,
  MarkerEnvironment,
  TargetEnvironment,
  UnknownReason,
  WeighedDistribution,
  WeighedGraph,
} from '../../src/types.ts';

/** A distribution of an invented graph. */
export interface Invented {
  /** Installed bytes; a reason where unknown. 1 by default. */
  readonly size?: Bytes | UnknownReason;
  readonly version?: string;
  readonly requires?: readonly string[];
  readonly modules?: readonly string[];
  readonly composition?: Partial<Composition>;
}

const markers: MarkerEnvironment = {
  implementation_name: 'cpython',
  implementation_version: '3.11.0',
  os_name: 'posix',
  platform_machine: 'x86_64',
  platform_python_implementation: 'CPython',
  platform_release: '',
  platform_system: 'Linux',
  platform_version: '',
  python_full_version: '3.11.0',
  python_version: '3.11',
  sys_platform: 'linux',
};

/** CPython 3.11 on Linux x86_64. */
export const linux: TargetEnvironment = {
  python: '3.11',
  pythonFull: '3.11.0',
  implementation: 'cp',
  os: 'linux',
  arch: 'x86_64',
  libc: 'glibc',
  platformTag: 'manylinux_2_28_x86_64',
  from: 'default',
  markers,
};

/** A composition with the given bytes, the rest of `total` being Python. */
export function composition(total: Bytes, parts: Partial<Composition> = {}): Composition {
  const given = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return {
    nativeLibraries: 0,
    python: total - given,
    tests: 0,
    typeStubs: 0,
    headers: 0,
    sources: 0,
    staticLibraries: 0,
    sourceMaps: 0,
    docs: 0,
    data: 0,
    metadata: 0,
    ...parts,
  };
}

/** The graph of `invented` for these roots (`name` or `name[extra]`), sorted by name, without what nothing needs. */
export function weighedGraph(
  roots: readonly string[],
  invented: Readonly<Record<string, Invented>>,
  target: TargetEnvironment = linux,
): WeighedGraph {
  const extrasInForce = new Map<DistributionName, Set<string>>();
  const asked = roots.map((text) => parseRequirement(text));
  const pending = [...asked];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const before = extrasInForce.get(one.name);
    if (before !== undefined && one.extras.every((extra) => before.has(extra))) continue;
    extrasInForce.set(one.name, new Set([...(before ?? []), ...one.extras]));
    pending.push(...activeOf(one.name));
  }
  function activeOf(name: DistributionName): ReturnType<typeof parseRequirement>[] {
    const requires = (invented[name]?.requires ?? []).map((text) => parseRequirement(text));
    const extras = [...(extrasInForce.get(name) ?? [])];
    return requires.filter(
      ({ marker }) => marker === null || evaluateMarker(marker, target.markers, extras),
    );
  }
  const distributions = [...extrasInForce.keys()]
    .filter((name) => invented[name] !== undefined)
    .toSorted()
    .map((name): WeighedDistribution => {
      const edges = new Map<DistributionName, Set<string>>();
      for (const requirement of activeOf(name)) {
        if (requirement.name === name || invented[requirement.name] === undefined) continue;
        const extras = edges.get(requirement.name) ?? new Set();
        for (const extra of requirement.extras) extras.add(extra);
        edges.set(requirement.name, extras);
      }
      return distributionOf(name, invented[name] ?? {}, {
        extras: [...(extrasInForce.get(name) ?? [])].toSorted(),
        dependencies: [...edges].map(([edge, extras]) => ({
          name: edge,
          extras: [...extras].toSorted(),
        })),
      });
    });
  const rootExtras = new Map<DistributionName, string[]>();
  for (const { name, extras } of asked) {
    rootExtras.set(name, [...new Set([...(rootExtras.get(name) ?? []), ...extras])].toSorted());
  }
  return {
    roots: [...rootExtras].map(([name, extras]) => ({ name, extras })),
    distributions,
    warnings: [],
  };
}

function distributionOf(
  name: DistributionName,
  { size = 1, version = '1.0', requires = [], modules = [name], composition: parts }: Invented,
  resolved: Pick<WeighedDistribution, 'extras' | 'dependencies'>,
): WeighedDistribution {
  const common = {
    name,
    version,
    ...resolved,
    requires: requires.map((text) => parseRequirement(text)),
    metadataFrom: 'metadata-file' as const,
  };
  if (typeof size === 'string') {
    return { ...common, file: null, unknownReason: size, weight: { known: false, reason: size } };
  }
  return {
    ...common,
    file: {
      filename: `${name}-${version}-py3-none-any.whl`,
      url: `https://index.test/${name}-${version}-py3-none-any.whl`,
      kind: 'wheel',
      version: {
        text: version,
        epoch: 0,
        release: version.split('.').map(Number),
        pre: null,
        post: null,
        dev: null,
        local: null,
      },
      sha256: 'ab'.repeat(32),
      size: Math.ceil(size / 2),
      requiresPython: null,
      yanked: null,
      uploadTime: null,
      metadataFile: true,
    },
    unknownReason: null,
    weight: {
      known: true,
      from: 'central-directory',
      value: {
        downloadBytes: Math.ceil(size / 2),
        installedBytes: size,
        diskBytes: size * 2,
        bytecodeBytes: size * 3,
        fileCount: 1,
        composition: composition(size, parts),
        modules,
        scripts: [],
        entryPoints: {},
        warnings: [],
      },
    },
  };
}

/** A declaration of a requirement on a line of a file. */
export function declaration(
  raw: string,
  line = 1,
  path = 'requirements.txt',
  more: Partial<DeclaredRequirement> = {},
): DeclaredRequirement {
  return {
    requirement: parseRequirement(raw),
    raw,
    location: { path, line, column: 1 },
    source: 'index',
    editable: false,
    hashes: [],
    index: null,
    keep: null,
    ...more,
  };
}

/** Names as the graph has them. */
export function names(...texts: readonly string[]): DistributionName[] {
  return texts.map((text) => normalizeName(text));
}
