import type { AuditDocument, Finding, RuleName } from '../types.ts';
import { noteBuilds } from './builds-section.ts';
import { formatBytes } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes } from './order.ts';
import {
  INDENT,
  measureColumns,
  placeOf,
  renderLeftOut,
  renderRow,
  type SectionRow,
} from './section-parts.ts';
import { padEnd, wrap } from './text-width.ts';

const MOST_ROWS = 3;
/** Of the whole set: less is a note, and no reason to read on. */
const NOTICEABLE_SHARE = 0.02;

/** Rules that name something lighter. */
export const LIGHTER_RULES: ReadonlySet<RuleName> = new Set([
  'alternative',
  'accelerator-build',
  'droppable-extra',
  'newer-lighter',
]);

/** Findings of these rules that are worth a section, the largest saving first. */
export function lighterFindings({ findings, totals }: AuditDocument): readonly Finding[] {
  const least = totals.installedBytes * NOTICEABLE_SHARE;
  return findings
    .filter(({ rule, savedInstalledBytes }) => {
      return LIGHTER_RULES.has(rule) && (savedInstalledBytes ?? 0) >= least;
    })
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
}

/** `LIGHTER`: what would do the same for less, each with what it asks for. */
export function renderLighter(view: View): readonly string[] {
  const { document, options, painter } = view;
  const findings = lighterFindings(document);
  if (findings.length === 0) return [];
  const shown = options.all ? findings : findings.slice(0, MOST_ROWS);
  const columns = measureColumns(shown.map((finding) => rowOf(finding, view)));
  const lines = shown.flatMap((finding) => [
    ...renderRow(rowOf(finding, view), columns, options.width),
    ...wrap(finding.message, options.width - 6).map((line) => `    ${painter.dim(line)}`),
    ...(finding.remedy?.kind === 'index'
      ? wrap(describeBuilds(document.accelerators, view), options.width - 6)
          .filter((line) => line !== '')
          .map((line) => `    ${painter.dim(line)}`)
      : []),
  ]);
  const left = findings.length - shown.length;
  return [
    `${painter.bold(painter.cyan(padEnd('LIGHTER', INDENT)))}what would do for less`,
    ...lines,
    ...renderLeftOut(left, 'package', 0, view),
  ];
}

/** What is known of the builds, and where it says how pip, uv and Poetry are told. */
function describeBuilds(builds: AuditDocument['accelerators'], view: View): string {
  if (builds === undefined) return '';
  return `${noteBuilds(builds, view)}; how to take one: depweight why ${builds.package}`;
}

function rowOf(finding: Finding, view: View): SectionRow {
  const { packages, remedy, savedInstalledBytes } = finding;
  const [declared = ''] = packages;
  // What the other build weighs itself is on an index that is not asked.
  const isBuild = remedy?.kind === 'index';
  const least = isBuild ? 'at least ' : '';
  // It may be there only through what is declared.
  const name = isBuild ? (finding.message.split(' ', 1)[0] ?? declared) : declared;
  const more = packages.length > 1 && !isBuild ? ` +${packages.length - 1}` : '';
  const saving = formatBytes(savedInstalledBytes ?? 0, view.options.units);
  return {
    name: `${name}${more}`,
    version: view.rowByName.get(name)?.version ?? '',
    place: placeOf(declared, finding, view),
    texts: [`${least}−${saving}`, `−${saving}`],
  };
}
