/**
 * Workflows of GitHub. Traps: a job may take its machine and its Python from a matrix, its folder and variables from defaults of
 * the job or the workflow, and all of its steps from another workflow of the repository.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiFile, CiJob, CiSystem } from './ci-system.ts';
import { evaluate, fillAll, mayHold, textOfValue, type Names, type Value } from './expression.ts';
import { readSteps, type Steps } from './github-steps.ts';
import { inputsGiven, namesOf, type Known } from './github-names.ts';
import { readMachine } from './machine.ts';
import { rowsOfGitHub, type MatrixRow } from './matrix.ts';
import { entriesOf, textOf, textsOf, valueAt, variablesOf } from './yaml-values.ts';

/** Workflows of GitHub, and of Forgejo and Gitea, which read the same. */
export const githubActions: CiSystem = {
  name: 'github-actions',
  matches: /^\.(?:github|forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/,
  readJobs: (file) => readWorkflow(file, { inputs: inputsGiven(file.root, undefined), depth: 0 }),
};

/** How a workflow is called. */
interface Call {
  readonly inputs: Known;
  /** Workflows within workflows. */
  readonly depth: number;
}

/** As deep as GitHub goes itself. */
const deepest = 4;

async function readWorkflow(file: CiFile, call: Call): Promise<readonly CiJob[]> {
  const jobs: CiJob[] = [];
  for (const { key, value, line } of entriesOf(valueAt(file.root, 'jobs'))) {
    if (value.kind !== 'table') continue;
    const open = openNames(file, value, call, new Map());
    const read = (item: YamlNode): readonly string[] => listIn(textOf(item), open.names);
    for (const row of rowsOfGitHub(valueAt(value, 'strategy', 'matrix'), read)) {
      const entry = { key, value, line, row };
      jobs.push(...(await readRow(file, entry, call)));
    }
  }
  return jobs;
}

interface JobEntry {
  readonly key: string;
  readonly value: YamlNode;
  readonly line: number;
  readonly row: MatrixRow;
}

async function readRow(file: CiFile, entry: JobEntry, call: Call): Promise<readonly CiJob[]> {
  const { value, row } = entry;
  const { names, fill } = openNames(file, value, call, row);
  const uses = textOf(valueAt(value, 'uses'));
  if (uses.startsWith('./')) return followWorkflow(file, { entry, uses, names }, call);
  const container = valueAt(value, 'container');
  const image = container?.kind === 'table' ? valueAt(container, 'image') : container;
  const runsOn = valueAt(value, 'runs-on');
  const labels = runsOn?.kind === 'table' ? valueAt(runsOn, 'labels') : runsOn;
  const machine = readMachine({
    labels: textsOf(labels).map(fill),
    container: fill(textOf(image)),
    line: (textOf(image) === '' ? runsOn : image)?.place.line ?? entry.line,
  });
  const onMachine = (name: string): Value =>
    name === 'runner.os' ? systemName(machine.system) : names(name);
  if (!mayHold(textOf(valueAt(value, 'if')), onMachine)) return [];
  const steps: Steps = {
    scripts: [],
    pythons: [],
    calls: [],
    hasCache: false,
    checkout: '',
    pythonLine: null,
  };
  const folder =
    textOf(valueAt(value, 'defaults', 'run', 'working-directory')) ||
    textOf(valueAt(file.root, 'defaults', 'run', 'working-directory')) ||
    '.';
  const world = { file, names: onMachine, folder, depth: 0, line: null };
  await readSteps(valueAt(value, 'steps'), steps, world);
  const { key: name, line } = entry;
  const { scripts, pythons, hasCache } = steps;
  const calls = uses === '' ? steps.calls : [uses];
  const pythonLine = steps.pythonLine ?? line;
  return [{ name, line, row, pythons, pythonLine, machine, scripts, calls, hasCache }];
}

/** What a workflow of the repository runs. Its lines are those of another file: what stands here is the line that leads there. */
async function followWorkflow(
  file: CiFile,
  { entry, uses, names }: { entry: JobEntry; uses: string; names: Names },
  { depth }: Call,
): Promise<readonly CiJob[]> {
  const { key, value, line, row } = entry;
  const root = depth < deepest ? await file.read(uses.slice(2).replace(/@.*$/, '')) : null;
  if (root === null) return [];
  const given = inputsGiven(root, valueAt(value, 'with'), (text) => fillAll(text, names));
  const jobs = await readWorkflow({ ...file, root }, { inputs: given, depth: depth + 1 });
  return jobs.map((job) => ({
    ...job,
    name: `${key} / ${job.name}`,
    isElsewhere: true,
    line,
    row: new Map([...row, ...job.row]),
    pythonLine: line,
    machine: { ...job.machine, line },
    scripts: job.scripts.map((script) => ({ ...script, line })),
  }));
}

function openNames(
  { root }: CiFile,
  job: YamlNode,
  { inputs }: Call,
  row: MatrixRow,
): { readonly names: Names; readonly fill: (text: string) => string } {
  const variables = variablesOf(valueAt(root, 'env'), valueAt(job, 'env'));
  const names = namesOf({ row, variables, inputs });
  return { names, fill: (text) => fillAll(text, names) };
}

/** A text, or those of the list that it names: `${{ fromJSON(inputs.versions) }}`. */
function listIn(text: string, names: Names): readonly string[] {
  const inner = /^\$\{\{\s*from_?json\((.*)\)\s*\}\}$/i.exec(text.trim())?.[1];
  const list = inner === undefined ? undefined : textOfValue(evaluate(inner, names));
  if (list === undefined) return inner === undefined ? [fillAll(text, names)] : [];
  return [...list.matchAll(/"([^"]*)"|[\d.]+/g)].map((match) => match[1] ?? match[0]);
}

function systemName(system: string | null): string {
  if (system === null) return 'Linux';
  return system.startsWith('mac') ? 'macOS' : 'Windows';
}
