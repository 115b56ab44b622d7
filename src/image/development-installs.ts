/** Where an image installs what is for development by its own name: files, extras and groups. */
import { everyExtra, type InstallStep } from '../inputs/primary-source.ts';
import { mainSetOf } from '../inputs/related-files.ts';
import { isDevelopmentRole } from '../inputs/roles.ts';
import { normalizeExtra } from '../pep/name.ts';
import type { InstallCommand } from '../target/install-command.ts';
import type { ParsedInput } from '../types.ts';
import type { ImageFacts } from './image-facts.ts';

/** One file, extra or group for development that a command installs. */
export interface DevelopmentInstall {
  /** The command. */
  readonly at: Pick<InstallStep, 'line' | 'script'>;
  /** `requirements-dev.txt`, `the extra dev`, `the group tests`. */
  readonly what: string;
  /** What nothing else that the image installs names. */
  readonly names: ReadonlySet<string>;
  /** How the image does without it. */
  readonly remedy: string;
}

/** All of them, in the order of the commands. Empty where the image says nothing of what is weighed. */
export function findDevelopmentInstalls(facts: ImageFacts | null): readonly DevelopmentInstall[] {
  if (facts === null || !facts.isWeighed) return [];
  return [...ofFiles(facts), ...ofExtras(facts), ...ofGroups(facts)];
}

/** requirements-dev.txt and its like. */
function ofFiles({ steps, inputs }: ImageFacts): readonly DevelopmentInstall[] {
  return steps.flatMap((step) => {
    const { path } = step;
    const input = inputs.find((one) => one.path === path && isDevelopmentRole(one.role));
    if (input === undefined) return [];
    const others = inputs.filter(
      (one) => one !== input && steps.some((step) => step.path === one.path),
    );
    const remedy = `leave ${path} to a stage or an image of its own`;
    const names = own(namesOf([input]), [...others, ...included(input, inputs)]);
    return [{ at: step, what: path, names, remedy }];
  });
}

/** `pip install .[dev]`. */
function ofExtras({ image, inputs }: ImageFacts): readonly DevelopmentInstall[] {
  return image.installs.flatMap((install) => {
    const { projects, sync } = install;
    const named = [...projects.flatMap((project) => project.extras), ...(sync?.extras ?? [])];
    const isAll = named.includes(everyExtra) || sync?.allExtras === true;
    const extras = isAll ? namesOfExtras(inputs) : named.map(normalizeExtra);
    return extras.map((extra) => {
      const names = namesOfSet(inputs, 'extra', extra);
      return {
        at: install,
        what: `the extra ${extra}`,
        names,
        remedy: `install without [${extra}]`,
      };
    });
  });
}

/** `uv sync --group dev`, `pip install --group tests`, and what `poetry install` and `uv sync` take unless they are told not to. */
function ofGroups({ image, steps, inputs }: ImageFacts): readonly DevelopmentInstall[] {
  return steps.flatMap((step) => {
    const { path, groups } = step;
    const { tool = 'pip', sync = null } = image.installs[step.command] ?? {};
    const asked = new Set(sync?.groups.map(normalizeExtra));
    const isUnasked = (group: string): boolean =>
      sync?.withDefaultGroups === true && !sync.allGroups && !asked.has(group);
    const files = inputs.filter((one) => one.path === path);
    return groups.map((group) => ({
      at: step,
      what: `the group ${group}${isUnasked(group) ? `, which ${tool} installs unasked,` : ''}`,
      names: namesOfSet(files, 'group', group),
      remedy: isUnasked(group) ? leaveOut(tool, group) : `install without the group ${group}`,
    }));
  });
}

/** What makes a tool leave a group out that it takes unasked. */
function leaveOut(tool: InstallCommand['tool'], group: string): string {
  switch (tool) {
    case 'poetry':
      return `add --without ${group}`;
    case 'pdm':
      return 'add --prod';
    default:
      return group === 'dev' ? 'add --no-dev' : `add --no-group ${group}`;
  }
}

/** What only an extra or group for development names. */
function namesOfSet(
  inputs: readonly ParsedInput[],
  kind: 'extra' | 'group',
  name: string,
): ReadonlySet<string> {
  const sets = inputs.flatMap(({ groups }) =>
    groups.filter((one) => one.kind === kind && one.name === name && isDevelopmentRole(one.role)),
  );
  const names = sets.flatMap(({ requirements }) =>
    requirements.map(({ requirement }) => requirement.name),
  );
  return own(new Set(names), inputs);
}

function namesOfExtras(inputs: readonly ParsedInput[]): readonly string[] {
  const groups = inputs.flatMap((input) => input.groups.filter(({ kind }) => kind === 'extra'));
  return [...new Set(groups.flatMap(({ name }) => name ?? []))];
}

function namesOf(inputs: readonly ParsedInput[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap((input) => mainSetOf(input).map(({ requirement }) => requirement.name)),
  );
}

function own(names: ReadonlySet<string>, others: readonly ParsedInput[]): ReadonlySet<string> {
  const elsewhere = namesOf(others);
  return new Set([...names].filter((name) => !elsewhere.has(name)));
}

function included(
  { includes }: ParsedInput,
  inputs: readonly ParsedInput[],
): readonly ParsedInput[] {
  return inputs.filter(({ path }) => includes.includes(path));
}
