/** One run of a setup script in the mind: what it may ask of its surroundings, and what is noted while it goes. */
import type { Condition, Oracle } from './conditions.ts';
import type { CallArguments, Scope, Value } from './values.ts';

/** Whether a module can be imported where the script runs (`until` excluded); null where that is not known. */
export type Availability =
  | boolean
  | null
  | { readonly from: Condition | null; readonly until: Condition | null };

/**
 * What a script may see of the world; nothing else of it exists. A file is `unread` where it may be there but its text is not
 * known. Paths are relative to the folder of the script.
 */
export interface Surroundings {
  readonly read: (path: string) => { readonly text: string } | 'missing' | 'unread';
  readonly exists: (path: string) => boolean | null;
  readonly isAvailable: (module: string) => Availability;
}

/** The script raised an exception that is known by name. */
export class Raised extends Error {
  override readonly name = 'Raised';
  readonly exception: string;

  constructor(exception: string) {
    super(exception);
    this.exception = exception;
  }
}

/** The script does more than any setup script has to. */
export class Exhausted extends Error {
  override readonly name = 'Exhausted';
}

/** A call of `setup()`, as it was at that time. */
export interface SetupCall {
  readonly keywords: ReadonlyMap<string, Value>;
  /** `**` of something unknown. */
  readonly isOpen: boolean;
  readonly at: number;
}

/** The state of a run. */
export interface Run extends Oracle {
  readonly surroundings: Surroundings;
  readonly globals: Scope;
  /** Names of the exceptions that the `try` statements around catch, the innermost last. */
  readonly handlers: (readonly string[])[];
  /** What calls of `setup()` said, in a form that later changes do not reach. */
  readonly onSetup: (call: SetupCall) => void;
  /** A call of `setup()` may have been passed over. */
  isHidden: boolean;
  /** Counts what might have raised an exception. */
  risks: number;
  steps: number;
  depth: number;
  /** Answers what nobody knows; null where enough has been tried both ways. */
  readonly tryBoth: (at: number) => boolean | null;
  readonly callFunction: (
    callee: Extract<Value, { readonly kind: 'function' }>,
    call: CallArguments,
  ) => Value;
}

const mostSteps = 60_000;

/** Counts a step; throws Exhausted beyond the last one. */
export function step(run: Run): void {
  run.steps++;
  if (run.steps > mostSteps) throw new Exhausted('it does more than is followed');
}

const bases: Readonly<Record<string, readonly string[]>> = {
  ModuleNotFoundError: ['ImportError'],
  FileNotFoundError: ['OSError', 'IOError', 'EnvironmentError'],
  KeyError: ['LookupError'],
  IndexError: ['LookupError'],
};

/** Whether a handler for these exceptions (none: all) catches one. */
export function catches(exceptions: readonly string[], exception: string): boolean {
  if (exceptions.length === 0 || exceptions.includes('BaseException')) return true;
  if (exceptions.includes(exception)) return true;
  if (exceptions.includes('Exception'))
    return exception !== 'SystemExit' && exception !== 'KeyboardInterrupt';
  return (bases[exception] ?? []).some((base) => exceptions.includes(base));
}

/** Raises an exception where the script catches it; else goes on, for what is built at all was built without it. */
export function raiseIfCaught(run: Run, exception: string): void {
  if (run.handlers.some((exceptions) => catches(exceptions, exception)))
    throw new Raised(exception);
}
