import type { Finding, SourceLocation } from '../types.ts';
import { formatLocation, hasCondaPackages } from './format.ts';
import { isPartial, type View } from './headline.ts';
import { compareText } from './order.ts';
import {
  clip,
  INDENT,
  listFitting,
  measureColumns,
  renderLeftOut,
  renderRow,
  type SectionRow,
} from './section-parts.ts';
import { padEnd } from './text-width.ts';

const MOST_ROWS = 4;

/** What is imported and not declared: one row for a distribution, or for a module that nothing provides. */
interface Undeclared {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly isMissing: boolean;
  /** Only where the code copes with its absence, or a package of conda may bring it. */
  readonly isGuarded: boolean;
}

/** `ADD`: what the code imports and no line declares; guarded imports and those that conda may answer are only counted. */
export function renderAdd(view: View): readonly string[] {
  const undeclared = groupUndeclared(view);
  const { painter, options } = view;
  const wanted = undeclared.filter(({ isGuarded }) => options.all || !isGuarded);
  if (wanted.length === 0) return [];
  const guarded = undeclared.filter((entry) => !wanted.includes(entry));
  const shown = options.all ? wanted : wanted.slice(0, MOST_ROWS);
  const rows = shown.map((entry) => toRow(entry, view));
  const columns = measureColumns(rows);
  return [
    `${painter.bold(painter.red(padEnd('ADD', INDENT)))}imported, not declared`,
    ...rows.flatMap((row) => renderRow(row, columns, options.width)),
    ...renderLeftOut(wanted.length - shown.length, 'module', 0, view),
    ...(guarded.length === 0
      ? []
      : clip(describeGuarded(guarded, view, options.width - 2), options.width - 2, 2).map((line) =>
          painter.dim(`  ${line}`),
        )),
  ];
}

/** A sentence on imports that may fail, for a report that has no `ADD`; empty where there are none. */
export function noteGuarded(view: View, width: number): string {
  const undeclared = groupUndeclared(view);
  if (view.options.all || undeclared.some(({ isGuarded }) => !isGuarded)) return '';
  if (undeclared.length === 0) return '';
  const names = undeclared.map(({ name }) => name);
  return listFitting({ lead: leadOf(view), names }, width, 2);
}

function leadOf(view: View): string {
  if (hasCondaPackages(view.packages)) return 'imported and not declared; conda may bring them: ';
  return isPartial(view.document)
    ? 'imported, and not declared in what could be read: '
    : 'imported where it may fail, and not declared: ';
}

function describeGuarded(guarded: readonly Undeclared[], view: View, width: number): string {
  const names = guarded.map(({ name }) => name);
  const unread = isPartial(view.document)
    ? 'that what could not be read may declare'
    : 'only where it may fail';
  const where = hasCondaPackages(view.packages) ? 'that conda may bring' : unread;
  const lead = `+ ${guarded.length} imported ${where}: `;
  return listFitting({ lead, names }, width, 2);
}

/** Gravest first: what nothing provides, then what another package happens to bring in. */
function groupUndeclared({ document }: View): readonly Undeclared[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of document.findings) {
    if (finding.rule !== 'missing' && finding.rule !== 'transitive-import') continue;
    const name = nameOf(finding);
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  const entries = [...groups].map(([name, findings]) => ({
    name,
    findings,
    isMissing: findings.some(({ rule }) => rule === 'missing'),
    isGuarded: findings.every(({ confidence }) => confidence === 'possible'),
  }));
  return entries.toSorted(
    (a, b) =>
      Number(a.isGuarded) - Number(b.isGuarded) ||
      Number(b.isMissing) - Number(a.isMissing) ||
      compareText(a.name, b.name),
  );
}

/** The distribution to declare where it is known, else the module. */
function nameOf(finding: Finding): string {
  if (finding.rule === 'transitive-import') {
    const distribution = /^declare (\S+)$/.exec(finding.remedy?.text ?? '')?.[1];
    if (distribution !== undefined) return distribution;
  }
  return (finding.message.split(' ', 1)[0] ?? '').split('.', 1)[0] ?? '';
}

type Place = Pick<SourceLocation, 'path' | 'line'>;

function toRow({ name, findings, isMissing, isGuarded }: Undeclared, view: View): SectionRow {
  const places = findings.flatMap(({ evidence, locations }): readonly Place[] =>
    evidence.length > 0 ? evidence : locations,
  );
  const files = new Set(places.map(({ path }) => path));
  const [first] = places;
  const more = files.size > 1 ? ` +${files.size - 1}` : '';
  const place = first === undefined ? '' : `${formatLocation(first)}${more}`;
  const remark = isGuarded ? (hasCondaPackages(view.packages) ? ', conda may' : ', may fail') : '';
  const texts = isMissing
    ? [`nothing that is declared provides it${remark}`, `nothing provides it${remark}`]
    : describeHolders(holdersOf(name, view), otherSets(name, view)).map((text) => text + remark);
  return { name, version: '', place, texts };
}

/** Who brings it in, the declared ones first: those are the lines that the reader knows. */
function holdersOf(name: string, { rowByName }: View): readonly string[] {
  const isDirect = (holder: string): number => Number(rowByName.get(holder)?.direct ?? false);
  const holders = rowByName.get(name)?.requiredBy ?? [];
  return holders.toSorted((a, b) => isDirect(b) - isDirect(a));
}

/** Where it is instead, of a distribution that the headline environment does not have: the smallest extra first. */
function otherSets(name: string, { document, rowByName }: View): readonly string[] {
  if (rowByName.has(name)) return [];
  const isExtra = (id: string): number => Number(id.startsWith('extra:'));
  return document.environments
    .filter(({ packages }) => packages.some((row) => row.startsWith(`${name}==`)))
    .toSorted((a, b) => isExtra(b.id) - isExtra(a.id) || a.totals.packages - b.totals.packages)
    .map(({ id }) => wordsFor(id));
}

function wordsFor(id: string): string {
  const [, kind, name = ''] = /^(extra|group):(.*)$/.exec(id) ?? [];
  return kind === undefined ? `for ${id}` : `with ${kind} ${name}`;
}

function describeHolders(
  holders: readonly string[],
  [set, ...moreSets]: readonly string[],
): readonly string[] {
  const [first, ...others] = holders;
  if (first === undefined && set !== undefined) {
    const and = moreSets.length > 0 ? ` and ${moreSets.length} more` : '';
    return [`there only ${set}${and}`, `only ${set}`];
  }
  if (first === undefined) return ['there, but not declared'];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const counted = others.length > 0 ? ` +${others.length}` : '';
  return [
    `there only through ${first}${more}`,
    `through ${first}${more}`,
    `through ${first}${counted}`,
  ];
}
