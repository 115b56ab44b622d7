import { DepweightError } from '../errors.ts';
import { TOOL } from '../tool.ts';
import type { ScanDocument } from '../types.ts';
import type { RenderOptions, ReportFormat } from './report.ts';

/** A member of the axis before it is loaded. */
export interface ReportEntry {
  /** As in `--format NAME`. */
  readonly name: string;
  /** The commands whose documents it can show; null: all. */
  readonly commands: readonly string[] | null;
  load(): Promise<{ readonly report: ReportFormat }>;
}

/** Every report format. `table` is what a person reads, and so differs from command to command. */
export const REPORTS: readonly ReportEntry[] = [
  { name: 'json', commands: null, load: () => import('./json.ts') },
  { name: 'table', commands: ['audit'], load: () => import('./terminal.ts') },
  { name: 'patch', commands: ['audit'], load: () => import('./patch.ts') },
  { name: 'table', commands: ['tree'], load: () => import('./tree.ts') },
  { name: 'table', commands: ['why'], load: () => import('./why.ts') },
  { name: 'table', commands: ['cost'], load: () => import('./cost.ts') },
  { name: 'table', commands: ['check'], load: () => import('./check.ts') },
  { name: 'table', commands: ['compare'], load: () => import('./compare.ts') },
  { name: 'table', commands: ['diff'], load: () => import('./diff.ts') },
  { name: 'markdown', commands: ['diff'], load: () => import('./diff-markdown.ts') },
  { name: 'table', commands: ['split'], load: () => import('./split.ts') },
];

/** The format of that name for the document of a command. Throws DepweightError where there is none. */
export async function loadReport(name: string, command: string): Promise<ReportFormat> {
  const fits = (entry: ReportEntry): boolean =>
    entry.name === name && (entry.commands?.includes(command) ?? true);
  const entry = REPORTS.find(fits);
  if (entry === undefined) {
    const what = `the format ${name} for \`depweight ${command}\``;
    throw new DepweightError('not-built', {
      what,
      instead: '--json is there for every command',
      version: TOOL.version,
    });
  }
  return (await entry.load()).report;
}

/** The document of `scan`, which has no weights, findings or target. */
export async function renderScan(
  document: ScanDocument,
  format: string,
  options: RenderOptions,
): Promise<string> {
  if (format === 'json') return (await import('./json.ts')).formatJson(document);
  return (await import('./scan.ts')).formatScan(document, options);
}
