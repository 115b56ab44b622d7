import type { DeclaredRow, Finding } from '../types.ts';
import { formatBytes, formatCount, formatSize, isSaving } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import {
  bytesOfNames,
  clip,
  type Columns,
  hang,
  INDENT,
  listFitting,
  measureColumns,
  placeOf,
  renderHeading,
  renderLeftOut,
  renderRow,
  type SectionRow,
} from './section-parts.ts';
import { padEnd, padStart } from './text-width.ts';

const MOST_REMOVE_ROWS = 5;
const MOST_MOVE_ROWS = 5;

/** `REMOVE` and `MOVE`: what nothing imports and what only development needs, in the same columns. */
export function renderLeaving(view: View): readonly (readonly string[])[] {
  const removals = savingFindings('unused', view);
  const moves = savingFindings('dev-only', view);
  const rows = [
    ...removals.flatMap((finding) =>
      finding.packages.map((name) => removeRow(name, finding, view)),
    ),
    ...moves.flatMap((finding) => finding.packages.map((name) => moveRow(name, finding, view))),
  ];
  const columns = measureColumns(rows);
  return [renderRemove(removals, view, columns), renderMove(moves, view, columns)];
}

function savingFindings(rule: 'unused' | 'dev-only', { document }: View): readonly Finding[] {
  return document.findings
    .filter((finding) => finding.rule === rule && isSaving(finding))
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
}

function renderRemove(
  findings: readonly Finding[],
  view: View,
  columns: Columns,
): readonly string[] {
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const word = painter.bold(painter.red(padEnd('REMOVE', INDENT)));
  const lines = [renderHeading(word, 'declared, never imported', findings, view)];
  let rows = 0;
  let shown = 0;
  for (const finding of findings) {
    if (!options.all && rows >= MOST_REMOVE_ROWS) break;
    // A large group is not cut in two: its rest is counted below with the findings left out.
    const names = finding.packages.slice(0, options.all ? undefined : MOST_REMOVE_ROWS - rows);
    for (const name of names) {
      lines.push(...renderRow(removeRow(name, finding, view), columns, options.width));
    }
    const hidden = finding.packages.length - names.length;
    if (hidden > 0) lines.push(painter.dim(`    … and ${hidden} more of this group`));
    for (const line of clip(
      describeGroup(finding, view),
      options.width - 6,
      options.all ? 99 : 3,
    )) {
      if (line !== '') lines.push(`    ${painter.dim(line)}`);
    }
    rows += names.length;
    shown += 1;
  }
  const left = findings.slice(shown);
  return [...lines, ...renderLeftOut(countNames(left), 'package', bytesOf(left), view)];
}

function removeRow(name: string, finding: Finding, view: View): SectionRow {
  const row = view.rowByName.get(name);
  const size = formatSize(row?.installedBytes ?? null, view.options.units);
  const unsure = finding.confidence === 'likely' ? '  (likely)' : '';
  const text = `${padStart(`${size} itself`, 14)}${unsure}`;
  return { name, version: row?.version ?? '', place: placeOf(name, finding, view), texts: [text] };
}

function renderMove(findings: readonly Finding[], view: View, columns: Columns): readonly string[] {
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const word = painter.bold(painter.yellow(padEnd('MOVE', INDENT)));
  const rows = findings.flatMap((finding) =>
    finding.packages.map((name) => ({ name, row: moveRow(name, finding, view) })),
  );
  const shown = options.all ? rows : rows.slice(0, MOST_MOVE_ROWS);
  const left = rows.slice(shown.length).map(({ name }) => name);
  return [
    renderHeading(word, 'needed for development only', findings, view),
    ...shown.flatMap(({ row }) => renderRow(row, columns, options.width)),
    ...renderLeftOut(left.length, 'package', bytesOfNames(left, view.rowByName), view),
  ];
}

function moveRow(name: string, finding: Finding, view: View): SectionRow {
  const version = view.rowByName.get(name)?.version ?? '';
  const place = placeOf(name, finding, view);
  return { name, version, place, texts: describeUse(name, finding, view.document.declared) };
}

/** `only in tests/test_main.py and 2 more files → dev`, and shorter ways to say it. */
function describeUse(
  name: string,
  finding: Finding,
  declared: readonly DeclaredRow[],
): readonly string[] {
  const row = declared.find((other) => other.name === name && other.verdict === 'dev-only');
  const evidence = row?.evidence ?? finding.evidence;
  // Its own line says only what kind of tool it is.
  const paths = [...new Set(evidence.map(({ path }) => path))].filter((path) => path !== row?.path);
  const [first] = paths;
  // What stands in the requirements for development already, and is only installed elsewhere, moves nowhere.
  const to = finding.remedy?.kind === 'move' ? ' → dev' : '';
  if (first === undefined) return [`a development tool${to}`, 'a development tool'];
  const more = paths.length > 1 ? ` and ${formatCount(paths.length - 1, 'more file')}` : '';
  const counted = paths.length > 1 ? ` +${paths.length - 1}` : '';
  const file = first.slice(first.lastIndexOf('/') + 1);
  const short = file === first ? first : `…/${file}`;
  return [
    `only in ${first}${more}${to}`,
    `only in ${first}${counted}${to}`,
    `only in ${first}${counted}`,
    `only in ${short}${counted}${to}`,
    `only in ${short}${counted}`,
  ];
}

/** `CHECK`: what may be unused, but nothing proves it. */
export function renderCheck(view: View): readonly string[] {
  const findings = view.document.findings.filter(
    (finding) =>
      (finding.rule === 'unused' || finding.rule === 'dev-only') &&
      finding.confidence === 'possible',
  );
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const word = painter.bold(padEnd('CHECK', INDENT));
  const places = findings.flatMap((finding) =>
    finding.packages.map((name) => `${name} (${placeOf(name, finding, view)})`),
  );
  const width = options.width - INDENT;
  const most = options.all ? Number.POSITIVE_INFINITY : 2;
  const list = { lead: 'perhaps not used, nothing proves it: ', names: places };
  const text = listFitting(list, width, most);
  return hang(word, clip(text, width, most));
}

/** Why these leave together, and what goes with them. */
function describeGroup(finding: Finding, view: View): string {
  const { packages, leaves } = finding;
  const holds: string[] = [];
  for (const name of packages) {
    const holders = view.rowByName.get(name)?.requiredBy ?? [];
    const holder = holders.find((other) => other !== name && packages.includes(other));
    if (holder !== undefined) holds.push(`${holder} needs ${name}`);
  }
  const sentences: string[] = [];
  const what = packages.length === 2 ? 'These two' : `These ${packages.length}`;
  if (holds.length > 0) {
    sentences.push(`${what} only leave together: ${holds.slice(0, 2).join(', ')}.`);
  }
  const others = leaves.filter((name) => !packages.includes(name));
  if (others.length > 0) {
    const pronoun = packages.length === 1 ? 'it' : 'them';
    const verb = others.length === 1 ? 'goes 1 package' : `go ${others.length} packages`;
    sentences.push(`With ${pronoun} ${verb} nothing else needs: ${listLeaves(others, view)}`);
  }
  return sentences.join(' ');
}

/** The heaviest first, names of one family as one: `12 nvidia-* (3.05 GB), triton, sympy`. */
function listLeaves(names: readonly string[], { rowByName, options }: View): string {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const family = name.split('-', 1)[0] ?? name;
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  const entries = [...families].flatMap(([family, members]) => {
    if (members.length < 3)
      return members.map((name) => ({ text: name, bytes: bytesOfNames([name], rowByName) }));
    const bytes = bytesOfNames(members, rowByName);
    const size = formatBytes(bytes, options.units);
    return [{ text: `${members.length} ${family}-* (${size})`, bytes }];
  });
  entries.sort((a, b) => b.bytes - a.bytes || compareText(a.text, b.text));
  return entries.map(({ text }) => text).join(', ');
}

function countNames(findings: readonly Finding[]): number {
  return findings.reduce((count, { packages }) => count + packages.length, 0);
}

function bytesOf(findings: readonly Finding[]): number {
  return findings.reduce((bytes, finding) => bytes + (finding.savedInstalledBytes ?? 0), 0);
}
