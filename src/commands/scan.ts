import { basename } from 'node:path';
import { DepweightError } from '../errors.ts';
import { scanSources } from '../imports/scan-project.ts';
import { locatePath } from '../io/files.ts';
import { openSourceTree } from '../io/source-walk.ts';
import type { Options } from '../options.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** `depweight scan [PATH]`: imports and references of a folder; no network. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { root, kind, target } = locatePath(options.path, context.workingDirectory);
  if (kind === 'missing') throw new DepweightError('path-not-found', { path: options.path });
  if (kind === 'file')
    throw new DepweightError('wrong-call', {
      message: `scan takes a folder; ${basename(target)} is a file`,
      hint: 'give the folder that it is in',
    });
  const { files, imports, references, warnings } = await scanSources(openSourceTree(root));
  const rows = imports.map(({ path, line, module, level, names, context: around, dynamic }) => ({
    path,
    line,
    module,
    level,
    names,
    context: around,
    dynamic,
  }));
  const places = references.map(({ path, line, kind: sort, name }) => ({
    path,
    line,
    kind: sort,
    name,
  }));
  return { document: { schemaVersion: 1, files, imports: rows, references: places, warnings } };
}
