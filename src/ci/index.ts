/** The list of CI systems, and the jobs of a file. */
import type { InputContext, InputFile } from '../inputs/input.ts';
import { decodeFile } from '../inputs/decode.ts';
import { parseYaml } from '../inputs/yaml.ts';
import type { Warning } from '../types.ts';
import { azurePipelines } from './azure-pipelines.ts';
import { bitbucket } from './bitbucket.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { circleci } from './circleci.ts';
import { githubActions } from './github-actions.ts';
import { gitlab } from './gitlab.ts';
import { joinRows } from './matrix.ts';

/** Every CI system that is read. */
export const ciSystems: readonly CiSystem[] = [
  githubActions,
  gitlab,
  circleci,
  azurePipelines,
  bitbucket,
];

/** Whether a path, from the top of the repository, is that of a CI file. */
export function isCiPath(path: string): boolean {
  return ciSystems.some(({ matches }) => matches.test(path));
}

/** The jobs of a CI file, in the order of the file; one with a matrix once for each kind of row. */
export async function readCiJobs(
  file: InputFile,
  { read }: Pick<InputContext, 'read'>,
): Promise<{ readonly jobs: readonly CiJob[]; readonly warnings: readonly Warning[] }> {
  const system = ciSystems.find(({ matches }) => matches.test(file.path));
  const { root, warnings } = await parseYaml(file);
  if (system === undefined || root === null) return { jobs: [], warnings };
  const readYaml = async (path: string): Promise<typeof root | null> => {
    const decoded = decodeFile(path, read(path));
    return decoded.ok ? (await parseYaml(decoded.file)).root : null;
  };
  return { jobs: joinRows(await system.readJobs({ file, root, read: readYaml })), warnings };
}
