/** Requirement files that the Dockerfile writes out, as what the command that installs them names itself. */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import { placeInLine, splitRequirementLines } from '../inputs/requirements-lines.ts';
import { findOptionsStart, splitWords } from '../inputs/requirements-options.ts';
import type { InstallCommand } from './install-command.ts';
import { readPip } from './pip-arguments.ts';
import type { ShellCommand } from './shell-lines.ts';
import type { ShellWord } from './shell-pieces.ts';
import { linesOfInput, type WrittenFile, type WrittenFiles } from './written-files.ts';

const deepest = 8;

/** A command with the lines of such files among what it names. A file stays where not all of it is known. */
export function takeWritten(
  install: InstallCommand,
  { files, command }: { readonly files: WrittenFiles; readonly command: ShellCommand },
  depth = 0,
): InstallCommand {
  let taken: InstallCommand = { ...install, requirementFiles: [] };
  for (const file of install.requirementFiles) {
    const isInput = /^(?:-|\/dev\/(?:stdin|fd\/0))$/.test(file);
    const path = joinPath(install.folder, file.replace(/^file:\/*/, '/'));
    const found = isInput ? givenTo(command) : files.get(path);
    if (found?.base !== 'nothing')
      taken = { ...taken, requirementFiles: [...taken.requirementFiles, file] };
    if (found === undefined || depth >= deepest) continue;
    const own = readLines(found, install, isInput ? install.folder : folderOf(path));
    taken = join(taken, takeWritten(own, { files, command }, depth + 1));
  }
  return taken;
}

function givenTo({ input, script }: ShellCommand): WrittenFile | undefined {
  if (input === null) return undefined;
  return { lines: linesOfInput(input, script?.path), base: 'nothing' };
}

/** Lines as the arguments that say the same. What they name is relative to the folder of their file. */
function readLines(
  { lines }: WrittenFile,
  install: InstallCommand,
  folder: string,
): InstallCommand {
  const words: ShellWord[] = [];
  for (const logical of splitRequirementLines(lines.map(({ text }) => text).join('\n'))) {
    const { text: _text, ...place } = lines[placeInLine(logical, 0).line - 1] ?? {
      line: 1,
      text: '',
    };
    const text = logical.text.trim();
    const own = text.startsWith('-')
      ? splitWords(text).map((word) => word.text)
      : [text.slice(0, findOptionsStart(text)).trim()];
    words.push(...own.map((word) => ({ ...place, text: word })));
  }
  const read = readPip(install.tool, words, install.line);
  const within = (file: string): string =>
    /^[a-z+]+:/i.test(file) || file.includes('$') ? file : joinPath(folder, file);
  return {
    ...read,
    folder: install.folder,
    requirementFiles: read.requirementFiles.map(within),
    constraintFiles: read.constraintFiles.map(within),
  };
}

function join(one: InstallCommand, other: InstallCommand): InstallCommand {
  return {
    ...one,
    requirementFiles: [...one.requirementFiles, ...other.requirementFiles],
    constraintFiles: [...one.constraintFiles, ...other.constraintFiles],
    projects: [...one.projects, ...other.projects],
    packages: [...one.packages, ...other.packages],
    indexUrl: one.indexUrl ?? other.indexUrl,
    extraIndexUrls: [...one.extraIndexUrls, ...other.extraIndexUrls],
  };
}
