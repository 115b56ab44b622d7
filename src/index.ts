/** The public API: what the command line does, for programs. */
export type {
  AuditDocument,
  DeclaredRow,
  EnvironmentRow,
  Finding,
  PackageRow,
  TargetRow,
  Totals,
} from './types.ts';
