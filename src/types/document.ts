/** The document of `audit`, and its rows (CONTRACT.md, JSON). */
import type { AcceleratorBuilds } from './accelerators.ts';
import type { Expenses } from './expenses.ts';
import type { Finding } from './findings.ts';
import type { Warning } from './foundations.ts';
import type { BesidesKind, DeclaredRow, PackageRow, Totals } from './packages.ts';
import type { PlaceRow, TargetRow } from './places.ts';
import type { Role } from './requirements.ts';
import type { SplitRow } from './splits.ts';

export interface InputRow {
  readonly path: string;
  readonly kind: string;
  readonly role: Role;
  readonly primary: boolean;
}

export interface EnvironmentRow {
  readonly id: string;
  readonly project: string;
  readonly inputs: readonly string[];
  readonly totals: Totals;
  /** `name==version`, sorted. */
  readonly packages: readonly string[];
  /** Some of its requirements could not be read: its totals are lower bounds though every size may be known. */
  readonly partial?: true;
  /** The job of CI that installs it; absent for sets of a project. */
  readonly job?: JobRow;
  /** The services of a compose file that run it; absent for sets of a project. */
  readonly service?: ServiceRow;
  /** What its image holds besides; the totals have it. */
  readonly besides?: readonly BesidesRow[];
}

/** An image that services of a compose file run. */
export interface ServiceRow {
  /** The one that builds it first. */
  readonly names: readonly string[];
  /** Of the service in the compose file. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly dockerfile: string;
  /** Null for the last one. */
  readonly stage: string | null;
  readonly target: TargetRow;
}

/** A part of an image that nothing of its set needs. */
export interface BesidesRow {
  readonly kind: BesidesKind;
  /** What was taken out or replaced, or the installers that were asked for. */
  readonly names: readonly string[];
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly totals: Totals;
  /** `name==version`, sorted. */
  readonly packages: readonly string[];
}

/** A job of CI with the machine on which it is weighed: of several in its matrix, that of the most bytes. */
export interface JobRow {
  readonly name: string;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** As the file calls it, with what else of the matrix tells it from the others; '' where nothing does. */
  readonly machine: string;
  readonly target: TargetRow;
  /** The others of the matrix, most bytes first; totals are null where there is no solution. */
  readonly others: readonly {
    readonly machine: string;
    readonly target: TargetRow;
    readonly totals: Totals | null;
  }[];
}

/** One project of a repository that holds several. */
export interface ProjectDocument extends Omit<
  AuditDocument,
  'schemaVersion' | 'tool' | 'command' | 'target' | 'projects'
> {
  /** Its folder, `.` for the top; all paths in here are relative to the top as well. */
  readonly path: string;
  /** Null where it failed before there was one; `error` says why. */
  readonly target: TargetRow | null;
}

/** A program of the product with what it needs of the headline environment, or of that with an extra. */
export interface EntryPointRow {
  /** `app.main`, or the path of a notebook. */
  readonly name: string;
  /** The file that it starts with. */
  readonly path: string;
  readonly startedBy: { readonly path: string; readonly line: number };
  /** Files of the project that it comes to. */
  readonly files: number;
  /** Declared names that it uses. Sorted. */
  readonly declared: readonly string[];
  /** The extra without which it does not start; of that only what it imports is counted. */
  readonly extra?: string;
  /** Of all that these need, versions held. */
  readonly totals: Totals;
}

/** The JSON document: everything that any report is made of. */
export interface AuditDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'depweight'; readonly version: string };
  readonly command: string;
  /** Name of the project for headings: [project].name, else the folder's name. */
  readonly project: string;
  readonly target: TargetRow;
  readonly inputs: readonly InputRow[];
  readonly environments: readonly EnvironmentRow[];
  readonly declared: readonly DeclaredRow[];
  readonly packages: readonly PackageRow[];
  readonly totals: Totals;
  readonly findings: readonly Finding[];
  readonly splits: readonly SplitRow[];
  /** Programs of the product, heaviest first; absent where there is one or none. */
  readonly entryPoints?: readonly EntryPointRow[];
  /** Where it goes, the nearest to its limit or furthest above it first; absent where nothing shows that. */
  readonly places?: readonly PlaceRow[];
  /** What findings say of single lines of its Dockerfile, as `git diff` shows it; never written. */
  readonly imagePatch?: string;
  /** Absent where torch is not there, or has one build alone for the target. */
  readonly accelerators?: AcceleratorBuilds;
  /** Money and seconds; absent where no price was given. */
  readonly expenses?: Expenses;
  /** Python files scanned; null where no source was read. */
  readonly scannedFiles: number | null;
  readonly warnings: readonly Warning[];
  readonly error: {
    readonly message: string;
    /** What would help, where that can be told. */
    readonly hint?: string;
    readonly requirements: readonly {
      readonly raw: string;
      readonly path: string;
      readonly line: number;
      readonly column: number;
    }[];
  } | null;
  /** Of a repository with several projects: each of them, the one that the rest of the document speaks of included. */
  readonly projects?: readonly ProjectDocument[];
}
