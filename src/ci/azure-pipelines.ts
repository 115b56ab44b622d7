/**
 * Azure Pipelines. Traps: steps stand at the top, in jobs, or in jobs of stages; the machine and the Python may be variables of the
 * matrix, `$(imageName)`; rows of a matrix have names; names of variables are compared without regard to case.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { readMachine } from './machine.ts';
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
    return [...alone, ...jobs].flatMap((job) => {
      const rows = entriesOf(valueAt(job, 'strategy', 'matrix')).map(({ value }) => value);
      return (rows.length === 0 ? [undefined] : rows).map((row) => readRow(root, job, row));
    });
  },
};

function readRow(root: YamlNode, job: YamlNode, row: YamlNode | undefined): CiJob {
  const given = entriesOf(row).map(({ key, value }) => [key, textOf(value)] as const);
  const variables = new Map<string, string>();
  for (const table of [valueAt(root, 'variables'), valueAt(job, 'variables'), row])
    for (const [key, value] of variablesIn(table)) variables.set(key.toLowerCase(), value);
  const fill = (text: string): string =>
    fillIn(text, VARIABLE, (name) => variables.get(name.toLowerCase()));
  const steps = itemsOf(valueAt(job, 'steps'));
  const asked = steps
    .filter((step) => /^UsePythonVersion@/i.test(textOf(valueAt(step, 'task'))))
    .flatMap((step) => valueAt(step, 'inputs', 'versionSpec') ?? []);
  const pythons = asked.flatMap((node) => minorOf(fill(textOf(node))) ?? []);
  const pool = valueAt(job, 'pool', 'vmImage') ?? valueAt(root, 'pool', 'vmImage');
  const container = valueAt(job, 'container');
  const image = container?.kind === 'table' ? valueAt(container, 'image') : container;
  const { line } = job.place;
  return {
    name: textOf(valueAt(job, 'job')) || textOf(valueAt(job, 'deployment')) || 'job',
    line,
    row: new Map(given),
    pythons: [...new Set(pythons)],
    pythonLine: asked[0]?.place.line ?? line,
    machine: readMachine({
      labels: pool === undefined ? [] : [fill(textOf(pool))],
      container: fill(textOf(image)),
      line: (container ?? pool)?.place.line ?? line,
      hasIntelMacs: true,
    }),
    scripts: steps.flatMap((step) => {
      const folder = textOf(valueAt(step, 'workingDirectory')) || '.';
      const script = ['script', 'bash', 'powershell', 'pwsh'].flatMap(
        (key) => valueAt(step, key) ?? [],
      )[0];
      return scriptsOf(script, folder.replace(/^\$\([\w.]+\)\/?/, '') || '.').map((one) => ({
        ...one,
        text: fill(one.text),
      }));
    }),
    calls: steps.map((step) => textOf(valueAt(step, 'task'))).filter((task) => task !== ''),
    hasCache: steps.some((step) => /^Cache@/i.test(textOf(valueAt(step, 'task')))),
  };
}

/** Variables are a table, or a list of tables with name and value. */
function variablesIn(node: YamlNode | undefined): readonly (readonly [string, string])[] {
  if (node?.kind === 'list')
    return itemsOf(node).map((item) => [
      textOf(valueAt(item, 'name')),
      textOf(valueAt(item, 'value')),
    ]);
  return entriesOf(node).map(({ key, value }) => [key, textOf(value)]);
}
