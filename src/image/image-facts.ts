/** What advice on the image of a project rests on. Plain data; `gather-facts.ts` fills it. */
import type { InstallStep } from '../inputs/primary-source.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Besides } from './besides.ts';
import type { CopiedContext } from './build-context.ts';
import type { CopiedConstraints } from './copied-constraints.ts';
import type { MuslCost } from './musl-wheels.ts';
import type { Bytes, DeclaredRequirement, ParsedInput, WeighedGraph } from '../types.ts';

/** All that is known of the image that the product is shipped in. */
export interface ImageFacts {
  readonly image: ProductImage;
  /** True where its install commands say what is weighed. */
  readonly isWeighed: boolean;
  readonly steps: readonly InstallStep[];
  /** The dependency files of the project. */
  readonly inputs: readonly ParsedInput[];
  /** What is declared for production, the lines of the Dockerfile included. */
  readonly declared: readonly DeclaredRequirement[];
  /** What stands whatever others want: pins of later commands, and what those replaced. */
  readonly overrides: readonly DeclaredRequirement[];
  /** What was there before a command took something out or put another version in its place; null where none does. */
  readonly earlier: EarlierSet | null;
  /** What it holds that nothing of the set needs. */
  readonly besides: readonly Besides[];
  /** Files of constraints that it copies. */
  readonly constraints: readonly CopiedConstraints[];
  /** What it copies of the repository. */
  readonly contexts: readonly CopiedContext[];
  /** What has no wheel for musl: would have none, or of an image that is on musl has none; null where it cannot be told. */
  readonly musl: MuslCost | null;
}

/** The set of the commands before the first that takes something out or replaces it. */
export interface EarlierSet {
  readonly graph: WeighedGraph;
  /** That command, by its place among the install commands. */
  readonly command: number;
  /** Its 1-based line. */
  readonly line: number;
  /** Line of the last command before it that installs something. */
  readonly installedAt: number;
}

/** Bytes of some names of a graph as far as they are known. */
export function sumOf(
  { distributions }: WeighedGraph,
  names: ReadonlySet<string>,
  measure: 'installedBytes' | 'downloadBytes' | 'bytecodeBytes' = 'installedBytes',
): Bytes {
  let bytes = 0;
  for (const { name, weight } of distributions) {
    if (names.has(name) && weight.known) bytes += weight.value[measure];
  }
  return bytes;
}

/** The instruction that holds a line; null where none does. */
export function layerOf(
  { layers }: ProductImage,
  line: number,
): ProductImage['layers'][number] | null {
  return layers.find(({ installs }) => installs.some((install) => install.line === line)) ?? null;
}
