/** A job as an image that is made anew with every run: the repository lies in it, and its commands install on top. */
import { joinPath } from '../inputs/file-access.ts';
import { readBaseImage } from '../target/base-image.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { toInstallCommands } from '../target/install-commands.ts';
import { withVariables } from '../target/install-variables.ts';
import type { ProductImage } from '../target/product-image.ts';
import { readScriptCommands, type ShellCommand } from '../target/shell-lines.ts';
import type { CiJob, CiScript } from './ci-system.ts';
import { newestOf } from './matrix.ts';

/** The folder of the repository on a machine that nobody knows. */
export const checkout = '/repository';

/** The commands of a piece of shell. */
export function commandsOf({ text, line }: CiScript): readonly ShellCommand[] {
  return readScriptCommands({ text, line }, new Map());
}

/** What a script installs. */
function installsOf(script: CiScript): readonly InstallCommand[] {
  const start = joinPath(checkout, script.folder);
  return commandsOf(script).flatMap((command) =>
    toInstallCommands(command).flatMap((install) => {
      const own = withVariables(install, [command.variables]);
      return own === null ? [] : [{ ...own, folder: joinPath(start, command.folder) }];
    }),
  );
}

/** The image of a job of a file; null where it installs nothing. */
export function imageOfJob(path: string, job: CiJob): ProductImage | null {
  const installs = job.scripts.flatMap(installsOf);
  if (installs.length === 0) return null;
  const { machine } = job;
  const base = readBaseImage(machine.image);
  const [python = null] = job.pythons.toSorted((a, b) => newestOf([b]) - newestOf([a]));
  return {
    path,
    checkout,
    base: python === null ? base : { ...base, python, pythonIsNamed: true },
    baseName: machine.image,
    baseLine: python === null ? machine.line : job.pythonLine,
    platform: machine.platform,
    ...(machine.system === null ? {} : { system: machine.system }),
    installs,
    copies: [{ from: null, sources: ['.'], target: checkout, into: checkout, line: job.line }],
    mismatches: [],
    layers: [],
    unread: [],
    warnings: [],
  };
}
