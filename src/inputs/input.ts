/**
 * The axis of input formats: everything a project may keep its dependencies in.
 */
import type { ParsedInput, Warning } from '../types.ts';
import type { ListResult, ReadResult } from './file-access.ts';

/** A dependency file, decoded. */
export interface InputFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Identity of the file after symbolic links, see `ReadResult`. */
  readonly realPath: string;
  /** What had to be said while decoding, e.g. bytes that are not UTF-8. */
  readonly warnings: readonly Warning[];
}

/** What a member may ask for while it parses. */
export interface InputContext {
  /** Reads a file that the parsed one names (`-r`, `dynamic`, a workspace member). Never throws. */
  readonly read: (path: string) => ReadResult;
  /** Entries of a folder, for globs of workspace members. Never throws. */
  readonly list: (folder: string) => ListResult;
  /** Values for `${NAME}`; empty under `--isolated`. What is read here is a secret: it never reaches a message or `raw`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * One input format. To add one:
 *
 * 1. Write `src/inputs/pdm-lock.ts` exporting an `Input`. `parse` is called once per file, with the decoded text; it returns
 *    what the file says as plain data and keeps nothing. It may read files that its text names, through the context alone.
 * 2. Add one row to `src/inputs/index.ts`: the name, how a file name is recognised (cheap, on the path only: it runs for
 *    every file of the repository), whether it is a manifest or a lock, and a thunk that loads the member.
 * 3. Add `test/inputs/pdm-lock.test.ts` and a fixture folder `test/fixtures/projects/pdm-lock/`.
 *
 * What every member keeps to:
 * - Each requirement carries the line and column (1-based, in characters) at which its own text starts, and `raw` as written.
 * - One bad entry never loses the rest: it becomes a warning of severity `error` that names file and line, quotes the text
 *   and says what to do. Wrong types, giant strings, deep nesting and `__proto__` are entries like others.
 * - `parse` does not throw for bad text. A file that cannot be read at all gives no groups and one warning.
 * - Roles come from the names of files and groups by `roles.ts`, never from content.
 * - A lock sets `locked`: its pins are taken as they are for the target, and its lines are never *declared*.
 * - Anything from the environment stays out of `raw`, messages and names.
 */
export interface Input {
  readonly name: string;
  readonly parse: (file: InputFile, context: InputContext) => ParsedInput | Promise<ParsedInput>;
}

/** A row of the axis: how a file is recognised before its format is loaded. */
export interface InputFormat {
  readonly name: string;
  /** `manifest`: written by people, *declares*. `lock`: written by a tool, pins. */
  readonly kind: 'manifest' | 'lock';
  readonly matches: (path: string) => boolean;
  readonly load: () => Promise<Input>;
}
