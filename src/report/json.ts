import { redactUrl } from '../settings/redact-url.ts';
import type { AuditDocument, ProjectDocument, ScanDocument } from '../types.ts';
import { compareText } from './order.ts';
import type { ReportFormat } from './report.ts';

/** Keys in the order of CONTRACT.md; others follow in the order in which they were made. */
const KEYS: readonly string[] = [
  ...[
    'schemaVersion',
    'tool',
    'command',
    'path',
    'project',
    'target',
    'inputs',
    'environments',
    'declared',
  ],
  ...[
    'packages',
    'totals',
    'findings',
    'splits',
    'entryPoints',
    'places',
    'imagePatch',
    'accelerators',
    'expenses',
    'scannedFiles',
  ],
  ...['package', 'paths', 'usedBy', 'pulls', 'removal', 'files', 'imports', 'references'],
  ...[
    'targets',
    'chosen',
    'budgets',
    'growth',
    'ref',
    'presence',
    'before',
    'after',
    'difference',
    'added',
    'removed',
    'changed',
    'targetBefore',
    'newFindings',
    'solvedFindings',
    'requirement',
    'shared',
    'warnings',
    'error',
    'projects',
  ],
];

/** The machine's report: whole bytes, sorted rows, two spaces, the same bytes from the same input. */
export const report: ReportFormat = {
  name: 'json',
  description: 'the whole document, for programs',
  render: (document) => formatJson(document),
};

/**
 * A document as JSON text with a final newline. Passwords in URLs are left out; characters that act on a
 * terminal are written as escapes, which changes no value.
 */
export function formatJson(document: AuditDocument | ScanDocument): string {
  const sorted = 'findings' in document ? sortRows(document) : sortScan(document);
  const text = JSON.stringify(inOrder(sorted), redactStrings, 2);
  return `${text.replace(UNSAFE, escapeCharacter)}\n`;
}

function inOrder(document: object): Readonly<Record<string, unknown>> {
  const ordered: Record<string, unknown> = {};
  const entries = new Map<string, unknown>(Object.entries(document));
  for (const key of KEYS) if (entries.has(key)) ordered[key] = entries.get(key);
  for (const [key, value] of entries) ordered[key] = value;
  return ordered;
}

// JSON.stringify escapes the controls below U+0020 alone.
const UNSAFE =
  /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function redactStrings(_: string, value: unknown): unknown {
  return typeof value === 'string' ? redactUrl(value) : value;
}

/** Environments stay as they are: the first is the one that the totals speak of. */
function sortRows(document: AuditDocument | ProjectDocument): object {
  const projects = 'projects' in document ? (document.projects ?? []) : [];
  return {
    ...document,
    ...(projects.length === 0
      ? {}
      : { projects: projects.map((project) => inOrder(sortRows(project))) }),
    inputs: document.inputs.toSorted((a, b) => compareText(a.path, b.path)),
    declared: document.declared.toSorted(
      (a, b) =>
        comparePlace(a, b) ||
        compareText(a.environment, b.environment) ||
        compareText(a.name, b.name),
    ),
    packages: document.packages.toSorted(
      (a, b) => compareText(a.name, b.name) || compareText(a.version, b.version),
    ),
    warnings: document.warnings.toSorted(compareWarnings),
  };
}

/** Findings keep the order of the pipeline, heaviest first, and imports that of their files. */
function sortScan(document: ScanDocument): ScanDocument {
  return {
    ...document,
    imports: document.imports.toSorted(comparePlace),
    references: document.references.toSorted(
      (a, b) => comparePlace(a, b) || compareText(a.kind, b.kind) || compareText(a.name, b.name),
    ),
    warnings: document.warnings.toSorted(compareWarnings),
  };
}

interface Place {
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

function comparePlace(a: Place, b: Place): number {
  return (
    compareText(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

function compareWarnings(
  a: Place & { readonly code: string; readonly message: string },
  b: Place & { readonly code: string; readonly message: string },
): number {
  return comparePlace(a, b) || compareText(a.code, b.code) || compareText(a.message, b.message);
}
