import type { FailOn } from '../exit-code.ts';
import type { AuditDocument } from '../types.ts';

/** How a report is to look. Everything about the terminal was found out by `io/terminal.ts`. */
export interface RenderOptions {
  /** Columns that a line may have, 60 to 100. */
  readonly width: number;
  readonly color: boolean;
  readonly units: 'si' | 'iec';
  /** List everything instead of the heaviest few. */
  readonly all: boolean;
  /** Say how much the .pyc files of pip add. */
  readonly bytecode: boolean;
  /** False after `--no-weights`: there are no sizes to show. */
  readonly weights: boolean;
  /** What fails the run; absent or null where no finding does. */
  readonly failOn?: FailOn | null;
  /** How long the run took; absent where the report is made for a file. */
  readonly elapsedMs?: number;
  /** What came over the network, 0 when all was in the cache; absent where nobody counted. */
  readonly receivedBytes?: number;
}

/**
 * One way to show a result: a member of the report axis.
 *
 * To add a format, write `src/report/NAME.ts` that exports `report: ReportFormat`, add its line to
 * `index.ts`, its name to `FORMATS` in `options.ts` and a test with whole-report snapshots. Then:
 *
 * - `render` turns the document into the complete text, its last newline included. It is called once,
 *   after all stages, and must be pure: no disk, no clock, no environment, no `console`. `cli.ts`
 *   writes the text to stdout or to the file of `--output`.
 * - The document is all there is. Whatever a format needs must be in the JSON, so that any report can be
 *   made again later from the JSON alone. Do not compute weights or verdicts here: order, choose, shorten
 *   and say.
 * - Every string of a document may be hostile. Formats for a terminal begin with
 *   `sanitizeDocument(document)`; others escape by the rules of their own syntax.
 * - Unknown is not zero: `null` is shown as `?`, and totals with `lowerBound` carry `≥` or "at least".
 * - The same document gives the same bytes: order by code point, never by locale.
 */
export interface ReportFormat {
  /** As in `--format NAME`. */
  readonly name: string;
  /** A few words for the help. */
  readonly description: string;
  render(document: AuditDocument, options: RenderOptions): string;
}
