/** Which declared requirement brings a package, or brought it. */
import { isBesides, isOfBesides } from '../report/format.ts';
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
  { packages: rows, environments }: Pick<AuditDocument, 'packages' | 'environments'>,
  moved: ReadonlySet<string>,
): readonly MovedPackage[] {
  // What the image holds besides is needed by nothing; of a name that is there twice, the one that the set needs is meant.
  const ordered = rows.toSorted((a, b) => Number(isBesides(b)) - Number(isBesides(a)));
  const graph = { rows: new Map(ordered.map((row) => [row.name, row])), moved };
  return packages.map((one) => {
    // Through packages that moved as well, as one that stayed needed it before; and from a line that somebody wrote, as
    // of a compiled file or a lock every package is asked for.
    const through =
      findChain(one.name, graph, { onlyMoved: true, isRoot: isDeclared }) ??
      findChain(one.name, graph, { onlyMoved: false, isRoot: isDeclared }) ??
      findChain(one.name, graph, { onlyMoved: true, isRoot: ({ direct }) => direct }) ??
      findChain(one.name, graph, { onlyMoved: false, isRoot: ({ direct }) => direct }) ??
      [];
    const [root = one.name] = through;
    const row = graph.rows.get(one.name);
    const besides = environments[0]?.besides?.find(
      (set) => row !== undefined && isOfBesides(row, set),
    );
    if (besides !== undefined)
      return {
        ...one,
        through,
        declaredAt: [{ path: besides.path, line: besides.line, column: 1 }],
      };
    return { ...one, through, declaredAt: graph.rows.get(root)?.declaredAt ?? [] };
  });
}

interface ChainRules {
  readonly onlyMoved: boolean;
  readonly isRoot: (row: PackageRow) => boolean;
}

function isDeclared({ direct, declaredAt }: PackageRow): boolean {
  return direct && declaredAt.length > 0;
}

/** The shortest chain from a declared package, the first by name of several. */
function findChain(
  name: string,
  { rows, moved }: Graph,
  { onlyMoved, isRoot }: ChainRules,
): readonly string[] | null {
  const seen = new Set([name]);
  let level: (readonly string[])[] = [[name]];
  while (level.length > 0) {
    const whole = level.find(([first = '']) => {
      const row = rows.get(first);
      return row !== undefined && isRoot(row);
    });
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
