/** Texts that only have the name of a requirements file: the licence of `pip-requirements-parser`, notes on requirements. */
import type { ParsedInput, Warning } from '../types.ts';
import { fileNameOf } from './file-access.ts';

const fewestErrors = 3;

/** Whether a file that was found, not named, is a text: most of its lines are no requirements, and its name is not the usual one. */
export function isProse({ path, kind, groups, warnings }: ParsedInput): boolean {
  if (kind !== 'requirements-txt' || /^requirements\b/i.test(fileNameOf(path))) return false;
  const errors = warnings.filter(({ severity }) => severity === 'error').length;
  const requirements = groups.reduce((sum, group) => sum + group.requirements.length, 0);
  return errors >= fewestErrors && errors > requirements;
}

/** What is said of one, so that nothing is passed over in silence. */
export function noteProse({ path }: ParsedInput): Warning {
  return {
    code: 'no-requirements-file',
    message: `${path} is not taken for a requirements file, as most of its lines are none; name it to have it read`,
    path,
  };
}
