/** What a command of an image installs: the vocabulary that its readers and their users share. */
import type { SourceLocation } from '../types.ts';
import type { ShellWord } from './shell-pieces.ts';

/** One command that installs Python distributions, or takes them out again. */
export interface InstallCommand {
  readonly tool: 'pip' | 'pipx' | 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'conda';
  /** 1-based line in its file; of one in a script, that of what runs the script. */
  readonly line: number;
  /** Where it stands in a script of the repository, null for all others. */
  readonly script: SourceLocation | null;
  /** Where it runs in the image, from its root. */
  readonly folder: string;
  /** As written: paths inside the image, relative to its working folder. */
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  /** Folders or files of projects: `.`, `/app`, with the extras asked for; `*` for all of them. */
  readonly projects: readonly {
    readonly path: string;
    readonly extras: readonly string[];
    readonly editable: boolean;
  }[];
  /** `--group NAME`, `--group PATH:NAME`: groups of a manifest, without the project itself. */
  readonly groups: readonly { readonly path: string; readonly name: string }[];
  /** Requirements written out, each with its own line. */
  readonly packages: readonly ShellWord[];
  /** For `uv sync`, `poetry install` and the like: the project's own sets that are installed. */
  readonly sync: SyncOptions | null;
  /** `--index-url`: asked in place of the default one. */
  readonly indexUrl: string | null;
  /** `--extra-index-url`, and `--index` of uv: asked beside it. */
  readonly extraIndexUrls: readonly string[];
  /** Names that are taken out: such a command installs nothing. */
  readonly removes: readonly string[];
  /** Options without their values: `--no-cache-dir`, `--no-deps`. */
  readonly options: readonly string[];
  /** Where in the image it installs to; null where nothing tells. */
  readonly places: readonly InstallPlace[] | null;
  /** Archives that it installs, from the root of the image; what they hold is counted where they are made. */
  readonly archives: readonly string[];
  /** Only builds or downloads archives: `pip wheel`, `pip download`. */
  readonly onlyFetches: boolean;
}

/** A folder that packages come to lie in, from the root of the image: one of those where a command may install to. */
export interface InstallPlace {
  readonly path: string;
  /** `prefix`: they lie below `lib` in it, as in a virtual environment; `flat`: in the folder itself. */
  readonly kind: 'prefix' | 'flat';
}

/** Which sets of a project a syncing command installs. */
export interface SyncOptions {
  /** False where it installs groups alone. */
  readonly withMain: boolean;
  /** With the groups that the tool takes unasked: those for development, as a rule. */
  readonly withDefaultGroups: boolean;
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly groups: readonly string[];
  readonly allGroups: boolean;
  readonly excludedGroups: readonly string[];
  /** `--package NAME`: these members of a workspace; empty for the project of the folder. */
  readonly packages: readonly string[];
  /** Before another command that was asked for: `uv run`. */
  readonly isImplied: boolean;
}

/** A command that does nothing yet. */
export function emptyInstall(tool: InstallCommand['tool'], line: number): InstallCommand {
  return {
    tool,
    line,
    script: null,
    folder: '/',
    requirementFiles: [],
    constraintFiles: [],
    projects: [],
    groups: [],
    packages: [],
    sync: null,
    indexUrl: null,
    extraIndexUrls: [],
    removes: [],
    options: [],
    places: null,
    archives: [],
    onlyFetches: false,
  };
}
