/**
 * What a project declares, put together from its dependency files (CONTRACT.md, Semantics: environment, primary source,
 * alternatives, drift). Types only; `read-project.ts` fills them.
 */
import type { CiJob } from '../ci/ci-system.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { InstallStep } from './primary-source.ts';
import type {
  DeclaredRequirement,
  Environment,
  ParsedInput,
  Role,
  SourceLocation,
  Warning,
} from '../types.ts';

/** What the caller asks of the reading of a project. All optional: the default is what a bare `audit` wants. */
export interface ReadProjectOptions {
  /** Name of the root folder, for a project without a name of its own. */
  readonly rootName?: string;
  /** Values for `${NAME}` in requirement files; leave out under `--isolated`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** `--extra` (several are installed together). */
  readonly extras?: readonly string[];
  readonly allExtras?: boolean;
  /** `--group`. */
  readonly groups?: readonly string[];
  /** `-c FILE` and `--override FILE` of the command line, relative to the root. */
  readonly constraintFiles?: readonly string[];
  readonly overrideFiles?: readonly string[];
  /** What depweight wrote is no input, whoever names it: `split` makes it again. */
  readonly ignoresOutputs?: boolean;
  /** Of the machine that images are for, as in wheel tags; null where several are meant, absent where nobody says. */
  readonly architecture?: string | null;
}

/** A requirement of a manifest or `.in` (never a line of a lock), with where it counts. */
export interface DeclaredEntry {
  readonly declared: DeclaredRequirement;
  /** `prod`, `dev`, `extra:NAME`, `group:NAME` or, for an alternative, its path. */
  readonly environment: string;
  readonly role: Role;
  readonly inputPath: string;
  /** Name of the extra or group, null for the main set. */
  readonly group: string | null;
}

/** The main sets of two files of one project differ: `primary` is weighed, the difference is the finding `drift`. */
export interface Drift {
  readonly primary: string;
  readonly other: string;
  /** Declared in `primary` alone. */
  readonly onlyInPrimary: readonly DeclaredRequirement[];
  /** Declared in `other` alone. */
  readonly onlyInOther: readonly DeclaredRequirement[];
  /** Declared in both with specifiers that differ. */
  readonly different: readonly {
    readonly primary: DeclaredRequirement;
    readonly other: DeclaredRequirement;
  }[];
}

/** Sibling files of which one is installed, never several (requirements-cpu.txt, requirements-gpu.txt). */
export interface Alternatives {
  /** Sorted; the primary one, if among them, first. */
  readonly paths: readonly string[];
}

/** All that the dependency files of one project folder say. Plain data. */
export interface ProjectInputs {
  /** Folder relative to the root, `.` for the root. */
  readonly project: string;
  /** `[project].name`, else the folder's name as given by the caller. */
  readonly name: string;
  readonly inputs: readonly ParsedInput[];
  /** Path of the script that carries these requirements itself (PEP 723), null for a project. */
  readonly script: string | null;
  /** Path of the primary source, null where no file declares a main set. */
  readonly primary: string | null;
  /** All of them, where an image installs several; `primary` is the first. */
  readonly primaries: readonly string[];
  /** Why that one: `Dockerfile:4 installs it`, `requirements.txt beside a pyproject.toml without dependencies`. */
  readonly primaryReason: string;
  /** The manifest that the primary source belongs to: the `.in` of a compiled file, the pyproject of a lock; else the primary itself. */
  readonly manifest: string | null;
  /** `prod` first, then `dev`, then extras, groups and alternatives by id. */
  readonly environments: readonly Environment[];
  /** Id of the environment that the headline speaks of: `prod` unless `--extra`/`--group` asked otherwise. */
  readonly headline: string;
  readonly alternatives: readonly Alternatives[];
  readonly declared: readonly DeclaredEntry[];
  readonly drift: readonly Drift[];
  readonly requiresPython: { readonly text: string; readonly location: SourceLocation } | null;
  /** The one Python that a conda environment of the project installs; `isWeighed`: that environment is the primary source. */
  readonly condaPython: {
    readonly version: string;
    readonly location: SourceLocation;
    readonly isWeighed: boolean;
  } | null;
  /** The image that the target is read from, null where no Dockerfile is the product's. */
  readonly image: ProductImage | null;
  /** The image whose install commands say what is weighed, null where none does. */
  readonly weighedImage: ProductImage | null;
  /** The jobs of a CI file that say what is weighed, where the user named such a file; that of the headline first. */
  readonly ciJobs?: readonly CiJobInputs[];
  /** The services of a compose file, where the user named such a file. */
  readonly services?: ComposeInputs;
  /** Of an image that was named: which code and which texts tell of it. */
  readonly scope?: ImageScope;
  /** Its commands with the files that they install, in order. */
  readonly steps: readonly InstallStep[];
  readonly warnings: readonly Warning[];
}

/** What tells of one image of several that may stand beside each other. */
export interface ImageScope {
  /** The folder that the build starts from. */
  readonly folder: string;
  /** What other Dockerfiles run is no use in this image. */
  readonly dockerfile: string;
}

/** The services of a compose file. */
export interface ComposeInputs {
  /** What is built and installs something, that of the headline first. */
  readonly images: readonly ServiceInputs[];
  /** Names of services that run an image that is built elsewhere. */
  readonly foreign: readonly string[];
  /** Names of services in which nothing of Python is installed. */
  readonly empty: readonly string[];
}

/** An image that services of a compose file run, with what it installs. */
export interface ServiceInputs {
  /** Of its environment: `service:NAME`, the name that `--env` takes. */
  readonly id: string;
  /** Of all services that run it, the one that builds it first. */
  readonly names: readonly string[];
  /** Of the service in the compose file. */
  readonly place: SourceLocation;
  readonly dockerfile: string;
  /** Null for the last one. */
  readonly stage: string | null;
  readonly project: ProjectInputs;
}

/** A job of a CI file with what it installs. */
export interface CiJobInputs {
  /** Of its environment. */
  readonly id: string;
  readonly path: string;
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** One for each kind of machine of its matrix and for each thing that is installed there; at least one. */
  readonly rows: readonly CiRowInputs[];
  /** How many more there are. */
  readonly left: number;
}

/** What one machine of a job gets. */
export interface CiRowInputs {
  readonly job: CiJob;
  /** What tells it from the others: `windows-latest`. */
  readonly label: string;
  readonly project: ProjectInputs;
}

/** The projects of a repository, the one that `audit` details first. Empty where there is no dependency file. */
export interface RepositoryInputs {
  readonly projects: readonly ProjectInputs[];
  /** Paths of Dockerfiles seen, product images first. */
  readonly dockerfiles: readonly string[];
  /** Files with depweight's own header that nothing names: outputs, not inputs. */
  readonly outputs: readonly string[];
  readonly warnings: readonly Warning[];
}
