/** What names in expressions of a workflow stand for. */
import type { YamlNode } from '../inputs/yaml.ts';
import type { Names, Value } from './expression.ts';
import { checkout } from './job-image.ts';
import type { MatrixRow } from './matrix.ts';
import { entriesOf, isUnknown, textOf, valueAt } from './yaml-values.ts';

/** Values by name; one that is declared and has none is undefined. */
export type Known = ReadonlyMap<string, Value>;

/** What the files say. */
interface Said {
  readonly row: MatrixRow;
  readonly variables: ReadonlyMap<string, string>;
  readonly inputs: Known;
}

/** The value of `matrix.os`, `env.NAME`, `inputs.name`. */
export function namesOf({ row, variables, inputs }: Said): Names {
  return (name) => {
    const [, from = '', rest = ''] = /^(matrix|env|inputs|github)\.(.+)$/.exec(name) ?? [];
    // Of a matrix that is made by a run nothing is known.
    if (from === 'matrix') return row.size === 0 ? undefined : (row.get(rest) ?? '');
    if (from === 'env') return variables.get(rest);
    if (from === 'inputs') return inputs.get(rest);
    return name === 'github.workspace' ? checkout : undefined;
  };
}

/** The inputs of a workflow or an action: what is given, else the default that it declares. */
export function inputsGiven(
  root: YamlNode | null,
  given: YamlNode | undefined,
  fill: (text: string) => string = (text) => text,
): Known {
  // An action has them at its top.
  const tables = [
    valueAt(root, 'inputs'),
    valueAt(root, 'on', 'workflow_dispatch', 'inputs'),
    valueAt(root, 'on', 'workflow_call', 'inputs'),
  ];
  const found = new Map<string, Value>();
  for (const table of tables)
    for (const { key, value } of entriesOf(table))
      found.set(key, valueOf(valueAt(value, 'default')));
  for (const { key, value } of entriesOf(given)) found.set(key, valueOf(value, fill));
  return found;
}

function valueOf(
  node: YamlNode | undefined,
  fill: (text: string) => string = (text) => text,
): Value {
  if (node === undefined) return '';
  const text = textOf(node);
  if (node.kind === 'other' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const filled = fill(text);
  return isUnknown(filled) ? undefined : filled;
}
