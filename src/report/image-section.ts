import type { Finding, RuleName } from '../types.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes } from './order.ts';
import { clip, INDENT } from './section-parts.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

/** Rules on how the image is built. */
const IMAGE_RULES: ReadonlySet<RuleName> = new Set([
  'orphan-install',
  'comes-back',
  'replaced-install',
  'conflicting-pin',
  'idle-constraints',
  'later-deletion',
  'wheelhouse-layer',
  'pip-cache',
  'compiled-bytecode',
  'dev-in-image',
  'build-context',
  'python-mismatch',
]);

const MOST_ROWS = 5;
const MOST_LINES = 3;
/** Less is no reason to show more than the one line on a project that is well. */
const WORTH_SHOWING = 1_000_000;
const PLACE_COLUMNS = 8;
const SIZE_COLUMNS = 9;

/** The findings of the section, those that free most first. */
export function imageFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter(({ rule }) => IMAGE_RULES.has(rule))
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes));
}

/** True where the image has something that is worth more than a note. */
export function hasHeavyImage(findings: readonly Finding[]): boolean {
  return imageFindings(findings).some(
    ({ savedInstalledBytes }) => (savedInstalledBytes ?? 0) >= WORTH_SHOWING,
  );
}

/** `IMAGE`: what the Dockerfile of the product does beside installing what is needed. */
export function renderImage(view: View): readonly string[] {
  const { document, options, painter } = view;
  const findings = imageFindings(document.findings);
  const [first] = findings;
  if (first === undefined) return [];
  const path = first.locations[0]?.path ?? 'Dockerfile';
  const shown = options.all ? findings : findings.slice(0, MOST_ROWS);
  const left = findings.length - shown.length;
  const rest = painter.dim(`  … and ${formatCount(left, 'more finding')} (--all lists them)`);
  return [
    `${painter.bold(padEnd('IMAGE', INDENT))}${path}, line by line; what each would free`,
    ...shown.flatMap((finding) => renderFinding(finding, path, view)),
    ...(left > 0 ? [rest] : []),
  ];
}

function renderFinding(finding: Finding, path: string, view: View): readonly string[] {
  const { options, painter } = view;
  const { savedInstalledBytes, message, remedy, locations } = finding;
  const [place] = locations;
  const where =
    place === undefined
      ? ''
      : place.path === path
        ? `:${place.line}`
        : `${place.path}:${place.line}`;
  const size =
    savedInstalledBytes === null || savedInstalledBytes === 0
      ? ''
      : formatBytes(savedInstalledBytes, options.units);
  const head = `  ${padEnd(where, PLACE_COLUMNS - 2)}${padStart(size, SIZE_COLUMNS)}  `;
  const indent = ' '.repeat(displayWidth(head));
  const width = options.width - displayWidth(head);
  const texts = clip(message, width, options.all ? 99 : MOST_LINES);
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
