import type {
  AuditDocument,
  EnvironmentRow,
  Finding,
  JobRow,
  ServiceRow,
  PackageRow,
  TargetRow,
  Totals,
} from '../types.ts';
import {
  describeBesides,
  formatBytes,
  formatCount,
  formatPercent,
  formatReason,
  formatTarget,
  headlinePackages,
  isBesides,
  isSaving,
  type Units,
} from './format.ts';
import { compareBytes, compareText } from './order.ts';
import type { Painter } from './paint.ts';
import type { RenderOptions } from './report.ts';
import { displayWidth, truncate, wrap } from './text-width.ts';

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
  // Of a name that is in the image twice, the one that the set needs is meant.
  const ordered = packages.toSorted((a, b) => Number(isBesides(b)) - Number(isBesides(a)));
  const rowByName = new Map(ordered.map((row) => [row.name, row]));
  return { document, options, painter, packages, rowByName };
}

/** `trackmaster  requirements.txt + 3 Python files  for Python 3.11 · Linux x86_64 · glibc 2.28`. */
export function renderTitle({ document, options, painter }: View): readonly string[] {
  const target = `for ${formatTarget(document.target)}${originOf(document)}`;
  const project = truncate(document.project, 40);
  const inputs = describeInputs(document);
  // A script is called after its file.
  const what = inputs.startsWith(project) ? inputs : `${project}  ${inputs}`;
  const paint = (line: string): string =>
    painter.bold(line.slice(0, project.length)) + line.slice(project.length);
  if (displayWidth(what) + 2 + displayWidth(target) <= options.width) {
    return [`${paint(what)}  ${painter.dim(target)}`];
  }
  const [first = '', ...more] = wrap(what, options.width - 2);
  const lines = wrap(target, options.width - 2).map((line) => `  ${painter.dim(line)}`);
  return [paint(first), ...more.map((line) => `  ${line}`), ...lines];
}

/** Where Python and platform came from; nothing for what the user asked for. */
export function originOf({ target }: AuditDocument): string {
  return target.from === '' || target.from.startsWith('--') ? '' : ` (${target.from})`;
}

function describeInputs({ inputs, environments, scannedFiles }: AuditDocument): string {
  const primary = inputs.filter((input) => input.primary).map((input) => input.path);
  const paths = primary.length > 0 ? primary : (environments[0]?.inputs ?? []);
  const more = paths.length > 2 ? ` + ${formatCount(paths.length - 1, 'more file')}` : '';
  const files = more === '' ? paths.join(' + ') : `${paths[0] ?? ''}${more}`;
  if (scannedFiles === null) return files;
  if (scannedFiles === 0) return `${files}${files === '' ? '' : ', '}no Python files`;
  return `${files}${files === '' ? '' : ' + '}${formatCount(scannedFiles, 'Python file')}`;
}

/** `5.23 GB installed   2.84 GB to download   69 packages, 9 direct`. */
export function renderTotals(view: View): readonly string[] {
  const { document, options, painter, packages } = view;
  const { totals } = document;
  const direct = packages.filter((row) => row.direct).length;
  const unknown = totals.unknown > 0 ? `; ${totals.unknown} unknown` : '';
  const counts = `${formatCount(totals.packages, 'package')}, ${direct} direct${unknown}`;
  const first = describeWeights(view);
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
    lines.push(painter.dim(`  + about ${bytecode} of .pyc files where pip compiles them`));
  }
  return [
    ...lines,
    ...renderBesides(view),
    ...renderUnread(view),
    ...renderLeft(view),
    ...renderJob(view),
    ...renderService(view),
    ...renderEnvironments(view),
  ];
}

/** `of it 67 MB left behind by uninstalling pandas (Dockerfile:4)`. */
export function renderBesides({ document, options, painter }: View): readonly string[] {
  const { besides = [] } = document.environments[0] ?? {};
  return besides.flatMap((row) => {
    const { totals, path, line } = row;
    const size = formatLower(totals.installedBytes, totals, options.units);
    const text = `of it ${size} in ${describeBesides(row)} (${path}:${line})`;
    return wrap(text, options.width - 2).map((part) => painter.dim(`  ${part}`));
  });
}

function describeWeights({ document, options, painter }: View): string {
  const { totals } = document;
  // "At least 0 B" says nothing.
  if (totals.packages > 0 && totals.unknown === totals.packages)
    return painter.bold('size unknown');
  const installed = formatLower(totals.installedBytes, totals, options.units);
  const download = `${totals.lowerBound ? '≥ ' : ''}${formatBytes(totals.downloadBytes, options.units)}`;
  return `${painter.bold(installed)} installed   ${download} to download`;
}

/** What could not be read of the input is in no figure, so the figures say so. */
export function renderUnread({ document, options, painter }: View): readonly string[] {
  const errors = document.warnings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0)
    return isPartial(document)
      ? wrap(PARTIAL, options.width - 2).map((line) => `  ${painter.red(line)}`)
      : [];
  const what = errors === 1 ? 'what it is about' : 'what they are about';
  const text = `${formatCount(errors, 'error')} on stderr: ${what} is in none of the figures`;
  return [`  ${painter.red(text)}`];
}

const PARTIAL =
  'Not all requirements could be read (stderr says which): the figures are lower bounds';

/** Whether requirements of the set that the report speaks of could not be read. */
export function isPartial({ environments }: AuditDocument): boolean {
  return environments[0]?.partial === true;
}

/** In place of the totals where no set of versions fits: the requirements that exclude each other. */
export function renderConflict(view: View): readonly string[] {
  const { document, options } = view;
  const lines = (document.error?.requirements ?? []).flatMap(({ path, line, raw }) =>
    wrap(`${path}:${line}   ${raw}`, options.width - 4),
  );
  return [
    '  No weights: these requirements do not fit together.',
    ...lines.map((line) => `    ${line}`),
    ...renderUnread(view),
  ];
}

/** `5.23 GB`, or `at least 5.23 GB` where something is unknown. */
export function formatLower(bytes: number, totals: Totals, units: Units): string {
  return `${totals.lowerBound ? 'at least ' : ''}${formatBytes(bytes, units)}`;
}

/**
 * What the other environments add, the heaviest three. Only what holds all that the headline has adds to it, and only a
 * file of its own stands in its place; of other sets nothing is said.
 */
export function renderEnvironments({ document, options, painter }: View): readonly string[] {
  const [headline, ...others] = document.environments;
  if (headline === undefined) return [];
  const lines = others
    .map((environment) => describeEnvironment(environment, headline, document, options))
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => compareBytes(a.bytes, b.bytes) || compareText(a.text, b.text));
  const most = options.all ? lines.length : 3;
  const shown = lines
    .slice(0, most)
    .flatMap(({ text }) => wrap(text, options.width - 2).map((line) => painter.dim(`  ${line}`)));
  const left = lines.length - most;
  return left > 0 ? [...shown, painter.dim(`  … and ${left} more (--all lists them)`)] : shown;
}

/** `on windows-latest, the most of its matrix; ubuntu-latest: 2.1 MB; macos-latest: no solution` of the headline's job. */
function renderJob({ document, options, painter }: View): readonly string[] {
  const { job } = document.environments[0] ?? {};
  if (job === undefined) return [];
  const alone = job.others.length > 0 || job.machine === '' ? '' : ` on ${job.machine}`;
  const text = `job ${job.name}${alone}${describeMachines(job, options)}`;
  return wrap(text, options.width - 2).map((line) => painter.dim(`  ${line}`));
}

/** What is weighed is in no image: that the figures are right is not enough to know. */
export function renderLeft({ document, options, painter }: View): readonly string[] {
  const found = document.warnings.find(({ code }) => code === 'stage-left');
  if (found === undefined || document.totals.packages === 0) return [];
  const text = `The image installs none of this: nothing that its stages install is copied (${found.path ?? ''}:${found.line ?? 0})`;
  return wrap(text, options.width - 2).map((line) => `  ${painter.red(line)}`);
}

/** `service api, beat (Dockerfile.api, stage prod)`: whose image the report is about. */
export function renderService({ document, options, painter }: View): readonly string[] {
  const { service } = document.environments[0] ?? {};
  if (service === undefined) return [];
  const { names, dockerfile, stage, path } = service;
  const inline = dockerfile === path ? 'written out in the compose file' : dockerfile;
  const made = `${inline}${stage === null ? '' : `, stage ${stage}`}`;
  const text = `${describeServices(service)} (${made})`;
  return names.length === 0
    ? []
    : wrap(text, options.width - 2).map((line) => painter.dim(`  ${line}`));
}

/** `services api, beat`, at most a few of them. */
function describeServices({ names }: ServiceRow): string {
  const shown = names.slice(0, MOST_SERVICES).join(', ');
  const left = names.length - MOST_SERVICES;
  return `${names.length === 1 ? 'service' : 'services'} ${shown}${left > 0 ? ` and ${left} more` : ''}`;
}

/** Services that run one image. */
const MOST_SERVICES = 4;

/** The machine of a job, and what the others of its matrix come to; nothing where there is none other. */
function describeMachines(
  { machine, others }: JobRow,
  { units, all }: Pick<RenderOptions, 'units' | 'all'>,
): string {
  if (others.length === 0) return '';
  const shown = others.slice(0, all ? others.length : MOST_MACHINES);
  const rest = shown.map(({ machine: name, totals }) =>
    totals === null
      ? `no solution on ${name}`
      : `${formatLower(totals.installedBytes, totals, units)} on ${name}`,
  );
  const left = others.length - shown.length;
  const more = left > 0 ? ` and ${left} more` : '';
  return ` on ${machine}, the most of its matrix (${rest.join(', ')}${more})`;
}

/** Machines of a matrix beside the heaviest. */
const MOST_MACHINES = 3;

/** ` for Python 3.12 · Windows amd64`, as far as it is not the target of the report. */
function describeTarget({ target }: Pick<JobRow, 'target'>, own: TargetRow): string {
  const isOtherPlatform = target.platformTag !== own.platformTag;
  const python = formatTarget(target).split(' · ', 1)[0] ?? '';
  if (isOtherPlatform) return `, for ${formatTarget(target)}`;
  return formatTarget(target) === formatTarget(own) ? '' : `, for ${python}`;
}

function describeEnvironment(
  { totals, id, project, inputs, packages, job, service }: EnvironmentRow,
  headline: EnvironmentRow,
  { target }: AuditDocument,
  options: RenderOptions,
): { readonly bytes: number; readonly text: string } {
  const { units } = options;
  const [, kind = id, name = ''] = /^(extra|group):(.*)$/.exec(id) ?? [];
  const isElsewhere = project !== headline.project;
  if (isElsewhere || inputs.includes(id) || job !== undefined || service !== undefined) {
    const weight = `${formatLower(totals.installedBytes, totals, units)}, ${formatCount(totals.packages, 'package')}`;
    const what =
      job !== undefined
        ? `job ${job.name}`
        : service !== undefined
          ? describeServices(service)
          : isElsewhere
            ? `also ${project} (${id})`
            : `${inputs.join(' + ')} instead`;
    const own = job ?? service;
    const where = own === undefined ? '' : describeTarget(own, target);
    const machines = job === undefined ? '' : describeMachines(job, options);
    return { bytes: totals.installedBytes, text: `${what}: ${weight}${where}${machines}` };
  }
  const names = new Set(packages.map(nameOf));
  const count = totals.packages - headline.totals.packages;
  // Of as many packages in other versions it cannot be said what they add.
  if (count <= 0 || !headline.packages.every((row) => names.has(nameOf(row))))
    return { bytes: 0, text: '' };
  const bytes = totals.installedBytes - headline.totals.installedBytes;
  const lower = totals.unknown > headline.totals.unknown ? '≥ ' : '';
  const what = name === '' ? `for ${id}` : `with ${kind} ${name}`;
  const size =
    lower !== '' && bytes <= 0 ? ' of unknown size' : `, ${lower}${formatBytes(bytes, units)}`;
  return { bytes, text: `+${formatCount(count, 'package')}${size} ${what}` };
}

/** The name of a row `name==version`. */
function nameOf(row: string): string {
  return row.split('==', 1)[0] ?? row;
}

/** What the sure findings free together. */
export interface Saved {
  readonly bytes: number;
  /** True where some of it is of unknown size: the bytes are a lower bound. */
  readonly lowerBound: boolean;
  /** True where something that stays is of unknown size. */
  readonly restLowerBound: boolean;
}

/** True where the bytes of a finding are unknown, or those of something that goes with it. */
export function isLowerBound(
  { savedInstalledBytes, packages, leaves }: Finding,
  rowByName: View['rowByName'],
): boolean {
  if (savedInstalledBytes === null) return true;
  return [...packages, ...leaves].some((name) => rowByName.get(name)?.known === false);
}

/** What all sure findings free, at most all there is; null when there are no such findings. */
export function savedBytes({ document, packages, rowByName }: View): Saved | null {
  const savings = document.findings.filter(isSaving);
  if (savings.length === 0) return null;
  const leaving = new Set(savings.flatMap((finding) => [...finding.packages, ...finding.leaves]));
  const bounds = {
    lowerBound: savings.some((finding) => isLowerBound(finding, rowByName)),
    restLowerBound:
      isPartial(document) || packages.some((row) => !row.known && !leaving.has(row.name)),
  };
  // The proposal was resolved again as a whole, which sees what two findings free only together.
  const proposal = document.splits.find((split) => split.file.endsWith('-prod.txt'));
  if (proposal !== undefined) {
    const bytes = document.totals.installedBytes - proposal.totals.installedBytes;
    return { ...bounds, bytes };
  }
  let bytes = 0;
  for (const finding of savings) bytes += finding.savedInstalledBytes ?? 0;
  return { ...bounds, bytes: Math.min(bytes, document.totals.installedBytes) };
}

/** The bar of what can go and what stays, and the same in words. */
export function renderBar({ document, options, painter }: View, saved: Saved): readonly string[] {
  const total = document.totals.installedBytes;
  const columns = total > 0 ? Math.round((saved.bytes / total) * BAR_COLUMNS) : 0;
  const gone = Math.min(Math.max(columns, 1), BAR_COLUMNS);
  const size = `${saved.lowerBound ? 'at least ' : ''}${formatBytes(saved.bytes, options.units)}`;
  const amount = `${size} can go (${formatPercent(saved.bytes, total)})`;
  const rest = formatBytes(total - saved.bytes, options.units);
  const stays = `${saved.restLowerBound ? 'at least ' : ''}${rest} stay`;
  return [
    `  ${painter.red('█'.repeat(gone))}${painter.green('░'.repeat(BAR_COLUMNS - gone))}`,
    `  ${painter.red(amount)}  →  ${painter.green(stays)}`,
  ];
}

/** Told by a note already: the last lines only count them. */
const NOTED: ReadonlySet<string> = new Set(['sdist-only', 'no-wheel-for-target', 'no-usable-file']);

/** The last lines: what the figures rest on, what is not in them, and what it took to get them. */
export function renderFooter(view: View): readonly string[] {
  const { options, painter } = view;
  const sentences = [describeBasis(view)];
  if (!options.bytecode && view.packages.some((row) => row.known)) {
    sentences.push('pip adds .pyc files on top unless told not to (--bytecode shows how much).');
  }
  const effort = describeEffort(options);
  const lines = [...wrap(sentences.join(' '), options.width)];
  const last = lines.at(-1) ?? '';
  if (effort !== '' && displayWidth(last) + 2 + displayWidth(effort) <= options.width) {
    lines[lines.length - 1] = `${last}  ${effort}`;
  } else if (effort !== '') {
    lines.push(effort);
  }
  return lines.map((line) => painter.dim(line));
}

function describeBasis({ packages, document }: View): string {
  const known = packages.filter((row) => row.known);
  const estimated = known.filter(
    (row) => row.from !== 'central-directory' && row.from !== 'record',
  );
  const unknown = packages.filter((row) => !row.known);
  const count = formatCount(packages.length, 'size');
  if (estimated.length === 0 && unknown.length === 0) {
    const all = packages.length === 1 ? 'the one size' : `all ${count}`;
    return `Exact: ${all} read from the wheels, none estimated.`;
  }
  const isNoted = document.findings.some(({ rule }) => rule === 'no-wheel');
  const named = unknown.filter(({ unknownReason }) => !(isNoted && NOTED.has(unknownReason ?? '')));
  const exact = known.length - estimated.length;
  if (known.length === 0) return `No size could be read${describeUnknown(unknown)}.`;
  const parts = [
    `${exact} of ${count} read from the wheels`,
    estimated.length === 0 ? 'none estimated' : `${estimated.length} estimated`,
    ...(unknown.length > 0 ? [`${unknown.length} unknown${describeUnknown(named)}`] : []),
  ];
  const bound = unknown.length > 0 ? ' Totals are therefore lower bounds (≥).' : '';
  return `${parts.join(', ')}.${bound}`;
}

/** `2.1 s, 23 MB transferred`; nothing where nobody measured it. */
export function describeEffort({ elapsedMs, receivedBytes, units }: RenderOptions): string {
  if (elapsedMs === undefined) return '';
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  if (receivedBytes === undefined) return time;
  return receivedBytes === 0
    ? `${time}, from the cache`
    : `${time}, ${formatBytes(receivedBytes, units)} transferred`;
}

/** `: gdal (source archive only), oven 2.0 (from version control) and 3 more`; of conda's there are dozens: `: 24 conda packages`. */
function describeUnknown(rows: readonly PackageRow[]): string {
  if (rows.length === 0) return '';
  const ofConda = rows.filter(({ unknownReason }) => unknownReason === 'conda');
  if (ofConda.length > 1 && ofConda.length === rows.length) return ': all conda packages';
  const counted = ofConda.length > 1 ? ofConda : [];
  const others = rows.filter((row) => !counted.includes(row));
  const named = others.slice(0, 3).map((row) => `${row.name} (${formatReason(row.unknownReason)})`);
  const all = counted.length > 0 ? [formatCount(counted.length, 'conda package'), ...named] : named;
  const left = others.length - named.length;
  return `: ${all.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
