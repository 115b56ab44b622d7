import { posix } from 'node:path';
import { DepweightError } from '../errors.ts';
import { exitCodeFor } from '../exit-code.ts';
import type { ScanProjectOptions } from '../imports/scan-project.ts';
import { visitSources } from '../imports/scan-project.ts';
import { theLexer } from '../imports/lexer/lexer.ts';
import type { SourceAccess } from '../imports/source-access.ts';
import { findPythonFile } from '../imports/source-files.ts';
import { locatePath } from '../io/files.ts';
import { limitCompiling, openSourceTree } from '../io/source-walk.ts';
import type { Options } from '../options.ts';
import { createScanJson } from '../report/scan-json.ts';
import type { ImportUse, Reference, ScanDocument } from '../types.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** `depweight scan [PATH]`: imports and references of a folder or of one Python file; no network. */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const { root, kind, target } = locatePath(options.path, context.workingDirectory);
  if (kind === 'missing') throw new DepweightError('path-not-found', { path: options.path });
  limitCompiling();
  const access = openSourceTree(root, theLexer());
  const asked = kind === 'file' ? { file: findAsked(access, target) } : {};
  const formats = [options.format, ...options.outputs.map(({ format }) => format)];
  if (formats.every((format) => format === 'json')) return writeJson(options, access, asked);
  return { document: await readDocument(access, asked) };
}

/** The one file that is to be read. Throws where it is no Python, or cannot be read at all. */
function findAsked(access: SourceAccess, path: string): string {
  const refuse = (reason: string): never => {
    throw new DepweightError('unreadable-file', { path, reason });
  };
  const entries = access.list(posix.dirname(path)) ?? [];
  if (entries.find(({ name }) => name === posix.basename(path))?.kind === 'other')
    refuse('is not a regular file');
  const content = access.read(path, 1);
  if (!content.ok && content.problem === 'unreadable') refuse(content.detail);
  if (findPythonFile(access, path) !== null) return path;
  throw new DepweightError('wrong-call', {
    message: `${posix.basename(path)} is no Python file`,
    hint: 'scan takes a folder, a Python file or a notebook',
  });
}

/** The document is never whole in memory: its text is made file by file. */
async function writeJson(
  options: Options,
  access: SourceAccess,
  asked: ScanProjectOptions,
): Promise<CommandResult> {
  const json = createScanJson();
  const { files, references, warnings } = await visitSources(access, asked, json.add);
  const rest = { schemaVersion: 1, files, references: references.map(toPlace), warnings } as const;
  const pieces = json.finish(rest);
  return { document: null, pieces, warnings, exitCode: exitCodeFor(rest, options) };
}

async function readDocument(
  access: SourceAccess,
  asked: ScanProjectOptions,
): Promise<ScanDocument> {
  const rows: ImportUse[] = [];
  const { files, references, warnings } = await visitSources(access, asked, ({ path, imports }) => {
    for (const { line, module, level, names, context, dynamic } of imports)
      rows.push({ path, line, module, level, names, context, dynamic });
  });
  return {
    schemaVersion: 1,
    files,
    imports: rows,
    references: references.map(toPlace),
    warnings,
  };
}

function toPlace({ path, line, kind, name }: Reference): Reference {
  return { path, line, kind, name };
}
