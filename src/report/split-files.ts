import type { AuditDocument, DeclaredRow, SplitRow, Totals } from '../types.ts';
import { formatBytes } from './format.ts';
import { formatLower, type View } from './headline.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

/** The table of the files: what each asks for, weighs, and is. */
export function renderFiles(view: View): readonly string[] {
  const { document, options, painter } = view;
  const { splits, totals } = document;
  const written = splits.some(({ status }) => status === 'written' || status === 'unchanged');
  const refused = splits.some(({ status }) => status === 'refused');
  const word = written ? 'Written' : refused ? 'Not written' : 'Would write';
  const width = Math.max(22, ...splits.map(({ file }) => displayWidth(file)));
  const head = `${padEnd(painter.bold(word), width + 2)}${padStart('lines', 8)}${padStart('packages', 10)}${padStart('installed', 11)}`;
  const lines = splits.flatMap((split, index) => [
    renderRow(
      {
        name: split.file,
        lines: countLines(split, view),
        totals: split.totals,
        remark:
          index === 0
            ? compareTotals(split.totals, totals, options.units)
            : describeFile(split, view),
      },
      width,
      view,
    ),
    ...renderSets(split, width, view),
  ]);
  const refusals = splits.flatMap(({ file, refusal }) =>
    refusal === undefined
      ? []
      : wrap(
          `${file} ${refused ? 'is' : 'would'} not ${refused ? '' : 'be '}written: ${refusal}`,
          options.width - 2,
        ).map((line) => `  ${painter.red(line)}`),
  );
  return [head, ...lines, ...refusals];
}

interface FileRow {
  readonly name: string;
  readonly lines: string;
  readonly totals: Totals;
  readonly remark: string;
}

function renderRow(
  { name, lines, totals, remark }: FileRow,
  width: number,
  { options, painter }: View,
): string {
  const size = formatBytes(totals.installedBytes, options.units);
  const weight = padStart(`${totals.lowerBound ? '≥ ' : ''}${size}`, 11);
  const counts = `${padStart(lines, 8)}${padStart(String(totals.packages), 10)}`;
  const cells = `  ${padEnd(name, width)}${counts}${painter.green(weight)}`;
  const room = options.width - displayWidth(cells) - 3;
  // Half a remark says nothing.
  return displayWidth(remark) > room ? cells : `${cells}   ${painter.dim(remark)}`.trimEnd();
}

function compareTotals(after: Totals, before: Totals, units: View['options']['units']): string {
  const isSame =
    after.packages === before.packages && after.installedBytes === before.installedBytes;
  return isSame ? 'as before' : `was ${formatLower(before.installedBytes, before, units)}`;
}

/** Of an edited pyproject.toml: its other sets that change, or are new. */
function renderSets({ sets = [] }: SplitRow, width: number, view: View): readonly string[] {
  const headline = view.document.environments[0]?.id;
  return sets
    .filter(({ environment }) => environment !== headline)
    .map(({ environment, before, after }) =>
      renderRow(
        {
          name: `  ${environment}`,
          lines: '',
          totals: after,
          remark: before === null ? 'new' : compareTotals(after, before, view.options.units),
        },
        width,
        view,
      ),
    );
}

/** `9 → 6` for the file that takes the place of the source. */
function countLines(split: SplitRow, { document }: View): string {
  if (split.kind === 'manifest') return '';
  const after = requirementLines(split).length;
  if (split.kind !== 'prod') return String(after);
  const places = linesOfSource(document).map(
    ({ path, line, column }) => `${path}:${line}:${column}`,
  );
  const before = new Set(places).size;
  return before === after || before === 0 ? String(after) : `${before} → ${after}`;
}

function describeFile(split: SplitRow, view: View): string {
  const { status, content, copyOf, kind } = split;
  if (status === 'unchanged') return 'as it was';
  if (copyOf !== undefined) return `${copyOf}, byte for byte`;
  if (kind === 'minimal') return `without ${leftOut(split, view).join(', ')}`;
  if (split.entryPoint !== undefined) return `for ${split.entryPoint}`;
  const include = /^(?:-r|--requirement)\s+(\S+)/m.exec(content)?.[1];
  return include === undefined ? '' : `-r ${include}`;
}

/** What a requirements-minimal.txt does not have of what is declared. */
function leftOut(split: SplitRow, { document }: View): readonly string[] {
  const base =
    document.splits.find(({ kind }) => kind === 'slim') ??
    document.splits.find(({ kind }) => kind === 'prod');
  const kept = new Set(split.packages);
  const declared = new Set(document.declared.map(({ name }) => name));
  return (base?.packages ?? [])
    .filter((pin) => !kept.has(pin))
    .map((pin) => pin.slice(0, pin.indexOf('==')))
    .filter((name) => declared.has(name));
}

/** Lines that ask for something: neither blank, nor comments, nor options, nor the rest of a line above. */
function requirementLines({ content }: SplitRow): readonly string[] {
  let continued = false;
  return content.split('\n').filter((line) => {
    const starts = !continued && line.trim() !== '' && !/^\s*[#-]/.test(line);
    continued = line.endsWith('\\');
    return starts;
  });
}

/** What the headline set declares in requirements files, where there are any: what stands in a pyproject.toml besides is no line. */
export function linesOfSource({
  environments,
  declared,
  inputs,
}: AuditDocument): readonly DeclaredRow[] {
  const [headline] = environments;
  const files = new Set(
    inputs.filter(({ kind }) => kind === 'requirements-txt').map(({ path }) => path),
  );
  const own = declared.filter(({ environment }) => environment === headline?.id);
  const lines = own.filter(({ path }) => files.has(path));
  return lines.length === 0 ? own : lines;
}
