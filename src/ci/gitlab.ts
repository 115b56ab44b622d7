/**
 * GitLab CI. Traps: every key at the top that is no keyword is a job; one that begins with a dot is a template that others
 * extend; `default` and the old global keys hold for all; an image may be a table.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { readMachine } from './machine.ts';
import { crossRows, jobHead, listOf, type MatrixRow } from './matrix.ts';
import {
  entriesOf,
  itemsOf,
  scriptsOf,
  textOf,
  textsOf,
  valueAt,
  variablesOf,
} from './yaml-values.ts';

const KEYWORDS = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'spec',
]);

/** `.gitlab-ci.yml`, and files beside it that it may include. */
export const gitlab: CiSystem = {
  name: 'gitlab',
  matches: /^(?:.*\/)?\.gitlab-ci(?:[.-][\w.-]+)?\.ya?ml$|^\.gitlab\/(?:.*\/)?[^/]+\.ya?ml$/,
  readJobs: ({ root }) =>
    entriesOf(root).flatMap(({ key, value, line }): readonly CiJob[] => {
      if (KEYWORDS.has(key) || key.startsWith('.') || value.kind !== 'table') return [];
      const chain = chainOf(root, value, 0);
      const find = (name: string): YamlNode | undefined =>
        [...chain, valueAt(root, 'default'), root]
          .flatMap((one) => valueAt(one ?? null, name) ?? [])
          .at(0);
      const shared = variablesOf(
        valueAt(root, 'variables'),
        ...chain.toReversed().map((one) => valueAt(one, 'variables')),
      );
      return rowsOf(find('parallel')).map((row) =>
        readRow({ key, line, row, find }, new Map([...shared, ...row])),
      );
    }),
};

interface Row {
  readonly key: string;
  readonly line: number;
  readonly row: MatrixRow;
  /** The value of a key: of the job, what it extends, or what is set for all. */
  readonly find: (name: string) => YamlNode | undefined;
}

/** `$NAME` and `${NAME}`; what nobody knows stays as it is, for the shell. */
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

function readRow({ key, line, row, find }: Row, variables: MatrixRow): CiJob {
  const fill = (text: string): string =>
    text.replace(
      VARIABLE,
      (whole, braced?: string, bare?: string) => variables.get(braced ?? bare ?? '') ?? whole,
    );
  const written = find('image');
  const image = fill(textOf(written?.kind === 'table' ? valueAt(written, 'name') : written));
  const tags = find('tags');
  const labels = textsOf(tags).map(fill);
  // Their machines without containers have images of their own: `macos-15-xcode-16`.
  const isMac = /^macos-\d+-xcode/.test(image);
  const { system } = readMachine({ labels, line });
  const isContainer = image !== '' && !isMac && system === null;
  const scripts = [...scriptsOf(find('before_script')), ...scriptsOf(find('script'))];
  return {
    ...jobHead(key, line, row),
    machine: readMachine({
      labels: isMac ? [...labels, image] : labels,
      container: isContainer ? image : '',
      line: (isContainer ? written : (tags ?? written))?.place.line ?? line,
    }),
    scripts: scripts.map((script) => ({ ...script, text: fill(script.text) })),
    calls: [],
    hasCache: find('cache') !== undefined,
  };
}

/** `parallel: matrix:` is a list of tables of lists. */
function rowsOf(parallel: YamlNode | undefined): readonly MatrixRow[] {
  const tables = itemsOf(valueAt(parallel ?? null, 'matrix'));
  const rows = tables.flatMap((table) =>
    crossRows(
      new Map(
        entriesOf(table).map(({ key, value }) => [
          key,
          listOf(key, value, (item) => [textOf(item)]),
        ]),
      ),
    ),
  );
  return rows.length === 0 ? [new Map()] : rows;
}

const deepest = 10;

/** A job and the templates that it extends, the nearest first. */
function chainOf(root: YamlNode, job: YamlNode, depth: number): readonly YamlNode[] {
  if (depth > deepest) return [job];
  const parents = textsOf(valueAt(job, 'extends')).toReversed();
  return [
    job,
    ...parents.flatMap((name) => {
      const parent = valueAt(root, name);
      return parent === undefined ? [] : chainOf(root, parent, depth + 1);
    }),
  ];
}
