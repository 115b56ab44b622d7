/** Bitbucket Pipelines. Traps: steps stand in lists of branches, tags and pull requests, alone, in `parallel` or in `stage`. */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { readMachine } from './machine.ts';
import { jobHead } from './matrix.ts';
import { entriesOf, itemsOf, scriptsOf, textOf, textsOf, valueAt } from './yaml-values.ts';

/** `bitbucket-pipelines.yml`: a step is a job, as each has a container of its own. */
export const bitbucket: CiSystem = {
  name: 'bitbucket',
  matches: /^bitbucket-pipelines\.ya?ml$/,
  readJobs: ({ root }) => {
    const steps = findSteps(valueAt(root, 'pipelines'), 0).map((step, at) =>
      readStep(root, step, at),
    );
    // One step may stand in several lists by an anchor.
    const byText = new Map<string, CiJob>();
    for (const job of steps) {
      const key = JSON.stringify(job.scripts);
      if (!byText.has(key)) byText.set(key, job);
    }
    return [...byText.values()];
  },
};

const deepest = 8;

function findSteps(node: YamlNode | undefined, depth: number): readonly YamlNode[] {
  if (depth > deepest) return [];
  return itemsOf(node).flatMap((item) =>
    entriesOf(item).flatMap(({ key, value }) =>
      key === 'step' ? [value] : findSteps(value, depth + 1),
    ),
  );
}

function readStep(root: YamlNode, step: YamlNode, at: number): CiJob {
  const written = valueAt(step, 'image') ?? valueAt(root, 'image');
  const image = written?.kind === 'table' ? valueAt(written, 'name') : written;
  const { line } = step.place;
  return {
    ...jobHead(textOf(valueAt(step, 'name')) || `step ${at + 1}`, line, new Map()),
    // Runners of one's own alone are no Linux, and these have no images.
    machine: readMachine({
      labels: textsOf(valueAt(step, 'runs-on')),
      container: runsElsewhere(step) ? '' : textOf(image),
      line: (runsElsewhere(step) ? valueAt(step, 'runs-on') : written)?.place.line ?? line,
    }),
    scripts: scriptsOf(valueAt(step, 'script')),
    calls: itemsOf(valueAt(step, 'script')).map((item) => textOf(valueAt(item, 'pipe'))),
    hasCache: valueAt(step, 'caches') !== undefined,
  };
}

function runsElsewhere(step: YamlNode): boolean {
  return textsOf(valueAt(step, 'runs-on')).some((label) => /^(?:windows|macos)$/.test(label));
}
