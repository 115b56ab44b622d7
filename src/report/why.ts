import { DepweightError } from '../errors.ts';
import type { AuditDocument, PackageRow, WhyDocument } from '../types.ts';
import { renderBuilds } from './builds-section.ts';
import {
  describeBesides,
  isOfBesides,
  formatBytes,
  formatCount,
  formatLocation,
  formatReason,
  formatSize,
} from './format.ts';
import { createView, type View } from './headline.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { shortenPlace } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

const MOST_PATHS = 6;
const MOST_USES = 5;
const MOST_PULLS = 7;
const MOST_SCRIPTS = 8;
/** The headings stand in a column of their own. */
const HEADING = 20;

/** What `why` prints: what brings it in, who uses it, what it pulls in, what leaves if it goes. */
export const report: ReportFormat = {
  name: 'table',
  description: 'the paths to one package, its users and what leaves with it',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(dirty);
    if (!isWhyDocument(document)) {
      throw new DepweightError('wrong-call', { message: 'this is not the document of `why`' });
    }
    const view = createView(document, options, createPainter(options.color));
    const row =
      view.rowByName.get(document.package) ??
      document.packages.find((other) => other.name === document.package);
    const sections = [
      renderPackage(document, row, view),
      row?.besides === undefined ? renderPaths(document, view) : renderPlace(row, view),
      renderUses(document, row, view),
      renderPulls(document, view),
      renderScripts(row, view),
      renderRemoval(document, view),
      renderOtherWays(document, view),
      document.package === document.accelerators?.package
        ? renderBuilds(document.accelerators, view)
        : [],
    ];
    return `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

function isWhyDocument(document: AuditDocument | WhyDocument): document is WhyDocument {
  return 'removal' in document && 'paths' in document;
}

/** `torch 2.1.0   1.40 GB itself · 4.78 GB with the 21 packages it needs`. */
function renderPackage(
  document: WhyDocument,
  row: PackageRow | undefined,
  { options, painter }: View,
): readonly string[] {
  const name = painter.bold(`${document.package} ${row?.version ?? ''}`.trim());
  if (row === undefined) return [name];
  const own = row.known
    ? `${formatSize(row.installedBytes, options.units)} itself`
    : `size unknown (${formatReason(row.unknownReason)})`;
  const count = document.pulls.length;
  if (count === 0) return [`${name}   ${own} · needs no other package`];
  const lower = document.pulls.some((pull) => pull.installedBytes === null) ? '≥ ' : '';
  const packages = formatCount(count, 'package');
  const needs = row.known
    ? `${lower}${formatSize(row.subtreeBytes, options.units)} with the ${packages} it needs`
    : `needs ${packages}, ${lower}${formatBytes(sumOf(document.pulls), options.units)}`;
  const line = `${name}   ${own} · ${needs}`;
  return displayWidth(line) <= options.width ? [line] : [`${name}   ${own}`, `  ${needs}`];
}

function sumOf(pulls: WhyDocument['pulls']): number {
  let bytes = 0;
  for (const pull of pulls) bytes += pull.installedBytes ?? 0;
  return bytes;
}

/** Nothing needs it: which command left it. */
function renderPlace(row: PackageRow, { document, options, painter }: View): readonly string[] {
  const sets = document.environments[0]?.besides ?? [];
  return sets
    .filter((set) => isOfBesides(row, set))
    .flatMap((set) => {
      const text = `one of ${describeBesides(set)} (${set.path}:${set.line}); nothing of the set needs it`;
      const lines = wrap(text, options.width - HEADING);
      const heading = painter.bold(padEnd('Is in the image', HEADING));
      return lines.map((line, at) => `${at === 0 ? heading : ' '.repeat(HEADING)}${line}`);
    });
}

function renderPaths(document: WhyDocument, view: View): readonly string[] {
  const { options, painter } = view;
  const rows = document.paths.map((path) => {
    const places = view.document.packages.find((row) => row.name === path[0])?.declaredAt ?? [];
    const steps = path.map((name, index) => describeStep(name, path[index - 1], document));
    const [first] = places;
    const more = places.length > 1 ? ` +${places.length - 1}` : '';
    return { place: first === undefined ? '' : `${formatLocation(first)}${more}`, steps };
  });
  const shown = options.all ? rows : rows.slice(0, MOST_PATHS);
  const width = Math.min(Math.max(0, ...shown.map(({ place }) => displayWidth(place))), 32);
  const lines = shown.flatMap(({ place, steps }) =>
    wrapSteps(steps, options.width - width - 5).map((line, index) =>
      `  ${padEnd(index === 0 ? shortenPlace(place, width) : '', width)}   ${line}`.trimEnd(),
    ),
  );
  const left = rows.length - shown.length;
  return [
    painter.bold('Brought in by'),
    ...lines,
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more path')} (--all lists them)`)]
      : []),
  ];
}

/** `a==1 ── needs ── b>=2` in lines that break before a `── needs ──`. */
function wrapSteps(steps: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const step of steps) {
    const longer = line === '' ? step : `${line} ── needs ── ${step}`;
    if (line === '' || displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `  ── needs ── ${step}`;
  }
  return [...lines, line].flatMap((text) => wrapHanging(text, width));
}

/** A step that is too long by itself goes on below its text. */
function wrapHanging(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const [first = '', ...more] = wrap(text.trim().replaceAll(',', ', '), width - 6);
  const indent = text.startsWith(' ') ? '  ' : '';
  return [`${indent}${first}`, ...more.map((line) => `      ${line}`)];
}

/** `torch==2.1.0`: as the one before it asks for it, or as it was declared. */
function describeStep(name: string, holder: string | undefined, document: WhyDocument): string {
  if (holder === undefined) {
    const raw = document.declared.find((declared) => declared.name === name)?.raw;
    return raw ?? name;
  }
  const asked = document.packages
    .find((row) => row.name === holder)
    ?.requires.find((requirement) => requirement.name === name);
  const extras =
    asked !== undefined && asked.extras.length > 0 ? `[${asked.extras.join(',')}]` : '';
  return `${name}${extras}${asked?.specifier ?? ''}`;
}

function renderUses(
  document: WhyDocument,
  row: PackageRow | undefined,
  { options, painter }: View,
): readonly string[] {
  // What a job of CI installs is not held against the code.
  if (document.environments[0]?.job !== undefined) return [];
  const heading = painter.bold(padEnd('Used by your code', HEADING));
  const indent = ' '.repeat(HEADING);
  // What is said on the line that declares it is a verdict, not a use.
  const uses = document.usedBy.filter(
    ({ path, line }) =>
      !row?.declaredAt.some((place) => place.path === path && place.line === line),
  );
  if (uses.length === 0) {
    const text = describeNoUse(document, row);
    const [first = '', ...more] = wrap(text, options.width - HEADING);
    const painted = first.startsWith('nowhere')
      ? `${painter.red('nowhere')}${first.slice(7)}`
      : first;
    return [`${heading}${painted}`, ...more.map((line) => `${indent}${line}`)];
  }
  const shown = options.all ? uses : uses.slice(0, MOST_USES);
  const lines = shown.map((use, index) => {
    const place = shortenPlace(formatLocation(use), options.width - HEADING);
    const text = truncate(`${place}   ${use.note}`, options.width - HEADING);
    return `${index === 0 ? heading : indent}${text}`;
  });
  const left = uses.length - shown.length;
  return left > 0
    ? [...lines, painter.dim(`${indent}… and ${left} more (--all lists them)`)]
    : lines;
}

function describeNoUse(document: WhyDocument, row: PackageRow | undefined): string {
  if (document.scannedFiles === null) return 'not known: no Python source was read';
  const modules = row?.modules ?? [];
  if (modules.length === 0) return 'not known: which modules it has could not be read';
  const files = formatCount(document.scannedFiles, 'file');
  const lookedFor = modules.slice(0, 6).join(', ');
  const more = modules.length > 6 ? ' …' : '';
  const verdicts = document.declared.filter(({ name }) => name === document.package);
  const unused = verdicts.some(({ verdict }) => verdict === 'unused');
  const where = unused ? 'nowhere' : 'not directly';
  const module = modules.includes(document.package) ? document.package : (modules[0] ?? '');
  return `${where}: \`import ${module}\` is in none of ${files} (looked for: ${lookedFor}${more})`;
}

/** The programs that it puts into `bin`: a few hundred bytes each, which who cuts an image down may do without. */
function renderScripts(row: PackageRow | undefined, { options, painter }: View): readonly string[] {
  const scripts = row?.scripts ?? [];
  if (scripts.length === 0) return [];
  const shown = options.all ? scripts : scripts.slice(0, MOST_SCRIPTS);
  const left = scripts.length - shown.length;
  const names = `${shown.join(', ')}${left > 0 ? ` and ${left} more (--all lists them)` : ''}`;
  const [first = '', ...more] = wrap(names, options.width - HEADING);
  return [
    `${painter.bold(padEnd('Puts into bin', HEADING))}${first}`,
    ...more.map((line) => `${' '.repeat(HEADING)}${line}`),
  ];
}

function renderPulls(document: WhyDocument, { options, painter }: View): readonly string[] {
  const { pulls } = document;
  if (pulls.length === 0) return [];
  const shown = options.all ? pulls : pulls.slice(0, MOST_PULLS);
  const widest = (texts: readonly string[], most: number): number =>
    Math.min(Math.max(...texts.map(displayWidth)), most);
  const name = Math.max(
    widest(
      shown.map((pull) => pull.name),
      30,
    ),
    20,
  );
  const version = widest(
    shown.map((pull) => pull.version),
    12,
  );
  const room = options.width - name - version - 18;
  const line = (first: string, second: string, size: string, also: string): string =>
    `${padEnd(truncate(first, name + (second === '' ? version + 2 : 0)), name)}  ${padEnd(truncate(second, version), version)}${padStart(size, 11)}   ${painter.dim(truncate(also, room))}`.trimEnd();
  const lines = shown.map(
    (pull) =>
      `  ${line(pull.name, pull.version, formatSize(pull.installedBytes, options.units), room >= 14 ? pull.alsoNeededBy.join(', ') : '')}`,
  );
  const head = padEnd('What it pulls in', name + version + 4);
  const also =
    room >= 14 && shown.some((pull) => pull.alsoNeededBy.length > 0)
      ? painter.dim('   also needed by')
      : '';
  const left = pulls.slice(shown.length);
  const bytes = sumOf(left);
  return [
    `${painter.bold(head)}${padStart('installed', 11)}${also}`,
    ...lines,
    ...(left.length > 0
      ? [`  ${line(`… ${left.length} more`, '', formatBytes(bytes, options.units), '')}`]
      : []),
  ];
}

function renderRemoval(document: WhyDocument, { options, painter }: View): readonly string[] {
  const { removal, package: name } = document;
  const unknown = removal.leaves.some(
    (leaving) => document.packages.find((row) => row.name === leaving)?.known === false,
  );
  const saved = removal.savedInstalledBytes;
  const download = removal.savedDownloadBytes;
  const amount = saved === null ? 'unknown bytes' : formatBytes(-saved, options.units);
  const parts = [
    `${unknown && saved !== null ? 'at least ' : ''}${amount}`,
    formatCount(removal.leaves.length, 'package'),
    ...(download === null ? [] : [`${formatBytes(download, options.units)} less to download`]),
  ];
  const direct = document.packages.some((row) => row.name === name && row.direct);
  const lines: (readonly [string, string])[] = [];
  if (removal.with.length > 0) {
    const holders = listSome(removal.with);
    const why = direct ? 'frees nothing' : 'impossible: it is not declared';
    const needs = removal.with.length === 1 ? 'needs' : 'need';
    lines.push([`${name} alone`, `${why}; ${holders} ${needs} it`]);
  }
  const isAlone = direct || (removal.with.length === 0 && removal.leaves.includes(name));
  const together = [...(isAlone ? [name] : []), ...removal.with];
  const label = together.length > 3 ? `all ${together.length} that hold it` : together.join(' + ');
  lines.push([label, parts.join(', ')]);
  const widest = Math.max(...lines.map(([first]) => displayWidth(first)));
  const width = Math.min(widest, options.width - 35);
  return [
    painter.bold('If you remove'),
    ...lines.flatMap(([first, second]) =>
      wrap(second, options.width - width - 5).map((line, index) => {
        const label = index === 0 ? truncate(first, width) : '';
        const painted = line.replace(amount, painter.green(amount));
        return `  ${padEnd(label, width)}   ${second === lines.at(-1)?.[1] ? painted : painter.dim(line)}`;
      }),
    ),
  ];
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** What findings offer instead of removing it. */
function renderOtherWays(document: WhyDocument, { options, painter }: View): readonly string[] {
  const kinds = new Set(['index', 'replace', 'extra', 'upgrade']);
  const ways = document.findings.filter(
    ({ remedy, packages }) =>
      remedy !== null && kinds.has(remedy.kind) && packages.includes(document.package),
  );
  const heading = padEnd('If you do need it', HEADING);
  return ways.flatMap((finding, way) => {
    const saved = finding.savedInstalledBytes;
    const least = finding.remedy?.kind === 'index' ? 'at least ' : '';
    const amount = saved === null ? '' : ` (${least}${formatBytes(-saved, options.units)})`;
    // The section on builds has it line by line.
    const isBelow = finding.remedy?.kind === 'index' && document.accelerators !== undefined;
    const text = isBelow ? 'the build for the CPU, see below' : (finding.remedy?.text ?? '');
    const lines = wrap(`${text}${amount}`, options.width - HEADING);
    return lines.map(
      (line, index) => `${way + index === 0 ? painter.bold(heading) : ' '.repeat(HEADING)}${line}`,
    );
  });
}
