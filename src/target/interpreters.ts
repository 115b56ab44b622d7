/** Which Python the stages of an image have, and environments that are copied to another one. */
import { readBaseImage, type BaseImage } from './base-image.ts';
import { copiesOf } from './copies.ts';
import { findStage, type Dockerfile, type Stage } from './dockerfile.ts';
import type { InstallCommand } from './install-command.ts';
import type { Holdings } from './stage-holdings.ts';

/** An environment that was made with one minor version of Python and runs with another. */
export interface InterpreterMismatch {
  /** 1-based line of the COPY. */
  readonly line: number;
  /** What is copied, as written. */
  readonly path: string;
  /** `3.12`: with what it was made, and where that is said. */
  readonly made: string;
  readonly madeLine: number;
  /** What the image has, and where that is said. */
  readonly found: string;
  readonly foundLine: number;
}

/** The C library that packages were chosen for, where the image has another. */
export interface LibraryMismatch {
  /** 1-based line of the COPY. */
  readonly line: number;
  readonly path: string;
  /** With what they were installed, and where that is said. */
  readonly made: Pick<BaseImage, 'glibc' | 'musl'>;
  readonly madeLine: number;
  /** What the image has, and where that is said. */
  readonly found: Pick<BaseImage, 'glibc' | 'musl'>;
  readonly foundLine: number;
}

/** What an image meets that was made in other stages. */
export interface MetEnvironments {
  readonly interpreters: readonly InterpreterMismatch[];
  readonly libraries: readonly LibraryMismatch[];
}

/** Where stages stand, and what they hold. */
export interface StageFacts {
  readonly chainOf: (stage: Stage) => readonly Stage[];
  readonly holdings: Holdings;
}

/** Of the stages that the image stands on, the outermost base first; `chainOf` gives that of another stage. */
export function findMismatches(
  { stages }: Dockerfile,
  chain: readonly Stage[],
  { chainOf, holdings }: StageFacts,
): MetEnvironments {
  const [root] = chain;
  if (root === undefined) return { interpreters: [], libraries: [] };
  const copied = chain.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      copiesOf(instruction, stage).flatMap((copy) => {
        const source = copy.from === null ? undefined : findStage(stages, copy.from);
        if (source === undefined || chain.includes(source)) return [];
        const path = copy.sources.find(
          (one) => isEnvironment(one) || holdings.brings({ ...copy, sources: [one] }, source),
        );
        return [{ source, copy, path, theirs: chainOf(source) }];
      }),
    ),
  );
  // What comes with its interpreter meets no other.
  const complete = new Set(
    copied.filter(({ copy }) => copy.sources.some(isInterpreter)).map(({ source }) => source),
  );
  const met = copied.flatMap(({ source, copy: { line }, path, theirs }) =>
    path === undefined || complete.has(source) ? [] : [{ source, line, path, theirs }],
  );
  const found = interpreterOf(chain);
  const own = readBaseImage(root.base);
  const foundLine = root.baseLine;
  return {
    interpreters: met.flatMap(({ source, line, path, theirs }) => {
      const made = /python(3\.\d{1,2})(?!\d)/.exec(path)?.[1] ?? interpreterOf(theirs);
      if (made === null || found === null || made === found) return [];
      const madeLine = theirs[0]?.baseLine ?? source.baseLine;
      return [{ line, path, made, madeLine, found, foundLine }];
    }),
    libraries: met.flatMap(({ source, line, path, theirs }) => {
      const made = readBaseImage((theirs[0] ?? source).base);
      if (!isOtherLibrary(made, own)) return [];
      const madeLine = (theirs[0] ?? source).baseLine;
      return [{ line, path, made, madeLine, found: own, foundLine }];
    }),
  };
}

/** Another library, or a newer one than there is. */
function isOtherLibrary(made: BaseImage, found: BaseImage): boolean {
  if (made.musl !== null) return found.glibc !== null;
  if (made.glibc === null) return false;
  return found.musl !== null || (found.glibc !== null && isNewer(made.glibc, found.glibc));
}

function isNewer(one: string, other: string): boolean {
  const minor = (version: string): number => Number(version.split('.')[1] ?? 0);
  return minor(one) > minor(other);
}

/** What brings an interpreter along: all of a prefix, its program, one that uv has fetched. */
function isInterpreter(path: string): boolean {
  return /^\/?$|^\/usr(?:\/local)?\/?$|\/bin\/(?:python|pypy)[\d.*]*$|\/uv\/python\/?$|^(?:\/opt)?\/python\/?$/.test(
    path,
  );
}

/** The stage whose interpreter and C library decided what an image gets. */
export interface Maker {
  readonly base: BaseImage;
  /** Where it is said. */
  readonly baseLine: number;
}

/** Null where the commands of the image itself install something, or those of stages on several bases. */
export function findMaker(
  chain: readonly Stage[],
  { chainOf, holdings }: StageFacts,
): Maker | null {
  const last = chain.at(-1);
  const own = chain[0];
  if (last === undefined || own === undefined) return null;
  const arrived = holdings.of(last).filter(({ install }) => bringsSomething(install));
  const roots = new Map<string, readonly Stage[]>();
  for (const { stage } of arrived) {
    const theirs = chainOf(stage);
    const [root] = theirs;
    if (root === undefined || chain.includes(stage)) return null;
    roots.set(root.base, roots.get(root.base) ?? theirs);
  }
  const [theirs = []] = roots.values();
  const [root] = theirs;
  if (roots.size !== 1 || root === undefined || root.base === own.base) return null;
  const base = readBaseImage(root.base);
  return { base: { ...base, ...pythonOf(root, theirs, base) }, baseLine: root.baseLine };
}

/** Installers are there to install others. */
function bringsSomething({
  requirementFiles,
  projects,
  groups,
  packages,
  sync,
}: InstallCommand): boolean {
  const isTool = /^(?:pip|setuptools|wheel|build|uv|pipx|poetry|pdm|pipenv|virtualenv)\b/i;
  return (
    requirementFiles.length + projects.length + groups.length > 0 ||
    sync !== null ||
    packages.some(({ text }) => !isTool.test(text))
  );
}

/** Where packages lie that belong to one interpreter; a copy of all of /usr/local brings its own. */
function isEnvironment(path: string): boolean {
  return /site-packages|dist-packages|venv|\/lib\/python3/.test(path);
}

/** The Python of a stage, null where it has none or nothing tells. */
function interpreterOf(chain: readonly Stage[]): string | null {
  const [root] = chain;
  if (root === undefined) return null;
  const base = readBaseImage(root.base);
  if (base.pythonIsNamed) return base.python;
  // Distroless images of this name hold the Python of their Debian.
  if (/distroless\/python3/.test(root.base)) return base.python;
  return pythonOf(root, chain, base).python;
}

// `apt-get install python3.11` says which one; otherwise it is the distribution's own, where one is installed at all.
export function pythonOf(
  stage: Stage,
  chain: readonly Stage[],
  base: BaseImage,
): Pick<BaseImage, 'python' | 'pythonIsNamed'> {
  const named = readBaseImage(stage.base);
  if (named.pythonIsNamed) return { python: named.python, pythonIsNamed: true };
  const commands = chain.flatMap(({ instructions }) =>
    instructions.filter(({ name }) => name === 'RUN').map(({ text }) => text),
  );
  for (const text of commands) {
    const version =
      /\b(?:apt(?:-get)?|apk|yum|dnf|microdnf|uv|conda|mamba)\b[^&;|]*?\bpython[=]?(3\.\d{1,2})\b/.exec(
        text,
      )?.[1] ?? /\buv\s+python\s+install\s+(3\.\d{1,2})/.exec(text)?.[1];
    if (version !== undefined) return { python: version, pythonIsNamed: true };
  }
  const installsOwn = commands.some(
    (text) => /\bpython3(?![.\d])/.test(text) || /\bpython3-pip\b/.test(text),
  );
  return { python: installsOwn ? base.python : null, pythonIsNamed: false };
}
