/**
 * CircleCI. Traps: a step is a word, a table with one key, or the name of a command of the file; `run` is a text or a table; the
 * image is that of the job, else of its executor, and the first of several is where the commands run.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiScript, CiSystem } from './ci-system.ts';
import { entriesOf, itemsOf, scriptsOf, textOf, valueAt } from './yaml-values.ts';

/** `.circleci/config.yml`. */
export const circleci: CiSystem = {
  name: 'circleci',
  matches: /^\.circleci\/[^/]+\.ya?ml$/,
  readJobs: ({ root }) =>
    entriesOf(valueAt(root, 'jobs')).map(({ key, value, line }) => {
      const executor = valueAt(value, 'executor');
      const name = textOf(executor?.kind === 'table' ? valueAt(executor, 'name') : executor);
      const docker = valueAt(value, 'docker') ?? valueAt(root, 'executors', name, 'docker');
      const [first] = itemsOf(docker);
      const image = valueAt(first ?? null, 'image');
      const steps = stepsOf(root, valueAt(value, 'steps'), 0);
      return {
        name: key,
        line,
        pythons: [],
        pythonLine: line,
        // `cimg/python` is named as the official images are.
        image: textOf(image),
        imageLine: image?.place.line ?? line,
        machine: null,
        scripts: steps.flatMap(scriptOf),
        calls: steps.map((step) => step.key).filter((step) => !KNOWN_STEPS.has(step)),
        hasCache: steps.some(
          ({ key: step }) => step === 'restore_cache' || step.includes('/install-packages'),
        ),
      };
    }),
};

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
