/**
 * Builds of torch on indexes that somebody configured for one of them. Such indexes stand side by side, each with the label
 * of its build as the last part of its address, and all builds are listed one part above: so the address of one leads to
 * the others, and none has to be known here.
 */
import { COMPANION } from './companions.ts';
import { formatRequirement, parseRequirement } from '../pep/requirement.ts';
import { parseVersion } from '../pep/version.ts';
import { redactUrl } from '../settings/redact-url.ts';
import type { ProjectPage } from '../package-index/package-index.ts';
import type { ResolvedProject } from '../resolve/project.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Environment,
  IndexOptions,
  WeighedGraph,
} from '../types.ts';

/** As they differ in what they are for. */
export type BuildKind = 'cpu' | 'cuda' | 'rocm';

/** A build as its index has it, resolved with all that it needs. */
export interface MeasuredBuild {
  /** `cpu`, `cu121`, `rocm6.1`; null for the one on the main index. */
  readonly label: string | null;
  readonly address: string | null;
  readonly graph: WeighedGraph;
}

/** What is asked. */
export interface MeasureInput extends Pick<ResolvedProject, 'resolveMore' | 'pageOf'> {
  readonly environment: Environment;
  readonly graph: WeighedGraph;
  /** Addresses of the settings in force beside those of the environment itself. */
  readonly addresses: readonly string[];
}

const torch = 'torch' as DistributionName;
const LABELLED = /^(https?:\/\/.+)\/(cpu|cu\d{2,3}|rocm\d[\d.]*)\/?$/;
/** Comes from the same index, and from no other. */
const FROM_SAME_INDEX = /^(?:pytorch-triton|triton-rocm|triton$)/;

/** What the settings lead to. */
export interface MeasuredBuilds {
  /** Where the labelled indexes stand, without credentials; null where none is configured. */
  readonly base: string | null;
  readonly byKind: ReadonlyMap<BuildKind, MeasuredBuild>;
}

/**
 * The newest build of each kind of the version that is there, as far as a configured index leads to it; and where that is
 * one with a label, the one without.
 */
export async function measureBuilds(input: MeasureInput): Promise<MeasuredBuilds> {
  const byKind = new Map<BuildKind, MeasuredBuild>();
  const own = input.graph.distributions.find(({ name }) => name === torch);
  const base = baseAddress(input);
  const found = { base: base === null ? null : redactUrl(base), byKind };
  // Of what no index has there is no version, and so no build of it.
  if (own === undefined || parseVersion(own.version) === null) return found;
  const [version = '', current] = own.version.split('+', 2);
  if (current !== undefined) {
    const graph = await resolveBuild(`torch==${version}`, null, input);
    if (graph !== null) byKind.set(kindOfGraph(graph), { label: null, address: null, graph });
  }
  if (base === null) return found;
  const answer = await input.pageOf(torch, base);
  const labels = answer.status === 'found' ? newestLabels(answer.page, version) : ['cpu'];
  for (const label of labels) {
    // That of the main index asks for less.
    if (byKind.has(kindOf(label))) continue;
    const graph = await resolveBuild(`torch==${version}+${label}`, `${base}/${label}`, input);
    const address = redactUrl(`${base}/${label}`);
    if (graph !== null) byKind.set(kindOf(label), { label, address, graph });
  }
  return found;
}

/** Without a label, what it brings tells the build. */
function kindOfGraph({ distributions }: WeighedGraph): BuildKind {
  return distributions.some(({ name }) => COMPANION.test(name)) ? 'cuda' : 'cpu';
}

function baseAddress({ environment, addresses }: MeasureInput): string | null {
  const { indexUrl, extraIndexUrls = [], laterIndexUrls = [] } = environment.options;
  const explicit = environment.requirements.flatMap(({ index }) => index ?? []);
  const all = [...addresses, indexUrl ?? '', ...extraIndexUrls, ...laterIndexUrls, ...explicit];
  for (const address of all) {
    const [, base] = LABELLED.exec(address) ?? [];
    if (base !== undefined) return base;
  }
  return null;
}

/** Of each kind the highest label among the releases of a version. */
function newestLabels({ releases }: ProjectPage, version: string): readonly string[] {
  const newest = new Map<BuildKind, string>();
  for (const release of releases) {
    const [own, label] = release.version.text.split('+', 2);
    if (own !== version || label === undefined || !/^(?:cpu|cu\d+|rocm[\d.]+)$/.test(label))
      continue;
    const before = newest.get(kindOf(label));
    if (before === undefined || compareLabels(label, before) > 0) newest.set(kindOf(label), label);
  }
  return [...newest.values()];
}

function kindOf(label: string): BuildKind {
  return label === 'cpu' ? 'cpu' : label.startsWith('rocm') ? 'rocm' : 'cuda';
}

/** `cu121` above `cu118`, `rocm6.10` above `rocm6.2`. */
function compareLabels(a: string, b: string): number {
  const parts = (label: string): readonly number[] =>
    label.replace(/^\D+/, '').split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * By itself: whether the rest of the project fits is another question. Null where it is not there for the target. Without
 * an address it comes from the main index, and its labelled neighbours are left out.
 */
async function resolveBuild(
  pin: string,
  address: string | null,
  { environment, resolveMore }: MeasureInput,
): Promise<WeighedGraph | null> {
  const { pins: _pins, locked: _locked, lockedAt: _lockedAt, ...open } = environment;
  const resolve = async (lines: readonly string[]): Promise<WeighedGraph | null> => {
    const requirements = lines.map((line) => lineOf(line, address));
    const options = address === null ? withoutLabelled(open.options) : open.options;
    const outcome = await resolveMore({
      ...open,
      options: { ...options, requireHashes: false },
      requirements,
      constraints: [],
      overrides: [],
    });
    return outcome.solved ? outcome.graph : null;
  };
  const first = await resolve([pin]);
  const own = first?.distributions.find(({ name }) => name === torch);
  if (first === null || own?.file?.kind !== 'wheel') return null;
  const isOpen = first.distributions.some(
    ({ name, file }) => FROM_SAME_INDEX.test(name) && file === null,
  );
  if (!isOpen) return first;
  const beside = own.requires.filter(({ name }) => FROM_SAME_INDEX.test(name));
  return (await resolve([pin, ...beside.map(formatRequirement)])) ?? first;
}

function withoutLabelled(options: IndexOptions): IndexOptions {
  const { indexUrl, extraIndexUrls = [], laterIndexUrls = [], ...rest } = options;
  const isPlain = (address: string): boolean => !LABELLED.test(address);
  return {
    ...rest,
    ...(indexUrl === undefined || !isPlain(indexUrl) ? {} : { indexUrl }),
    extraIndexUrls: extraIndexUrls.filter(isPlain),
    laterIndexUrls: laterIndexUrls.filter(isPlain),
  };
}

function lineOf(raw: string, index: string | null): DeclaredRequirement {
  return {
    requirement: parseRequirement(raw),
    raw,
    location: { path: 'the builds of torch', line: 1, column: 1 },
    source: 'index',
    editable: false,
    hashes: [],
    index,
    keep: null,
  };
}
