import type { ImportUse, ScanDocument } from '../types.ts';
import { compareText } from './order.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions } from './report.ts';
import { sanitize } from './sanitize.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

/** Modules that are shown without `--all`. */
const MOST_MODULES = 25;

interface ModuleUse {
  uses: number;
  readonly first: ImportUse;
}

/** The imports of the code as a person reads them: each top-level module, how often, and where first. */
export function formatScan(document: ScanDocument, options: RenderOptions): string {
  const painter = createPainter(options.color);
  const files = document.files === 1 ? '1 Python file' : `${document.files} Python files`;
  const modules = countModules(document.imports);
  if (modules.size === 0) return `${files}: no imports from outside\n`;
  const sorted = [...modules].toSorted(([a, x], [b, y]) => y.uses - x.uses || compareText(a, b));
  const shown = sorted
    .slice(0, options.all ? sorted.length : MOST_MODULES)
    .map(([name, { uses, first }]) => ({
      name: sanitize(name),
      uses: String(uses),
      place: `${sanitize(first.path)}:${first.line}`,
    }));
  const widest = shown.reduce((width, { name }) => Math.max(width, displayWidth(name)), 0);
  const nameWidth = Math.min(widest, 40);
  const lines = shown.map(({ name, uses, place }) =>
    [
      `  ${padEnd(truncate(name, nameWidth), nameWidth)}`,
      padStart(uses, 6),
      `   ${painter.dim(truncate(place, options.width - nameWidth - 11))}`,
    ].join(''),
  );
  const left = sorted.length - shown.length;
  if (left > 0) lines.push(painter.dim(`  … and ${left} more modules (--all lists them)`));
  return [`${painter.bold(files)}  ${sorted.length} modules imported`, '', ...lines, ''].join('\n');
}

function countModules(imports: readonly ImportUse[]): ReadonlyMap<string, ModuleUse> {
  const modules = new Map<string, ModuleUse>();
  for (const use of imports) {
    if (use.level > 0) continue;
    const dot = use.module.indexOf('.');
    const name = dot === -1 ? use.module : use.module.slice(0, dot);
    const known = modules.get(name);
    if (known === undefined) modules.set(name, { uses: 1, first: use });
    else known.uses++;
  }
  return modules;
}
