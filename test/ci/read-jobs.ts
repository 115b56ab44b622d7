/** The jobs of a CI file of a test, in a few words. */
import { readCiJobs } from '../../src/ci/index.ts';
import { imageOfJob } from '../../src/ci/job-image.ts';
import type { CiJob } from '../../src/ci/ci-system.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { textsOf } from '../../src/target/shell-pieces.ts';
import { joinPath } from '../../src/inputs/file-access.ts';

/** The jobs of a file; `files` are what lies around it. */
export async function jobsOf(
  path: string,
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly CiJob[]> {
  const access = createMemoryFiles(files);
  const file = { path, text, realPath: path, warnings: [] };
  const { jobs } = await readCiJobs(file, { read: (name) => access.read(name) });
  return jobs;
}

/** `test:4 3.12 python:3.12 9:requirements.txt 10:pytest`: name and line, Pythons, image, and what is installed on which line. */
export function summary(job: CiJob): string {
  const installs = imageOfJob('ci.yml', job, () => null)?.installs ?? [];
  const what = installs.flatMap((install) => {
    const { line, requirementFiles, projects, packages, sync, tool } = install;
    const folder = install.folder.replace(/^\/repository\/?/, '') || '.';
    const names = [
      ...requirementFiles.map((file) => joinPath(folder, file)),
      ...projects.map(({ path, extras }) => `${joinPath(folder, path)}[${extras.join()}]`),
      ...textsOf(packages),
      ...(sync === null ? [] : [`${tool} sync in ${folder}`]),
    ];
    return names.map((name) => `${line}:${name}`);
  });
  return [
    `${job.name}:${job.line}`,
    job.pythons.join('+') || '-',
    [job.machine.system ?? job.machine.image, job.machine.platform ?? ''].join(' ').trim() || '-',
    ...(job.hasCache ? ['cache'] : []),
    ...what,
  ].join(' ');
}
