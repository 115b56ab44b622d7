/**
 * The versions that an image ends with, command by command. Each command is resolved by itself with what is there as
 * preference; it replaces what its own requirements rule out, whatever else wants that (pip warns of it and goes on). Most
 * images need none of this: one set with all requirements has the same answer.
 */
import { commandOf, isOfImage } from '../inputs/dockerfile.ts';
import { declareRequirement } from '../inputs/declare.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { parseVersion } from '../pep/version.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, DistributionName, Environment, Version } from '../types.ts';
import type { EnvironmentOutcome } from './environment.ts';
import type { ResolveMore } from './project.ts';

/** An environment with what came of it. */
export interface SettledEnvironment {
  readonly environment: Environment;
  readonly outcome: EnvironmentOutcome;
}

/** With overrides for what later commands replace, where one set of all requirements is not what the image ends with. */
export async function settleCommands(
  project: ProjectInputs,
  joint: SettledEnvironment,
  resolveMore: ResolveMore,
): Promise<SettledEnvironment> {
  const { weighedImage: image } = project;
  const { environment } = joint;
  if (image === null || environment.locked !== undefined) return joint;
  const commands = byCommand(environment, project, image);
  if (commands.size < 2 || !mayReplace(joint, commands, image)) return joint;
  const replaced = await followCommands(environment, commands, image, resolveMore);
  if (replaced === null || replaced.length === 0) return joint;
  const settled = withOverrides(environment, replaced);
  const outcome = await resolveMore(settled);
  return outcome.solved ? { environment: settled, outcome } : joint;
}

/** The same overrides for another set of the project, which is installed the same way. */
export function withOverrides(
  environment: Environment,
  replaced: readonly DeclaredRequirement[],
): Environment {
  const names = new Set(replaced.map(({ requirement }) => requirement.name));
  const others = environment.overrides.filter(
    ({ requirement: { name, specifiers } }) => specifiers.length === 0 || !names.has(name),
  );
  return { ...environment, overrides: [...others, ...replaced] };
}

type Commands = ReadonlyMap<number, readonly DeclaredRequirement[]>;

/** Requirements by the command that installs them, in order; those of a file that another one includes are that one's. */
function byCommand(
  { requirements }: Environment,
  { steps, inputs }: ProjectInputs,
  image: ProductImage,
): Commands {
  const found = new Map<number, DeclaredRequirement[]>();
  const holds = (path: string, wanted: string, seen: ReadonlySet<string> = new Set()): boolean =>
    path === wanted ||
    (!seen.has(path) &&
      (inputs.find((input) => input.path === path)?.includes ?? []).some((included) =>
        holds(included, wanted, new Set([...seen, path])),
      ));
  for (const declared of requirements) {
    const { path } = declared.location;
    const command = isOfImage(declared.location, image)
      ? commandOf(declared, image)
      : (steps.find((step) => holds(step.path, path))?.command ?? 0);
    found.set(command, [...(found.get(command) ?? []), declared]);
  }
  return new Map([...found].toSorted(([a], [b]) => a - b));
}

/** A later command names a version, or asks for a newer one, of what is there without it. */
function mayReplace(
  { environment, outcome }: SettledEnvironment,
  commands: Commands,
  image: ProductImage,
): boolean {
  if (!outcome.solved) return true;
  const overridden = new Set(environment.overrides.map(({ requirement }) => requirement.name));
  const needed = new Set<string>(
    outcome.graph.distributions.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  const seen = new Set<string>();
  for (const [command, declared] of commands) {
    const isNew = ({ requirement: { name, specifiers } }: DeclaredRequirement): boolean =>
      !overridden.has(name) &&
      (needed.has(name) || seen.has(name)) &&
      (specifiers.length > 0 || upgrades(image, command));
    if (seen.size > 0 && declared.some(isNew)) return true;
    for (const { requirement } of declared) seen.add(requirement.name);
  }
  return false;
}

function upgrades({ installs }: ProductImage, command: number): boolean {
  const options = installs[command]?.options ?? [];
  return options.some((option) => /^(?:-U|--upgrade)$/.test(option));
}

/** Null where some command has no solution of its own. */
async function followCommands(
  environment: Environment,
  commands: Commands,
  image: ProductImage,
  resolveMore: ResolveMore,
): Promise<readonly DeclaredRequirement[] | null> {
  const installed = new Map<DistributionName, Version>();
  const replaced = new Map<DistributionName, DeclaredRequirement>();
  // Those of the image itself are what is found out here.
  const overrides = environment.overrides.filter(
    (one) => !isOfImage(one.location, image) && !environment.requirements.includes(one),
  );
  for (const [command, requirements] of commands) {
    const kept = new Map(installed);
    if (upgrades(image, command))
      for (const { requirement } of requirements) kept.delete(requirement.name);
    const outcome = await resolveMore({ ...environment, requirements, overrides }, kept);
    if (!outcome.solved) return null;
    const { line = 1, script = null } = image.installs[command] ?? {};
    const place = script ?? { path: image.path, line, column: 1 };
    for (const { name, version: text } of outcome.graph.distributions) {
      const version = parseVersion(text);
      const before = installed.get(name);
      if (version === null) continue;
      installed.set(name, version);
      if (before === undefined || before.text === version.text) continue;
      const { declared } = declareRequirement({
        text: `${name}==${version.text}`,
        folder: '.',
        at: () => place,
        index: requirements.find(({ requirement }) => requirement.name === name)?.index ?? null,
      });
      if (declared !== null) replaced.set(name, declared);
    }
  }
  return [...replaced.values()];
}
