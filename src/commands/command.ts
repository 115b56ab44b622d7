import type { ExitCode } from '../exit-code.ts';
import type { Progress } from '../io/progress.ts';
import type { Configuration, Options } from '../options.ts';
import type {
  AuditDocument,
  CheckDocument,
  CostDocument,
  ScanDocument,
  Warning,
  WhyDocument,
} from '../types.ts';

/** What a command gets of the world. `cli.ts` fills it; tests hand in their own. */
export interface CommandContext {
  /** Absolute. */
  readonly workingDirectory: string;
  /** The environment variables; empty under `--isolated`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The variable PATH, also under `--isolated`. */
  readonly searchPath: string;
  /** The variable SystemRoot of Windows, absent elsewhere. */
  readonly systemRoot?: string;
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The options again, with `[tool.depweight]` below the flags. */
  readonly configure: (configuration: Configuration) => Options;
}

/** What a command has to say. It prints nothing itself. */
export interface CommandResult {
  /** Rendered by the chosen format; null where `text` is all there is. */
  readonly document:
    | AuditDocument
    | WhyDocument
    | CostDocument
    | CheckDocument
    | ScanDocument
    | null;
  /** Printed to stdout as it is, after the document. */
  readonly text?: string;
  /** Instead of the document: the report as it is asked for, too large for one text. Written one after the other. */
  readonly pieces?: readonly (string | Buffer)[];
  /** Printed to stderr under `-v` or `--timings`. */
  readonly notes?: readonly string[];
  /** Printed to stderr; by default those of the document. */
  readonly warnings?: readonly Warning[];
  /** The options as the configuration changed them; by default those of the command line. */
  readonly options?: Options;
  /** How long it took; for the reader, never in a document. */
  readonly elapsedMs?: number;
  /** Bytes that came over the network. */
  readonly receivedBytes?: number;
  /** By default what `exitCodeFor` finds in the document. */
  readonly exitCode?: ExitCode;
}

/** The shape of `run` in every `src/commands/NAME.ts`. */
export type RunCommand = (options: Options, context: CommandContext) => Promise<CommandResult>;
