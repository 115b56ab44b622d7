/** Which declared requirement brings a package, or brought it. */
import type { AuditDocument, MovedPackage, PackageRow, PackageWeight } from '../types.ts';

/** What the chains are read off. */
interface Graph {
  readonly rows: ReadonlyMap<string, PackageRow>;
  /** Packages that came, went or changed themselves: with these it is likely to have moved. */
  readonly moved: ReadonlySet<string>;
}

/** The packages with what brings each in a document of their side. */
export function withCauses(
  packages: readonly PackageWeight[],
  { packages: rows }: Pick<AuditDocument, 'packages'>,
  moved: ReadonlySet<string>,
): readonly MovedPackage[] {
  const graph = { rows: new Map(rows.map((row) => [row.name, row])), moved };
  return packages.map((one) => {
    // Through packages that moved as well, as one that stayed needed it before.
    const through = findChain(one.name, graph, true) ?? findChain(one.name, graph, false) ?? [];
    const [root = one.name] = through;
    return { ...one, through, declaredAt: graph.rows.get(root)?.declaredAt ?? [] };
  });
}

/** The shortest chain from a declared package, the first by name of several. */
function findChain(
  name: string,
  { rows, moved }: Graph,
  onlyMoved: boolean,
): readonly string[] | null {
  const seen = new Set([name]);
  let level: (readonly string[])[] = [[name]];
  while (level.length > 0) {
    const whole = level.find(([first = '']) => rows.get(first)?.direct === true);
    if (whole !== undefined) return whole;
    const longer: (readonly string[])[] = [];
    for (const chain of level) {
      for (const holder of rows.get(chain[0] ?? '')?.requiredBy ?? []) {
        if (seen.has(holder) || !rows.has(holder) || (onlyMoved && !moved.has(holder))) continue;
        seen.add(holder);
        longer.push([holder, ...chain]);
      }
    }
    level = longer;
  }
  return null;
}
