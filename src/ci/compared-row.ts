/** Which row of a job `compare` holds against other targets: one alone, and it says which. */
import { listNames } from '../inputs/quote.ts';
import type { CiJobInputs, ProjectInputs } from '../inputs/project.ts';
import type { Warning } from '../types.ts';

const MOST_NAMES = 4;

/** The project as the first row of the job of an environment has it; as it is where it is of no CI file. */
export function takeRow(
  project: ProjectInputs,
  id: string,
): { readonly project: ProjectInputs; readonly warnings: readonly Warning[] } {
  const job = project.ciJobs?.find((one) => one.id === id);
  const row = job?.rows[0];
  if (job === undefined || row === undefined) return { project, warnings: [] };
  const { image, weighedImage, inputs, primaries, declared } = row.project;
  return {
    project: { ...project, image, weighedImage, inputs, primaries, declared },
    warnings: sayRow(job),
  };
}

function sayRow({ path, line, name, rows, left }: CiJobInputs): readonly Warning[] {
  const [first, ...others] = rows.map(({ label }) => label);
  if (first === undefined || others.length + left === 0) return [];
  const shown = others.slice(0, MOST_NAMES);
  const more = others.length + left - shown.length;
  const names = more > 0 ? `${shown.join(', ')} and ${more} more` : listNames(shown);
  const message = `of the job ${name} what it installs on ${first} is compared; beside it there are ${names}, which audit weighs each`;
  return [{ code: 'ci-row', message, path, line }];
}
