/**
 * CircleCI. Traps: a step is a word, a table with one key, or the name of a command of the file; `run` is a text or a table; the
 * image is that of the job, else of its executor, and the first of several is where the commands run.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiScript, CiSystem } from './ci-system.ts';
import { readMachine } from './machine.ts';
import { crossRows, jobHead, listOf, type MatrixRow } from './matrix.ts';
import { entriesOf, fillIn, itemsOf, scriptsOf, textOf, valueAt } from './yaml-values.ts';

/** `.circleci/config.yml`. */
export const circleci: CiSystem = {
  name: 'circleci',
  matches: /^\.circleci\/[^/]+\.ya?ml$/,
  readJobs: ({ root }) =>
    entriesOf(valueAt(root, 'jobs')).flatMap(({ key, value, line }) =>
      rowsOf(root, key, value).map((row) => readRow(root, { key, value, line, row })),
    ),
};

const PARAMETER = /<<\s*(?:parameters|matrix)\.([\w-]+)\s*>>/g;

interface Row {
  readonly key: string;
  readonly value: YamlNode;
  readonly line: number;
  /** Parameters with their values. */
  readonly row: MatrixRow;
}

function readRow(root: YamlNode, { key, value, line, row }: Row): CiJob {
  const fill = (text: string): string => fillIn(text, PARAMETER, (name) => row.get(name));
  const asked = valueAt(value, 'executor');
  const name = fill(textOf(asked?.kind === 'table' ? valueAt(asked, 'name') : asked));
  const executor = valueAt(root, 'executors', name) ?? null;
  const find = (...keys: readonly string[]): YamlNode | undefined =>
    valueAt(value, ...keys) ?? valueAt(executor, ...keys);
  const [first] = itemsOf(find('docker'));
  const image = valueAt(first ?? null, 'image');
  const mac = find('macos');
  const machine = find('machine', 'image') ?? asked;
  // `executor: win/default` is one of an orb, whose name tells.
  const labels = [
    ...(mac === undefined ? [] : ['macos']),
    textOf(find('machine', 'image')),
    fill(textOf(find('resource_class'))),
    executor === null ? name : '',
  ].filter((label) => label !== '');
  const steps = stepsOf(root, valueAt(value, 'steps'), 0);
  return {
    ...jobHead(key, line, row),
    machine: readMachine({
      labels,
      // `cimg/python` is named as the official images are.
      container: mac === undefined ? fill(textOf(image)) : '',
      line: (image ?? mac ?? machine)?.place.line ?? line,
    }),
    scripts: steps
      .flatMap(scriptOf)
      .map((script) => ({ ...script, text: fill(script.text), folder: fill(script.folder) })),
    calls: steps.map((step) => step.key).filter((step) => !KNOWN_STEPS.has(step)),
    hasCache: steps.some(
      ({ key: step }) => step === 'restore_cache' || step.includes('/install-packages'),
    ),
  };
}

/** What the workflows call a job with, a matrix among it; its defaults where none calls it. */
function rowsOf(root: YamlNode, name: string, job: YamlNode): readonly MatrixRow[] {
  const defaults = new Map(
    entriesOf(valueAt(job, 'parameters')).flatMap(({ key, value }) => {
      const text = textOf(valueAt(value, 'default'));
      return text === '' ? [] : [[key, text] as const];
    }),
  );
  const workflows = entriesOf(valueAt(root, 'workflows'));
  const calls = workflows.flatMap(({ value }) =>
    itemsOf(valueAt(value, 'jobs')).flatMap((item) => valueAt(item, name) ?? []),
  );
  const rows = calls.flatMap((call) => {
    const plain = entriesOf(call).filter(({ value }) => textOf(value) !== '');
    const given = new Map(plain.map(({ key, value }) => [key, textOf(value)]));
    const lists = entriesOf(valueAt(call, 'matrix', 'parameters')).map(
      ({ key, value }) => [key, listOf(key, value, (item) => [textOf(item)])] as const,
    );
    return crossRows(new Map(lists)).map(
      (row): MatrixRow => new Map([...defaults, ...given, ...row]),
    );
  });
  return rows.length === 0 ? [defaults] : rows;
}

interface Step {
  readonly key: string;
  readonly value: YamlNode;
}

const KNOWN_STEPS = new Set(['run', 'checkout', 'restore_cache', 'save_cache', 'store_artifacts']);

const deepest = 5;

function stepsOf(root: YamlNode, list: YamlNode | undefined, depth: number): readonly Step[] {
  if (depth > deepest) return [];
  return itemsOf(list).flatMap((step) => {
    const entries = step.kind === 'text' ? [{ key: step.text, value: step }] : entriesOf(step);
    return entries.flatMap(({ key, value }): readonly Step[] => {
      if (key === 'when' || key === 'unless')
        return stepsOf(root, valueAt(value, 'steps'), depth + 1);
      const command = valueAt(root, 'commands', key, 'steps');
      return command === undefined ? [{ key, value }] : stepsOf(root, command, depth + 1);
    });
  });
}

function scriptOf({ key, value }: Step): readonly CiScript[] {
  if (key !== 'run') return [];
  if (value.kind === 'text') return scriptsOf(value);
  const folder = textOf(valueAt(value, 'working_directory')) || '.';
  return scriptsOf(valueAt(value, 'command'), folder);
}
