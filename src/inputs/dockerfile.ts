/**
 * A Dockerfile as a source of requirements: the names that the install commands of its final image write out.
 *
 * Traps: files that the commands name are inputs of their own; what a command says of the index counts for it alone; a pin of
 * a later command stands, whatever was installed before it asks for; installers are part of the base, not of the project.
 */
import { normalizeName } from '../pep/name.ts';
import { parseDockerfile } from '../target/dockerfile.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { readProductImage, type ProductImage } from '../target/product-image.ts';
import type { ShellWord } from '../target/shell-pieces.ts';
import type {
  DeclaredRequirement,
  IndexOptions,
  ParsedInput,
  SourceLocation,
  Warning,
} from '../types.ts';
import { declareRequirement, toWarning } from './declare.ts';
import { readText } from './decode.ts';
import { emptyInput } from './empty-input.ts';
import type { Input } from './input.ts';
import { isInstaller } from './installer-names.ts';
import { quoteText } from './quote.ts';
import { areAgainst } from './replaced-requirements.ts';

/** The kind of its input. */
export const dockerfileKind = 'dockerfile';

/** Dockerfiles, where somebody names one. */
export const dockerfile: Input = {
  name: dockerfileKind,
  parse({ path, text }, context) {
    const read = parseDockerfile(path, text);
    const image = readProductImage(read, null, (file) => readText(context, file));
    return image === null ? emptyImage(path, read.warnings) : inputOfImage(image);
  },
};

/** What the install commands of an image write out. `ownNames`: those of the project itself. */
export function inputOfImage(
  image: ProductImage,
  ownNames: ReadonlySet<string> = new Set(),
): ParsedInput {
  const { path, installs } = image;
  const warnings: Warning[] = [];
  let found: Written[] = [];
  let isFirst = true;
  for (const install of installs) {
    // What is uninstalled is as if it had not been asked for; what came with it stays (`image/left-behind.ts`).
    const gone = new Set(install.removes.map((name) => normalizeName(name)));
    if (gone.size > 0) found = found.filter(({ declared }) => !gone.has(declared.requirement.name));
    // Programs in environments of their own are no part of the set (`image/besides.ts`).
    const words = isProgram(install, image) ? [] : install.packages;
    for (const word of words) {
      if (ownNames.has(nameIn(word.text))) continue;
      const declared = declare(word, install, path, warnings);
      if (declared === null || isInstaller(declared.requirement.name)) continue;
      found.push({ declared, isLater: !isFirst });
    }
    isFirst &&= !installsSomething(install);
  }
  // Of what is installed twice the last command decides.
  const requirements = found.map(({ declared }) => declared).filter(isLastOfName);
  return {
    ...emptyImage(path, warnings),
    groups: [
      {
        kind: 'main',
        name: null,
        role: 'prod',
        requirements,
        ...(warnings.some(({ code }) => code === unread) ? { partial: true } : {}),
      },
    ],
    overrides: [...standing(found), ...takenOut(image)],
    options: optionsOf(installs),
  };
}

/** `pipx install NAME`, `uv tool install NAME` beside what is installed otherwise: an environment of its own. */
export function isProgram(install: InstallCommand, { installs }: ProductImage): boolean {
  return (
    install.tool === 'pipx' && installs.some((one) => one.tool !== 'pipx' && installsSomething(one))
  );
}

const unread = 'image-install-unread';

interface Written {
  readonly declared: DeclaredRequirement;
  /** After a command that installed something. */
  readonly isLater: boolean;
}

/** Pins of later commands, and ranges that rule out what an earlier command of the image names; one of each name. */
function standing(found: readonly Written[]): readonly DeclaredRequirement[] {
  const overrides = new Map<string, DeclaredRequirement>();
  const before = new Map<string, DeclaredRequirement>();
  for (const { declared, isLater } of found) {
    const { name } = declared.requirement;
    const earlier = overrides.get(name) ?? before.get(name);
    const isAgainst =
      earlier !== undefined && areAgainst(earlier.requirement, declared.requirement);
    if (isLater && (isPinned(declared) || isAgainst)) overrides.set(name, declared);
    before.set(name, declared);
  }
  return [...overrides.values()];
}

function emptyImage(path: string, warnings: readonly Warning[]): ParsedInput {
  return {
    ...emptyInput(path, dockerfileKind, warnings),
    groups: [{ kind: 'main', name: null, role: 'prod', requirements: [] }],
  };
}

const NEVER = 'python_version < "0"';

/** An override that is never in force: the name is uninstalled. */
export function isTakenOut({ requirement }: DeclaredRequirement): boolean {
  return requirement.markerText === NEVER;
}

/** Overrides that are never in force, for what is uninstalled and does not come back by a later command. */
function takenOut({ path, installs }: ProductImage): readonly DeclaredRequirement[] {
  return installs.flatMap((install, at) => {
    const later = installs.slice(at + 1);
    // Files may need it again, and what they need is not known here.
    if (later.some(installsFiles)) return [];
    const again = new Set(
      later.flatMap(({ packages }) => packages.map(({ text }) => nameIn(text))),
    );
    const place = install.script ?? { path, line: install.line, column: 1 };
    return install.removes
      .filter((name) => !again.has(normalizeName(name)))
      .flatMap((name) => {
        const { declared } = declareRequirement({
          text: `${name} ; ${NEVER}`,
          folder: '.',
          at: () => place,
        });
        return declared ?? [];
      });
  });
}

function installsFiles({ requirementFiles, projects, groups, sync }: InstallCommand): boolean {
  return requirementFiles.length + projects.length + groups.length > 0 || sync !== null;
}

/** The name that a requirement begins with, normalised; '' for none. */
export function nameIn(text: string): string {
  return normalizeName(/^[\w.-]*/.exec(text)?.[0] ?? '');
}

/** Which command of an image names a requirement or takes it out, by its place among the commands; -1 for none. */
export function commandOf(
  { requirement: { name }, location }: Pick<DeclaredRequirement, 'requirement' | 'location'>,
  { path, installs }: ProductImage,
): number {
  const isHere = (place: Pick<SourceLocation, 'path' | 'line'>): boolean =>
    place.line === location.line && place.path === location.path;
  return installs.findIndex(
    ({ line, script, packages, removes }) =>
      packages.some((word) => isHere(placeOf(word, path)) && nameIn(word.text) === name) ||
      (isHere(script ?? { path, line }) && removes.some((one) => normalizeName(one) === name)),
  );
}

/** True for what the commands of an image write out, in the Dockerfile or in scripts that it runs. */
export function isOfImage({ path }: SourceLocation, image: ProductImage): boolean {
  return (
    path === image.path ||
    image.installs.some(
      ({ script, packages }) =>
        script?.path === path || packages.some((word) => word.script === path),
    )
  );
}

/** Where a word of a command stands; `dockerfile`: the file that runs it. */
function placeOf({ script, line }: ShellWord, dockerfile: string): SourceLocation {
  return { path: script ?? dockerfile, line, column: 1 };
}

/** Whether a command brings anything but installers. */
export function installsSomething(install: InstallCommand): boolean {
  return installsFiles(install) || install.packages.some(({ text }) => !isInstaller(nameIn(text)));
}

function declare(
  word: ShellWord,
  install: InstallCommand,
  path: string,
  warnings: Warning[],
): DeclaredRequirement | null {
  const { text } = word;
  const place = placeOf(word, path);
  const { declared, warnings: own } = declareRequirement({
    text,
    folder: '.',
    at: () => place,
    index: indexOf(text, install),
  });
  if (declared !== null && declared.source !== 'local') {
    warnings.push(...own);
    return declared;
  }
  // A path inside the image, or what only the shell knows: no line of a requirements file that somebody has to repair.
  const message = `${quoteText(text)} is installed here, which could not be followed: it is in none of the figures`;
  if (declared === null) warnings.push(toWarning(unread, place, message));
  return null;
}

/** A pin of one build of several: `torch==2.4.1+cpu`. */
const buildPin = /==[^,;]*\+\w/;

// The index of the command alone: another build (`torch==2.4.1+cpu`) lies nowhere else.
function indexOf(
  text: string,
  { indexUrl, extraIndexUrls, requirementFiles }: InstallCommand,
): string | null {
  if (indexUrl !== null && requirementFiles.length === 0) return indexUrl;
  const [extra] = extraIndexUrls;
  return buildPin.test(text) && extra !== undefined ? extra : null;
}

// Where every command names the same index, that is the main one. Others serve what they are named for, and what that needs.
function optionsOf(installs: readonly InstallCommand[]): IndexOptions {
  const all = installs.filter(installsSomething);
  const [first] = all;
  if (first === undefined) return {};
  const isCommon = all.every(({ indexUrl }) => indexUrl === first.indexUrl);
  const later: string[] = [];
  const extra: string[] = [];
  for (const { indexUrl, extraIndexUrls, packages, requirementFiles, projects } of all) {
    if (indexUrl !== null && !isCommon) later.push(indexUrl);
    const isForBuilds =
      requirementFiles.length + projects.length === 0 &&
      packages.every(({ text }) => buildPin.test(text));
    (isForBuilds ? later : extra).push(...extraIndexUrls);
  }
  return {
    ...(isCommon && first.indexUrl !== null ? { indexUrl: first.indexUrl } : {}),
    ...(extra.length === 0 ? {} : { extraIndexUrls: [...new Set(extra)] }),
    ...(later.length === 0 ? {} : { laterIndexUrls: [...new Set(later)] }),
  };
}

function isPinned({ requirement }: DeclaredRequirement): boolean {
  return requirement.specifiers.some(({ operator }) => operator === '==' || operator === '===');
}

function isLastOfName(
  { requirement }: DeclaredRequirement,
  at: number,
  all: readonly DeclaredRequirement[],
): boolean {
  return all.findLastIndex((other) => other.requirement.name === requirement.name) === at;
}
