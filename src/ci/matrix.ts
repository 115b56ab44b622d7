/** The rows of a matrix, and rows that come to the same. */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob } from './ci-system.ts';
import { entriesOf, itemsOf, textOf, valueAt } from './yaml-values.ts';

/** What a matrix gives one job, by name; of a table the name is `config.os`. */
export type MatrixRow = ReadonlyMap<string, string>;

/** More are not run by GitHub either. */
const MOST_ROWS = 256;

/** Each with each of the lists. At least one row, which is empty where there are no lists. */
export function crossRows(lists: ReadonlyMap<string, readonly MatrixRow[]>): readonly MatrixRow[] {
  let rows: readonly MatrixRow[] = [new Map()];
  for (const values of lists.values()) {
    if (values.length === 0) continue;
    rows = rows.flatMap((row) => values.map((value) => new Map([...row, ...value])));
    rows = rows.slice(0, MOST_ROWS);
  }
  return rows;
}

/** A list of a matrix: texts by its name, tables by those of their keys. `read` gives the texts of an item. */
export function listOf(
  name: string,
  node: YamlNode | undefined,
  read: (item: YamlNode) => readonly string[],
): readonly MatrixRow[] {
  return itemsOf(node).flatMap((item): readonly MatrixRow[] =>
    item.kind === 'table'
      ? [flatten(name, item)]
      : read(item).map((text) => new Map([[name, text]])),
  );
}

function flatten(name: string, node: YamlNode): MatrixRow {
  const rows = entriesOf(node).map(({ key, value }): MatrixRow => {
    const path = name === '' ? key : `${name}.${key}`;
    return value.kind === 'table' ? flatten(path, value) : new Map([[path, textOf(value)]]);
  });
  return new Map(rows.flatMap((row) => [...row]));
}

/** The matrix of a job of GitHub: lists, without what `exclude` names, with what `include` adds to them or beside them. */
export function rowsOfGitHub(
  matrix: YamlNode | undefined,
  read: (item: YamlNode) => readonly string[],
): readonly MatrixRow[] {
  const lists = entriesOf(matrix).filter(({ key }) => key !== 'include' && key !== 'exclude');
  const excluded = itemsOf(valueAt(matrix ?? null, 'exclude')).map((item) => flatten('', item));
  const made = crossRows(new Map(lists.map(({ key, value }) => [key, listOf(key, value, read)])));
  const rows = made
    .filter((row) => row.size > 0)
    .filter((row) => !excluded.some((one) => agrees(one, row)))
    .map((original) => ({ original, row: original }));
  const added: MatrixRow[] = [];
  for (const item of itemsOf(valueAt(matrix ?? null, 'include'))) {
    const more = flatten('', item);
    let isTaken = false;
    for (const [at, { original, row }] of rows.entries()) {
      // What it says of the lists' own values has to be so; what it says beside them is added.
      const shared = new Map([...more].filter(([key]) => original.has(key)));
      if (!agrees(shared, original)) continue;
      rows[at] = { original, row: new Map([...row, ...more]) };
      isTaken = true;
    }
    if (!isTaken && more.size > 0) added.push(more);
  }
  const all = [...rows.map(({ row }) => row), ...added];
  return all.length === 0 ? [new Map()] : all.slice(0, MOST_ROWS);
}

function agrees(some: MatrixRow, row: MatrixRow): boolean {
  return [...some].every(([key, value]) => row.get(key) === value);
}

/** What every job has, where its Python is that of its image. */
export function jobHead(
  name: string,
  line: number,
  row: MatrixRow,
): Pick<CiJob, 'name' | 'line' | 'row' | 'pythons' | 'pythonLine'> {
  return { name, line, row, pythons: [], pythonLine: line };
}

/** Rows of one job on one kind of machine that run the same are one, with the Pythons of all; the newest gives its values. */
export function joinRows(jobs: readonly CiJob[]): readonly CiJob[] {
  const found = new Map<string, CiJob>();
  for (const job of jobs) {
    const { name, line, machine, scripts, calls, hasCache } = job;
    const where = machine.system ?? machine.image;
    const key = JSON.stringify([name, line, where, machine.platform, scripts, calls, hasCache]);
    const other = found.get(key);
    found.set(key, other === undefined ? job : join(other, job));
  }
  return [...found.values()];
}

function join(one: CiJob, other: CiJob): CiJob {
  const newest = newestOf(other.pythons) > newestOf(one.pythons) ? other : one;
  return { ...newest, pythons: [...new Set([...one.pythons, ...other.pythons])] };
}

/** The minor version of the newest Python, 0 for none; any CPython comes before PyPy. */
export function newestOf(pythons: readonly string[]): number {
  const rank = (python: string): number => {
    const minor = Number.parseInt(python.split('.')[1] ?? '0', 10);
    return python.startsWith('pypy') ? minor / 1000 : minor;
  };
  return Math.max(0, ...pythons.map(rank));
}
