/** What is said of an image where something that it installs could not be read. */
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput, SourceLocation, Warning } from '../types.ts';
import type { InstallCommand } from '../target/install-command.ts';
import type { UnreadScript } from '../target/script-finder.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { UnknownGroup } from './chosen-files.ts';
import { toWarning } from './declare.ts';
import { installsSomething } from './dockerfile.ts';
import { fileNameOf } from './file-access.ts';
import { listNames, quoteText } from './quote.ts';

/** A file that a command of an image installs and that is nowhere to be found; the place is that of the command. */
export interface MissingFile extends SourceLocation {
  readonly written: string;
}

/** That a file is not there, and what is weighed all the same. */
export function sayMissing(
  { written, ...place }: MissingFile,
  inputs: readonly ParsedInput[],
  how: 'instead' | 'without it',
): Warning {
  const names = listNames(inputs.map((input) => input.path));
  const verb = inputs.length === 1 ? 'is' : 'are';
  const rest = inputs.length === 0 ? 'nothing is weighed' : `${names} ${verb} weighed ${how}`;
  const message = `${quoteText(written)} is installed here, ${sayWhy(written)}; ${rest}`;
  return toWarning('installed-file-missing', place, message);
}

/** That a group which is installed is not there. */
export function sayUnknownGroup({ name, path, at }: UnknownGroup, image: ProductImage): Warning {
  const message = `the group ${quoteText(name)} is installed here, which ${path} does not have: it is in none of the figures`;
  const place = at.script ?? { path: image.path, line: at.line, column: 1 };
  return toWarning('installed-group-missing', place, message);
}

/** Why a file that is named cannot be read. */
export function sayWhy(written: string): string {
  const variable = /\$(?:\{[^}]*\}|\w+|\()/.exec(written)?.[0];
  if (variable !== undefined && variable !== '$(') return `and nothing says what ${variable} is`;
  if (variable !== undefined) return 'and what it names would have to be run';
  return /^\w+:\/\//.test(written)
    ? 'which is on another machine'
    : 'which is not in the repository';
}

/** That a script which seems to install was not read. */
export function sayUnread({ path, layers, unread }: ProductImage): readonly Warning[] {
  return unread
    .filter((one) => !isFetched(one, layers))
    .map(({ path: script, line, written }) => {
      const message = `${quoteText(written)} is run here, and could not be read: what it may install is in none of the figures`;
      return toWarning('image-script-unread', { path: script ?? path, line, column: 1 }, message);
    });
}

/** What of other stages is not in the image though it looks so, and what is taken for copied by names alone. */
export function sayArrived(
  { path, installs, left = [], guessed = [] }: ProductImage,
  inputs: readonly ParsedInput[],
): readonly Warning[] {
  const sure = left.filter(({ install }) => installsSomething(install));
  const [first] = sure;
  if (first !== undefined && !installs.some(installsSomething)) {
    const { stage, copy } = first;
    const own = sure.filter((one) => one.stage === stage && one.copy.line === copy.line);
    const lines = listNames([...new Set(own.map(({ install }) => String(install.line)))]);
    const names = listNames(inputs.map((input) => input.path));
    const rest = inputs.length === 0 ? '' : `; what is weighed, ${names}, is not in it`;
    const message = `this image installs no Python packages: what the stage ${quoteText(stage)} installs (line ${lines}) does not lie in ${listNames(copy.sources)}, which is all that is copied from it here${rest}`;
    return [toWarning('stage-left', { path, line: copy.line, column: 1 }, message)];
  }
  const byCopy = new Map<number, Set<number>>();
  // `poetry export | pip install -r -`: where the one installs to is where both do.
  const known = new Set(
    installs
      .filter((install) => !guessed.some((one) => isSameInstall(one.install, install)))
      .map(({ line }) => line),
  );
  const unsure = guessed.filter(
    ({ install }) => installsSomething(install) && !known.has(install.line),
  );
  for (const { install, copy } of unsure)
    byCopy.set(copy.line, (byCopy.get(copy.line) ?? new Set()).add(install.line));
  return [...byCopy].map(([line, from]) => {
    const lines = listNames([...from].map(String));
    const message = `where line ${lines} installs to is not known; by the names of what is copied here it is taken to be in the image`;
    return toWarning('stage-guessed', { path, line, column: 1 }, message);
  });
}

function isSameInstall(one: InstallCommand, other: InstallCommand): boolean {
  return one.line === other.line && one.tool === other.tool && one.folder === other.folder;
}

/** Some command names the file to make it, or brings whole folders: it is none of the repository. */
function isFetched({ written }: UnreadScript, layers: ProductImage['layers']): boolean {
  const file = fileNameOf(written);
  return layers.some(({ commands }) =>
    commands.some(({ words }) => {
      const [name = '', ...rest] = textsOf(words);
      if (/^(?:tar|unzip)$/.test(name) || (name === 'git' && rest.includes('clone'))) return true;
      return (
        /^(?:curl|wget|cp|mv|cat|echo|tee|printf)$/.test(name) &&
        rest.some((word) => word.includes(file))
      );
    }),
  );
}
