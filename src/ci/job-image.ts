/** A job as an image that is made anew with every run: the repository lies in it, and its commands install on top. */
import { joinPath } from '../inputs/file-access.ts';
import { readBaseImage } from '../target/base-image.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { isBuild, toInstallCommands } from '../target/install-commands.ts';
import { withVariables } from '../target/install-variables.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ReadText } from '../target/image-scripts.ts';
import { createScriptFinder, type ScriptFiles } from '../target/script-finder.ts';
import { readScriptCommands, type ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import { readToolRun } from '../target/tool-run.ts';
import type { CiJob, CiScript } from './ci-system.ts';
import { newestOf } from './matrix.ts';

/** The folder of the repository on a machine that nobody knows. */
export const checkout = '/repository';

/** The commands of a piece of shell, those of scripts and targets of make of the repository in their places. */
export function commandsOf(
  { text, line, folder }: CiScript,
  readText: ReadText,
): readonly ShellCommand[] {
  const files: ScriptFiles = {
    read(path) {
      if (!path.startsWith(`${checkout}/`)) return null;
      const own = path.slice(checkout.length + 1);
      const content = readText(own);
      return content === null ? null : { path: own, text: content, line: 1 };
    },
  };
  const finder = createScriptFinder(files, joinPath(checkout, folder), []);
  return readScriptCommands({ text, line }, new Map(), finder);
}

/** A job, or a program that one of its commands runs in an environment of its own, with what that installs. */
export interface JobImage {
  readonly job: CiJob;
  readonly image: ProductImage;
}

/** What a job of a file installs, then each program that it fetches for itself: `pipx run black`, `uvx ruff`. */
export function imagesOfJob(path: string, job: CiJob, readText: ReadText): readonly JobImage[] {
  const found = job.scripts.flatMap((script) => {
    const start = joinPath(checkout, script.folder);
    return commandsOf(script, readText).map((command) => ({ start, command }));
  });
  const place = (
    install: InstallCommand,
    start: string,
    command: ShellCommand,
  ): InstallCommand => ({
    ...install,
    folder: joinPath(start, command.folder),
    script: command.script,
  });
  // Images build to install, and so do some jobs: most of them build to publish.
  const isPublished = !found.some(({ command }) => installsArchive(command));
  const installs = found.flatMap(({ start, command }) =>
    (isPublished && isBuild(command) ? [] : toInstallCommands(command)).flatMap((install) => {
      const own = withVariables(install, [command.variables]);
      return own === null ? [] : [place(own, start, command)];
    }),
  );
  const runs = new Map<string, JobImage>();
  for (const { start, command } of found) {
    const run = readToolRun(command);
    if (run === null || runs.has(run.name)) continue;
    const install = place(run.install, start, command);
    const own = { ...job, name: `${job.name} (${run.name})`, line: command.line };
    runs.set(run.name, { job: own, image: toImage(path, job, [install]) });
  }
  return [
    ...(installs.length === 0 ? [] : [{ job, image: toImage(path, job, installs) }]),
    ...runs.values(),
  ];
}

/** The image of what a job installs itself; null where it installs nothing. */
export function imageOfJob(path: string, job: CiJob, readText: ReadText): ProductImage | null {
  return imagesOfJob(path, job, readText).find((one) => one.job === job)?.image ?? null;
}

function installsArchive({ words }: ShellCommand): boolean {
  const texts = textsOf(words);
  const isInstall = texts.includes('install') || texts.includes('sync');
  return isInstall && texts.some((text) => /\.whl\b|\.tar\.gz$|(?:^|\/)dist\//.test(text));
}

function toImage(path: string, job: CiJob, installs: readonly InstallCommand[]): ProductImage {
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
