/** Builds of a package for one accelerator or none. */
import type { Bytes } from './foundations.ts';

/** How each tool is told to take a build, line by line. `ADDRESS` stands for an index that nobody configured. */
export interface BuildSnippets {
  readonly pip: readonly string[];
  readonly uv: readonly string[];
  readonly poetry: readonly string[];
}

/** One build of a package that has several. Bytes are null where they are on an index that is not configured. */
export interface AcceleratorBuild {
  readonly build: 'cpu' | 'cuda' | 'rocm';
  /** With its label where that is known: `2.4.1+cpu`. */
  readonly version: string;
  /** It is the one that is installed. */
  readonly current: boolean;
  /** Of its own wheel. */
  readonly installedBytes: Bytes | null;
  readonly downloadBytes: Bytes | null;
  /** What it brings for a GPU. */
  readonly beside: {
    readonly packages: number | null;
    readonly installedBytes: Bytes | null;
    readonly downloadBytes: Bytes | null;
  };
  readonly snippets: BuildSnippets;
}

/** A build for another target, of which the size is known. */
export interface BuildElsewhere {
  readonly os: string;
  readonly arch: string;
  readonly version: string;
  readonly installedBytes: Bytes;
  readonly downloadBytes: Bytes;
}

/** The builds of torch for the target, side by side. */
export interface AcceleratorBuilds {
  readonly package: string;
  /** Without a label. */
  readonly version: string;
  readonly builds: readonly AcceleratorBuild[];
  /** CPU builds for other targets, where that for this one is of unknown size. To 1 MB. */
  readonly elsewhere: readonly BuildElsewhere[];
  /** The day on which those were measured. */
  readonly tableDate: string;
}
