/** What a compose file says of its services, as far as it matters what is installed in them. */
import type { BuildPlatform } from '../target/dockerfile.ts';
import type { SourceLocation } from '../types.ts';

/** A service, with all that it extends. */
export interface ComposeService {
  readonly name: string;
  /** Where it stands. */
  readonly place: SourceLocation;
  /** Null where it runs an image that is built elsewhere. */
  readonly build: ComposeBuild | null;
  /** Name of its image as written, null where nothing says. */
  readonly image: string | null;
  /** It is started only where one of them is asked for; empty for always. */
  readonly profiles: readonly string[];
}

/** How the image of a service is built. */
export interface ComposeBuild {
  readonly service: string;
  /** Of the compose file. */
  readonly path: string;
  /** 1-based line of its `target`, else of its `build`. */
  readonly line: number;
  /** Folder that the build starts from, relative to the root; as written where that is an address. */
  readonly context: string;
  /** Relative to the root; the compose file itself where it writes the Dockerfile out. */
  readonly dockerfile: string;
  /** `dockerfile_inline`, at the lines where it stands. */
  readonly inline: string | null;
  /** Name of the stage, null for the last one. */
  readonly target: string | null;
  /** Those that have a value. */
  readonly args: ReadonlyMap<string, string>;
  readonly platform: BuildPlatform | null;
  /** Variables without value and default in what is said here. */
  readonly unset: readonly string[];
  /** Names under which the Dockerfile finds other folders and images. */
  readonly contexts: readonly string[];
}
