/**
 * Azure Pipelines. Traps: steps stand at the top, in jobs, or in jobs of stages; the Python is an input of a task and may be a
 * variable of the matrix, `$(python.version)`.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { entriesOf, fillIn, itemsOf, minorOf, scriptsOf, textOf, valueAt } from './yaml-values.ts';

const VARIABLE = /\$\(([\w.]+)\)/g;

/** `azure-pipelines.yml`. */
export const azurePipelines: CiSystem = {
  name: 'azure-pipelines',
  matches: /^(?:.*\/)?azure-pipelines[^/]*\.ya?ml$|^\.azure-pipelines\/(?:.*\/)?[^/]+\.ya?ml$/,
  readJobs: ({ root }) => {
    const stages = itemsOf(valueAt(root, 'stages'));
    const jobs = [root, ...stages].flatMap((owner) => itemsOf(valueAt(owner, 'jobs')));
    const alone = valueAt(root, 'steps') === undefined ? [] : [root];
    return [...alone, ...jobs].map((job) => readJob(root, job));
  },
};

function readJob(root: YamlNode, job: YamlNode): CiJob {
  const variables = new Map<string, string[]>();
  const rows = entriesOf(valueAt(job, 'strategy', 'matrix')).map(({ value }) => value);
  for (const table of [valueAt(root, 'variables'), valueAt(job, 'variables'), ...rows])
    for (const { key, value } of entriesOf(table))
      variables.set(key, [...(variables.get(key) ?? []), textOf(value)]);
  const steps = itemsOf(valueAt(job, 'steps'));
  const asked = steps
    .filter((step) => /^UsePythonVersion@/i.test(textOf(valueAt(step, 'task'))))
    .flatMap((step) => valueAt(step, 'inputs', 'versionSpec') ?? []);
  const pythons = asked.flatMap((node) => {
    const name = /^\$\(([\w.]+)\)$/.exec(textOf(node))?.[1];
    const values = name === undefined ? [textOf(node)] : (variables.get(name) ?? []);
    return values.flatMap((value) => minorOf(value) ?? []);
  });
  const machine = valueAt(job, 'pool', 'vmImage') ?? valueAt(root, 'pool', 'vmImage');
  const ubuntu = /^ubuntu-(\d\d\.\d\d)/.exec(textOf(machine))?.[1];
  const container = valueAt(job, 'container');
  const { line } = job.place;
  return {
    name: textOf(valueAt(job, 'job')) || textOf(valueAt(job, 'deployment')) || 'job',
    line,
    pythons: [...new Set(pythons)],
    pythonLine: asked[0]?.place.line ?? line,
    image:
      textOf(container?.kind === 'table' ? valueAt(container, 'image') : container) ||
      (ubuntu === undefined ? '' : `ubuntu:${ubuntu}`),
    imageLine: (container ?? machine)?.place.line ?? line,
    machine: null,
    scripts: steps.flatMap((step) => {
      const folder = textOf(valueAt(step, 'workingDirectory')) || '.';
      const script = valueAt(step, 'script') ?? valueAt(step, 'bash') ?? undefined;
      return scriptsOf(script, folder.replace(/^\$\([\w.]+\)\/?/, '') || '.').map((one) => ({
        ...one,
        text: fillIn(one.text, VARIABLE, (name) => variables.get(name)?.at(-1)),
      }));
    }),
    calls: steps.map((step) => textOf(valueAt(step, 'task'))).filter((task) => task !== ''),
    hasCache: steps.some((step) => /^Cache@/i.test(textOf(valueAt(step, 'task')))),
  };
}
