import { IMAGE_RULES } from '../rules.ts';
import type { Finding } from '../types.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import { isDockerfileName } from '../target/dockerfile-name.ts';
import { compareBytes } from './order.ts';
import { clip, INDENT } from './section-parts.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

const MOST_ROWS = 5;
const MOST_LINES = 3;
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
  const shown = options.all ? told : told.filter(isWorthAsking).slice(0, MOST_ROWS);
  if (shown.length === 0 && !options.all) return [];
  const left = told.length - shown.length;
  const rest = painter.dim(`  … and ${formatCount(left, 'more finding')} (--all lists them)`);
  return [
    ...renderHead(findings, path, view),
    ...shown.flatMap((finding) => renderFinding(finding, path, view)),
    ...(left > 0 ? [rest] : []),
  ];
}

/** Scripts that it runs are told at their own lines. */
function pathOfImage(findings: readonly Finding[]): string | null {
  const paths = findings.flatMap(({ locations }) => locations.map(({ path }) => path));
  return paths.find((path) => isDockerfileName(fileNameOf(path))) ?? null;
}

/** That another base would be smaller, and nobody knows by how much, is no reason to read on. */
function isWorthAsking({ rule, savedDownloadBytes }: Finding): boolean {
  return rule !== 'base-image' || (savedDownloadBytes ?? 0) > 0;
}

/** Nothing but what the base weighs: the head of the section says it. */
function isOfHeadAlone({ rule, savedDownloadBytes, evidence }: Finding): boolean {
  return rule === 'base-image' && savedDownloadBytes === null && evidence.length > 0;
}

/** `IMAGE   Dockerfile, on python:3.12-slim (43 MB compressed, 2026-08-05)`. */
function renderHead(
  findings: readonly Finding[],
  path: string,
  { options, painter }: View,
): readonly string[] {
  const base = findings.find(({ rule }) => rule === 'base-image')?.evidence[0]?.note ?? '';
  const [, name = '', bytes = '', date = ''] =
    /^(.+): (\d+) bytes compressed, (.+)$/.exec(base) ?? [];
  const hasRows = findings.some((finding) => !isOfHeadAlone(finding));
  const size = name === '' ? '' : formatBytes(Number(bytes), options.units);
  const on = name === '' ? '' : ` on ${name} (${size} compressed, ${date})`;
  const [first = '', ...more] = wrap(
    `${path}${on}${hasRows ? ', by line; what each would free' : ''}`,
    options.width - INDENT,
  );
  return [
    `${painter.bold(padEnd('IMAGE', INDENT))}${first}`,
    ...more.map((line) => `${' '.repeat(INDENT)}${line}`),
  ];
}

function renderFinding(finding: Finding, path: string, view: View): readonly string[] {
  const { options, painter } = view;
  const { savedInstalledBytes, savedDownloadBytes, message, remedy, locations, rule } = finding;
  // Of a base only what is downloaded is known.
  const saved = rule === 'base-image' ? savedDownloadBytes : savedInstalledBytes;
  const [place] = locations;
  const isHere = place?.path === path;
  const where = place !== undefined && isHere ? `:${place.line}` : '';
  const text = place === undefined || isHere ? message : `${place.path}:${place.line}: ${message}`;
  const size = saved === null || saved === 0 ? '' : formatBytes(saved, options.units);
  const head = `  ${padEnd(where, PLACE_COLUMNS - 2)}${padStart(size, SIZE_COLUMNS)}  `;
  const indent = ' '.repeat(displayWidth(head));
  const width = options.width - displayWidth(head);
  const texts = clip(text, width, options.all ? 99 : MOST_LINES);
  const advice =
    remedy === null
      ? []
      : options.all
        ? wrap(`→ ${remedy.text}`, width)
        : clip(`→ ${remedy.text}`, width, 2);
  return [
    ...texts.map((line, index) => `${index === 0 ? head : indent}${line}`),
    ...advice.map((line) => `${indent}${painter.dim(line)}`),
  ];
}
