import type {
  Bytes,
  Composition,
  DistributionName,
  Finding,
  WeighedDistribution,
} from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { stripCommand } from './strip-command.ts';
import { listNames, locationsOf } from './wording.ts';

/** A kind of file that a wheel can do without. */
interface Strippable {
  readonly category: keyof Composition;
  readonly noun: string;
  /** What is lost or must be known; half a sentence. */
  readonly caution: string;
  /** Distributions that read these files at run time. Measured and read in their sources, 2026-11-21. */
  readonly needed: (name: string) => boolean;
}

const leastBytes: Bytes = 1_000_000;

const compilesAtRunTime = (name: string): boolean =>
  /^(?:torch|triton|tensorflow(?:-cpu)?|cupy-.*|nvidia-.*|pybind11|numba|jax.*)$/.test(name);
const never = (): boolean => false;

// Type stubs are not here: jedi and packages that use lazy_loader read them at run time.
const kinds: readonly Strippable[] = [
  {
    category: 'tests',
    noun: 'test suites',
    caution: 'only their own .test() entry points need them',
    needed: never,
  },
  {
    category: 'sourceMaps',
    noun: 'source maps',
    caution: 'only the debugger of a browser reads them',
    needed: never,
  },
  {
    category: 'staticLibraries',
    noun: 'static libraries',
    caution: 'only compiling against them needs them',
    needed: compilesAtRunTime,
  },
  {
    category: 'headers',
    noun: 'C and C++ headers',
    caution: 'only compiling against them needs them',
    needed: compilesAtRunTime,
  },
  {
    category: 'sources',
    noun: 'sources of compiled modules',
    caution: 'nothing reads them at run time',
    needed: compilesAtRunTime,
  },
];

/** Bytes inside the wheels that stay which no program reads at run time: one finding for each kind of file. */
export const strippable: AdviceRule = {
  code: 'DW116',
  rule: 'strippable',
  title: 'tests, sources and the like inside wheels that stay',
  severity: 'info',
  evaluate: (context) => {
    const staying = stayingOf(context);
    const findings = kinds.flatMap((kind) => findingsOf(context, staying, kind));
    return findings.toSorted((a, b) => (b.savedInstalledBytes ?? 0) - (a.savedInstalledBytes ?? 0));
  },
};

function stayingOf({
  graph,
  held,
  unused,
  developmentOnly,
}: AdviceContext): readonly WeighedDistribution[] {
  const leaving = new Set<DistributionName>(
    [...unused.groups, ...developmentOnly.groups].flatMap(({ names }) => names),
  );
  const { names } = held(graph.roots.filter(({ name }) => !leaving.has(name)));
  return graph.distributions.filter(({ name }) => names.has(name));
}

/** `13 %`, or `<1 %`: what is worth a finding is never 0 %. */
function shareOf(bytes: Bytes, total: Bytes): string {
  const percent = Math.round((bytes / total) * 100);
  return percent === 0 ? '<1 %' : `${percent} %`;
}

function findingsOf(
  context: AdviceContext,
  staying: readonly WeighedDistribution[],
  { category, noun, caution, needed }: Strippable,
): readonly Finding[] {
  const holders: { readonly one: WeighedDistribution; readonly bytes: Bytes }[] = [];
  let bytes = 0;
  let total = 0;
  for (const one of staying) {
    const { name, weight } = one;
    if (!weight.known) continue;
    total += weight.value.installedBytes;
    const own = weight.value.composition[category];
    if (own === 0 || needed(name)) continue;
    bytes += own;
    holders.push({ one, bytes: own });
  }
  if (bytes < leastBytes) return [];
  const names = holders
    .toSorted((a, b) => b.bytes - a.bytes || (a.one.name < b.one.name ? -1 : 1))
    .map(({ one }) => one.name);
  const roots = new Set(context.graph.roots.map(({ name }) => name));
  const declared = names.filter((name) => roots.has(name));
  return [
    {
      code: strippable.code,
      rule: strippable.rule,
      packages: declared,
      leaves: [],
      severity: strippable.severity,
      confidence: 'likely',
      message: `${shareOf(bytes, total)} of what stays are ${noun} inside wheels: ${listNames(names, 4)}; ${caution}`,
      locations: locationsOf(context.declared, declared),
      evidence: [],
      savedInstalledBytes: bytes,
      savedDownloadBytes: 0,
      remedy: { kind: 'remove', text: remedyOf(category, noun, holders) },
    },
  ];
}

/** Deleting works in the instruction alone that installs: a layer keeps what was written in it. */
function remedyOf(
  category: keyof Composition,
  noun: string,
  holders: readonly { readonly one: WeighedDistribution }[],
): string {
  const command = stripCommand(
    category,
    holders.map(({ one }) => one),
  );
  const plain = `delete the ${noun} in the image layer that installs them`;
  return command === null ? plain : `${plain}: RUN pip install … && ${command}`;
}
