/**
 * The builds of torch for this target side by side: CUDA, CPU and ROCm. The one that is installed is measured; of the others
 * what an index says that somebody configured, else nothing: what they weigh is on indexes of their own.
 *
 * Traps: up to 2.10 the wheels for Linux aarch64 on the default index were CPU builds, since then they are for CUDA; macOS has
 * one build alone; what triton and the nvidia packages weigh is no part of the wheel of torch itself.
 */
import { parseVersion } from '../pep/version.ts';
import type {
  AcceleratorBuild,
  AcceleratorBuilds,
  DistributionName,
  TargetEnvironment,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { downloadBytesOf } from '../weigh/totals.ts';
import type { BuildKind, MeasuredBuild, MeasuredBuilds } from './measure-builds.ts';
import { COMPANION } from './companions.ts';
import { snippetsFor, type FamilyMember } from './snippets.ts';
import { cpuBuildsElsewhere, TABLE_DATE } from './torch-table.ts';

const torch = 'torch' as DistributionName;
const FAMILY: readonly string[] = ['torch', 'torchvision', 'torchaudio'];
const KINDS: readonly BuildKind[] = ['cuda', 'cpu', 'rocm'];

/** What of a run the builds are told from. */
export interface BuildsInput {
  readonly graph: WeighedGraph;
  readonly target: Pick<TargetEnvironment, 'os' | 'arch'>;
  /** What configured indexes say. */
  readonly measured: MeasuredBuilds;
}

/** The builds; null where torch is not there, or its target has one build alone. */
export function findBuilds({ graph, target, measured }: BuildsInput): AcceleratorBuilds | null {
  const own = graph.distributions.find(({ name }) => name === torch);
  if (own === undefined || target.os === 'macos' || own.conda !== undefined) return null;
  const version = parseVersion(own.version);
  // Without a wheel and without a label nothing tells which build it would be.
  if (version === null || (own.file === null && labelOf(own.version) === null)) return null;
  const publicText = publicVersion(own.version);
  const family = graph.distributions
    .filter(({ name }) => FAMILY.includes(name))
    .map((one): FamilyMember => ({ name: one.name, version: publicVersion(one.version) }))
    .toSorted((a, b) => FAMILY.indexOf(a.name) - FAMILY.indexOf(b.name));
  const companions = companionsOf(own, graph);
  const current = kindOf(own.version, (companions ?? []).length > 0);
  const builds = KINDS.map((kind) => {
    const label = labelOf(own.version);
    const live = measured.byKind.get(kind);
    if (kind === current) {
      const address = live?.label === label ? (live?.address ?? null) : null;
      return buildOf(kind, { own, companions }, { label, address, family });
    }
    if (live !== undefined) return { ...liveBuild(kind, live, family), current: false };
    return unknownBuild(kind, publicText, { base: measured.base, family });
  });
  return {
    package: torch,
    version: publicText,
    builds,
    elsewhere: builds.some(
      ({ build, installedBytes }) => build === 'cpu' && installedBytes === null,
    )
      ? cpuBuildsElsewhere(version, target)
      : [],
    tableDate: TABLE_DATE,
  };
}

/** What torch reaches of that kind, others may bring some too; null where its wheel could not be read. */
function companionsOf(
  own: WeighedDistribution,
  { distributions }: WeighedGraph,
): readonly WeighedDistribution[] | null {
  if (own.file === null) return null;
  const byName = new Map(distributions.map((one) => [one.name, one]));
  const reached = new Set<DistributionName>([own.name]);
  for (const name of reached)
    for (const dependency of byName.get(name)?.dependencies ?? []) reached.add(dependency.name);
  return distributions.filter(({ name }) => reached.has(name) && COMPANION.test(name));
}

/** A label says it; without one it is what the default index has. */
function kindOf(version: string, hasCompanions: boolean): BuildKind {
  const label = labelOf(version) ?? '';
  if (label.startsWith('rocm')) return 'rocm';
  if (label.startsWith('cu')) return 'cuda';
  return label === 'cpu' || !hasCompanions ? 'cpu' : 'cuda';
}

function labelOf(version: string): string | null {
  const [, label] = version.split('+', 2);
  return label ?? null;
}

function publicVersion(version: string): string {
  return version.split('+', 1)[0] ?? version;
}

interface Snippets {
  readonly label: string | null;
  readonly address: string | null;
  readonly family: readonly FamilyMember[];
}

function buildOf(
  build: BuildKind,
  parts: {
    readonly own: WeighedDistribution;
    readonly companions: readonly WeighedDistribution[] | null;
  },
  snippets: Snippets,
): AcceleratorBuild {
  return {
    build,
    version: parts.own.version,
    current: true,
    ...weightsOf(parts.own, parts.companions),
    snippets: snippetsFor(snippets),
  };
}

function liveBuild(
  build: BuildKind,
  { label, address, graph }: MeasuredBuild,
  family: readonly FamilyMember[],
): Omit<AcceleratorBuild, 'current'> {
  const own = graph.distributions.find(({ name }) => name === torch);
  return {
    build,
    version: own?.version ?? '',
    ...weightsOf(own, own === undefined ? null : companionsOf(own, graph)),
    snippets: snippetsFor({ label, address, family }),
  };
}

function weightsOf(
  own: WeighedDistribution | undefined,
  companions: readonly WeighedDistribution[] | null,
): Pick<AcceleratorBuild, 'installedBytes' | 'downloadBytes' | 'beside'> {
  const sum = (sizes: readonly (number | null)[]): number | null =>
    sizes.includes(null) ? null : sizes.reduce<number>((bytes, size) => bytes + (size ?? 0), 0);
  const installed = ({ weight }: WeighedDistribution): number | null =>
    weight.known ? weight.value.installedBytes : null;
  return {
    installedBytes: own === undefined ? null : installed(own),
    downloadBytes: own === undefined ? null : downloadBytesOf(own),
    beside: {
      packages: companions?.length ?? null,
      installedBytes: companions === null ? null : sum(companions.map(installed)),
      downloadBytes: companions === null ? null : sum(companions.map(downloadBytesOf)),
    },
  };
}

/** The CPU build brings nothing for a GPU; what the others bring, their index says. */
function unknownBuild(
  build: BuildKind,
  version: string,
  { base, family }: { readonly base: string | null; readonly family: readonly FamilyMember[] },
): AcceleratorBuild {
  const label = { cpu: 'cpu', cuda: 'cuNNN', rocm: 'rocmN.N' }[build];
  const isCpu = build === 'cpu';
  const nothing = { packages: 0, installedBytes: 0, downloadBytes: 0 };
  return {
    build,
    version: isCpu ? `${version}+cpu` : version,
    current: false,
    installedBytes: null,
    downloadBytes: null,
    beside: isCpu ? nothing : { packages: null, installedBytes: null, downloadBytes: null },
    // Which labels of the others there are for this version is not known; the CPU build has but one.
    snippets: snippetsFor({
      label,
      address: isCpu && base !== null ? `${base}/cpu` : null,
      family,
    }),
  };
}
