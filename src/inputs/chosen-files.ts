import type { InstallCommand, SyncOptions } from '../target/install-command.ts';
import { normalizeExtra } from '../pep/name.ts';
import type { ParsedInput } from '../types.ts';
import { joinPath } from './file-access.ts';
import { everyExtra, type InstallStep, type PrimaryQuestion } from './primary-source.ts';

type Place = Pick<InstallStep, 'line' | 'script' | 'command'>;

/** A group that a command installs and that its manifest does not have. */
export interface UnknownGroup {
  readonly name: string;
  /** Of the manifest. */
  readonly path: string;
  readonly at: Place;
}

/** The sets that a command installs of a project. */
type Sync = SyncOptions & {
  /** Groups that it takes though nobody names them, normalised. */
  readonly unasked: readonly string[];
};

/** The files that an image installs, in order. */
export class ChosenFiles {
  readonly found: Map<string, ParsedInput> = new Map<string, ParsedInput>();
  readonly extras: Set<string> = new Set<string>();
  readonly groups: Set<string> = new Set<string>();
  readonly steps: InstallStep[] = [];
  readonly unknownGroups: UnknownGroup[] = [];
  readonly #question: PrimaryQuestion;

  constructor(question: PrimaryQuestion) {
    this.#question = question;
  }

  add(input: ParsedInput | undefined, at: Omit<InstallStep, 'path'>): void {
    if (input === undefined) return;
    // What was read lies without its sets among the inputs: beside a manifest those are the manifest's.
    const { lock } = this.#question;
    const isLock = lock?.lock.path === input.path;
    this.found.set(input.path, isLock ? lock.lock : input);
    const declaring = isLock ? (lock.manifest ?? input) : input;
    this.steps.push({ ...at, path: declaring.path });
    for (const group of at.groups) this.groups.add(group);
  }

  /** `pip install --group NAME`: the group alone. */
  addGroup(input: ParsedInput, name: string, at: Place): void {
    const group = normalizeExtra(name);
    this.add(input, { ...at, withMain: false, groups: [group] });
    if (!input.groups.some((one) => one.kind === 'group' && one.name === group))
      this.unknownGroups.push({ name, path: input.path, at });
  }

  /** `uv sync`, `pipenv install`: from the lock, where there is one. */
  sync(
    { tool }: InstallCommand,
    { extras, allExtras, groups: named, unasked, allGroups, excludedGroups, withMain }: Sync,
    at: Place,
  ): void {
    const { lock, inputs, project } = this.#question;
    const manifest = joinPath(project, tool === 'pipenv' ? 'Pipfile' : 'pyproject.toml');
    const declaring = inputs.find(({ path }) => path === manifest);
    const every = declaring?.groups.flatMap(({ kind, name }) =>
      kind === 'group' ? (name ?? []) : [],
    );
    const excluded = new Set(excludedGroups.map(normalizeExtra));
    const asked = [...named.map(normalizeExtra), ...(allGroups ? (every ?? []) : [])];
    const groups = [...new Set([...asked, ...unasked])].filter((group) => !excluded.has(group));
    if (!withMain && groups.length === 0) return;
    this.add(lock?.lock ?? declaring, { ...at, withMain, groups });
    // A group of pdm is one for development or an extra.
    for (const extra of tool === 'pdm' ? [...extras, ...named] : extras) this.extras.add(extra);
    if (allExtras) this.extras.add(everyExtra);
  }
}
