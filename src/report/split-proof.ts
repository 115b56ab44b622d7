import type { ImportAtRisk, SplitRow } from '../types.ts';
import { formatBytes, formatCount } from './format.ts';
import type { View } from './headline.ts';
import { shortenPlace } from './section-parts.ts';
import { padEnd, truncate, wrap } from './text-width.ts';

const MOST_CHANGES = 5;
const MOST_MODULES = 6;
const MOST_IMPORTS = 8;
const WORDS_WIDTH = 17;
const MODULE_WIDTH = 26;
const INDENT = '       ';

/** What was proven of the proposals, and what was not. */
export function renderProof(view: View): readonly string[] {
  const { splits, scannedFiles } = view.document;
  // A copy is what was resolved first, and what leads to a file is that file.
  const proposals = splits.filter(({ kind }) => kind !== 'original' && kind !== 'compat');
  const sentences = [
    ...tellProven(proposals, scannedFiles !== null),
    ...proposals.flatMap(describeGaps),
  ];
  const lines = sentences.flatMap((sentence) => wrap(sentence, view.options.width - 7));
  const { bold } = view.painter;
  return [
    ...lines.map((line, index) => `${index === 0 ? bold('Proof') : '     '}  ${line}`),
    ...proposals
      .filter(isLeavingOut)
      .flatMap(({ proof }) => renderImports(proof.importErrors, view)),
    ...proposals.flatMap((split) => renderVerification(split, view)),
  ];
}

/** What really installing and importing came to. */
function renderVerification(
  { file, proof: { verification } }: SplitRow,
  { options, painter }: View,
): readonly string[] {
  if (verification === undefined) return [];
  const { tool, python, packages, installedBytes, imported, failed, leftOut } = verification;
  const size = formatBytes(installedBytes, options.units);
  const told = [
    `${file}: installed with ${tool} for Python ${python}, ${formatCount(packages, 'package')}, ${size} of files; ${formatCount(imported.length, 'module')} imported${failed.length === 0 ? '.' : `, ${failed.length} NOT:`}`,
    ...failed.map(({ module, error }) => `- ${module}: ${error}`),
    ...(leftOut.length === 0
      ? []
      : [`Not installed, as there is no wheel: ${leftOut.join(', ')}.`]),
  ];
  const lines = told.flatMap((sentence) => wrap(sentence, options.width - 10));
  const head =
    failed.length === 0 ? painter.bold('Verified') : painter.bold(painter.red('Verified'));
  return lines.map((line, index) => `${index === 0 ? head : '        '}  ${line}`);
}

function tellProven(proposals: readonly SplitRow[], isScanned: boolean): readonly string[] {
  const proven = proposals.filter(
    ({ proof }) => proof.resolved && proof.changedVersions.length === 0,
  );
  if (proven.length === 0) return [];
  const names = proven.map(({ file }) => file);
  const isEach = proven.length === proposals.length && names.length > 1;
  const which = isEach
    ? 'each file gives'
    : `${names.join(', ')} ${names.length > 1 ? 'give' : 'gives'}`;
  const lacking = proposals.some(({ proof }) => proof.unprovidedModules.length > 0);
  const modules = isScanned && !lacking ? ', and every module that the code imports is there' : '';
  return [`resolved again, held and free: ${which} the same versions as before${modules}.`];
}

function describeGaps({ file, kind, proof }: SplitRow): readonly string[] {
  const sentences: string[] = [];
  const { changedVersions, unprovidedModules } = proof;
  if (!proof.resolved) sentences.push(`${file}: NOT proven, it could not be resolved again.`);
  if (changedVersions.length > 0)
    sentences.push(`${file}: held it resolves; resolved free, these versions change:`);
  for (const { name, before, after, cappedBy } of changedVersions.slice(0, MOST_CHANGES)) {
    const cap = cappedBy === null ? '' : `, which ${cappedBy} used to cap`;
    sentences.push(`- ${name} ${before} → ${after}${cap}`);
  }
  const left = changedVersions.length - MOST_CHANGES;
  if (left > 0) sentences.push(`- … and ${left} more`);
  if (unprovidedModules.length > 0) {
    const more = unprovidedModules.length > MOST_MODULES ? ' …' : '';
    const modules = unprovidedModules.slice(0, MOST_MODULES).join(', ');
    sentences.push(
      isLeavingOut({ kind })
        ? `${file} leaves out ${modules}${more}: ${kind === 'manifest' ? 'without their extras' : 'in it'} these imports fail.`
        : `${file}: does NOT provide ${modules}${more}, which the code imports.`,
    );
  }
  return sentences;
}

/** What is left out of these is meant to be. */
function isLeavingOut({ kind }: Pick<SplitRow, 'kind'>): boolean {
  return kind === 'minimal' || kind === 'manifest';
}

/** Unguarded ones first: those are what somebody has to look at. */
function renderImports(
  imports: readonly ImportAtRisk[],
  { options, painter }: View,
): readonly string[] {
  const sorted = imports.toSorted((a, b) => severityOf(b) - severityOf(a));
  const shown = options.all ? sorted : sorted.slice(0, MOST_IMPORTS);
  const moduleWidth = Math.min(MODULE_WIDTH, Math.max(...shown.map(({ module }) => module.length)));
  const room = options.width - INDENT.length - WORDS_WIDTH - moduleWidth - 4;
  const lines = shown.map((one) => {
    const words = padEnd(protection(one), WORDS_WIDTH);
    const module = padEnd(truncate(one.module, moduleWidth), moduleWidth);
    const line = `${words}  ${module}  ${shortenPlace(`${one.path}:${one.line}`, room)}`;
    return INDENT + (one.guarded ? line : painter.yellow(line));
  });
  const left = sorted.length - shown.length;
  if (left === 0) return lines;
  return [
    ...lines,
    painter.dim(`${INDENT}… ${formatCount(left, 'import')} more (--all lists them)`),
  ];
}

function severityOf({ guarded, lazy }: ImportAtRisk): number {
  if (guarded) return 0;
  return lazy ? 1 : 2;
}

function protection({ guarded, lazy }: ImportAtRisk): string {
  if (guarded) return 'guarded by try';
  return lazy ? 'fails when called' : 'FAILS AT ONCE';
}
