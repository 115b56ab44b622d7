/**
 * Workflows of GitHub. Traps: a job may take its Python from a matrix, its folder and variables from defaults of the job or the
 * workflow, and its steps from an action that lies in the repository.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiFile, CiJob, CiScript, CiSystem } from './ci-system.ts';
import {
  entriesOf,
  fillIn,
  itemsOf,
  minorOf,
  textOf,
  textsOf,
  valueAt,
  variablesOf,
} from './yaml-values.ts';

/** Workflows of GitHub, and of Forgejo and Gitea, which read the same. */
export const githubActions: CiSystem = {
  name: 'github-actions',
  matches: /^\.(?:github|forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/,
  async readJobs(file) {
    const jobs: CiJob[] = [];
    for (const { key, value, line } of entriesOf(valueAt(file.root, 'jobs')))
      if (value.kind === 'table') jobs.push(await readJob(file, { key, value, line }));
    return jobs;
  },
};

interface JobEntry {
  readonly key: string;
  readonly value: YamlNode;
  readonly line: number;
}

/** What the steps of a job add up to. */
interface Steps {
  readonly scripts: CiScript[];
  readonly pythons: Set<string>;
  readonly calls: string[];
  pythonLine: number;
  hasCache: boolean;
}

const EXPRESSION = /\$\{\{\s*([^}]*?)\s*\}\}/g;

async function readJob(file: CiFile, { key, value, line }: JobEntry): Promise<CiJob> {
  const { root } = file;
  const matrix = matrixOf(valueAt(value, 'strategy', 'matrix'));
  const variables = variablesOf(valueAt(root, 'env'), valueAt(value, 'env'));
  const known = (name: string): string | undefined => {
    const [, from, rest = ''] = /^(matrix|env)\.(.+)$/.exec(name) ?? [];
    if (from === 'env') return variables.get(rest);
    return from === 'matrix' ? matrix.get(rest)?.at(-1) : undefined;
  };
  const steps: Steps = {
    scripts: [],
    pythons: new Set(),
    calls: [],
    pythonLine: line,
    hasCache: false,
  };
  const folder =
    textOf(valueAt(value, 'defaults', 'run', 'working-directory')) ||
    textOf(valueAt(root, 'defaults', 'run', 'working-directory')) ||
    '.';
  await readSteps(valueAt(value, 'steps'), steps, { file, matrix, known, folder, depth: 0 });
  const runsOn = valueAt(value, 'runs-on');
  const container = valueAt(value, 'container');
  const image = container?.kind === 'table' ? valueAt(container, 'image') : container;
  const runner = textsOf(runsOn).map((text) => fillIn(text, EXPRESSION, known));
  const ubuntu = runner.flatMap((text) => /^ubuntu-(latest|\d\d\.\d\d)/.exec(text)?.[1] ?? [])[0];
  return {
    name: key,
    line,
    pythons: [...steps.pythons],
    pythonLine: steps.pythonLine,
    image:
      textOf(image) ||
      (ubuntu === undefined ? '' : `ubuntu:${ubuntu === 'latest' ? LATEST : ubuntu}`),
    imageLine: (image ?? runsOn)?.place.line ?? line,
    machine: ubuntu === undefined ? null : 'github-runner',
    scripts: steps.scripts,
    calls: steps.calls,
    hasCache: steps.hasCache,
  };
}

/** What `ubuntu-latest` is since January 2025. */
const LATEST = '24.04';

interface StepWorld {
  readonly file: CiFile;
  readonly matrix: ReadonlyMap<string, readonly string[]>;
  readonly known: (name: string) => string | undefined;
  readonly folder: string;
  /** Actions within actions. */
  readonly depth: number;
}

const deepest = 4;

async function readSteps(
  list: YamlNode | undefined,
  steps: Steps,
  world: StepWorld,
): Promise<void> {
  const { file, matrix, known, folder, depth } = world;
  for (const step of itemsOf(list)) {
    const uses = textOf(valueAt(step, 'uses')).toLowerCase();
    const run = valueAt(step, 'run');
    const own = textOf(valueAt(step, 'working-directory')) || folder;
    const shell = textOf(valueAt(step, 'shell'));
    if (run?.kind === 'text' && !/^(?:python|pwsh|powershell|cmd|node)/.test(shell)) {
      const text = fillIn(run.text, EXPRESSION, known);
      steps.scripts.push({ text, line: run.at(0).line, folder: fillIn(own, EXPRESSION, known) });
    }
    if (
      /^(?:actions\/setup-python|astral-sh\/setup-uv|conda-incubator\/setup-miniconda)(?:@|$)/.test(
        uses,
      )
    )
      readPython(valueAt(step, 'with'), steps, matrix);
    const cache = textOf(valueAt(step, 'with', 'cache'));
    // uv keeps its cache on the runners of GitHub, and who tells it not to has a reason.
    steps.hasCache ||=
      /^(?:actions\/cache|astral-sh\/setup-uv)(?:@|\/|$)/.test(uses) ||
      (uses.startsWith('actions/setup-python') && cache !== '');
    // An action that lies here is followed.
    if (uses !== '' && !uses.startsWith('./')) steps.calls.push(uses);
    const local = /^\.\/(.+)$/.exec(textOf(valueAt(step, 'uses')))?.[1];
    if (local !== undefined && depth < deepest) {
      const action =
        (await file.read(`${local}/action.yml`)) ?? (await file.read(`${local}/action.yaml`));
      const inner = valueAt(action, 'runs', 'steps');
      // The lines are those of another file; what stands here is the line that leads there.
      const before = steps.scripts.length;
      await readSteps(inner, steps, { ...world, depth: depth + 1 });
      for (let at = before; at < steps.scripts.length; at++) {
        const script = steps.scripts[at];
        if (script !== undefined) steps.scripts[at] = { ...script, line: step.place.line };
      }
    }
  }
}

function readPython(
  options: YamlNode | undefined,
  steps: Steps,
  matrix: StepWorld['matrix'],
): void {
  const node = valueAt(options ?? null, 'python-version');
  if (node === undefined) return;
  const written = textsOf(node).flatMap((text) => text.split('\n'));
  const found = written.flatMap((text) => {
    const key = /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(text.trim())?.[1];
    const values = key === undefined ? [text] : (matrix.get(key) ?? []);
    return values.flatMap((value) => minorOf(value) ?? []);
  });
  if (found.length > 0 && steps.pythons.size === 0) steps.pythonLine = node.place.line;
  for (const python of found) steps.pythons.add(python);
}

function matrixOf(node: YamlNode | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (key: string, values: readonly string[]): void => {
    found.set(key, [...(found.get(key) ?? []), ...values]);
  };
  for (const { key, value } of entriesOf(node)) {
    if (key === 'exclude') continue;
    if (key !== 'include') add(key, textsOf(value));
    else
      for (const row of itemsOf(value))
        for (const entry of entriesOf(row)) add(entry.key, textsOf(entry.value));
  }
  return found;
}
