import { IMAGE_RULES } from '../rules.ts';
import type { Finding } from '../types.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import { isDockerfileName } from '../target/dockerfile-name.ts';
import { compareBytes } from './order.ts';
import { INDENT } from './section-parts.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

const MOST_ROWS = 5;
const MOST_PARTS = 6;
/** Of the parts of a finding. */
const WORTH_A_LINE = 100_000;
/** Less is no reason to show more than the one line on a project that is well. */
const WORTH_SHOWING = 1_000_000;
const PLACE_COLUMNS = 8;
const SIZE_COLUMNS = 9;

/** The findings of the section, those that free most first. */
export function imageFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter(({ rule }) => IMAGE_RULES.includes(rule))
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
}

/** Those that are worth more than a note. */
export function heavyImageFindings(findings: readonly Finding[]): readonly Finding[] {
  return imageFindings(findings).filter(
    ({ savedInstalledBytes }) => (savedInstalledBytes ?? 0) >= WORTH_SHOWING,
  );
}

/** `IMAGE`: what the Dockerfile of the product does beside installing what is needed. */
export function renderImage(view: View): readonly string[] {
  const { document, options, painter } = view;
  const findings = imageFindings(document.findings);
  const [first] = findings;
  if (first === undefined) return [];
  const path = pathOfImage(findings) ?? first.locations[0]?.path ?? 'Dockerfile';
  const told = findings.filter((finding) => !isOfHeadAlone(finding));
  const worthy = told.filter(isWorthAsking);
  // What else there is on the base is told where there is something to tell.
  const left = told.filter((finding) => !isWorthAsking(finding) && !isOutOfQuestion(finding));
  const others = worthy.length === 0 ? [] : left;
  const shown = options.all ? told : [...worthy, ...others].slice(0, MOST_ROWS);
  if (shown.length === 0 && !options.all) return [];
  const hidden = told.length - shown.length;
  const rest = painter.dim(`  … and ${formatCount(hidden, 'more finding')} (--all lists them)`);
  return [
    ...renderHead(findings, path, view),
    ...shown.flatMap((finding) => renderFinding(finding, path, view)),
    ...(hidden > 0 ? [rest] : []),
    ...renderPatch(view),
  ];
}

/** That there are lines to be had. */
function renderPatch({ document, options, painter }: View): readonly string[] {
  const { imagePatch = '' } = document;
  const lines = imagePatch.split('\n').filter((line) => /^\+(?!\+\+ )/.test(line)).length;
  if (lines === 0) return [];
  const text = `depweight audit --format patch has ${formatCount(lines, 'line')} of this as a patch for git apply`;
  return wrap(text, options.width - 2).map((line) => `  ${painter.dim(line)}`);
}

/** Scripts that it runs are told at their own lines. */
function pathOfImage(findings: readonly Finding[]): string | null {
  const paths = findings.flatMap(({ locations }) => locations.map(({ path }) => path));
  return paths.find((path) => isDockerfileName(fileNameOf(path))) ?? null;
}

/** That another base would be smaller, and nobody knows by how much, is no reason to read on. */
function isWorthAsking({ rule, savedDownloadBytes, evidence }: Finding): boolean {
  return rule !== 'base-image' || (savedDownloadBytes ?? 0) > 0 || evidence.length === 0;
}

/** A base for which some package has nothing at all is none to be had. */
function isOutOfQuestion({ rule, message }: Finding): boolean {
  return rule === 'base-image' && message.includes('nothing for it at all');
}

/** Nothing but what the base weighs: the head of the section says it. */
function isOfHeadAlone({ rule, message }: Finding): boolean {
  return rule === 'base-image' && message.startsWith('the base is ');
}

/** `IMAGE   Dockerfile, on python:3.12-slim (43 MB compressed, 2026-08-05)`. */
function renderHead(
  findings: readonly Finding[],
  path: string,
  { options, painter }: View,
): readonly string[] {
  const evidence = findings.flatMap((one) => (one.rule === 'base-image' ? one.evidence : []));
  const own = basesIn(evidence).find(({ isToCompare }) => !isToCompare);
  const hasRows = findings.some((finding) => !isOfHeadAlone(finding));
  const on =
    own === undefined
      ? ''
      : ` on ${own.name} (${formatBytes(own.bytes, options.units)} compressed, ${own.date})`;
  const [first = '', ...more] = wrap(
    `${path}${on}${hasRows ? ', by line; what each would free' : ''}`,
    options.width - INDENT,
  );
  return [
    `${painter.bold(padEnd('IMAGE', INDENT))}${first}`,
    ...more.map((line) => `${' '.repeat(INDENT)}${line}`),
  ];
}

/** What the evidence of a finding says of bases. */
function basesIn(evidence: Finding['evidence']): readonly {
  readonly name: string;
  readonly bytes: number;
  readonly date: string;
  readonly isToCompare: boolean;
}[] {
  return evidence.flatMap(({ note }) => {
    const [, compared, name = '', bytes = '', date = ''] =
      /^(to compare )?(.+): (\d+) bytes compressed, (.+)$/.exec(note) ?? [];
    return name === ''
      ? []
      : [{ name, bytes: Number(bytes), date, isToCompare: compared !== undefined }];
  });
}

/** ` (to compare: python:3.12-slim 43 MB, python:3.12-alpine 18 MB, compressed)`; nothing where the base itself is known. */
export function sayCompared({ evidence }: Finding, units: View['options']['units']): string {
  const compared = basesIn(evidence).filter(({ isToCompare }) => isToCompare);
  const list = compared.map(({ name, bytes }) => `${name} ${formatBytes(bytes, units)}`);
  return list.length === 0 ? '' : ` (to compare: ${list.join(', ')}, compressed)`;
}

function renderFinding(finding: Finding, path: string, view: View): readonly string[] {
  const { options, painter } = view;
  const { savedInstalledBytes, savedDownloadBytes, message, remedy, locations, rule } = finding;
  // Of a base only what is downloaded is known.
  const saved = rule === 'base-image' ? savedDownloadBytes : savedInstalledBytes;
  const [place] = locations;
  const isHere = place?.path === path;
  const line = locations.find((one) => one.path === path)?.line;
  const where = line === undefined ? '' : `:${line}`;
  const said = `${message}${sayCompared(finding, options.units)}`;
  const text = place === undefined || isHere ? said : `${place.path}:${place.line}: ${said}`;
  const size = saved === null || saved === 0 ? '' : formatBytes(saved, options.units);
  const head = `  ${padEnd(where, PLACE_COLUMNS - 2)}${padStart(size, SIZE_COLUMNS)}  `;
  const indent = ' '.repeat(displayWidth(head));
  const width = options.width - displayWidth(head);
  const texts = wrap(text, width);
  const advice = remedy === null ? [] : wrap(`→ ${remedy.text}`, width);
  return [
    ...texts.map((line, index) => `${index === 0 ? head : indent}${line}`),
    ...renderParts(finding, width, view).map((line) => `${indent}${line}`),
    ...advice.map((line) => `${indent}${painter.dim(line)}`),
    ...renderSnippet(finding, view).map((line) => `${indent}  ${painter.dim(line)}`),
  ];
}

/** `  30 MB  data/` and, where it had better be kept, why. */
function renderParts({ parts = [] }: Finding, width: number, { options }: View): readonly string[] {
  const heavy = parts.filter(({ bytes }, index) => index === 0 || bytes >= WORTH_A_LINE);
  const shown = options.all ? parts : heavy.slice(0, MOST_PARTS);
  const rest = parts.slice(shown.length);
  const sizes = shown.map(({ bytes }) => formatBytes(bytes, options.units));
  const column = Math.max(0, ...sizes.map(displayWidth)) + 2;
  const lines = shown.flatMap(({ path, kept }, index) => {
    const text = kept === null ? path : `${path} stays: ${kept}`;
    const head = `${padStart(sizes[index] ?? '', column)}  `;
    return wrap(text, width - column - 2).map(
      (line, at) => `${at === 0 ? head : ' '.repeat(column + 2)}${line}`,
    );
  });
  const bytes = formatBytes(
    rest.reduce((sum, part) => sum + part.bytes, 0),
    options.units,
  );
  return rest.length === 0
    ? lines
    : [...lines, `${padStart(bytes, column)}  … in ${rest.length} more (--all)`];
}

/** Lines to be copied into a file. */
function renderSnippet({ remedy }: Finding, { options }: View): readonly string[] {
  const lines = remedy?.snippet?.lines ?? [];
  const shown = options.all ? lines : lines.slice(0, MOST_PARTS);
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `… and ${formatCount(left, 'more line')} (--all)`];
}
