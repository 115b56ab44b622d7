import type {
  BudgetRow,
  Finding,
  PackageRow,
  RuleName,
  UnknownReason,
  Warning,
  WeightDifference,
} from './types.ts';

/** What the process says to its caller (CONTRACT, exit codes). */
export const EXIT_CODES: {
  readonly done: 0;
  readonly failed: 1;
  readonly wrongCall: 2;
  readonly incomplete: 3;
  readonly internal: 70;
  readonly interrupted: 130;
} = {
  /** The report was made and nothing asked for a failure. */
  done: 0,
  /** A budget is broken, or a finding is at or above `--fail-on`. */
  failed: 1,
  /** Wrong call or configuration, unreadable input, a line that cannot be parsed, no solution. */
  wrongCall: 2,
  /** Something is unknown by a fault, or anything at all under `--strict`. */
  incomplete: 3,
  /** A bug of depweight. */
  internal: 70,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
};

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** What `--fail-on` asks for; null: no finding fails the run. */
export interface FailOn {
  readonly rules: readonly RuleName[];
  /** Every finding of this severity or above. */
  readonly severity: 'error' | 'warning' | null;
}

/** The parts of a document that decide the exit code. */
export interface Outcome {
  readonly error?: unknown;
  readonly warnings: readonly Pick<Warning, 'severity'>[];
  readonly packages?: readonly Pick<PackageRow, 'known' | 'unknownReason'>[];
  readonly findings?: readonly Pick<Finding, 'rule' | 'severity' | 'confidence'>[];
  /** Of `diff` alone, which judges these in the place of all. */
  readonly newFindings?: Outcome['findings'];
  readonly difference?: Pick<WeightDifference, 'installedBound'>;
  /** Of `check` alone. */
  readonly budgets?: readonly Pick<BudgetRow, 'status'>[];
  /** The headline first. */
  readonly environments?: readonly { readonly partial?: true }[];
}

/** Reasons that lie in an answer that failed, not in the nature of the package. */
const FAULTS: ReadonlySet<UnknownReason> = new Set([
  'not-on-index',
  'no-usable-file',
  'network',
  'broken-wheel',
  'broken-metadata',
  'offline',
]);

/**
 * The exit code of a run that made a document. Unreadable input outranks a failed rule, which outranks
 * an incomplete answer: what was found stays true however much more there is to find.
 */
export function exitCodeFor(
  document: Outcome,
  options: { readonly strict: boolean; readonly failOn: FailOn | null },
): ExitCode {
  const severities = new Set(document.warnings.map((warning) => warning.severity));
  if ((document.error ?? null) !== null || severities.has('error')) return EXIT_CODES.wrongCall;
  const findings = document.newFindings ?? document.findings ?? [];
  if (options.failOn !== null && hasFailure(findings, options.failOn)) {
    return EXIT_CODES.failed;
  }
  const budgets = new Set((document.budgets ?? []).map(({ status }) => status));
  if (budgets.has('failed')) return EXIT_CODES.failed;
  if (severities.has('incomplete')) return EXIT_CODES.incomplete;
  if (options.strict && budgets.has('unknown')) return EXIT_CODES.incomplete;
  if (options.strict && document.environments?.[0]?.partial === true) return EXIT_CODES.incomplete;
  const bound = document.difference?.installedBound ?? 'exact';
  if (options.strict && bound !== 'exact') return EXIT_CODES.incomplete;
  for (const { known, unknownReason } of document.packages ?? []) {
    // Without a reason nobody asked: `tree --no-weights`.
    if (known || unknownReason === null) continue;
    if (options.strict || FAULTS.has(unknownReason)) return EXIT_CODES.incomplete;
  }
  return EXIT_CODES.done;
}

function hasFailure(
  findings: readonly Pick<Finding, 'rule' | 'severity' | 'confidence'>[],
  failOn: FailOn,
): boolean {
  return findings.some((finding) => isFailure(finding, failOn));
}

/** True for a finding that `--fail-on` names by its rule or severity; never for one that is only possible. */
export function isFailure(
  { rule, severity, confidence }: Pick<Finding, 'rule' | 'severity' | 'confidence'>,
  failOn: FailOn,
): boolean {
  if (confidence === 'possible') return false;
  if (failOn.rules.includes(rule)) return true;
  if (failOn.severity !== null && severity === 'error') return true;
  return failOn.severity === 'warning' && severity === 'warning';
}
