/** The steps of a job of GitHub, those of actions that lie in the repository among them. */
import { joinPath } from '../inputs/file-access.ts';
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiFile, CiScript } from './ci-system.ts';
import { fillAll, mayHold, type Names, type Value } from './expression.ts';
import { inputsGiven } from './github-names.ts';
import { itemsOf, minorOf, textOf, textsOf, valueAt } from './yaml-values.ts';

/** What the steps of a job add up to. */
export interface Steps {
  readonly scripts: CiScript[];
  readonly pythons: string[];
  readonly calls: string[];
  /** The folder into which the repository is checked out, '' for that of the job. */
  checkout: string;
  /** 1-based, null where nothing is set up. */
  pythonLine: number | null;
  hasCache: boolean;
}

/** Where steps stand. */
export interface StepWorld {
  readonly file: CiFile;
  readonly names: Names;
  readonly folder: string;
  /** Actions within actions. */
  readonly depth: number;
  /** The line of the workflow that leads to the steps of an action, null for its own steps. */
  readonly line: number | null;
}

const deepest = 4;

const SETS_PYTHON =
  /^(?:actions\/setup-python|astral-sh\/setup-uv|conda-incubator\/setup-miniconda|mamba-org\/setup-micromamba)(?:@|$)/;

/** Adds the steps of a list. */
export async function readSteps(
  list: YamlNode | undefined,
  steps: Steps,
  world: StepWorld,
): Promise<void> {
  for (const step of itemsOf(list)) {
    if (!mayHold(textOf(valueAt(step, 'if')), world.names)) continue;
    addScript(step, steps, world);
    const uses = textOf(valueAt(step, 'uses'));
    if (uses.startsWith('.')) await followAction(step, steps, world);
    else if (uses !== '') await addCall(step, steps, world);
  }
}

function addScript(step: YamlNode, steps: Steps, { names, folder, line }: StepWorld): void {
  const run = valueAt(step, 'run');
  const shell = textOf(valueAt(step, 'shell'));
  if (run?.kind !== 'text') return;
  if (/^(?:python|node|perl|ruby)/.test(shell)) {
    // A program of its own, of which is known no more than of an action.
    steps.calls.push(`shell: ${shell}`);
    return;
  }
  const own = textOf(valueAt(step, 'working-directory')) || folder;
  steps.scripts.push({
    text: joinLines(fillAll(run.text, names)),
    line: line ?? run.at(0).line,
    folder: inRepository(fillAll(own, names), steps),
  });
}

/** A folder of the machine as one of the repository. */
function inRepository(folder: string, { checkout }: Steps): string {
  const path = joinPath('.', folder);
  if (checkout === '' || (path !== checkout && !path.startsWith(`${checkout}/`))) return folder;
  return path.slice(checkout.length + 1) || '.';
}

/** PowerShell continues a line behind a backtick, cmd behind a caret: what they call is written as everywhere. */
function joinLines(text: string): string {
  return text.replace(/(?<=\s)[`^](?=\r?\n)/g, '\\');
}

async function addCall(step: YamlNode, steps: Steps, world: StepWorld): Promise<void> {
  const { names, line } = world;
  const uses = textOf(valueAt(step, 'uses')).toLowerCase();
  steps.calls.push(uses);
  if (uses.startsWith('actions/checkout@') && textOf(valueAt(step, 'with', 'repository')) === '') {
    const path = fillAll(textOf(valueAt(step, 'with', 'path')), names);
    steps.checkout = path === '' ? '' : joinPath('.', path);
  }
  if (SETS_PYTHON.test(uses)) {
    const found = await pythonsOf(step, uses, world);
    if (found.length > 0)
      steps.pythonLine ??=
        line ?? valueAt(step, 'with', 'python-version')?.place.line ?? step.place.line;
    for (const python of found) if (!steps.pythons.includes(python)) steps.pythons.push(python);
  }
  const cache = fillAll(textOf(valueAt(step, 'with', 'cache')), names);
  // uv keeps its cache on the runners of GitHub, and who tells it not to has a reason.
  steps.hasCache ||=
    /^(?:actions\/cache|astral-sh\/setup-uv)(?:@|\/|$)/.test(uses) ||
    (uses.startsWith('actions/setup-python') && !/^(?:|false)$/.test(cache));
}

/** Those that are named, else the one of a file that is; uv looks for such a file by itself. */
async function pythonsOf(
  step: YamlNode,
  uses: string,
  { file, names, folder }: StepWorld,
): Promise<readonly string[]> {
  const named = textsOf(valueAt(step, 'with', 'python-version')).join('\n');
  const versions = fillAll(named, names).split('\n');
  const found = versions.flatMap((text) => minorOf(text) ?? []);
  if (named !== '') return found;
  const given = textOf(valueAt(step, 'with', 'python-version-file'));
  const path = fillAll(given, names) || (uses.startsWith('astral-sh/') ? '.python-version' : '');
  if (!/(?:^|[/.])(?:python-version|runtime\.txt)$/.test(path)) return [];
  const text = textOf((await file.read(joinPath(given === '' ? folder : '.', path))) ?? undefined);
  return [minorOf(text) ?? []].flat();
}

/** The steps of an action that lies here. Its lines are those of another file: what stands here is the line that leads there. */
async function followAction(step: YamlNode, steps: Steps, world: StepWorld): Promise<void> {
  const { file, names, depth } = world;
  if (depth >= deepest) return;
  const folder = textOf(valueAt(step, 'uses')).replace(/^\.\//, '').replace(/\/+$/, '');
  const place = folder === '' || folder === '.' ? '' : `${folder}/`;
  const action =
    (await file.read(`${place}action.yml`)) ?? (await file.read(`${place}action.yaml`));
  const inputs = inputsGiven(action, valueAt(step, 'with'), (text) => fillAll(text, names));
  const inner = (name: string): Value => {
    if (name === 'github.action_path') return `${String(names('github.workspace'))}/${folder}`;
    const input = /^inputs\.(.+)$/.exec(name)?.[1];
    if (input !== undefined) return inputs.get(input);
    // An action does not see the matrix but by its inputs.
    return names(name);
  };
  await readSteps(valueAt(action, 'runs', 'steps'), steps, {
    ...world,
    names: inner,
    folder: '.',
    depth: depth + 1,
    line: world.line ?? step.place.line,
  });
}
