import type { AuditDocument, EnvironmentRow, PackageRow, Totals } from '../types.ts';
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatReason,
  formatTarget,
  headlinePackages,
  isSaving,
  type Units,
} from './format.ts';
import { compareBytes, compareText } from './order.ts';
import type { Painter } from './paint.ts';
import type { RenderOptions } from './report.ts';
import { displayWidth, wrap } from './text-width.ts';

/** Columns of the bar under the headline. */
const BAR_COLUMNS = 48;

/** What the sections of a terminal report share. The document is sanitised. */
export interface View {
  readonly document: AuditDocument;
  readonly options: RenderOptions;
  readonly painter: Painter;
  /** The rows that the totals speak of. */
  readonly packages: readonly PackageRow[];
  readonly rowByName: ReadonlyMap<string, PackageRow>;
}

/** The view of a sanitised document. */
export function createView(
  document: AuditDocument,
  options: RenderOptions,
  painter: Painter,
): View {
  const packages = headlinePackages(document.packages, document.environments[0]?.id);
  const rowByName = new Map(packages.map((row) => [row.name, row]));
  return { document, options, painter, packages, rowByName };
}

/** `trackmaster  requirements.txt + 3 Python files  for Python 3.11 · Linux x86_64 · glibc 2.28`. */
export function renderTitle({ document, options, painter }: View): readonly string[] {
  const target = `for ${formatTarget(document.target)}${originOf(document)}`;
  const what = `${document.project}  ${describeInputs(document)}`;
  const title = painter.bold(document.project) + what.slice(document.project.length);
  if (displayWidth(what) + 2 + displayWidth(target) <= options.width) {
    return [`${title}  ${painter.dim(target)}`];
  }
  const lines = wrap(target, options.width - 2).map((line) => `  ${painter.dim(line)}`);
  return [title, ...lines];
}

/** Where Python and platform came from; nothing for what the user asked for. */
function originOf({ target }: AuditDocument): string {
  return target.from === '' || target.from.startsWith('--') ? '' : ` (${target.from})`;
}

function describeInputs({ inputs, environments, scannedFiles }: AuditDocument): string {
  const primary = inputs.filter((input) => input.primary).map((input) => input.path);
  const paths = primary.length > 0 ? primary : (environments[0]?.inputs ?? []);
  const more = paths.length > 2 ? ` + ${formatCount(paths.length - 1, 'more file')}` : '';
  const files = more === '' ? paths.join(' + ') : `${paths[0] ?? ''}${more}`;
  if (scannedFiles === null) return files;
  return `${files}${files === '' ? '' : ' + '}${formatCount(scannedFiles, 'Python file')}`;
}

/** `5.23 GB installed   2.84 GB to download   69 packages, 9 direct`. */
export function renderTotals(view: View): readonly string[] {
  const { document, options, painter, packages } = view;
  const { totals } = document;
  const direct = packages.filter((row) => row.direct).length;
  const unknown = totals.unknown > 0 ? `; ${totals.unknown} unknown` : '';
  const installed = formatLower(totals.installedBytes, totals, options.units);
  const download = `${totals.lowerBound ? '≥ ' : ''}${formatBytes(totals.downloadBytes, options.units)}`;
  const counts = `${formatCount(totals.packages, 'package')}, ${direct} direct${unknown}`;
  const first = `${painter.bold(installed)} installed   ${download} to download`;
  const lines =
    displayWidth(first) + 5 + displayWidth(counts) <= options.width
      ? [`  ${first}   ${counts}`]
      : [`  ${first}`, `  ${counts}`];
  // Blocks of 4 KiB: many small files take more room than they hold.
  if (totals.diskBytes > totals.installedBytes * 1.1) {
    const disk = formatBytes(totals.diskBytes, options.units);
    lines.push(painter.dim(`  ${disk} on disk, where each file fills blocks of 4 KiB`));
  }
  if (options.bytecode) {
    const bytecode = formatBytes(totals.bytecodeBytes, options.units);
    lines.push(painter.dim(`  + ${bytecode} of .pyc files where pip compiles them`));
  }
  return [...lines, ...renderEnvironments(view)];
}

/** `5.23 GB`, or `at least 5.23 GB` where something is unknown. */
export function formatLower(bytes: number, totals: Totals, units: Units): string {
  return `${totals.lowerBound ? 'at least ' : ''}${formatBytes(bytes, units)}`;
}

/** What the other environments add, the heaviest three. */
function renderEnvironments({ document, options, painter, packages }: View): readonly string[] {
  const [headline, ...others] = document.environments;
  if (headline === undefined) return [];
  const held = new Set(packages);
  const lines = others
    .map((environment) => describeEnvironment(environment, headline, { document, held, options }))
    .filter((line) => line.bytes > 0 || line.text !== '')
    .toSorted((a, b) => compareBytes(a.bytes, b.bytes) || compareText(a.text, b.text));
  const most = options.all ? lines.length : 3;
  const shown = lines.slice(0, most).map(({ text }) => painter.dim(`  ${text}`));
  const left = lines.length - most;
  return left > 0 ? [...shown, painter.dim(`  … and ${left} more (--all lists them)`)] : shown;
}

function describeEnvironment(
  environment: EnvironmentRow,
  headline: EnvironmentRow,
  around: {
    readonly document: AuditDocument;
    readonly held: ReadonlySet<PackageRow>;
    readonly options: RenderOptions;
  },
): { readonly bytes: number; readonly text: string } {
  const { units } = around.options;
  const { totals, id, project, inputs } = environment;
  const [, kind = id, name = ''] = /^(extra|group):(.*)$/.exec(id) ?? [];
  const adds = project === headline.project && (kind !== id || id === 'dev' || name !== '');
  if (!adds) {
    const weight = `${formatLower(totals.installedBytes, totals, units)}, ${formatCount(totals.packages, 'package')}`;
    const what =
      project === headline.project
        ? `instead with ${inputs.join(' + ')}`
        : `also ${project} (${id})`;
    return { bytes: totals.installedBytes, text: `${what}: ${weight}` };
  }
  let bytes = 0;
  let count = 0;
  for (const row of around.document.packages) {
    if (!row.environments.includes(id) || around.held.has(row)) continue;
    count += 1;
    bytes += row.installedBytes ?? 0;
  }
  if (count === 0) return { bytes: 0, text: '' };
  const weight = `+ ${formatCount(count, 'package')}, ${formatBytes(bytes, units)}`;
  return { bytes, text: name === '' ? `${weight} for ${id}` : `${weight} with ${kind} ${name}` };
}

/** What the sure findings free together. */
export interface Saved {
  readonly bytes: number;
  /** True where some of it is of unknown size: the bytes are a lower bound. */
  readonly lowerBound: boolean;
}

/** What all sure findings free, at most all there is; null when there are no such findings. */
export function savedBytes(document: AuditDocument): Saved | null {
  const savings = document.findings.filter(isSaving);
  if (savings.length === 0) return null;
  const lowerBound = savings.some((finding) => finding.savedInstalledBytes === null);
  // The proposal was resolved again as a whole, which sees what two findings free only together.
  const proposal = document.splits.find((split) => split.file.endsWith('-prod.txt'));
  if (proposal !== undefined) {
    const bytes = document.totals.installedBytes - proposal.totals.installedBytes;
    return { bytes, lowerBound };
  }
  let bytes = 0;
  for (const finding of savings) bytes += finding.savedInstalledBytes ?? 0;
  return { bytes: Math.min(bytes, document.totals.installedBytes), lowerBound };
}

/** The bar of what can go and what stays, and the same in words. */
export function renderBar({ document, options, painter }: View, saved: Saved): readonly string[] {
  const { installedBytes: total, lowerBound } = document.totals;
  const columns = total > 0 ? Math.round((saved.bytes / total) * BAR_COLUMNS) : 0;
  const gone = Math.min(Math.max(columns, 1), BAR_COLUMNS);
  const size = `${saved.lowerBound ? 'at least ' : ''}${formatBytes(saved.bytes, options.units)}`;
  const amount = `${size} can go (${formatPercent(saved.bytes, total)})`;
  const rest = formatBytes(total - saved.bytes, options.units);
  const stays = `${lowerBound ? 'at least ' : ''}${rest} stay`;
  return [
    `  ${painter.red('█'.repeat(gone))}${painter.green('░'.repeat(BAR_COLUMNS - gone))}`,
    `  ${painter.red(amount)}  →  ${painter.green(stays)}`,
  ];
}

/** The last lines: what the figures rest on, and what is not in them. */
export function renderFooter({ options, painter, packages }: View): readonly string[] {
  const known = packages.filter((row) => row.known);
  const estimated = known.filter(
    (row) => row.from !== 'central-directory' && row.from !== 'record',
  );
  const unknown = packages.filter((row) => !row.known);
  const sentences = [
    estimated.length === 0 && unknown.length === 0
      ? `Exact: all ${formatCount(packages.length, 'size')} read from the wheels, none estimated.`
      : `${known.length - estimated.length} of ${formatCount(packages.length, 'size')} read from the wheels, ${estimated.length} estimated, ${unknown.length} unknown${describeUnknown(unknown)}.`,
  ];
  if (unknown.length > 0) sentences.push('Totals are therefore lower bounds (≥).');
  if (!options.bytecode) {
    sentences.push('pip adds .pyc files on top unless told not to (--bytecode shows how much).');
  }
  return wrap(sentences.join(' '), options.width).map((line) => painter.dim(line));
}

/** `: gdal (source archive only), oven 2.0 (from version control) and 3 more`. */
function describeUnknown(rows: readonly PackageRow[]): string {
  if (rows.length === 0) return '';
  const named = rows.slice(0, 3).map((row) => `${row.name} (${formatReason(row.unknownReason)})`);
  const left = rows.length - named.length;
  return `: ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
