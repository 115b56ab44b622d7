/** Puts to every distribution of a graph what its wheel weighs, or why that cannot be known. */
import type {
  Known,
  ResolvedDistribution,
  ResolvedGraph,
  Warning,
  WeighedDistribution,
  WeighedGraph,
  WheelSummary,
} from '../types.ts';
import { bytecodeFactor } from './bytecode.ts';
import type { PackageIndex } from '../package-index/package-index.ts';

/** Called after each distribution, in the order in which the answers come. */
export type WeighListener = (done: number, total: number, label: string) => void;

/** Who knows the wheels, and who wants to hear of them. */
export interface Weighing {
  readonly index: Pick<PackageIndex, 'wheel'>;
  /** Of the target: `3.12`. */
  readonly python: string;
  readonly listener: WeighListener;
}

/** Asks for all weights at once; the index bounds how many requests are under way. */
export async function weighGraph(
  graph: ResolvedGraph,
  { index, python, listener }: Weighing,
): Promise<WeighedGraph> {
  const factor = bytecodeFactor(python);
  let done = 0;
  const weighed = graph.distributions.map(async (distribution): Promise<WeighedDistribution> => {
    const weight = forPython(await weigh(distribution, index), factor);
    listener(++done, graph.distributions.length, `${distribution.name} ${distribution.version}`);
    return { ...distribution, weight };
  });
  const distributions = await Promise.all(weighed);
  const warnings = [...graph.warnings, ...distributions.flatMap(warningsOf)];
  return { roots: graph.roots, distributions, warnings };
}

/** What is kept of a wheel is estimated for one Python, and meant for all. */
function forPython(weight: Known<WheelSummary>, factor: number): Known<WheelSummary> {
  if (!weight.known || factor === 1) return weight;
  const bytecodeBytes = Math.round(weight.value.bytecodeBytes * factor);
  return { ...weight, value: { ...weight.value, bytecodeBytes } };
}

async function weigh(
  { name, file, unknownReason }: ResolvedDistribution,
  index: Pick<PackageIndex, 'wheel'>,
): Promise<Known<WheelSummary>> {
  if (file !== null && file.kind === 'wheel') return index.wheel(name, file);
  return { known: false, reason: unknownReason ?? 'sdist-only' };
}

function warningsOf({
  name,
  version,
  weight,
  file,
  metadataFrom,
}: WeighedDistribution): readonly Warning[] {
  if (weight.known) {
    return weight.value.warnings.map((text) => ({
      code: 'odd-wheel',
      message: `${name} ${version}: ${text}`,
    }));
  }
  // Where there is no file at all, who looked for one has said so.
  if (
    file !== null &&
    (weight.reason === 'sdist-only' || weight.reason === 'no-wheel-for-target')
  ) {
    const lack =
      weight.reason === 'sdist-only'
        ? 'no wheel at all, only a source archive'
        : 'no wheel for this target, only a source archive';
    const isRead = metadataFrom !== null && metadataFrom !== 'lockfile';
    const how = isRead ? ' (what it requires was read without building it)' : '';
    return [
      {
        code: weight.reason,
        message: `${name} ${version} has ${lack}: its installed size is unknown${how}`,
      },
    ];
  }
  if (weight.reason === 'no-binary') {
    return [
      {
        code: 'no-binary',
        message: `${name} ${version} is built from source (--no-binary): its installed size is unknown`,
      },
    ];
  }
  if (weight.detail === undefined) return [];
  const severity =
    weight.reason === 'broken-wheel' || weight.reason === 'network' || weight.reason === 'offline'
      ? 'incomplete'
      : 'warning';
  return [
    {
      code: weight.reason,
      message: `the size of ${name} ${version} is unknown: ${weight.detail}`,
      severity,
    },
  ];
}
