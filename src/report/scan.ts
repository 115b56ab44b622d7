import type { ImportUse, ScanDocument } from '../types.ts';
import { compareText } from './order.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

/** Modules that are shown without `--all`. */
const MOST_MODULES = 25;

/** The imports of the code as a person reads them: each top-level module, how often, and where first. */
export function formatScan(dirty: ScanDocument, options: RenderOptions): string {
  const document = sanitizeDocument(dirty);
  const painter = createPainter(options.color);
  const modules = groupByModule(document.imports);
  const files = document.files === 1 ? '1 Python file' : `${document.files} Python files`;
  if (modules.length === 0) return `${files}: no imports from outside\n`;
  const shown = options.all ? modules : modules.slice(0, MOST_MODULES);
  const nameWidth = Math.min(Math.max(...shown.map(({ name }) => displayWidth(name))), 40);
  const lines = shown.map(({ name, uses, first }) =>
    [
      `  ${padEnd(truncate(name, nameWidth), nameWidth)}`,
      padStart(String(uses), 6),
      `   ${painter.dim(truncate(`${first.path}:${first.line}`, options.width - nameWidth - 11))}`,
    ].join(''),
  );
  const left = modules.length - shown.length;
  if (left > 0) lines.push(painter.dim(`  … and ${left} more modules (--all lists them)`));
  return [`${painter.bold(files)}  ${modules.length} modules imported`, '', ...lines, ''].join(
    '\n',
  );
}

interface ModuleUse {
  readonly name: string;
  readonly uses: number;
  readonly first: ImportUse;
}

function groupByModule(imports: readonly ImportUse[]): readonly ModuleUse[] {
  const modules = new Map<string, ModuleUse>();
  for (const use of imports) {
    if (use.level > 0) continue;
    const name = use.module.split('.', 1)[0] ?? use.module;
    const known = modules.get(name);
    modules.set(name, { name, uses: (known?.uses ?? 0) + 1, first: known?.first ?? use });
  }
  return [...modules.values()].toSorted((a, b) => b.uses - a.uses || compareText(a.name, b.name));
}
