import type { Finding, PackageRow, RuleName } from '../types.ts';
import { formatBytes, formatCount, formatLocation, formatSize, isSaving } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

/** Widths that all tables of one report share. */
export interface Columns {
  readonly name: number;
  readonly version: number;
}

const MOST_REMOVE_ROWS = 5;
const MOST_MOVE_ROWS = 3;
const MOST_ADD_ROWS = 3;
const MOST_NOTES = 3;
/** Text under a section's word, and the word itself in eight columns. */
const INDENT = 8;

/** Name and version columns wide enough for these rows, as far as the table of what stays has room. */
export function measureColumns(rows: readonly PackageRow[], width: number): Columns {
  const widest = (texts: readonly string[], least: number, most: number): number =>
    Math.min(Math.max(least, ...texts.map(displayWidth)), most);
  const versions = rows.map((row) => row.version);
  const names = rows.map((row) => row.name);
  const version = widest(versions, 6, 10);
  return { version, name: widest(names, 10, Math.max(width - version - 56, 10)) };
}

/** `REMOVE`: what nothing imports, each with its place, and what goes with it. */
export function renderRemove(view: View, columns: Columns): readonly string[] {
  const findings = view.document.findings
    .filter((finding) => finding.rule === 'unused' && isSaving(finding))
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const word = painter.bold(painter.red(padEnd('REMOVE', INDENT)));
  const lines = [headingOf(word, 'declared, never imported', findings, view)];
  let rows = 0;
  let shown = 0;
  for (const finding of findings) {
    if (!options.all && rows >= MOST_REMOVE_ROWS) break;
    // A large group is not cut in two: its rest is counted below with the findings left out.
    const names = finding.packages.slice(0, options.all ? undefined : MOST_REMOVE_ROWS - rows);
    for (const name of names) lines.push(...removeRow(name, finding, view, columns));
    const hidden = finding.packages.length - names.length;
    if (hidden > 0) lines.push(painter.dim(`  … and ${hidden} more of this group`));
    const note = describeGroup(finding, view);
    if (note !== '')
      lines.push(...clip(note, options.width - 4, 3).map((line) => `  ${painter.dim(line)}`));
    rows += names.length;
    shown += 1;
  }
  return [...lines, ...leftOut(findings.slice(shown), view)];
}

function removeRow(
  name: string,
  finding: Finding,
  view: View,
  columns: Columns,
): readonly string[] {
  const row = view.rowByName.get(name);
  const size = `${formatSize(row?.installedBytes ?? null, view.options.units)} itself`;
  const unsure = finding.confidence === 'likely' ? '  (likely)' : '';
  const text = `${padStart(size, 14)}${unsure}`;
  return rowOf({ name, place: placeOf(name, finding, view), text }, view, columns);
}

/** `MOVE`: what only tests and tools need. */
export function renderMove(view: View, columns: Columns): readonly string[] {
  const findings = view.document.findings
    .filter((finding) => finding.rule === 'dev-only' && isSaving(finding))
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const word = painter.bold(painter.yellow(padEnd('MOVE', INDENT)));
  const lines = [headingOf(word, 'needed for development only', findings, view)];
  const shown = options.all ? findings : findings.slice(0, MOST_MOVE_ROWS);
  for (const finding of shown) {
    for (const name of finding.packages) {
      const text = `${describeUse(finding)} → dev`;
      const place = placeOf(name, finding, view);
      lines.push(...rowOf({ name, place, text }, view, columns));
    }
  }
  return [...lines, ...leftOut(findings.slice(shown.length), view)];
}

/** `ADD`: what the code imports and no line declares. */
export function renderAdd(view: View): readonly string[] {
  const findings = view.document.findings.filter(
    (finding) => finding.rule === 'missing' || finding.rule === 'transitive-import',
  );
  if (findings.length === 0) return [];
  const { painter, options } = view;
  const lines = [`${painter.bold(painter.red(padEnd('ADD', INDENT)))}imported, not declared`];
  const shown = options.all ? findings : findings.slice(0, MOST_ADD_ROWS);
  for (const finding of shown) {
    const place = finding.evidence[0] ?? finding.locations[0];
    const text =
      place === undefined ? finding.message : `${formatLocation(place)}  ${finding.message}`;
    lines.push(...clip(text, options.width - 2, 2).map((line) => `  ${line}`));
  }
  return [...lines, ...leftOut(findings.slice(shown.length), view)];
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
  const text = `perhaps not used, nothing proves it: ${places.join(', ')}`;
  return hang(word, text, options.width, options.all ? Number.POSITIVE_INFINITY : 2);
}

/** What a line of several findings of one rule says before the names. */
const RULE_TITLES: Readonly<Partial<Record<RuleName, string>>> = {
  indirect: 'declared, but only other packages need them',
  'no-wheel': 'without a wheel for this target',
  drift: 'declared differently in two files',
  'unused-constraint': 'constraints that hold nothing',
  'misplaced-extra': 'needed by default, but only in an extra',
};

/** `NOTE`: all other findings, the gravest first, several of one rule on one line. */
export function renderNotes(view: View): readonly string[] {
  const { document, painter, options } = view;
  const apart = new Set<RuleName>(['unused', 'dev-only', 'missing', 'transitive-import', 'heavy']);
  const byRule = new Map<RuleName, Finding[]>();
  for (const finding of document.findings) {
    if (apart.has(finding.rule)) continue;
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  }
  const rank = { error: 0, warning: 1, info: 2 };
  const gravest = (findings: readonly Finding[]): number =>
    Math.min(...findings.map((finding) => rank[finding.severity]));
  const groups = [...byRule.values()].toSorted((a, b) => gravest(a) - gravest(b));
  // Each kind of strippable file is a finding with its own bytes.
  const texts = groups.flatMap((group) =>
    options.all || group[0]?.rule === 'strippable'
      ? group.map((finding) => noteOf([finding], view))
      : [noteOf(group, view)],
  );
  const word = padEnd('NOTE', INDENT);
  const shown = options.all ? texts : texts.slice(0, MOST_NOTES);
  const most = options.all ? Number.POSITIVE_INFINITY : 2;
  const lines = shown.flatMap((text, index) =>
    hang(index === 0 ? painter.bold(word) : ' '.repeat(INDENT), text, options.width, most),
  );
  const left = texts.length - shown.length;
  const rest = `${' '.repeat(INDENT)}… and ${formatCount(left, 'more note')} (--all lists them)`;
  return left > 0 ? [...lines, painter.dim(rest)] : lines;
}

function noteOf(group: readonly Finding[], { options }: View): string {
  const [first] = group;
  if (first === undefined) return '';
  if (group.length > 1) {
    const names = [...new Set(group.flatMap((finding) => finding.packages))];
    return `${group.length} ${RULE_TITLES[first.rule] ?? first.rule}: ${names.join(', ')}`;
  }
  const { message, savedInstalledBytes, locations } = first;
  const amount = savedInstalledBytes ?? 0;
  const size = amount > 0 ? `${formatBytes(amount, options.units)}: ` : '';
  const [place] = locations;
  const named =
    place === undefined || locations.length > 1 || message.includes(formatLocation(place));
  return `${size}${message}${named ? '' : ` (${formatLocation(place)})`}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Parts of the sections

function headingOf(word: string, title: string, findings: readonly Finding[], view: View): string {
  const { width, units } = view.options;
  let bytes = 0;
  for (const finding of findings) bytes += finding.savedInstalledBytes ?? 0;
  const known = findings.some((finding) => finding.savedInstalledBytes !== null);
  const unsure = findings.some((finding) => finding.savedInstalledBytes === null);
  const amount = known ? `frees ${unsure ? '≥ ' : ''}${formatBytes(bytes, units)}` : 'frees ?';
  return `${word}${title}${padStart(amount, Math.min(width, 80) - INDENT - displayWidth(title))}`;
}

/** One package: name, version, place and text; the place moves below where the line has no room. */
function rowOf(
  { name, place, text }: { readonly name: string; readonly place: string; readonly text: string },
  { rowByName, options }: View,
  columns: Columns,
): readonly string[] {
  const version = rowByName.get(name)?.version ?? '';
  const cells = [`  ${padEnd(name, columns.name)}`, padEnd(version, columns.version)].join('  ');
  const line = `${cells}  ${padEnd(place, 20)}  ${text}`.trimEnd();
  if (displayWidth(line) <= options.width) return [line];
  const below = ' '.repeat(columns.name + 4);
  const short = `${cells}  ${text.trimStart()}`;
  if (displayWidth(short) <= options.width) return [short, `${below}${place}`];
  return [
    cells,
    `    ${place}`,
    ...wrap(text.trim(), options.width - 4).map((part) => `    ${part}`),
  ];
}

/** Where the package is declared, for the eye and for the editor. */
function placeOf(name: string, finding: Finding, { rowByName }: View): string {
  const declared = rowByName.get(name)?.declaredAt ?? [];
  const inFinding = declared.filter((place) =>
    finding.locations.some((other) => other.path === place.path && other.line === place.line),
  );
  const [first, ...more] = inFinding.length > 0 ? inFinding : finding.locations;
  if (first === undefined) return '';
  // Without a row, the locations are those of the whole group.
  const others = inFinding.length > 0 ? more.length : 0;
  return `${formatLocation(first)}${others > 0 ? ` +${others}` : ''}`;
}

/** `only in tests/test_main.py and 2 more files`. */
function describeUse(finding: Finding): string {
  const paths = [...new Set(finding.evidence.map((evidence) => evidence.path))];
  if (paths.length === 0) return 'a development tool';
  const more = paths.length > 1 ? ` and ${formatCount(paths.length - 1, 'more file')}` : '';
  return `only in ${paths[0] ?? ''}${more}`;
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
function listLeaves(names: readonly string[], view: View): string {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const family = name.split('-', 1)[0] ?? name;
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  const bytesOf = (members: readonly string[]): number => {
    let bytes = 0;
    for (const name of members) bytes += view.rowByName.get(name)?.installedBytes ?? 0;
    return bytes;
  };
  const entries = [...families].flatMap(([family, members]) => {
    if (members.length < 3) return members.map((name) => ({ text: name, bytes: bytesOf([name]) }));
    const bytes = bytesOf(members);
    const size = formatBytes(bytes, view.options.units);
    return [{ text: `${members.length} ${family}-* (${size})`, bytes }];
  });
  entries.sort((a, b) => b.bytes - a.bytes || compareText(a.text, b.text));
  return entries.map(({ text }) => text).join(', ');
}

/** `… and 38 more packages, 9 MB (--all lists them)`; nothing when nothing was left out. */
function leftOut(findings: readonly Finding[], { options, painter }: View): readonly string[] {
  if (findings.length === 0) return [];
  let packages = 0;
  let bytes = 0;
  for (const finding of findings) {
    packages += finding.packages.length;
    bytes += finding.savedInstalledBytes ?? 0;
  }
  const size = bytes > 0 ? `, ${formatBytes(bytes, options.units)}` : '';
  return [
    painter.dim(`  … and ${formatCount(packages, 'more package')}${size} (--all lists them)`),
  ];
}

/** At most `most` lines; the last ends in `…` when words were left out. */
function clip(text: string, width: number, most: number): readonly string[] {
  const lines = wrap(text, width);
  if (lines.length <= most) return lines;
  const last = truncate(lines.slice(most - 1).join(' '), width - 2);
  // Cut at a word, so that no half name is read for a whole one.
  return [...lines.slice(0, most - 1), last.replace(/,? [^ ]*…$/, ' …')];
}

function hang(word: string, text: string, width: number, most: number): readonly string[] {
  return clip(text, width - INDENT, most).map((line, index) =>
    index === 0 ? `${word}${line}` : `${' '.repeat(INDENT)}${line}`,
  );
}
