import type { Composition, Finding, RuleName } from '../types.ts';
import { noteGuarded } from './add-section.ts';
import { ciFindings } from './ci-section.ts';
import { formatBytes, formatCount, formatLocation } from './format.ts';
import type { View } from './headline.ts';
import { imageFindings, sayCompared } from './image-section.ts';
import { lighterFindings } from './lighter-section.ts';
import { hang, INDENT, listFitting } from './section-parts.ts';
import { padEnd, wrap } from './text-width.ts';

const MOST_NOTES = 3;
const MOST_LINES = 2;

/** What a line of several findings of one rule says before the names. */
const RULE_TITLES: Readonly<Partial<Record<RuleName, string>>> = {
  indirect: 'declared, but only other packages need them',
  'no-wheel': 'without a wheel for this target, so of unknown size',
  drift: 'declared differently in two files',
  'unused-constraint': 'constraints that hold nothing',
  'misplaced-extra': 'needed by default, but only in an extra',
  alternative: 'that have lighter alternatives',
  'droppable-extra': 'with an extra that may be dropped',
  'newer-lighter': 'of which a newer release is lighter',
  'either-one': 'of which each run of the program needs one',
};

/** Rules that have sections of their own, or columns; `heavy` says more, which is for those who ask for all. */
const APART: ReadonlySet<RuleName> = new Set([
  'unused',
  'dev-only',
  'missing',
  'transitive-import',
  'heavy',
  'over-budget',
]);

/** `NOTE`: all other findings, the gravest first, several of one rule on one line. */
export function renderNotes(view: View): readonly string[] {
  const { painter, options } = view;
  const width = options.width - INDENT;
  const texts = composeNotes(view, width);
  const shown = options.all ? texts : texts.slice(0, MOST_NOTES);
  const lines = shown.flatMap((text, index) => {
    // What is to be copied stands below, line by line.
    const [sentence = '', ...code] = text.split('\n');
    return hang(index === 0 ? painter.bold(padEnd('NOTE', INDENT)) : ' '.repeat(INDENT), [
      ...wrap(sentence, width),
      ...code.map((line) => painter.dim(`    ${line}`)),
    ]);
  });
  const left = texts.length - shown.length;
  const rest = `${' '.repeat(INDENT)}… and ${formatCount(left, 'more note')} (--all lists them)`;
  return left > 0 ? [...lines, painter.dim(rest)] : lines;
}

function composeNotes(view: View, width: number): readonly string[] {
  const byRule = new Map<RuleName, Finding[]>();
  const { findings } = view.document;
  const apart = new Set([
    ...lighterFindings(view.document),
    ...imageFindings(findings),
    ...ciFindings(findings),
  ]);
  for (const finding of findings) {
    const isApart = APART.has(finding.rule) && !(view.options.all && finding.rule === 'heavy');
    if (isApart || apart.has(finding)) continue;
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  }
  const rank = { error: 0, warning: 1, info: 2 };
  const gravest = (findings: readonly Finding[]): number =>
    Math.min(...findings.map((finding) => rank[finding.severity]));
  // What is missing from the totals goes before advice that is only nice to have.
  const isAboutTotals = ([first]: readonly Finding[]): boolean => first?.rule === 'no-wheel';
  const groups = [...byRule.values()].toSorted(
    (a, b) => gravest(a) - gravest(b) || Number(isAboutTotals(b)) - Number(isAboutTotals(a)),
  );
  const texts = groups.flatMap((group) =>
    // Each kind of strippable file is a finding with its own bytes.
    view.options.all || group[0]?.rule === 'strippable'
      ? group.map((finding) => describeOne(finding, view, width))
      : [describeGroup(group, view, width)],
  );
  const guarded = noteGuarded(view, width);
  return guarded === '' ? texts : [...texts, guarded];
}

function describeGroup(group: readonly Finding[], view: View, width: number): string {
  const [first] = group;
  if (first === undefined) return '';
  if (group.length === 1) return describeOne(first, view, width);
  const names = [...new Set(group.flatMap(namesOf))];
  const lead = `${group.length} ${RULE_TITLES[first.rule] ?? first.rule}: `;
  return listFitting({ lead, names }, width, MOST_LINES);
}

/** The package of a finding on what is not declared stands only in its message. */
function namesOf(finding: Finding): readonly string[] {
  if (finding.rule !== 'no-wheel') return finding.packages;
  return [finding.message.split(' ', 1)[0] ?? ''];
}

/** Whole where it has room; else without what follows the first semicolon. */
function describeOne(finding: Finding, view: View, width: number): string {
  const { message, savedInstalledBytes, locations } = finding;
  const special = describeFiles(finding, view, width) ?? describeChoice(finding, view);
  if (special !== null) return special;
  const amount = savedInstalledBytes ?? 0;
  const size = amount > 0 ? `${formatBytes(amount, view.options.units)}: ` : '';
  const [place] = locations;
  const isPlaced =
    place === undefined || locations.length > 1 || message.includes(formatLocation(place));
  const where = isPlaced ? '' : ` (${formatLocation(place)})`;
  const whole = `${size}${message}${sayCompared(finding, view.options.units)}${where}`;
  const most = finding.rule === 'musl-wheels' ? MOST_LINES + 2 : MOST_LINES;
  if (view.options.all || wrap(whole, width).length <= most) return whole;
  return `${size}${message.split('; ', 1)[0] ?? message}${where}`;
}

/** What the advice calls the parts of a wheel, by their names in the composition. */
const PARTS: Readonly<Record<string, keyof Composition>> = {
  'test suites': 'tests',
  'source maps': 'sourceMaps',
  'static libraries': 'staticLibraries',
  'C and C++ headers': 'headers',
  'sources of compiled modules': 'sources',
};

/** `32 MB (7 %) of what stays are test suites inside wheels: scipy 14 MB, numpy 6.0 MB and 9 more`. */
function describeFiles(finding: Finding, view: View, width: number): string | null {
  const match = /^((?:\d+|<1) %) of what stays are (.+) inside wheels: (.+?); (.+)$/.exec(
    finding.message,
  );
  if (finding.rule !== 'strippable' || match === null) return null;
  const [, share = '', noun = '', list = '', caution = ''] = match;
  const part = PARTS[noun];
  const [, named = list, rest = '0'] = /^(.*) and (\d+) more$/.exec(list) ?? [];
  const names = named.split(/, | and /).map((name) => {
    const bytes = part === undefined ? 0 : (view.rowByName.get(name)?.composition?.[part] ?? 0);
    return bytes > 0 ? `${name} ${formatBytes(bytes, view.options.units)}` : name;
  });
  const total = formatBytes(finding.savedInstalledBytes ?? 0, view.options.units);
  const lead = `${total} (${share}) of what stays are ${noun} inside wheels: `;
  if (view.options.all)
    return `${lead}${names.join(', ')}${rest === '0' ? '' : ` and ${rest} more`}; ${caution}${sayCommand(finding)}`;
  return listFitting({ lead, names, hidden: Number(rest) }, width, MOST_LINES);
}

/** `each run needs one of torch 900 MB, onnxruntime 50 MB and tflite 9 MB (run.py:3, run.py:5)`, with the extras below. */
function describeChoice(finding: Finding, { rowByName, options }: View): string | null {
  const [, places] = /\(([^)]*)\): whoever/.exec(finding.message) ?? [];
  if (finding.rule !== 'either-one' || places === undefined) return null;
  const weights = finding.packages.map((name) => {
    const bytes = rowByName.get(name)?.exclusiveBytes ?? null;
    return `${name} ${bytes === null ? '?' : formatBytes(bytes, options.units)}`;
  });
  const list = `${weights.slice(0, -1).join(', ')} or ${weights.at(-1) ?? ''}`;
  const lead = `each run of the program needs one of ${list} (${places})`;
  if (!options.all) return lead;
  // Its lines were joined when the text was made safe.
  const code = (finding.remedy?.text ?? '').split(/ (?=[a-z\d-]+ = \[")/);
  return [`${lead}; an extra for each lets people choose:`, ...code].join('\n');
}

/** What to put into the image, where that is known. */
function sayCommand({ remedy }: Finding): string {
  const at = remedy?.text.indexOf(': RUN ') ?? -1;
  return remedy === null || at === -1
    ? ''
    : `. In the layer that installs them${remedy.text.slice(at)}`;
}
