/** What findings on images have in common. */
import type { InstallCommand } from '../target/install-command.ts';
import type { Finding, SourceLocation, UsageEvidence } from '../types.ts';
import type { AdviceRule } from './advice.ts';

/** What a single finding says; the rest is the plain case. */
export type ImageFindingParts = Pick<Finding, 'message'> &
  Partial<Finding> & {
    /** Lines of the Dockerfile, or commands by where they are written; the one that an editor shall open first. */
    readonly lines?: readonly (number | WrittenCommand)[];
  };

/** A finding of a rule at lines of a Dockerfile. */
export function imageFinding(
  { code, rule, severity }: AdviceRule,
  path: string,
  { lines = [], packages = [], leaves = [], ...parts }: ImageFindingParts,
): Finding {
  return {
    code,
    rule,
    packages,
    leaves: leaves.filter((name) => !packages.includes(name)),
    severity,
    confidence: 'likely',
    locations: placesOf(lines, path),
    evidence: [],
    savedInstalledBytes: null,
    savedDownloadBytes: null,
    remedy: null,
    ...parts,
  };
}

/** A command at a line of the Dockerfile, or of a script that this runs. */
type WrittenCommand = Pick<InstallCommand, 'line' | 'script'>;

function placesOf(
  lines: readonly (number | WrittenCommand)[],
  path: string,
): readonly SourceLocation[] {
  // Of a command in a script: its own place, then the line that runs the script.
  const places = lines.flatMap((one): readonly SourceLocation[] =>
    typeof one === 'number'
      ? [{ path, line: one, column: 1 }]
      : [...(one.script === null ? [] : [one.script]), { path, line: one.line, column: 1 }],
  );
  return [...new Map(places.map((place) => [`${place.path}:${place.line}`, place])).values()];
}

/** A place as evidence. */
export function placed(path: string, line: number, note: string): UsageEvidence {
  return { path, line, note };
}
