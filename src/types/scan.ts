/** The document of `scan`. */
import type { Warning } from './foundations.ts';
import type { ImportUse, Reference } from './usage.ts';

/** The document of `scan`. */
export interface ScanDocument {
  readonly schemaVersion: 1;
  /** Python files read. */
  readonly files: number;
  readonly imports: readonly ImportUse[];
  readonly references: readonly Reference[];
  readonly warnings: readonly Warning[];
}
