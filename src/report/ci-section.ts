import { CI_RULES } from '../rules.ts';
import type { Finding } from '../types.ts';
import { formatBytes, formatCount, formatLocation } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes } from './order.ts';
import { INDENT } from './section-parts.ts';
import { displayWidth, padEnd, truncate, wrap } from './text-width.ts';

const MOST_ROWS = 3;
/** Less is done in a second or two. */
const WORTH_SHOWING = 20_000_000;

/** The findings of the section, what is downloaded most first. */
export function ciFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter(({ rule }) => CI_RULES.includes(rule))
    .toSorted((a, b) => compareBytes(a.savedDownloadBytes, b.savedDownloadBytes));
}

/** Those that are worth more than a note, what is downloaded most first. */
export function heavyCiFindings(findings: readonly Finding[]): readonly Finding[] {
  return ciFindings(findings).filter(
    ({ savedDownloadBytes }) => (savedDownloadBytes ?? 0) >= WORTH_SHOWING,
  );
}

/** `CI`: what jobs install without need, by what each run downloads. */
export function renderCi({ document, options, painter }: View): readonly string[] {
  const findings = options.all ? ciFindings(document.findings) : heavyCiFindings(document.findings);
  if (findings.length === 0) return [];
  const shown = options.all ? findings : findings.slice(0, MOST_ROWS);
  const left = findings.length - shown.length;
  const lineOf = (finding: Finding): readonly string[] => {
    const [place] = finding.locations;
    const where = place === undefined ? '' : formatLocation(place);
    const more = finding.locations.length > 1 ? ` and ${finding.locations.length - 1} more` : '';
    const bytes = formatBytes(finding.savedDownloadBytes ?? 0, options.units);
    const width = options.width - 4;
    const head = `${where}${more}  ${bytes} to download`;
    return [
      ...(displayWidth(head) + 2 <= options.width
        ? [`  ${head}`]
        : [`  ${truncate(`${where}${more}`, options.width - 2)}`, `    ${bytes} to download`]),
      ...wrap(finding.message, width).map((text) => `    ${text}`),
      ...wrap(`→ ${finding.remedy?.text ?? ''}`, width).map((text) => painter.dim(`    ${text}`)),
    ];
  };
  return [
    `${painter.bold(padEnd('CI', INDENT))}what jobs install without need, with each run`,
    ...shown.flatMap(lineOf),
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more finding')} (--all lists them)`)]
      : []),
  ];
}
